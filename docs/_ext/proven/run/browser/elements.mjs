// Small helpers for elements of the page. Texts become text, never markup.
export function element(name, properties = {}, ...content) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...content);
  return made;
}

export function button(text, onclick, className = "") {
  const made = element("button", { type: "button", className }, text);
  made.addEventListener("click", onclick);
  return made;
}

export const field = (text, control) => element("label", { className: "run-field" }, element("span", {}, text), control);

export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
