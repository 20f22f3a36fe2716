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
      // SQLAlchemy puts the class of the driver before its message.
      .replace(/\((?:[A-Za-z_]\w*\.)+[A-Z]\w+\)(?= )/g, " ")
      // What JSON cannot begin with is a name too.
      .replace(/(?<=token )[^\s'"](?= in JSON)/g, "'$&'")
      // Since 3.10 Python says of which class a method is.
      .replace(METHOD, "$2()")
      // A class that a message speaks of is one of errors, whatever its name: `{}Error` in an entry.
      .replace(/(?<=\w )[A-Z]\w+Error(?![\w:.(])/g, "$& Error")
      // An object shows its class and an address.
      .replace(/<[^<>\n]{1,200}>/g, (whole) => (/^<(?:class|ContextVar|built-in|HaltServer) /.test(whole) ? whole.replace(/at 0x\S+/, "") : " "))
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
  // `tests/test_models.py` is of testing, `flask/templating.py` of templates.
  const stemsOf = (text) => new Set((text.replace(/\bdb\b|sqlalchemy/gi, " database ").replace(/https?:\S+/g, "").toLowerCase().match(/[a-z]{4,}/g) ?? []).map((word) => word.replace(/(?:ing|es|e|s)$/, "").replace(/at$/, "")).filter((stem) => stem.length > 3 && !/^(?:flask|error|messag|file|line)$/.test(stem)));
  const subjectOf = (key, text) => {
    const said = stemsOf(text);
    return new Set([...stemsOf(key.split("#")[0].split("/").pop())].filter((stem) => !said.has(stem)));
  };
  // An endpoint without its blueprint, which Werkzeug puts in front of what it suggests.
  const bare = (text) => /endpoint ['"]\w+['"].* mean ['"]?\w+\.\w/s.test(text);
  // What Gunicorn was told to call, or to take as it is.
  const called = (text) => /application object:? ['"]\w+\(/.test(text);
  const pairsOf = (words) => new Set(words.slice(1).map((word, at) => `${words[at]} ${word}`));
  // The line of an HTTP exception, which many messages begin with: it says little of the one that follows.
  const STATUS = /^\d{3} [A-Z][\w' -]*: (?=\S)/;
  const IMPORT = /^\s*(?:from|import)\s+(\w+(?:\.\w+)+)(?:\s+import\s+[\w, ]+)?\s*$/;
  // What a database numbers: `(1045, "Access`, and `1045 (28000): Access` of its own programs.
  const CODE = /(?:^|[\s(])(?:\((\d{4}), ?["']|(?<!\S)(\d{4}) \([0-9A-Z]{5}\): )/;
  const codeOf = (text) => {
    const [, inside, before] = CODE.exec(text) ?? [];
    return inside ?? before;
  };
  const classOf = (text) => /^\(?(?:(?:[a-z_]\w*\.)*([A-Z]\w*(?:Error|Exception|Warning|NotFound|Disconnected|Violation|Redirects|Undefined(?:Table|Column)))|(?:[a-z_]\w*\.)+([A-Z]\w+))\b[:)]\s*/.exec(text);

  // What a server logs of a request, and how the status is said in a page.
  const LOGGED = /"[A-Z]+ (?!\/favicon\.ico)\S+ HTTP\/[\d.]+" ([45]\d\d)\b/g;
  const SAID = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 413: "Request Entity Too Large", 415: "Unsupported Media Type", 500: "Internal Server Error", 502: "Bad Gateway" };

  const BROWSER = /^[A-Z]+(?:_[A-Z]+){2,}$/;

  // As proven.site.search.index.made_anchor makes that of a pitfall.
  const anchorOf = (title) => `pitfall-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-/, "")}`.slice(0, 60).replace(/-$/, "");

  class LookUp {
    constructor(data) {
      this.data = data;
      this.history = new globalThis.provenNames.Names(data);
      this.entries = data.entries.flatMap(({ key: place, title = "", about = "", said }) => {
        const key = place.includes("#") ? place : `${place}#${anchorOf(said[0].text)}`;
        return said.map(({ text, within = "", line = "", with: word = "", named = false, general = false, everyday = false }) => {
          const found = classOf(text);
          const rest = found ? text.slice(found[0].length) : text;
          const { words, own } = cut(rest);
          const status = content(cut(STATUS.exec(rest)?.[0] ?? "").words);
          return { key, title, text, about: new Set(about.split(" ")), subject: subjectOf(key, text), within, line, named, general, everyday, raised: found ? found[1] ?? found[2] : "", ...this.claim(text), words: content(words), status, code: codeOf(rest), pairs: pairsOf(words), own, methods: methodsOf(rest), ...needs(rest, own, word) };
        });
      });
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
      // Whose function it is that misses an argument, the releases know or nobody.
      const claims = message.claims.filter((each) => each.form !== "required" || this.history.knows(each, message));
      const claim = claims.find((each) => this.history.knows(each, message) || this.same(each, message).length) ?? claims[0];
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
      if (typed.length) return { results: typed, unknown: null };
      const results = this.similar(message).slice(0, BEST);
      const [, status] = results.length || message.exceptions.length ? [] : globalThis.provenMessage.lastOf(message.text, LOGGED) ?? [];
      return SAID[status] ? this.find(`${status} ${SAID[status]}`) : { results, unknown: null };
    }

    // Entries of the site about this very name.
    same(claim, message) {
      // A function that was called with too much was called there.
      const last = message.frames.at(-1)?.caller;
      const within = (entry) => there(entry, message) && (claim.form !== "keyword" || entry.within === last);
      const about = (entry) => (entry.within ? within(entry) : there(entry, message) && agrees(entry.claim, claim, this.history, message));
      return this.entries.filter((entry) => entry.claim && (entry.claim.form === claim.form || claim.form === "deprecated") && about(entry));
    }

    named(claim, message) {
      const stems = stemsOf(message.text);
      const about = ({ subject }) => [...subject].filter((stem) => stems.has(stem)).length;
      const wanted = (claim.wanted ?? []).join(" ").toLowerCase();
      const [own, others] = split(this.same(claim, message).sort((one, other) => about(other) - about(one)), ({ subject }) => !wanted || !subject.size || [...subject].some((stem) => wanted.includes(stem))).map((some) => some.map(reference));
      const known = this.history.about(claim, message);
      const circular = claim.form === "import" && (claim.partial || message.circular) && !known.some((each) => each.certain);
      // A library that somebody else's module of its name hides is met halfway too.
      if (circular && own.length && this.history.modules.has(claim.owner)) return { results: unique(own).slice(0, BEST), unknown: null };
      if (circular) {
        const entries = this.entries.filter((entry) => entry.claim?.partial).map(reference);
        return { results: unique(entries).slice(0, BEST), unknown: null };
      }
      // What other packages do wrong the site's own entry may not say.
      const results = known.some((each) => each.package) ? [...known, ...own, ...others] : [...own, ...known, ...others];
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
      // Then what stands around: the files and functions of libraries, warnings, the lines of a test run.
      const around = new Set(message.text.match(/\w{4,}/g) ?? []);
      const stems = stemsOf(message.text);
      const library = message.frames.findLast((frame) => frame.package);
      // `flask/config.py` is of configuration.
      const nearest = [...stemsOf(library ? `${library.file.split(/[\\/]/).pop()} ${library.caller}` : "")];
      const found = [];
      for (const entry of this.entries) {
        if (entry.claim && !entry.claim.partial && ["import", "module", "attribute", "keyword", "missing", "undefined"].includes(entry.claim.form)) continue;
        if (!there(entry, message)) continue;
        let best = 0;
        cuts.forEach((part, at) => {
          const rank = this.rank(entry, part, message, strict) * (part.whole ? 0.9 : 1 + 0.1 * (at / cuts.length));
          best = Math.max(best, rank);
        });
        const shared = [...entry.about].filter((name) => names.has(name)).length;
        const beside = [...entry.about].filter((name) => around.has(name) && !names.has(name) && !entry.text.includes(name)).length;
        const subject = [...entry.subject].filter((stem) => stems.has(stem)).length + [...entry.subject].filter((stem) => nearest.some((own) => stem.startsWith(own))).length;
        // What anything can run into is told apart by what is on the way.
        if (entry.everyday && message.frames.length && !shared && !beside && !subject) continue;
        best *= 1 + Math.min(shared, 5) * 0.01 + Math.min(beside, 5) * 0.004 + Math.min(subject, 2) * 0.015;
        if (called(entry.text) !== called(message.text)) best *= 0.7;
        if (entry.raised === "BuildError" && bare(entry.text) !== bare(message.text)) best *= 0.7;
        if (best) found.push({ ...reference(entry), best: entry.within || entry.line ? best * 1.5 + 3 : entry.general ? best * 0.3 : /^(?:WARNING|Tip):/.test(entry.text) ? best * 0.1 : best });
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
      // The method of a library is no function of a reader.
      if (!entry.methods.size && /\(\) (?:missing|takes)/.test(entry.text) && [...part.methods].some(([method, owner]) => method !== "__init__" && this.history.classes.has(owner))) return 0;
      // Nor has a reader a function by the name of one of a library, if it is a long one.
      if (/^TypeError: \{\}\(\) missing/.test(entry.text) && [...part.text.matchAll(/\b(\w+_\w+)\(\) missing/g)].some(([, name]) => this.history.lasts.has(name))) return 0;
      // What a database numbers is told apart by its number.
      const number = codeOf(part.text);
      if (entry.code && number) return entry.code === number ? 20 : 0;
      if (!entry.types.every((name) => part.own.has(name) || part.said.has(name.toLowerCase()))) return 0;
      if (!entry.calls.every((name) => part.said.has(name) || part.said2.has(name))) return 0;
      // A function of Python is no class of a reader.
      if (/keyword argument for (?:this function|\w+\(\))/.test(part.text) && !/keyword argument for (?:this function|\w+\(\))/.test(entry.text)) return 0;
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
        if (entry.within || entry.line) return 3;
        return /^(?:Key|Attribute|Name|Type|Value|Lookup|Index|Runtime|Import|Assertion|NotImplemented|OS)?(?:Error|Exception)$/.test(entry.raised) ? 0 : 3;
      }
      const common = new Set([...entry.words].filter((word) => part.said.has(word)));
      const share = this.weigh(common) / all;
      const near = entry.pairs.size ? [...entry.pairs].filter((pair) => part.said2.has(pair)).length / entry.pairs.size : 1;
      const names = entry.own.filter((name) => part.own.has(name)).length;
      // Few words stand in many messages: they must all be there, and side by side.
      const few = !raised && entry.words.size < 4;
      // The code of a browser stands alone: ERR_TOO_MANY_REDIRECTS.
      if (BROWSER.test(entry.text) && share === 1) return all;
      if (!(few && near < 1) && share >= ENOUGH && near >= 0.5 && (all >= LEAST || raised || share === 1 && (entry.words.size > 1 || part.said.size === 1))) {
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
      // An entry without a class may be raised by any, if what follows it begins as the entry does.
      const stranger = part.whole ? message.exceptions.some((each) => named(each.name)) : named(part.name) && !raised && !status && (entry.raised || !begins(entry.text, part.text));
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
        // What follows the name of a class is the message as it begins, and no words from here and there.
        if (raised && [...part.said2].filter((pair) => entry.pairs.has(pair)).length < 0.7 * part.said2.size) return 0;
        if (known >= TYPED && this.weigh(both) >= LEAST / 2) return this.weigh(both) * known * (0.6 + 0.4 * share);
      }
      return 0;
    }
  }

  const begins = (text, beginning) => text.toLowerCase().startsWith(beginning.trim().slice(0, 20).toLowerCase());

  // An entry is about the name of the message. What it is looked for in may be a class that inherits it.
  const agrees = (entry, claim, history, message) => {
    // What is below a missing module is missing too.
    const below = claim.form === "missing" && entry.name.includes(".") && claim.name.startsWith(`${entry.name}.`);
    if (entry.partial || !below && claim.name.toLowerCase() !== entry.name.toLowerCase()) return false;
    // No file of the reader hides what was imported from where libraries are.
    if (claim.form === "import" && /(?:site|dist)-packages/.test(claim.path) && claim.name !== entry.name) return false;
    if (claim.form === "deprecated") return true;
    const [one, other] = [entry.owner, claim.owner].map((owner) => owner.replace(/\.?__init__$/, "").split(".").pop());
    if (claim.form === "missing") return true;
    // Modules of readers have names of their own.
    if (claim.form === "module" && ![entry.owner, claim.owner].some((owner) => history.modules.has(owner))) return true;
    if (BUILTIN.has(one) || BUILTIN.has(other)) return one === other;
    if (claim.form === "keyword" || !one || !other) return !one || !other || one === other || !history.owns(other);
    // Of two classes of readers, the attribute decides if it is no everyday word.
    if (claim.form === "attribute" && claim.name.includes("_") && ![one, other].some((owner) => history.owns(owner))) return true;
    return entry.owner === claim.owner || one === other;
  };

  // What a message has to contain too: the type that stands between quotes, and the function that was called. Those of the
  // reader are {} in an entry. A wording can name a word of its own.
  const needs = (text, own, word) => ({
    types: own.filter((name) => BUILTIN.has(name) || text.includes(`'${name}' codec`)),
    calls: [...text.matchAll(/(\w+)\(\)(?= (?:takes|missing|got))/g)].map(([, name]) => name.toLowerCase()).concat(word || []),
  });

  // What must be on the way: a function or a file, or something in a line of code.
  const there = ({ within, line }, message) => (!within || message.callers.has(within)) && (!line || message.text.includes(line));

  const split = (all, test) => [all.filter(test), all.filter((each) => !test(each))];

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
