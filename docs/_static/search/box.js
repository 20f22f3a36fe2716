// The box of the search: a field, results as one types, arrow keys, recent searches. The same in the dialog and on the page.
"use strict";
globalThis.provenSearchBox = (() => {
  const RECENT = "proven-searches";
  const KEPT = 5;
  const SHOWN = 12;
  const HAN = /[\u3400-\u4dbf\u4e00-\u9fff]/;

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // Storage can be forbidden: then nothing is remembered.
  const recent = () => {
    try { return JSON.parse(localStorage.getItem(RECENT) ?? "[]").filter((each) => typeof each === "string"); } catch { return []; }
  };
  const remember = (query) => {
    try { localStorage.setItem(RECENT, JSON.stringify([query, ...recent().filter((each) => each !== query)].slice(0, KEPT))); } catch { /* as above */ }
  };

  // Marks the words that were met, in text that is not markup.
  const marked = (text, words) => {
    const found = words.filter((word) => word.length > 1 || HAN.test(word)).sort((a, b) => b.length - a.length);
    if (!found.length) return [text];
    const pattern = new RegExp(`(${found.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "giu");
    return text.split(pattern).map((part, place) => (place % 2 ? make("mark", {}, part) : part));
  };

  const mount = (place, { texts, root, load }, { remember: inAddress = false } = {}) => {
    const id = `search-${place.id || "dialog"}`;
    const input = make("input", {
      type: "search", role: "combobox", "aria-expanded": "false", "aria-controls": `${id}-results`, "aria-autocomplete": "list",
      autocomplete: "off", spellcheck: "false", enterkeyhint: "go", "aria-label": texts.label, placeholder: texts.placeholder,
    });
    const close = make("button", { type: "button", class: "search-close", "aria-label": texts.close }, "×");
    const status = make("p", { class: "search-status", role: "status" });
    const list = make("div", { class: "search-list", id: `${id}-results`, role: "listbox", "aria-label": texts.label });
    const more = make("div", { class: "search-more" });
    const results = make("div", { id: inAddress ? "search-results" : `${id}-body`, class: "search-body" }, status, list, more);
    place.append(make("div", { class: "search-field" }, input, ...(inAddress ? [] : [close])), results);
    close.addEventListener("click", () => place.close());
    // What the page says while there are no results.
    const help = place.querySelector(".search-help");
    if (help) new MutationObserver(() => { help.hidden = list.hasChildNodes() || more.hasChildNodes(); }).observe(results, { childList: true, subtree: true });

    let chosen = -1;
    const options = () => [...list.querySelectorAll("[role=option]")];
    const choose = (number) => {
      const all = options();
      chosen = all.length ? (number + all.length) % all.length : -1;
      all.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
      if (chosen < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", all[chosen].id);
        all[chosen].scrollIntoView({ block: "nearest" });
      }
    };

    const address = (result) => `${root}${result.page}.html${result.anchor ? `#${result.anchor}` : ""}`;
    // An option is the link itself: in an option nothing else may be reached.
    const option = (number, of, ...children) =>
      make("a", { role: "option", id: `${id}-${number}`, "aria-selected": "false", tabindex: "-1", ...of }, ...children);
    const lookUp = (query) => `${root}reference/errors.html?message=${encodeURIComponent(query.slice(0, 500))}`;
    // What was pasted is looked up among the messages first.
    const show = (found, pasted) => {
      const first = pasted ? [option(found.length, { class: "search-lookup", href: lookUp(pasted) }, texts.lookup)] : [];
      list.replaceChildren(...first, ...found.map((result, number) => {
        const where = result.kind === "page" ? texts[result.kind] : `${texts[result.kind]} · ${result.pageTitle}`;
        return option(number, { class: "search-result", href: address(result) },
          make("span", { class: "search-title" }, ...marked(result.title, result.words)),
          make("span", { class: "search-where" }, where),
          make("span", { class: "search-excerpt" }, ...marked(result.excerpt, result.words)));
      }));
      input.setAttribute("aria-expanded", String(options().length > 0));
      choose(0);
    };

    const showRecent = () => {
      const queries = recent();
      list.replaceChildren(...queries.map((query, number) => {
        const link = option(number, { class: "search-recent", href: `${root}search.html?q=${encodeURIComponent(query)}` }, query);
        link.addEventListener("click", (event) => { event.preventDefault(); begin(query); });
        return link;
      }));
      input.setAttribute("aria-expanded", String(queries.length > 0));
      status.textContent = queries.length ? texts.recent : texts.hint;
      more.replaceChildren();
      choose(-1);
    };

    // What is asked in the other language's words is looked for there; its places are the same here.
    const abroad = async (query) => {
      const own = await load(texts.folder);
      for (const folder of texts.others.split(" ").filter(Boolean)) {
        const found = (await load(folder)).search(query, SHOWN);
        const here = new Map(own.data.records.map((record, number) => [`${record[1]} ${globalThis.provenSearch.anchorOf(record)} ${record[0]}`, number]));
        const pages = new Map(own.data.pages.map(([page], number) => [page, number]));
        const translated = found.map((result) => {
          const number = here.get(`${pages.get(result.page)} ${result.anchor} ${own.kinds.indexOf(result.kind)}`);
          if (number === undefined) return null;
          const [, , , title, excerpt] = own.data.records[number];
          const pageTitle = own.data.pages[pages.get(result.page)][1];
          return { ...result, pageTitle, title: title || pageTitle, excerpt };
        }).filter(Boolean);
        if (translated.length) return translated;
      }
      return [];
    };

    const nothing = (index, query) => {
      const links = [];
      const near = index.spelling(query);
      if (near) links.push([near, `${root}search.html?q=${encodeURIComponent(near)}`]);
      links.push([texts.lookup, lookUp(query)]);
      more.replaceChildren(make("p", {}, texts.instead), make("ul", {}, ...links.map(([text, href]) => make("li", {}, make("a", { href }, text)))));
    };

    let turn = 0;
    const search = async () => {
      const query = input.value.trim();
      const own = (turn += 1);
      results.dataset.searchState = "busy";
      if (!query) { showRecent(); results.dataset.searchState = "done"; return; }
      let index;
      const slow = setTimeout(() => { if (own === turn) status.textContent = texts.loading; }, 300);
      try {
        index = await load(texts.folder);
      } catch {
        status.textContent = texts.failed;
        results.dataset.searchState = "done";
        return;
      } finally { clearTimeout(slow); }
      let found = index.search(query, SHOWN);
      // Words of another script, or nothing at all: the other language may know them.
      const foreign = texts.han === "yes" ? !found.length : HAN.test(query);
      if (foreign) {
        try { const others = await abroad(query); if (others.length) found = others; } catch { /* the own results stay */ }
      }
      // A later key has its own results.
      if (own !== turn) return;
      show(found, index.isMessage(query) ? query : "");
      more.replaceChildren();
      status.textContent = found.length ? `${texts.found} ${found.length}` : texts.none;
      if (!found.length) nothing(index, query);
      results.dataset.searchState = "done";
      if (inAddress) {
        const here = new URL(location.href);
        here.searchParams.set("q", query);
        try { history.replaceState(null, "", here); } catch { /* a page from a disk may not */ }
        dispatchEvent(new Event("popstate"));
      }
    };

    const begin = (text) => {
      input.value = text || input.value;
      input.focus();
      input.select();
      return search();
    };

    input.addEventListener("input", search);
    input.addEventListener("keydown", (event) => {
      const keys = { ArrowDown: 1, ArrowUp: -1 };
      if (keys[event.key]) { event.preventDefault(); choose(chosen + keys[event.key]); }
      else if (event.key === "Escape" && place.close) {
        // In a field of this type the key would only empty it.
        event.preventDefault();
        place.close();
      } else if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        options()[Math.max(chosen, 0)]?.click();
      }
    });
    list.addEventListener("click", (event) => {
      if (!event.target.closest("a.search-result")) return;
      if (input.value.trim()) remember(input.value.trim().slice(0, 200));
      // To a place on this page nothing is loaded, so the dialog would stay.
      if (place.close) place.close();
    });
    return { begin };
  };

  return { mount };
})();
