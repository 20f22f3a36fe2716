// Filters the tables and the lists of the history pages as you type. A classic script, because a page that was opened
// from the file system may not load modules. Without it everything is simply there.
"use strict";

(() => {
  const box = document.querySelector(".history-filter");
  if (!box) return;
  const parts = [...document.querySelectorAll("table.history, .history-same")].map((part) => {
    const module = part.dataset.module ? `${part.dataset.module}.` : "";
    const rows = [...part.querySelectorAll("tbody tr, li")].map((row) => {
      const copy = row.cloneNode(true);
      copy.querySelectorAll(".cell-label").forEach((label) => label.remove());
      return { row, text: (module + copy.textContent).toLowerCase() };
    });
    return { part: part.closest(".table-wrapper") || part, rows };
  });
  const all = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  // The sections that have nothing but what is filtered, from the inside to the outside.
  const sections = [...document.querySelectorAll("section")].filter((section) =>
    !section.contains(box) && parts.some(({ part }) => section.contains(part))).reverse();

  const label = document.createElement("label");
  label.textContent = box.dataset.label;
  const input = document.createElement("input");
  input.type = "search";
  input.placeholder = box.dataset.example;
  input.autocomplete = "off";
  input.spellcheck = false;
  label.append(input);
  const count = document.createElement("output");
  box.prepend(label, count);

  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { part, rows } of parts) {
      let here = 0;
      for (const { row, text } of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) here += 1;
      }
      part.hidden = !here;
      shown += here;
    }
    for (const section of sections) section.hidden = parts.every(({ part }) => part.hidden || !section.contains(part));
    count.textContent = box.dataset.count.replace("{shown}", shown).replace("{all}", all);
  };

  rememberInput(input, "filter", apply);
})();
