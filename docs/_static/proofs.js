// Marks each sentence of a page with what it rests on, when the reader asks for it. A classic script: a downloaded copy
// must work. The page is as it was until then; what its sentences rest on comes in a script of its own.
(() => {
  const KEY = "proven-proofs";
  const STATES = ["", "proved", "shown", "advice"];
  const line = document.querySelector(".proofs");
  const button = line.querySelector("button");
  const up = document.documentElement.dataset.content_root;

  // 32-bit FNV-1a, as proven/claims/marks.py has it.
  const hash = (text) => {
    let value = 2166136261;
    for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
    return (value >>> 0).toString(36);
  };

  // The characters of a box that are no white space, each with its node and its place in it.
  const read = (box) => {
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    const characters = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest(".headerlink, .footnote-reference")) continue;
      for (let at = 0; at < node.data.length; at += 1) if (/\S/.test(node.data[at])) characters.push({ node, at });
    }
    return characters;
  };

  const sign = (state, test, words) => {
    const made = document.createElement(test ? "a" : "span");
    if (test) made.href = up + test;
    else made.role = "img";
    made.className = `claim-sign claim-sign-${state}`;
    made.title = line.dataset[state];
    made.ariaLabel = `${line.dataset[state]}: ${words}`;
    return made;
  };

  // No element comes into a text, as that can move the end of a line: the lines are highlights of the browser, and the
  // signs stand at the end of their box, each placed above the end of its sentence.
  const claims = [];
  const lines = new Map(STATES.slice(1).map((state) => [state, window.Highlight ? new Highlight() : null]));

  const mark = ({ tests, texts }) => {
    for (const box of document.querySelectorAll("article :is(p, h1, h2, h3, h4, h5, h6, tr, .caption-text)")) {
      if (box.tagName !== "TR" && box.closest("tr")) continue;
      const characters = read(box);
      const marks = texts[hash(characters.map(({ node, at }) => node.data[at]).join(""))] ?? [];
      marks.forEach(([end, number, first], n) => {
        const state = STATES[number];
        if (!state) return;
        const [from, to] = [characters[n ? marks[n - 1][0] : 0], characters[end - 1]];
        const range = new Range();
        range.setStart(from.node, from.at);
        range.setEnd(to.node, to.at + 1);
        const made = sign(state, tests[first], range.toString().trim());
        // Of a row, its last paragraph: what stands between two would be copied as a line.
        const holder = box.tagName === "TR" ? [...box.querySelectorAll("p")].at(-1) ?? box.lastElementChild : box;
        holder.classList.add("claim-holder");
        holder.append(made);
        lines.get(state)?.add(range);
        claims.push({ range, made, holder });
      });
    }
    for (const [state, highlight] of lines) if (highlight) CSS.highlights.set(`claim-${state}`, highlight);
    addEventListener("resize", place);
    // What is folded has no place until it opens.
    addEventListener("toggle", place, true);
    document.fonts.ready.then(place);
    document.querySelector("article").addEventListener("click", follow);
  };

  const place = () => {
    const places = claims.map(({ range, holder }) => [[...range.getClientRects()].at(-1), holder.getBoundingClientRect()]);
    claims.forEach(({ made }, n) => {
      const [end, box] = places[n];
      made.style.left = `${(end?.right ?? 0) - box.left}px`;
      made.style.top = `${(end?.top ?? 0) - box.top}px`;
    });
  };

  // The sign is the link; its sentence is a larger place to point at.
  const follow = ({ target, clientX, clientY }) => {
    if (!document.documentElement.classList.contains("proofs-on")) return;
    if (target.closest("a, button, summary") || !getSelection().isCollapsed) return;
    const under = ({ x, right, y, bottom }) => clientX >= x && clientX <= right && clientY >= y && clientY <= bottom;
    claims.find(({ range, made }) => made.href && [...range.getClientRects()].some(under))?.made.click();
  };

  let marked;
  const load = () =>
    (marked ??= new Promise((done, failed) => {
      window.provenProofs = (data) => done(mark(data));
      const script = document.createElement("script");
      script.src = `${up}_proofs/${line.dataset.page}.js`;
      script.onerror = () => {
        marked = undefined;
        failed(new Error(script.src));
      };
      document.head.append(script);
    }));

  const show = async (on) => {
    button.setAttribute("aria-pressed", on);
    try {
      if (on) await load();
      document.documentElement.classList.toggle("proofs-on", on);
      place();
    } catch {
      // The marks could not be loaded: the switch says that it is off, and can be pressed again.
      button.setAttribute("aria-pressed", false);
    }
  };

  // Storage can be forbidden: then the choice holds for this page.
  const attempt = (work) => {
    try {
      return work();
    } catch {
      return null;
    }
  };
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    attempt(() => (on ? localStorage.setItem(KEY, "on") : localStorage.removeItem(KEY)));
    show(on);
  });
  if (attempt(() => localStorage.getItem(KEY))) show(true);
})();
