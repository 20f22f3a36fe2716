// The box of the error look-up: what answers a pasted message, out of the lists of the page and of what the releases know.
// A classic script, because a page that was opened from the file system may not load modules. Without it the lists of the
// page are simply all there.
"use strict";

(() => {
  const box = document.querySelector(".error-look-up");
  if (!box) return;
  const folder = document.currentScript.src.replace(/page\.js.*$/, "");
  const root = new URL("../../", folder);

  const { make, once, data } = window.filledBox;
  // What is needed is loaded when the look-up is used, once.
  const load = once(["parse.js", "names.js", "core.js"].map((name) => `${folder}${name}`), async () =>
    new globalThis.provenLookUp.LookUp(await data((done) => globalThis.provenLookUp.take(done), new URL("look-up.js", root).href)));
  // Between backquotes stands code.
  const prose = (text) => text.split("`").map((piece, at) => (at % 2 ? make("code", { class: "docutils literal notranslate" }, piece) : piece));

  const items = new Map();
  for (const item of document.querySelectorAll("ul.errors > li, ul.passages > li")) {
    const { pathname, hash } = new URL(item.querySelector("a").href);
    const key = `${pathname.slice(root.pathname.length).replace(/\.html$/, "")}${hash}`;
    items.set(key, [...(items.get(key) ?? []), item]);
  }
  // Of several messages of one table, the one that was pasted.
  const listed = ({ key, title }) => {
    const found = items.get(key) ?? [];
    const item = found.find((each) => each.querySelector("a").textContent === title) ?? found[0];
    return item?.cloneNode(true);
  };
  const told = ({ title, says, names, place }) => {
    const code = make("code", { class: "docutils literal notranslate" }, title);
    const head = make("p", {}, place ? make("a", { class: "reference internal", href: new URL(place, root).href }, code) : code);
    return make("li", { "data-names": names.join(" ") }, head, ...says.map((each) => make("p", { class: "error-answer" }, ...prose(each))));
  };

  const input = make("textarea", { rows: "3", spellcheck: "false" });
  const said = make("p", { role: "status" });
  const list = make("ul");
  box.append(make("label", {}, box.dataset.label, input), said, list);

  let turn = 0;
  const apply = async () => {
    const text = input.value.trim();
    const own = (turn += 1);
    if (!text) {
      said.textContent = "";
      list.replaceChildren();
      delete box.dataset.searchState;
      return;
    }
    box.dataset.searchState = "busy";
    const began = performance.now();
    try {
      const { results, unknown } = (await load()).find(text);
      // A later key has its own results.
      if (own !== turn) return;
      const name = unknown && (unknown.owner ? `${unknown.owner}.${unknown.name}` : unknown.name);
      said.textContent = results.length ? box.dataset.some : name ? box.dataset.unknown.replace("{name}", name) : box.dataset.none;
      list.replaceChildren(...results.map((each) => (each.key ? listed(each) : told(each))).filter(Boolean));
    } catch {
      if (own !== turn) return;
      said.textContent = box.dataset.failed;
      list.replaceChildren();
    }
    // What follows was hidden meanwhile, and shows itself where it is by now.
    if (performance.now() - began > 100) await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    if (own !== turn) return;
    box.dataset.searchState = "done";
  };

  input.addEventListener("focus", () => { load().catch(() => {}); }, { once: true });
  // A long traceback is not for an address.
  rememberInput(input, "message", apply, 500);
})();
