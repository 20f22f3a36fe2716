// What a build tool writes: a name with a hash, and the router of the page.
const [, number] = location.pathname.match(/^\/teas\/(\d+)$/) ?? [];
const main = document.querySelector("main");
if (number) {
  const response = await fetch(`/api/teas/${number}`);
  const data = await response.json();
  main.textContent = response.ok ? `Tea ${data.number}` : data.error;
} else {
  main.textContent = location.pathname === "/" ? "All teas" : "There is no such page.";
}
