// What the releases know of a name, and which packages still use one that is gone. No page is touched here.
// A classic script, because browsers load no modules from a disk.
"use strict";
globalThis.provenNames = (() => {
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const EVENT = { "+": "added", "~": "deprecated", "-": "removed", "^": "restored" };
  const last = (name) => name.slice(name.lastIndexOf(".") + 1);
  const owner = (name) => name.slice(0, Math.max(name.lastIndexOf("."), 0));
  // The function of a parameter, `send_file(max_age)`.
  const callable = (name) => name.replace(/\(.*$/, "");
  const isClass = (name) => /^_?[A-Z]/.test(last(name));
  const release = (version) => version.split(".").map(Number);
  const later = (one, other) => {
    const [a, b] = [release(one), release(other)];
    for (let i = 0; i < 4; i += 1) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) > (b[i] ?? 0);
    return false;
  };

  class Names {
    constructor({ libraries, pairs, texts }) {
      this.texts = texts;
      this.pairs = pairs;
      this.libraries = new Map(libraries.map((library) => [library.package, library]));
      this.all = new Map();
      this.lasts = new Map();
      this.modules = new Set();
      this.classes = new Map();
      const add = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);
      for (const library of libraries) {
        let before = "";
        for (const line of library.names.split("\n")) {
          const [short, events = "", use = "", bases = ""] = (before.slice(0, ALPHABET.indexOf(line[0])) + line.slice(1)).split("\t");
          before = short;
          const name = `${library.package}.${short}`;
          const entry = { name, library, use, bases: bases.split(" ").filter(Boolean), events: [...events.matchAll(/([-+~^])([\d.]+)/g)].map(([, sign, version]) => [EVENT[sign], version]) };
          entry.removed = entry.events.at(-1)?.[0] === "removed" ? entry.events.at(-1)[1] : "";
          // Where a name went and came back, who misses it has a release from before it did.
          entry.added = entry.events.findLast(([event]) => event === "added")?.[1] ?? "";
          entry.deprecated = entry.events.findLast(([event]) => event === "deprecated" || event === "restored");
          entry.deprecated = entry.deprecated?.[0] === "deprecated" ? entry.deprecated[1] : "";
          this.all.set(name, entry);
          const parameter = /\((\w+)\)$/.exec(name);
          add(this.lasts, parameter ? `(${parameter[1]})` : last(name), entry);
          if (parameter) continue;
          if (isClass(name)) add(this.classes, last(name), name);
          for (let above = owner(name); above; above = owner(above)) {
            if (isClass(above)) add(this.classes, last(above), above);
            else this.modules.add(above);
          }
        }
        for (const [alias, target] of Object.entries(library.aliases)) if (isClass(alias)) add(this.classes, last(alias), target);
      }
    }

    owns(name) { return this.lasts.has(last(name)) || this.classes.has(last(name)); }

    // The entry of a name: under a shorter name of the same object, or in a base class.
    get(name, seen = new Set()) {
      if (!name || seen.has(name)) return null;
      seen.add(name);
      const own = this.all.get(name);
      if (own && !own.removed) return own;
      const library = this.libraries.get(name.split(".")[0]);
      const pieces = name.split(".");
      for (let length = pieces.length; library && length > 1; length -= 1) {
        const target = library.aliases[pieces.slice(0, length).join(".")];
        if (target) return this.get([target, ...pieces.slice(length)].join("."), seen) ?? own ?? null;
      }
      for (const base of this.all.get(owner(name))?.bases ?? []) {
        const found = this.get(`${base}.${last(name)}`, seen);
        if (found) return own && found.removed ? own : found;
      }
      return own ?? null;
    }

    knows(claim, message) { return this.about(claim, message).length > 0; }

    // What there is to say about the name of a message, best first.
    about(claim, message) {
      const caller = message.frames.at(-1)?.package ?? "";
      const [root] = claim.owner.split(".");
      const called = caller && caller !== root ? caller : "";
      const found = this[claim.form](claim, message, called).filter(Boolean);
      const wanted = new Set([...found.map((entry) => entry.name), `${claim.owner}.${claim.name}`, claim.name]);
      // Without the name of a module it is enough that the last part is the same.
      const pairs = this.pairs.filter((pair) => pair.names.some((name) => wanted.has(name) || (!claim.owner && claim.form !== "undefined" && last(name) === claim.name)));
      const callers = called ? pairs.filter((pair) => pair.caller.split(/[/.]/)[0] === called) : pairs;
      const foreign = message.frames.length && !caller;
      // Which versions do not fit says more than that a name is no public one.
      if (found.length && !(pairs.length && found.every(({ hidden }) => hidden))) return found.map((entry) => this.result(entry, claim, foreign ? [] : callers, called));
      if (!pairs.length) return [];
      const name = pairs[0].names.find((each) => wanted.has(each) || last(each) === claim.name) ?? claim.name;
      return [{ names: [...new Set(pairs.flatMap((pair) => pair.names))], title: name, says: [...this.pairLines(callers.length ? callers : pairs)], package: true, place: this.placeOf(pairs[0]) }];
    }

    import(claim, message, caller) {
      const root = claim.owner.split(".")[0];
      const library = this.libraries.get(root);
      if (!library) return claim.owner ? [] : this.byLast(claim.name, (entry) => entry.removed && !isClass(owner(entry.name)));
      if (claim.path && !/(?:site|dist)-packages/.test(claim.path) && new RegExp(`(?:^|[\\\\/])${root}(?:\\.py$|[\\\\/]__init__\\.py$)`).test(claim.path) && message.frames.length + claim.partial && !/[\\/](?:lib|src)[\\/]/.test(claim.path)) {
        return [{ name: `${root}.py`, hides: library }];
      }
      // Half of a library was imported, and nothing says where it lies: it is no library.
      if (claim.partial && !claim.path && claim.owner === root) return [{ name: `${root}.py`, hides: library }];
      const entry = this.get(`${claim.owner}.${claim.name}`);
      if (entry) return [entry.removed || entry.added ? entry : { ...entry, always: true }];
      // The module may have been another one of the same library.
      const gone = this.byLast(claim.name, (each) => each.removed && each.library === library && !isClass(owner(each.name)));
      if (gone.length === 1) return gone;
      const hidden = (text) => [{ name: `${claim.owner}.${claim.name}`, library, hidden: text, events: [] }];
      if (/^_(?!_)/.test(claim.name)) return hidden(caller ? "hidden_caller" : "hidden");
      const elsewhere = this.elsewhere(claim, library);
      // No public name, and a package takes it all the same.
      return !elsewhere.length && caller ? hidden("unlisted") : elsewhere;
    }

    module(claim, message, caller) { return this.import(claim, message, caller); }

    // The name in another module, where this one never had it.
    elsewhere(claim, library) {
      const places = this.byLast(claim.name, (entry) => !entry.removed && !isClass(owner(entry.name)) && claim.name.length > 4);
      const own = places.filter((entry) => entry.library === library);
      const chosen = own.length ? own : places;
      return chosen.length && chosen.length < 3 ? [{ ...chosen[0], instead: `${claim.owner}.${claim.name}` }] : [];
    }

    attribute(claim) {
      if (claim.owner === "module") return this.byLast(claim.name, (entry) => entry.removed && !isClass(owner(entry.name)));
      const names = claim.owner.includes(".") ? [claim.owner] : this.classes.get(claim.owner) ?? [];
      const entries = [...new Set(names)].map((name) => this.get(`${name}.${claim.name}`)).filter(Boolean);
      const changed = entries.filter((entry) => entry.removed || entry.added);
      if (changed.length || names.length) return dedupe(changed).sort((one, other) => Boolean(other.removed) - Boolean(one.removed)).slice(0, 2);
      if (/^[a-z]/.test(claim.owner)) return [];
      // The class is the reader's own and may inherit from one that had the name.
      const above = this.namedAfter(claim.owner).map((name) => this.get(`${name}.${claim.name}`)).filter((entry) => entry?.removed);
      if (above.length) return dedupe(above).slice(0, 2);
      const gone = this.byLast(claim.name, (entry) => isClass(owner(entry.name)));
      return claim.name.includes("_") && gone.length && gone.length < 3 && gone.every((entry) => entry.removed) ? gone.slice(0, 1) : [];
    }

    // The classes after which one is named that inherits from them, as an `OptionEngine` is an `Engine`.
    namedAfter(name) {
      const ends = [...this.classes.keys()].filter((key) => key.length > 4 && name.endsWith(key) && key !== name);
      const longest = ends.sort((one, other) => other.length - one.length)[0];
      return longest ? [...new Set(this.classes.get(longest))] : [];
    }

    keyword(claim) {
      const entries = (this.lasts.get(`(${claim.name})`) ?? []).filter((entry) => entry.removed || entry.added);
      const called = claim.owner.replace(/\.?__(?:init|new)__$/, "").replace(/<.*?>\.?/g, "");
      const bare = last(called);
      const fits = (entry) => {
        const whole = callable(entry.name);
        return bare ? last(whole) === bare || (called.includes(".") && whole.endsWith(`.${called}`)) : !claim.owner || isClass(whole);
      };
      const found = entries.filter(fits);
      // A method passes its keywords on to a class.
      const passed = !found.length && !bare ? entries : found;
      const test = ({ name }) => /^[a-z_]+\.test(?:ing)?\./.test(name);
      return dedupe(passed.sort((one, other) => test(one) - test(other) || Boolean(other.removed) - Boolean(one.removed))).slice(0, 3);
    }

    // A parameter that came, in a call that was written before.
    required(claim) {
      const fits = ({ name }) => `.${callable(name)}`.endsWith(`.${claim.owner}`);
      return dedupe((this.lasts.get(`(${claim.name})`) ?? []).filter((entry) => entry.added && !entry.removed && fits(entry))).map((entry) => ({ ...entry, required: true })).slice(0, 2);
    }

    missing(claim) {
      const wanted = (claim.wanted ?? []).map((name) => this.get(name)).filter((entry) => entry?.removed);
      if (wanted.length) return dedupe(wanted).slice(0, 3);
      const beneath = [...this.all.values()].filter((entry) => entry.name.startsWith(`${claim.name}.`) && !entry.name.includes("("));
      if (!beneath.length) return [];
      if (beneath.every((entry) => entry.removed)) {
        const removed = beneath.map((entry) => entry.removed).reduce((one, other) => (later(one, other) ? one : other));
        return [{ name: claim.name, library: beneath[0].library, removed, deprecated: "", use: "", moved: beneath.filter((entry) => entry.use).slice(0, 4), events: [] }];
      }
      const added = beneath.map((entry) => entry.added || entry.library.oldest).reduce((one, other) => (later(one, other) ? other : one));
      if (claim.name.includes(".") && added !== beneath[0].library.oldest) return [{ name: claim.name, library: beneath[0].library, added, removed: "", events: [] }];
      return [];
    }

    undefined(claim) {
      return [...this.libraries.keys()].map((name) => this.all.get(`${name}.${claim.name}`)).filter(Boolean).slice(0, 1).map((entry) => (entry.removed ? entry : { ...entry, forgotten: true }));
    }

    // A warning, about what is gone today or goes next.
    deprecated(claim) {
      const entry = this.get(`${claim.owner}.${claim.name}`);
      const all = entry ? [entry] : this.byLast(claim.name, ({ deprecated }) => deprecated);
      const own = all.filter(({ library }) => library.title === claim.library);
      const gone = all.filter(({ removed }) => removed);
      return (own.length ? own : gone).slice(0, 2);
    }

    // A name by itself, or the line that imports it: what is gone of it.
    typed(text) {
      const [, module, imported] = /^\s*(?:>>>\s*)?from\s+([\w.]+)\s+import\s+(\w+)\s*$/.exec(text) ?? [];
      const [, bare] = /^\s*([A-Za-z_]\w*(?:\.\w+)*)(?:\(\))?\s*$/.exec(text) ?? [];
      const name = module ? `${module}.${imported}` : bare;
      if (!name) return [];
      const own = this.get(name);
      const found = own ? [own] : name.includes(".") ? [] : this.byLast(name, () => true);
      return found.filter(({ removed }) => removed).slice(0, 3).map((entry) => this.result(entry, { owner: module ?? "" }, this.pairs.filter((pair) => pair.names.includes(entry.name)), ""));
    }

    byLast(name, wanted) { return dedupe((this.lasts.get(name) ?? []).filter(wanted)); }

    say(text, values) { return this.texts[text].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? ""); }

    placeOf(pair) { return pair ? `history/pairs.html#${pair.place}` : ""; }

    pairLines(pairs) {
      const lines = pairs.map((pair) => this.say(pair.mended ? "pair" : "pair_unmended", pair));
      return [...new Set(lines)];
    }

    result(entry, claim, pairs, caller) {
      const library = (entry.library ?? entry.hides).title;
      const values = { name: entry.name, library, removed: entry.removed, deprecated: entry.deprecated, added: entry.added, use: entry.use, instead: entry.instead, package: caller, root: claim.owner.split(".")[0] };
      const names = [entry.name, ...pairs.flatMap((pair) => pair.names)];
      if (entry.hides) return { names, title: entry.name, says: [this.say("hides", values)], certain: true };
      const says = [];
      if (entry.removed) says.push(this.say(entry.deprecated ? "removed_deprecated" : "removed", values));
      else if (entry.hidden) says.push(this.say(entry.hidden, values));
      else if (entry.required) says.push(this.say(caller ? "required_caller" : "required", { ...values, name: callable(entry.name), parameter: claim.name }));
      else if (entry.instead) says.push(this.say("elsewhere", values));
      else if (entry.forgotten) says.push(this.say("forgotten", { ...values, module: owner(entry.name), last: last(entry.name) }));
      else if (entry.always) says.push(this.say("always", values));
      else says.push(this.say("added", values));
      if (entry.removed && entry.use) says.push(this.say("use", values));
      for (const moved of entry.moved ?? []) says.push(this.say("moved", { name: moved.name, use: moved.use }));
      if (entry.removed && caller) says.push(this.say("caller", values));
      else if (entry.removed && pairs.length) says.push(this.say("packages", values));
      if (entry.removed) says.push(...this.pairLines(pairs));
      return { names, title: entry.name, says, package: entry.removed && (pairs.length > 0 || Boolean(caller)), certain: !entry.always, place: this.placeOf(pairs[0]) };
    }
  }

  const dedupe = (entries) => {
    const seen = new Set();
    return entries.filter((entry) => entry && !seen.has(entry.name) && seen.add(entry.name));
  };

  return { Names };
})();
