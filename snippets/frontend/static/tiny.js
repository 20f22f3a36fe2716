// What the library HTMX does for hx-get and hx-target, in a few lines.
const newest = new WeakMap(); // the last request of each field

document.addEventListener("input", async ({ target: field }) => {
  if (!field.hasAttribute("hx-get")) return;
  const url = new URL(field.getAttribute("hx-get"), location);
  url.searchParams.set(field.name, field.value);
  const request = fetch(url, { headers: { "HX-Request": "true" } });
  newest.set(field, request);
  const response = await request;
  const part = await response.text();
  if (!response.ok || newest.get(field) !== request) return;
  document.querySelector(field.getAttribute("hx-target")).innerHTML = part;
  const event = response.headers.get("HX-Trigger");
  if (event) field.dispatchEvent(new CustomEvent(event, { bubbles: true }));
});
