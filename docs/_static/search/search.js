// Opens the search by "/", Ctrl-K or ⌘K and by the field in the sidebar, and loads what it needs at the first sign of one.
// A classic script: browsers load no modules from a disk, and a downloaded copy must work.
"use strict";
(() => {
  const texts = document.getElementById("search-texts").dataset;
  const root = document.documentElement.dataset.content_root;
  const index = (folder) => `${root}../${folder}/search-index.js`;
  const loaded = new Map();

  const script = (address) => {
    if (!loaded.has(address)) {
      loaded.set(address, new Promise((done, failed) => {
        const element = document.createElement("script");
        element.src = address;
        // In the order in which they were asked for, not that in which they come.
        element.async = false;
        element.onload = done;
        element.onerror = () => { loaded.delete(address); failed(new Error(address)); };
        document.head.append(element);
      }));
    }
    return loaded.get(address);
  };

  // The index of a language: its file hands its data over when it runs, so that one is loaded at a time.
  const indexes = new Map();
  let queue = Promise.resolve();
  const load = (folder) => {
    if (!indexes.has(folder)) {
      const made = queue.then(async () => {
        // All are asked for at once, and run one after the other.
        const parts = ["minisearch", "words", "core"].map((name) => script(`${root}_static/search/${name}.js`));
        const file = script(index(folder));
        await Promise.all([...parts, file]);
        return globalThis.provenSearch.Index.of(globalThis.provenSearch.taken());
      });
      // What could not be loaded is tried again at the next sign.
      made.catch(() => indexes.delete(folder));
      queue = made.catch(() => {});
      indexes.set(folder, made);
    }
    return indexes.get(folder);
  };

  const context = { texts, root, load, script };
  const box = async () => {
    await script(`${root}_static/search/box.js`);
    return globalThis.provenSearchBox;
  };
  const warm = () => { box(); load(texts.folder).catch(() => {}); };

  let dialog = null;
  const open = async (text = "") => {
    // The index is on its way while the box is.
    load(texts.folder).catch(() => {});
    const { mount } = await box();
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.className = "search-dialog";
      dialog.setAttribute("aria-label", texts.label);
      document.body.append(dialog);
      dialog.search = mount(dialog, context);
      // A click beside the box closes it, as Escape does.
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    }
    if (!dialog.open) dialog.showModal();
    dialog.search.begin(text);
  };

  const page = document.getElementById("proven-search-page");
  if (page) {
    const query = new URLSearchParams(location.search).get("q") ?? "";
    // Without a question the index, which takes a telephone a second to read, waits for a sign that one is coming.
    const signs = ["pointermove", "pointerdown", "keydown"];
    const warmOnce = () => { for (const sign of signs) removeEventListener(sign, warmOnce); warm(); };
    if (query) warm(); else for (const sign of signs) addEventListener(sign, warmOnce);
    box().then(({ mount }) => mount(page, context, { remember: true }).begin(query));
  }
  const focusPage = () => page.querySelector("input").focus();

  addEventListener("keydown", (event) => {
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const hotkey = (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) ||
      (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey);
    if (!hotkey) return;
    event.preventDefault();
    if (page) focusPage(); else open();
  });
  for (const field of document.querySelectorAll(".sidebar-search")) {
    field.addEventListener("focus", warm, { once: true });
    field.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      if (page) focusPage(); else open(field.value);
    });
  }
})();
