// A code block or table that scrolls must be reachable by keyboard (WCAG 2.2, 2.1.1).
(() => {
  const mark = () => {
    for (const box of document.querySelectorAll("div.highlight pre, .table-wrapper")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  mark();
  addEventListener("resize", mark);
  // What is folded has no width until it opens.
  addEventListener("toggle", mark, true);
})();
