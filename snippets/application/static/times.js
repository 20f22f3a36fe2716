// UTC becomes the time of the reader's own clock, written as the reader writes it
const { lang } = document.documentElement;
const own = navigator.languages.find((tag) => tag.slice(0, 2) === lang.slice(0, 2)) ?? lang;
const format = new Intl.DateTimeFormat(own, { dateStyle: "medium", timeStyle: "short" });

for (const time of document.querySelectorAll("time")) {
  time.title = time.textContent;
  time.textContent = format.format(new Date(time.dateTime));
}
