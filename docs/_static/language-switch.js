// Keeps query, #anchor and the paragraph being read when the reader goes to the same page in another language or in
// the site for another release of Flask, and remembers the language for the root page. A classic script: browsers do
// not load modules from the file system, and a downloaded copy must work.
(() => {
  const PLACE = "proven-place";
  const LINKS = "a.language-link, a.version-link";
  const links = () => document.querySelectorAll(LINKS);
  // Both languages of a page have the same blocks in the same order.
  const blocks = () => [...document.querySelectorAll("article :is(h1, h2, h3, h4, p, li, pre, tr, dt)")];

  const sync = () => {
    for (const link of links()) {
      const url = new URL(link.getAttribute("href"), location.href);
      url.search = location.search;
      url.hash = location.hash;
      link.href = url.href;
    }
  };

  let scrolling = false;
  addEventListener("scroll", () => (scrolling = true));
  addEventListener("scrollend", () => (scrolling = false));

  const savePlace = (link) => {
    const all = blocks();
    const index = all.findIndex((block) => block.getBoundingClientRect().bottom > 0);
    // While the page glides to an anchor, the anchor is the place.
    if (!scrollY || scrolling || index < 0) return;
    const top = all[index].getBoundingClientRect().top;
    sessionStorage.setItem(PLACE, JSON.stringify({ path: link.pathname, count: all.length, index, top }));
  };

  const restorePlace = () => {
    const place = JSON.parse(sessionStorage.getItem(PLACE));
    sessionStorage.removeItem(PLACE);
    const all = blocks();
    if (!place || place.path !== location.pathname || place.count !== all.length) return;
    scrollBy({ top: all[place.index].getBoundingClientRect().top - place.top, behavior: "instant" });
  };

  // Storage can be forbidden: then the root page asks the browser's preference again, and the page opens at its anchor.
  const attempt = (work) => {
    try {
      work();
    } catch {
      return;
    }
  };

  sync();
  addEventListener("hashchange", sync);
  addEventListener("popstate", sync);
  addEventListener("load", () => attempt(restorePlace));
  // A list of languages closes when the reader is done with it.
  const close = ({ key, target }) => {
    for (const menu of document.querySelectorAll(".language-menu[open]")) {
      if (key === "Escape" && menu.contains(target)) menu.firstElementChild.focus();
      if (key === "Escape" || !menu.contains(target)) menu.open = false;
    }
  };
  addEventListener("keydown", (event) => event.key === "Escape" && close(event));
  addEventListener("focusin", close);
  addEventListener("click", (event) => {
    close(event);
    const link = event.target.closest?.(LINKS);
    if (!link) return;
    sync();
    if (link.hreflang) attempt(() => localStorage.setItem("proven-language", link.hreflang));
    // With these keys the page opens elsewhere and this one stays.
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) attempt(() => savePlace(link));
  }, true);
})();
