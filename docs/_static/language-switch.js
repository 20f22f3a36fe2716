// Keeps query and #anchor when the reader switches language, and remembers the choice for the root page.
// A classic script: browsers do not load modules from the file system, and a downloaded copy must work.
(() => {
  const links = () => document.querySelectorAll("a.language-link");
  const sync = () => {
    for (const link of links()) {
      const url = new URL(link.getAttribute("href"), location.href);
      url.search = location.search;
      url.hash = location.hash;
      link.href = url.href;
    }
  };
  sync();
  addEventListener("hashchange", sync);
  addEventListener("popstate", sync);
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a.language-link");
    if (!link) return;
    sync();
    try {
      localStorage.setItem("proven-language", link.hreflang);
    } catch {
      // Storage can be forbidden; then the root page asks the browser's preference again.
    }
  }, true);
})();

// A code block or table that scrolls must be reachable by keyboard (WCAG 2.2, 2.1.1).
for (const box of document.querySelectorAll("div.highlight pre, .table-wrapper")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}
