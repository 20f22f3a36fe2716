// Finds what answers a pasted message: entries of the site by their fixed words, names by what the releases know.
// A classic script, because browsers load no modules from a disk. No page is touched here.
"use strict";
globalThis.provenLookUp = (() => {
  const BEST = 5;
  // The share of the words of a message that must be in what is pasted, or the reverse for a few typed words.
  const ENOUGH = 0.74;
  const TYPED = 0.9;
  // What an entry weighs at least, so that "not found" alone is none.
  const LEAST = 4;
  const WORD = /[\p{L}_][\p{L}\p{N}_]*|(?<![\p{N}.])[1-5]\d{2,3}(?![\p{N}.])/gu;
  const STOP = new Set("a an the is are was be to of in on at for with by it its this that and or".split(" "));
  const BUILTIN = new Set("NoneType str int float bool bytes list dict tuple set function method type object module".split(" "));
  const QUOTED = /(?<![\p{L}\p{N}])(['"“‘`])((?:(?!\1)[^\n”’]){1,300}?)(['"”’`])(?![\p{L}\p{N}])/gu;

  const METHOD = /\b((?:[A-Za-z_]\w*\.)+)(\w+)\(\)(?= (?:takes|missing|got)\b)/g;

  // The fixed words of a message, and the reader's own: names between quotes.
  const cut = (text) => {
    const own = [];
    const fixed = text
      // Since 3.10 Python says of which class a method is.
      .replace(METHOD, "$2()")
      // An object shows its class and an address.
      .replace(/<[^<>\n]{1,200}>/g, (whole) => (/^<class |^<ContextVar /.test(whole) ? whole.replace(/at 0x\S+/, "") : " "))
      .replace(QUOTED, (whole, open, inner, close) => {
        // More than two words between quotes are a message and no name.
        if (inner.trim().split(/\s+/).length > 2) return ` ${inner} `;
        own.push(inner);
        return BUILTIN.has(inner) || /^[A-Z][A-Z0-9_]{3,}$/.test(inner) ? ` ${inner} ` : " ";
      });
    const words = (fixed.match(WORD) ?? []).map((word) => word.toLowerCase());
    return { words, own };
  };
  const HAN = /[\u3400-\u9fff]/;
  const methodsOf = (text) => new Map([...text.matchAll(METHOD)].map(([, owner, name]) => [name, owner.split(".").at(-2)]));
  const content = (words) => new Set(words.filter((word) => !STOP.has(word)));
  const pairsOf = (words) => new Set(words.slice(1).map((word, at) => `${words[at]} ${word}`));
  // The line of an HTTP exception, which many messages begin with: it says little of the one that follows.
  const STATUS = /^\d{3} [A-Z][\w' -]*: (?=\S)/;
  const IMPORT = /^\s*(?:from|import)\s+(\w+(?:\.\w+)+)(?:\s+import\s+[\w, ]+)?\s*$/;
  const CODE = /(?:^|[\s(])\((\d{4}), ?["']/;
  const classOf = (text) => /^\(?(?:[a-z_]\w*\.)*([A-Z]\w*(?:Error|Exception|Warning|NotFound|Disconnected))\b[:)]\s*/.exec(text);

  class LookUp {
    constructor(data) {
      this.data = data;
      this.history = new globalThis.provenNames.Names(data);
      this.entries = data.entries.flatMap(({ key, title = "", about = "", said }) =>
        said.map(({ text, within = "", named = false, general = false }) => {
          const found = classOf(text);
          const rest = found ? text.slice(found[0].length) : text;
          const { words, own } = cut(rest);
          const status = content(cut(STATUS.exec(rest)?.[0] ?? "").words);
          return { key, title, text, about: new Set(about.split(" ")), within, named, general, raised: found ? found[1] : "", ...this.claim(text), words: content(words), status, code: CODE.exec(rest)?.[1], pairs: pairsOf(words), own, methods: methodsOf(rest), ...needs(rest, own) };
        }));
      this.counts = new Map();
      for (const entry of this.entries) for (const word of entry.words) this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
    }

    claim(text) {
      const [claim] = globalThis.provenMessage.parse(text).claims;
      return { claim };
    }

    // A word that stands in few messages says more than one that stands in many.
    weigh(words) {
      let sum = 0;
      for (const word of words) sum += Math.log(1 + this.entries.length / (this.counts.get(word) ?? 1)) / 2;
      return sum;
    }

    find(pasted) {
      const message = globalThis.provenMessage.parse(pasted);
      const claim = message.claims.find((each) => this.history.knows(each, message) || this.same(each, message).length) ?? message.claims[0];
      // A later exception that is no claim about a name counts more than an earlier one that is.
      const last = claim && claim.at >= message.last;
      if (claim && (last || this.history.knows(claim, message))) {
        const found = this.named(claim, message);
        if (found.results.length || last) return found;
      }
      const typed = this.history.typed(message.text);
      // The line that imports a module which is no more.
      const module = IMPORT.exec(message.text)?.[1];
      if (!typed.length && module && !this.history.modules.has(module)) return this.find(`No module named '${module}'`);
      return { results: typed.length ? typed : this.similar(message).slice(0, BEST), unknown: null };
    }

    // Entries of the site about this very name.
    same(claim, message) {
      return this.entries.filter((entry) => entry.claim && (entry.claim.form === claim.form || claim.form === "deprecated") && agrees(entry.claim, claim, this.history, message));
    }

    named(claim, message) {
      const own = this.same(claim, message).map(reference);
      const known = this.history.about(claim, message);
      const circular = claim.form === "import" && (claim.partial || message.circular) && !known.some((each) => each.certain);
      if (circular) {
        const entries = this.entries.filter((entry) => entry.claim?.partial).map(reference);
        return { results: unique(entries).slice(0, BEST), unknown: null };
      }
      // What other packages do wrong the site's own entry may not say.
      const results = known.some((each) => each.package) ? [...known, ...own] : [...own, ...known];
      if (results.length) return { results: unique(results).slice(0, BEST), unknown: null };
      const like = this.similar(message, true);
      return like.length ? { results: like.slice(0, BEST), unknown: null } : { results: [], unknown: claim };
    }

    // Entries whose fixed words are those of the message.
    similar(message, strict = false) {
      const parts = message.exceptions.length ? message.exceptions.map((each) => ({ ...each })) : [];
      parts.push({ name: "", text: message.text, whole: true });
      const cuts = parts.map((part) => {
        const { words, own } = cut(part.text);
        return { ...part, said: content(words), said2: pairsOf(words), own: new Set(own), methods: methodsOf(part.text) };
      });
      // Of equal messages, the one whose explanation speaks of what is on the way comes first.
      const code = message.frames.filter((frame) => !frame.package).map((frame) => frame.code).join(" ");
      const names = new Set((code || message.text).match(/\w{4,}/g) ?? []);
      const callers = new Set(message.frames.flatMap((frame) => [frame.caller]));
      const found = [];
      for (const entry of this.entries) {
        if (entry.claim && !entry.claim.partial && ["import", "module", "attribute", "keyword", "missing", "undefined"].includes(entry.claim.form)) continue;
        if (entry.within && !callers.has(entry.within)) continue;
        let best = 0;
        cuts.forEach((part, at) => {
          const rank = this.rank(entry, part, message, strict) * (part.whole ? 0.9 : 1 + 0.1 * (at / cuts.length));
          best = Math.max(best, rank);
        });
        const shared = [...entry.about].filter((name) => names.has(name)).length;
        best *= 1 + Math.min(shared, 5) * 0.01;
        if (best) found.push({ ...reference(entry), best: entry.within ? best * 1.5 + 3 : entry.general ? best * 0.3 : best });
      }
      found.sort((one, other) => other.best - one.best);
      // What is much less like it than the first is none.
      return unique(found.filter((each) => each.best >= 0.55 * found[0].best));
    }

    rank(entry, part, message, strict) {
      if (entry.named && !entry.own.every((name) => part.own.has(name))) return 0;
      // Two classes can have a method of one name; every class has this one.
      for (const [method, owner] of entry.methods) {
        const other = part.methods.get(method);
        if (other ? other !== owner : method === "__init__" && !entry.own.some((name) => part.own.has(name))) return 0;
      }
      // What a database numbers is told apart by its number.
      const number = CODE.exec(part.text)?.[1];
      if (entry.code && number) return entry.code === number ? 9 : 0;
      if (!entry.types.every((name) => part.own.has(name) || part.said.has(name.toLowerCase()))) return 0;
      if (!entry.calls.every((name) => part.said.has(name))) return 0;
      // A special method is called by something else than a function is.
      if (/__\(\) (?:takes|missing)/.test(part.text) && !/__\(\)/.test(entry.text)) return 0;
      const all = this.weigh(entry.words);
      // Few words say little of an exception of another class.
      const others = part.whole ? message.exceptions.map((each) => each.name) : [part.name];
      if (entry.raised && entry.words.size < 5 && others.some(Boolean) && !others.includes(entry.raised) && !others.includes("Error")) return 0;
      const raised = entry.raised && part.name && entry.raised === part.name;
      if (!entry.words.size) {
        // Only a class and names: `KeyError: 'user'`, `TemplateNotFound: index.html`.
        if (!raised) return 0;
        // Of `int:nid` the first half is fixed.
        const half = (name) => name.replace(/:.*/s, ":");
        const halves = new Set([...part.own].map(half));
        const shared = entry.own.filter((name) => halves.has(half(name))).length;
        if (shared) return 3 + shared;
        if (entry.within) return 3;
        return /^(?:Key|Attribute|Name|Type|Value|Lookup|Index|Runtime|Import|Assertion|OS)?(?:Error|Exception)$/.test(entry.raised) ? 0 : 3;
      }
      const common = new Set([...entry.words].filter((word) => part.said.has(word)));
      const share = this.weigh(common) / all;
      const near = entry.pairs.size ? [...entry.pairs].filter((pair) => part.said2.has(pair)).length / entry.pairs.size : 1;
      const names = entry.own.filter((name) => part.own.has(name)).length;
      if (share >= ENOUGH && near >= 0.5 && (all >= LEAST || raised || share === 1 && (entry.words.size > 1 || part.said.size === 1))) {
        // One word is a message if nothing else was pasted.
        if (entry.words.size === 1 && !raised && !(near === 1 && part.said.size === 1)) return 0;
        const otherClass = entry.raised && part.name && !raised && part.name !== "Error" ? 0.8 : 1;
        const worth = all - 0.75 * this.weigh(entry.status);
        return worth * share * share * (0.5 + near / 2) * otherClass + names * 1.5 + (raised ? 1 : 0);
      }
      if (strict) return 0;
      // A few typed words, or the beginning of a message. Words around it in Chinese are the reader's.
      const status = /^\s*[1-5]\d\d\b/.test(part.text);
      const named = (name) => name && name !== "Error";
      const stranger = part.whole ? message.exceptions.some((each) => named(each.name)) : named(part.name) && !raised && !status;
      if (stranger) return 0;
      const chinese = [...entry.words].some((word) => HAN.test(word));
      const said = [...part.said].filter((word) => chinese || !HAN.test(word));
      // Where a message was cut off, the last word may be half of one.
      const last = said.at(-1);
      if (said.length > 2 && last.length < 9 && !entry.words.has(last)) {
        const whole = [...entry.words].find((word) => word.startsWith(last));
        if (whole) said[said.length - 1] = whole;
      }
      if (said.length > 1 && said.length < entry.words.size + 1) {
        const both = new Set(said.filter((word) => entry.words.has(word)));
        const known = this.weigh(both) / this.weigh(said);
        if (known >= TYPED && this.weigh(both) >= LEAST / 2) return this.weigh(both) * known * (0.6 + 0.4 * share);
      }
      return 0;
    }
  }

  // An entry is about the name of the message. What it is looked for in may be a class that inherits it.
  const agrees = (entry, claim, history, message) => {
    // What is below a missing module is missing too.
    const below = claim.form === "missing" && entry.name.includes(".") && claim.name.startsWith(`${entry.name}.`);
    if (entry.partial || !below && claim.name.toLowerCase() !== entry.name.toLowerCase()) return false;
    if (claim.form === "deprecated") return true;
    const [one, other] = [entry.owner, claim.owner].map((owner) => owner.replace(/\.?__init__$/, "").split(".").pop());
    if (claim.form === "missing") return true;
    if (BUILTIN.has(one) || BUILTIN.has(other)) return one === other;
    if (claim.form === "keyword" || !one || !other) return !one || !other || one === other || !history.owns(other);
    // Of two classes of readers, the attribute decides if it is no everyday word.
    if (claim.form === "attribute" && claim.name.includes("_") && ![one, other].some((owner) => history.owns(owner))) return true;
    return entry.owner === claim.owner || one === other;
  };

  // What a message has to contain too: the type that stands between quotes, and the function that was called. Those of the
  // reader are {} in an entry.
  const needs = (text, own) => ({
    types: own.filter((name) => BUILTIN.has(name) || text.includes(`'${name}' codec`)),
    calls: [...text.matchAll(/(\w+)\(\)(?= (?:takes|missing|got))/g)].map(([, name]) => name.toLowerCase()),
  });

  const reference = ({ key, title }) => ({ key, title });

  const unique = (results) => {
    const seen = new Set();
    return results.filter((each) => {
      const name = each.key ? `${each.key} ${each.title}` : each.names.join(" ");
      return !seen.has(name) && seen.add(name);
    });
  };

  let waiting = null;
  const fill = (data) => waiting(data);
  const take = (then) => { waiting = then; };
  return { LookUp, fill, take, cut };
})();
