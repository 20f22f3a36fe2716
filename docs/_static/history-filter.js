// Filters the tables of the history pages as you type. A classic script, because a page that was opened from
// the file system may not load modules. Without it the tables are simply all there.
"use strict";

(() => {
  const box = document.querySelector(".history-filter");
  if (!box) return;
  const rows = [...document.querySelectorAll("table.history tbody tr")].map((row) => {
    const copy = row.cloneNode(true);
    copy.querySelectorAll(".cell-label").forEach((label) => label.remove());
    return { row, text: copy.textContent.toLowerCase() };
  });
  const tables = [...document.querySelectorAll("table.history")];

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
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    for (const table of tables) {
      const empty = !table.querySelector("tbody tr:not([hidden])");
      (table.closest(".table-wrapper") || table).hidden = empty;
    }
    count.textContent = box.dataset.count.replace("{shown}", shown).replace("{all}", rows.length);
  };

  rememberInput(input, "filter", apply);
})();
