// What the reader has set. A classic script, as a downloaded copy must work, at the beginning of the body, where it
// blocks: what is set holds before anything is drawn, and nothing moves.
(() => {
  const root = document.documentElement;
  // The buttons that need scripts have their place from the beginning, so that nothing moves when they come.
  root.classList.remove("no-js");
  // Each setting is a control and a key of the storage by the same name; the page has it as data, until then its default.
  const SETTINGS = {
    theme: [document.body.dataset, "theme", "auto"],
    "proven-code": [root.dataset, "code", "normal"],
    "proven-comments": [root.dataset, "comments", "own"],
  };

  // Storage can be forbidden: then a choice holds for this page.
  const attempt = (work) => {
    try {
      return work();
    } catch {
      return null;
    }
  };

  // What brings the comments of a box back; the boxes that show those of the source.
  const changed = new Map();

  const showOriginal = (box) => {
    const places = {};
    let line = 0;
    for (const node of box.querySelector("pre").childNodes) {
      if (node.className) places[line + node.className] = node;
      line += node.textContent.split("\n").length - 1;
    }
    const undo = JSON.parse(box.dataset.originals).map(([first, lines, text]) => {
      // How code is coloured names a comment and a docstring so.
      const kind = text.startsWith("#") ? "c1" : "sd";
      const range = new Range();
      range.setStartBefore(places[first + kind]);
      range.setEndAfter(places[first + lines - 1 + kind]);
      const translation = range.extractContents();
      const original = document.createElement("span");
      original.className = kind;
      original.textContent = text;
      range.insertNode(original);
      return () => original.replaceWith(translation);
    });
    changed.set(box, () => undo.forEach((work) => work()));
  };

  // A box that is still being read ends in the middle of its code.
  const whole = (box) => document.readyState !== "loading" || box.nextSibling;
  const comments = () => {
    const originals = root.dataset.comments === "original";
    for (const box of document.querySelectorAll("[data-originals]")) {
      if (originals && !changed.has(box) && whole(box)) showOriginal(box);
    }
    if (originals) return;
    for (const undo of changed.values()) undo();
    changed.clear();
  };

  const set = (name, value) => {
    const [data, key] = SETTINGS[name];
    if (data[key] === value) return;
    data[key] = value;
    if (name === "proven-comments") comments();
    // Whatever measures itself does so when the window changes.
    dispatchEvent(new Event("resize"));
  };

  const restore = () => {
    for (const [name, [data, key, usual]] of Object.entries(SETTINGS)) {
      set(name, attempt(() => localStorage.getItem(name)) || data[key] || usual);
    }
  };

  restore();
  const reading = new MutationObserver(comments);
  if (root.dataset.comments === "original") reading.observe(document.body, { childList: true, subtree: true });

  addEventListener("DOMContentLoaded", () => {
    const menu = document.getElementById("reading-settings");
    const proofs = menu.querySelector("[type=checkbox]");
    const own = document.querySelector(".proofs-switch");

    const show = () => {
      for (const each of menu.querySelectorAll("[type=radio]")) {
        const [data, key] = SETTINGS[each.name];
        each.checked = data[key] === each.value;
      }
      proofs.parentElement.hidden = !own;
      proofs.checked = own?.ariaPressed === "true";
    };
    menu.addEventListener("beforetoggle", show);
    menu.addEventListener("change", ({ target }) => {
      if (target === proofs) return own.click();
      set(target.name, target.value);
      attempt(() => localStorage.setItem(target.name, target.value));
    });
    // They may fail to load: then the page says that they are off.
    if (own) new MutationObserver(show).observe(own, { attributeFilter: ["aria-pressed"] });
    reading.disconnect();
    comments();
  });
  // The page may come back as it was left, and the setting be another by now.
  addEventListener("pageshow", restore);
})();
