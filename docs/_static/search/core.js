// Reads the index of a language and finds what answers a query. No page is touched here.
// MiniSearch completes words and forgives typing errors. What is ours: a word that was asked counts once, however many of
// its synonyms a place has, and by the best field that it stands in. A classic script, because
// browsers load no modules from a disk.
"use strict";
globalThis.provenSearch = (() => {
  const { HAN, STOP, WEAK, one, says, stem, cut } = globalThis.provenWords;
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  // The order of proven.site.search.records.KINDS.
  const KINDS = ["page", "section", "pitfall", "term", "row", "name", "subsection"];
  // Where a word stands, and how much that says of a place: its title; the words by which it is asked for; the beginning of
  // its text; its code; the rest of its text; the title of the section around it; the title of its page.
  const FIELDS = { title: 7, asked: 6, lead: 0.5, names: 1.7, text: 1.2, above: 2.1, page: 0.6 };
  const LISTED = ["names", "text"];
  // How near an alternative is to the word that was asked.
  const NEAR = { own: 1, form: 0.84, typo: 1, begin: 0.4, meant: 0.6 };
  // The rest was fitted to the questions of tests/findable, and to fresh ones before anything was tuned for them.
  const FIT = {
    rare: 0.98, weak: 0.85, unknown: 2, part: 0.46, common: 0.7, second: 2.1, full: 4, covered: 8, asked: 0.2, long: 0.3, page: 1.45, aside: 0.3,
    title: 4.85, phrase: 9.9, headingWhole: 4.9, headingAsked: 0.45, exact: 3.5, within: 2.1, message: 3,
    kind: { page: 1.1, section: 1, pitfall: 0.65, term: 0.7, row: 0.36, name: 0.45, subsection: 1 },
    folder: { guide: 1.17, start: 1, reference: 0.5, history: 0.38, about: 0.2 },
  };
  // What is pasted, not asked: a traceback, or a line that an exception ends with.
  const MESSAGE = /Traceback \(most|\btakes (?:from )?\d+ (?:to \d+ )?positional|missing \d+ required|^\s*[\w.]*(?:Error|Exception|Warning|NotFound|Undefined)\b: ?\S|has no attribute|cannot import name|unexpected keyword argument|\n/;

  const read = (text) => {
    // The numbers of records behind each word, as differences; 0 ends a list.
    const lists = [];
    let list = [], value = 0, factor = 1, before = -1;
    for (const character of text) {
      const digit = ALPHABET.indexOf(character);
      value += (digit % 32) * factor;
      if (digit >= 32) { factor *= 32; continue; }
      if (value === 0) { lists.push(list); list = []; before = -1; }
      else { before += value; list.push(before); }
      value = 0; factor = 1;
    }
    return lists;
  };

  // Words are sorted; each line says how many characters it has from the one before.
  const unfold = (text) => {
    let before = "";
    return text.split("\n").map((line) => (before = before.slice(0, ALPHABET.indexOf(line[0])) + line.slice(1)));
  };
  // Most anchors of rows and pitfalls are made of their titles, see proven.site.search.index.made_anchor.
  const MADE = {
    row: (title) => `name-${title.replace(/[^A-Za-z0-9]+/g, "-")}`,
    pitfall: (title) => `pitfall-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-/, "")}`.slice(0, 60).replace(/-$/, ""),
  };
  const anchorOf = ([kind, , anchor, title]) => anchor || (MADE[KINDS[kind]]?.(title) ?? "");
  const sum = (values) => values.reduce((total, value) => total + value, 0);

  // Milliseconds for which a page may stand still while the index is made.
  const SLICE = 12;
  const pause = () => globalThis.scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));

  class Index {
    // Makes the index without ever holding up the page for long: a telephone works on it for a second.
    static async of(data) {
      const index = new Index();
      let began = performance.now();
      for (const _ of index.build(data)) {
        if (performance.now() - began < SLICE) continue;
        await pause();
        began = performance.now();
      }
      // It pauses too.
      index.engine = await index.load();
      return index;
    }

    // Each step is short.
    *build(data) {
      this.data = data;
      this.kinds = KINDS;
      const listed = unfold(data.words);
      const sure = new Set(listed);
      // A word that only titles and excerpts have is not listed.
      const more = new Set();
      const seen = (word) => sure.has(word) || STOP.has(word);
      const texts = [...data.pages.map(([, title]) => title), ...data.records.flatMap(([, , , title, excerpt]) => [title, excerpt])];
      for (const text of texts) {
        for (const { word } of cut(text, seen)) if (!seen(one(word)) && says(word)) more.add(one(word));
        yield;
      }
      this.words = [...listed, ...more];
      this.numbers = new Map(this.words.map((word, number) => [word, number]));
      this.known = (word) => this.numbers.has(word);
      this.simplified = new Map();
      for (let i = 0; i + 1 < data.variants.length; i += 2) this.simplified.set(data.variants[i], data.variants[i + 1]);
      // A word that only a group of synonyms knows is one to ask with.
      const phrases = new Set(data.synonyms.flat());
      this.asked = (word) => this.numbers.has(word) || phrases.has(word);
      const spelled = Object.keys(data.readAs).sort((a, b) => b.length - a.length);
      this.spelled = spelled.length ? new RegExp(spelled.join("|"), "g") : null;
      yield* this.fill(data);
      this.groups = data.synonyms.map((group) => group.map((phrase) => this.phrase(phrase)));
      yield;
      this.forms = Map.groupBy ? Map.groupBy(this.words, stem) : this.words.reduce((forms, word) => forms.set(stem(word), [...forms.get(stem(word)) ?? [], word]), new Map());
    }

    // Puts each word into the fields of each place, and into its headings: the titles of the places, then the phrases by
    // which they are asked for.
    *fill({ records, pages, fields, asked, phrases }) {
      const listed = [], said = read(asked);
      for (const field of fields) {
        listed.push(read(field));
        yield;
      }
      const entries = this.words.map((_, number) => Object.fromEntries(LISTED.map((name, at) => [name, listed[at][number] ?? []])));
      this.places = records.map((_, place) => place);
      let value = 0, factor = 1, place = 0;
      for (const character of phrases) {
        const digit = ALPHABET.indexOf(character);
        value += (digit % 32) * factor;
        factor *= 32;
        if (digit >= 32) continue;
        for (let i = 0; i < value; i += 1) this.places.push(place);
        place += 1; value = 0; factor = 1;
      }
      this.headings = this.words.map((_, number) => (said[number] ?? []).map((phrase) => records.length + phrase));
      this.askedWords = records.map(() => 0);
      entries.forEach((entry, number) => {
        entry.asked = [...new Set(this.headings[number].map((heading) => this.places[heading]))];
        for (const place of entry.asked) this.askedWords[place] += 1;
      });
      const titles = [];
      const add = (field, place, words) => {
        for (const word of words) {
          const places = entries[this.numbers.get(word)][field] ??= [];
          if (places.at(-1) !== place) places.push(place);
        }
      };
      const around = { page: 0, section: 0, subsection: 0 };
      for (const [place, record] of records.entries()) {
        yield;
        const kind = KINDS[record[0]];
        const title = this.wordsOf(record[3] || pages[record[1]][1]);
        const rest = (words) => [...words].filter((word) => !title.has(word));
        titles.push(title);
        for (const word of title) this.headings[this.numbers.get(word)].push(place);
        add("title", place, title);
        if (kind !== "row") add("lead", place, rest(this.wordsOf(record[4])));
        if (kind === "page") Object.assign(around, { page: place, section: place, subsection: place });
        if (kind === "section") Object.assign(around, { section: place, subsection: place });
        if (kind === "subsection") around.subsection = place;
        if (around.page !== place) add("page", place, rest(titles[around.page]));
        for (const above of new Set([around.section, around.subsection])) {
          if (above !== around.page && above !== place) add("above", place, rest(titles[above]));
        }
      }
      // The fields of each word, with the places where it stands in them.
      this.entries = new Map(entries.map((entry, number) => [this.words[number], Object.entries(entry)]));
      yield;
      yield* this.measure(entries, records);
    }

    // How rare each word is, how long each place, how much its title says, and which titles are those of many pages.
    *measure(entries, records) {
      const own = Object.keys(FIELDS).slice(0, 5);
      const lengths = records.map(() => 0);
      this.rarity = new Map();
      for (const [number, entry] of entries.entries()) {
        const places = new Set(own.flatMap((field) => [...entry[field] ?? []]));
        for (const place of places) lengths[place] += 1;
        this.rarity.set(this.words[number], Math.log(1 + records.length / (places.size || 1)));
        yield;
      }
      const mean = (values) => sum(values) / (values.length || 1);
      const usual = mean(lengths), asked = mean(this.askedWords.filter(Boolean));
      this.weight = {
        text: lengths.map((length) => 1 / (1 + FIT.long * Math.max(0, length / usual - 1))),
        asked: this.askedWords.map((count) => 1 / (1 + FIT.asked * Math.max(-0.7, count / asked - 1))),
      };
      this.said = this.places.map(() => 0);
      this.headings.forEach((headings, number) => {
        const word = this.words[number];
        if (!STOP.has(word)) for (const heading of headings) this.said[heading] += this.rarity.get(word);
      });
      const titles = new Map();
      const section = (record) => KINDS[record[0]] === "section";
      for (const record of records) if (section(record)) titles.set(record[3], (titles.get(record[3]) ?? 0) + 1);
      this.aside = records.map((record) => section(record) && titles.get(record[3]) > 4);
    }

    // The words as one text, in which some are looked for.
    load() {
      return globalThis.MiniSearch.loadJSAsync({
        documentCount: 1, nextId: 1, documentIds: { 0: 0 }, fieldIds: { words: 0 }, fieldLength: { 0: [this.words.length] },
        averageFieldLength: [this.words.length], storedFields: {}, dirtCount: 0, serializationVersion: 2,
        index: this.words.map((word) => [word, { 0: { 0: 1 } }]),
      }, { fields: ["words"] });
    }

    // In the characters and the words of the pages.
    normal(text) {
      const simple = [...text.normalize("NFKC")].map((character) => this.simplified.get(character) ?? character).join("");
      return this.spelled ? simple.replace(this.spelled, (word) => this.data.readAs[word]) : simple;
    }

    // The words of the index that are in a text.
    wordsOf(text) {
      return new Set(cut(text, this.known).map(({ word }) => one(word)).filter(this.known));
    }

    phrase(text) {
      const words = cut(text, this.known).filter(({ part }) => !part).map(({ word }) => one(word));
      const heavy = words.filter((word) => !STOP.has(word));
      return { text, han: HAN.test(text), stems: words.map(stem), words: heavy.length && heavy.every(this.known) ? heavy : null };
    }

    // The words that begin as one does, or that are no more than so many typing errors away.
    like(word, options) {
      const found = this.engine.search(word, { ...options, tokenize: (text) => [text], processTerm: (term) => term });
      return found.flatMap(({ match }) => Object.keys(match));
    }

    // What a word may stand for, each with how near it is.
    alternatives(word, last) {
      const own = one(word), known = this.known(own);
      const found = known ? [{ words: [own], near: NEAR.own }] : [];
      for (const form of this.forms.get(stem(own)) ?? []) if (form !== own) found.push({ words: [form], near: NEAR.form });
      const more = (terms, near) => {
        for (const term of terms) if (term !== own) found.push({ words: [term], near });
        return terms.length > 0;
      };
      if (word.length > 2 && (last || !known)) more(this.like(word, { prefix: true }), NEAR.begin);
      if (!known && /^[a-z_]/.test(word) && word.length > 3) {
        // The first letter is seldom wrong.
        const typo = (fuzzy) => more(this.like(word, { fuzzy }).filter((term) => term[0] === word[0]), NEAR.typo);
        typo(1) || (word.length > 5 && typo(2));
      }
      return found;
    }

    // The words of a query with all that each may mean.
    meanings(query) {
      const text = this.normal(query.slice(0, 2000)).trim();
      const all = cut(text, this.asked);
      const heavy = all.filter(({ word }) => !STOP.has(word));
      const unique = new Map((heavy.length ? heavy : all).map((piece) => [piece.word, piece]).reverse());
      const pieces = [...unique.values()].reverse();
      const last = pieces.at(-1)?.word;
      const meanings = pieces.map((piece) => ({ ...piece, found: this.alternatives(piece.word, piece.word === last) }));
      const low = text.toLowerCase();
      const whole = all.filter(({ part }) => !part);
      for (const group of this.groups) {
        for (const said of group) {
          for (const [start, end] of said.han ? spansOf(low, said.text) : spansOfStems(whole, said.stems)) {
            for (const meaning of meanings) {
              if (meaning.part || meaning.start >= end || meaning.end <= start) continue;
              for (const { words } of group) {
                const key = words?.join(" ");
                if (words && !meaning.found.some((each) => each.words.join(" ") === key)) meaning.found.push({ words, near: NEAR.meant });
              }
            }
          }
        }
      }
      for (const meaning of meanings) {
        const own = this.rarity.get(one(meaning.word)) ?? Math.max(0, ...meaning.found.flatMap(({ words }) => words.map((word) => this.rarity.get(word))));
        meaning.rarity = own;
        meaning.says = (meaning.found.length ? own ** FIT.rare : FIT.unknown) * (meaning.part ? FIT.part : 1) * (WEAK.has(meaning.word) ? FIT.weak : 1);
        // A name that nobody knows is asked by its parts.
        if (!meaning.found.length && meanings.some((other) => other !== meaning && other.start === meaning.start && other.end === meaning.end)) meaning.says = 0;
      }
      return { text: low, meanings: meanings.filter(({ says }) => says > 0), message: MESSAGE.test(query) };
    }

    // What a word says of each place: its best field, and a little of the second best alternative; and how near it is to a
    // word of each heading, with the rarity of that.
    rate({ found, rarity }) {
      const rated = new Map(), headings = new Map();
      const note = (place, value) => {
        const noted = rated.get(place);
        if (!noted) rated.set(place, { best: value, second: 0 });
        else if (value > noted.best) [noted.best, noted.second] = [value, noted.best];
        else if (value > noted.second) noted.second = value;
      };
      const worth = (place, field) => FIELDS[field] * (this.weight[field]?.[place] ?? 1);
      for (const { words, near } of found) {
        const [first, ...others] = words.map((word) => this.headings[this.numbers.get(word)]);
        for (const heading of first) {
          if (!others.every((other) => other.includes(heading))) continue;
          const noted = headings.get(heading) ?? { near: 0, words: new Map() };
          noted.near = Math.max(noted.near, near);
          for (const word of words) noted.words.set(word, near);
          headings.set(heading, noted);
        }
        if (words.length === 1) {
          // What is far more common than the word that was asked says less.
          const by = near * Math.min(1, (this.rarity.get(words[0]) / rarity) ** FIT.common);
          for (const [field, places] of this.entries.get(words[0])) for (const place of places) note(place, by * worth(place, field));
          continue;
        }
        const each = words.map((word) => {
          const best = new Map();
          for (const [field, places] of this.entries.get(word)) {
            for (const place of places) best.set(place, Math.max(worth(place, field), best.get(place) ?? 0));
          }
          return best;
        });
        for (const place of each[0].keys()) {
          if (each.every((places) => places.has(place))) note(place, near * sum(each.map((places) => places.get(place))) / words.length);
        }
      }
      return { rated, headings };
    }

    search(query, limit = 20) {
      const { text, meanings, message } = this.meanings(query);
      const total = sum(meanings.map(({ says }) => says));
      const scores = new Map(), asked = new Map();
      const pages = this.data.pages.map(() => 0);
      for (const meaning of meanings) {
        const best = new Map();
        const { rated, headings } = this.rate(meaning);
        for (const [place, { best: first, second }] of rated) {
          const value = first + FIT.second * second;
          const score = scores.get(place) ?? { value: 0, covered: 0, heading: 0 };
          scores.set(place, score);
          score.value += meaning.says * value;
          score.covered += meaning.says * Math.min(1, first / FIT.full);
          const page = this.data.records[place][1];
          if (value > (best.get(page) ?? 0)) best.set(page, value);
        }
        for (const [page, value] of best) pages[page] += meaning.says * value;
        for (const [heading, { near, words }] of headings) {
          const noted = asked.get(heading) ?? { asked: 0, words: new Map() };
          asked.set(heading, noted);
          noted.asked += meaning.says * near;
          for (const [word, by] of words) noted.words.set(word, Math.max(by, noted.words.get(word) ?? 0));
        }
      }
      // How much of a heading was asked, and how much of what was asked it says. The best of a place counts.
      for (const [heading, { asked: share, words }] of asked) {
        const said = sum([...words].map(([word, near]) => (STOP.has(word) ? 0 : near * this.rarity.get(word)))) / this.said[heading];
        if (!(said > 0)) continue;
        const by = heading < this.data.records.length ? FIT.title : FIT.phrase;
        const score = scores.get(this.places[heading]);
        score.heading = Math.max(score.heading, by * Math.min(1, said) ** FIT.headingWhole * Math.min(1, share / total) ** FIT.headingAsked);
      }
      const first = Math.max(...pages);
      const results = [...scores].map(([place, score]) => ({ place, score: this.weigh(place, score, text, total, message) * (pages[this.data.records[place][1]] / first) ** FIT.page }));
      results.sort((a, b) => b.score - a.score || a.place - b.place);
      // A word of a phrase says little where it stands alone: it is not marked.
      const words = meanings.flatMap(({ found }) => found.flatMap(({ words: each }) => (each.length === 1 ? each : [])));
      return results.slice(0, limit).map(({ place, score }) => this.result(place, score, words));
    }

    weigh(place, { value, covered, heading }, text, total, message) {
      const [kindNumber, pageNumber, , ownTitle] = this.data.records[place];
      const [page, pageTitle] = this.data.pages[pageNumber];
      const kind = KINDS[kindNumber];
      let score = value / total * (0.05 + 0.95 * covered / total) ** FIT.covered * (1 + heading);
      score *= FIT.kind[kind] * (FIT.folder[page.split("/")[0]] ?? 1) * (this.aside[place] ? FIT.aside : 1);
      // What stands in brackets, such as the English word for a Chinese one, is not asked too.
      const low = (ownTitle || pageTitle).toLowerCase().replace(/\s*[(（][^)）]*[)）]$/, "");
      // A term is a way to its page, not the other way round.
      if (low === text && kind !== "term") score *= FIT.exact;
      else if (text.length > 3 && low.includes(text)) score *= FIT.within;
      return message && kind === "pitfall" ? score * FIT.message : score;
    }

    result(place, score, words) {
      const record = this.data.records[place];
      const [kindNumber, pageNumber, , title, excerpt] = record;
      const [page, pageTitle] = this.data.pages[pageNumber];
      return { page, pageTitle, anchor: anchorOf(record), title: title || pageTitle, excerpt, kind: KINDS[kindNumber], score, place, words };
    }

    isMessage(query) {
      return MESSAGE.test(query);
    }

    // The nearest word of the index for what was typed, or nothing.
    spelling(query) {
      const typed = query.toLowerCase();
      const near = this.engine.autoSuggest(typed, { fuzzy: 0.35, prefix: true }).find(({ terms }) => terms.length === 1);
      return near && near.suggestion !== typed ? near.suggestion : "";
    }
  }

  // Where a phrase stands in a text.
  function* spansOf(text, phrase) {
    for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) yield [at, at + phrase.length];
  }

  // Where words stand one after another, whatever their endings.
  function* spansOfStems(pieces, stems) {
    const own = pieces.map(({ word }) => stem(one(word)));
    for (let at = 0; at + stems.length <= own.length; at += 1) {
      if (stems.every((each, more) => each === own[at + more])) yield [pieces[at].start, pieces[at + stems.length - 1].end];
    }
  }

  let last = null;
  return {
    Index,
    anchorOf,
    // The index file of a language calls it when it has been loaded.
    fill: (data) => { last = data; },
    // What was filled in last.
    taken: () => last,
  };
})();
