// Finds the messages that are like the one a reader pastes. A classic script, because a page that was opened from the
// file system may not load modules. Without it the lists of the page are simply all there.
"use strict";

(() => {
  const box = document.querySelector(".error-look-up");
  if (!box) return;
  const BEST = 5;
  // Of a message of which less is recognised, nothing is said.
  const ENOUGH = 0.5;

  // Names, numbers and file names are the reader's own, and stand between quotes more often than not.
  const words = (text) => new Set(text.toLowerCase().match(/[\p{Letter}_][\p{Letter}\p{Number}_]+|[45]\d\d/gu) || []);
  const unquoted = (text) => text.replace(/(?<![\p{Letter}\p{Number}])(['"“]).*?['"”](?![\p{Letter}\p{Number}])/gu, " ");
  const known = [...document.querySelectorAll("ul.errors > li")].map((item) => {
    const title = item.querySelector("a").textContent;
    const fixed = words(unquoted(title));
    return { item, title, words: fixed.size > 1 ? fixed : words(title) };
  });
  const pages = new Map();
  for (const entry of known) for (const word of entry.words) pages.set(word, (pages.get(word) || 0) + 1);
  // A word that stands in few messages says more than one that stands in many.
  const weight = (word) => Math.log(1 + known.length / (pages.get(word) || 1));
  const sum = (list) => list.reduce((total, word) => total + weight(word), 0);

  const nearest = (text) => {
    const said = words(text);
    const all = sum([...said]);
    const like = known
      .map((entry) => {
        const common = sum([...entry.words].filter((word) => said.has(word)));
        // A traceback has all of the message and more; a few typed words are all in it, and it has more.
        const share = Math.max(common / sum([...entry.words]), common / all);
        return { ...entry, share, rank: share * common };
      })
      .filter((entry) => entry.share >= ENOUGH)
      .sort((one, other) => other.rank - one.rank);
    // The same message can stand on several pages, which count as one.
    const best = [...new Set(like.map((entry) => entry.title))].slice(0, BEST);
    return like.filter((entry) => best.includes(entry.title));
  };

  const label = document.createElement("label");
  label.textContent = box.dataset.label;
  const input = document.createElement("textarea");
  input.rows = 3;
  input.spellcheck = false;
  label.append(input);
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const list = document.createElement("ul");
  box.append(label, said, list);

  const apply = () => {
    const text = input.value.trim();
    const found = text ? nearest(text) : [];
    said.textContent = !text ? "" : found.length ? box.dataset.some : box.dataset.none;
    list.replaceChildren(...found.map(({ item }) => item.cloneNode(true)));
  };

  // A long traceback is not for an address.
  rememberInput(input, "message", apply, 500);
})();
