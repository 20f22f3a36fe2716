// The box of history/check: pasted code, and under it the names in it that are gone or going. The code stays on the page: it
// is sent nowhere, and is not in the address. A classic script, because browsers load no modules from a disk.
"use strict";

(() => {
  const box = document.querySelector(".upgrade-check");
  if (!box) return;
  const folder = document.currentScript.src.replace(/page\.js.*$/, "");
  const root = new URL("../../", folder);

  const { make, once, data } = window.filledBox;
  // The data are loaded when the box is used, once.
  const load = once(["tokens.js", "core.js"].map((name) => `${folder}${name}`), () =>
    data((done) => globalThis.provenUpgrade.take(done), new URL("upgrade-check.js", root).href));
  const code = (text) => make("code", { class: "docutils literal notranslate" }, text);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  // Chinese has no space behind a full stop.
  const spaced = (text) => text.replaceAll("。 ", "。");
  const short = (version) => version.replace(/^(\d+\.\d+)\.0$/, "$1");

  const input = make("textarea", { rows: "12", spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  const said = make("p", { role: "status" });
  const list = make("ol");
  box.append(make("label", {}, box.dataset.label, input), said, list);

  const select = (line) => {
    const lines = input.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    input.focus();
    input.setSelectionRange(start, start + lines[line - 1].length);
    input.scrollTop = ((line - 3) * input.scrollHeight) / lines.length;
  };
  const shown = ({ line, name, library, deprecated, removed, use, page, how }) => {
    const button = make("button", { type: "button" }, filled(box.dataset.line, { line }));
    button.addEventListener("click", () => select(line));
    const written = code(name.replace(/^[\w-]+:/, ""));
    const head = page ? make("a", { class: "reference internal", href: new URL(page, root).href }, written) : written;
    const says = [
      removed ? filled(box.dataset[how || "removed"], { library, version: short(removed) }) : "",
      deprecated ? filled(box.dataset.deprecated, { library, version: short(deprecated) }) : "",
    ].filter(Boolean);
    const text = make("p", {}, spaced(says.join(" ")));
    if (use) text.append(spaced(`${text.textContent} `).slice(text.textContent.length), ...box.dataset.write.split(/(\{use\})/).map((piece) => (piece === "{use}" ? code(use) : piece)));
    return make("li", {}, make("p", {}, button, head), text);
  };

  let turn = 0;
  const apply = async () => {
    const text = input.value;
    const own = (turn += 1);
    if (!text.trim()) {
      said.textContent = "";
      list.replaceChildren();
      return;
    }
    try {
      const names = await load();
      // A later key has its own results.
      if (own !== turn) return;
      const found = globalThis.provenUpgrade.check(names, text);
      const gone = found.filter(({ removed }) => removed).length;
      said.textContent = found.length ? filled(box.dataset.some, { gone, going: found.length - gone }) : box.dataset.none;
      list.replaceChildren(...found.map(shown));
    } catch {
      if (own !== turn) return;
      said.textContent = box.dataset.failed;
      list.replaceChildren();
    }
  };
  input.addEventListener("focus", () => { load().catch(() => {}); }, { once: true });
  input.addEventListener("input", apply);
})();
