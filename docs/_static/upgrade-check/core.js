// Finds in pasted code the names that are gone or going: what `nox -s upgrade-check` finds, with the same data. It reads
// tokens where the command reads a syntax tree, so it also reads code that only Python 2 can. No page is touched here.
"use strict";
globalThis.provenUpgrade = (() => {
  const isKey = (text) => /\p{Lu}/u.test(text) && !/\p{Ll}/u.test(text);
  const CONFIG_METHODS = new Set(["update", "from_mapping", "setdefault", "get"]);

  class Reader {
    constructor(data, code) {
      this.data = data;
      this.classes = new Set(data.classes);
      this.tokens = globalThis.provenTokens.tokens(code);
      this.found = new Map();
      // What a local name stands for, and the classes of what it holds.
      this.names = new Map();
      this.objects = new Map();
    }

    read() {
      for (let place = 0; place < this.tokens.length; place += 1) {
        const token = this.tokens[place], before = this.tokens[place - 1];
        if (token.first && token.text === "import") this.imports(place);
        else if (token.first && token.text === "from") this.importsFrom(place);
        else if (token.first) this.assigns(place);
        if (token.kind === "name" && before?.text !== ".") this.chain(place);
        if (token.text === "[" && token.kind === "operator") this.subscript(place);
      }
      const rank = ({ removed, line }) => (removed ? 0 : 1e9) + line;
      return [...this.found.values()].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
    }

    // The tokens of a statement, from `place` on.
    statement(place) {
      let end = place;
      while (end < this.tokens.length && this.tokens[end].kind !== "end") end += 1;
      return this.tokens.slice(place, end);
    }

    // A dotted name: its parts, and where the next token is.
    dotted(place) {
      const parts = [];
      while (this.tokens[place]?.kind === "name") {
        parts.push(this.tokens[place].text);
        place += 1;
        if (this.tokens[place]?.text !== "." || this.tokens[place + 1]?.kind !== "name") break;
        place += 1;
      }
      return [parts, place];
    }

    closing(place) {
      let depth = 0;
      for (let end = place; end < this.tokens.length; end += 1) {
        const { kind, text } = this.tokens[end];
        if (kind !== "operator") continue;
        if ("([{".includes(text)) depth += 1;
        if (")]}".includes(text)) depth -= 1;
        if (!depth) return end;
      }
      return this.tokens.length;
    }

    // The names of an import: [name, local name or "", line].
    imported(tokens) {
      const found = [];
      let name = "", local = "", line = 0;
      const done = () => {
        if (name) found.push([name, local, line]);
        name = local = "";
      };
      for (let place = 0; place < tokens.length; place += 1) {
        const { kind, text } = tokens[place];
        if (text === ",") done();
        else if (text === "as") { local = tokens[place + 1]?.text ?? ""; place += 1; }
        else if (kind === "name" || (text === "." && name)) {
          if (!name) line = tokens[place].line;
          name += text;
        }
      }
      done();
      return found;
    }

    imports(place) {
      for (const [name, local] of this.imported(this.statement(place + 1))) {
        const top = name.split(".")[0];
        this.names.set(local || top, local ? name : top);
        this.reportModule(name, this.tokens[place].line);
      }
    }

    importsFrom(place) {
      const all = this.statement(place + 1);
      const cut = all.findIndex(({ kind, text }) => kind === "name" && text === "import");
      if (cut < 0 || all[0].text.startsWith(".")) return;
      const module = all.slice(0, cut).map(({ text }) => text).join("");
      if (this.reportModule(module, this.tokens[place].line)) return;
      for (const [name, local, line] of this.imported(all.slice(cut + 1))) {
        const full = `${module}.${name}`;
        if (!this.reportModule(full, line)) {
          this.names.set(local || name, full);
          this.report(full, line);
        }
        if (this.data.proxies[full]) this.objects.set(local || name, this.data.proxies[full]);
      }
    }

    // `a = b = Flask(__name__)`, and the keys of a settings file.
    assigns(place) {
      const targets = [];
      while (this.tokens[place].kind === "name" && this.tokens[place + 1]?.text === "=") {
        targets.push(this.tokens[place]);
        place += 2;
        if (!this.tokens[place]) return;
      }
      if (!targets.length) return;
      const [parts, next] = this.dotted(place);
      const calls = this.tokens[next]?.text === "(" && ["end", undefined].includes(this.tokens[this.closing(next) + 1]?.kind);
      const made = calls && parts.length ? this.named(parts) : "";
      for (const { text, line } of targets) {
        if (made && this.classes.has(made)) this.objects.set(text, [made]);
        if (isKey(text)) this.reportKey(text, line);
      }
    }

    // What a dotted expression stands for, "" if its import does not say it.
    named([root, ...rest]) {
      return this.names.has(root) ? [this.names.get(root), ...rest].join(".") : "";
    }

    // The classes that an object may have.
    classesOf(parts) {
      if (parts.length === 1) return this.objects.get(parts[0]) ?? [];
      const owner = parts.slice(0, -1);
      const flask = this.classesOf(owner);
      if (parts.at(-1) === "config" && flask.length === 1 && flask[0] === "flask.Flask") return [this.data.config];
      return this.data.proxies[this.named(parts)] ?? [];
    }

    chain(place) {
      const [parts, next] = this.dotted(place);
      const { line } = this.tokens[place];
      for (let length = 2; length <= parts.length; length += 1) {
        const some = parts.slice(0, length);
        const name = this.named(some);
        if (name) this.report(name, line);
        this.classesOf(some.slice(0, -1)).some((owner) => this.report(`${owner}.${some.at(-1)}`, line));
      }
      if (this.tokens[next]?.text === "(") this.call(parts, next);
    }

    call(parts, open) {
      const method = parts.at(-1);
      const owners = parts.length > 1 ? this.classesOf(parts.slice(0, -1)) : [];
      const called = [this.named(parts), ...owners.map((owner) => `${owner}.${method}`)].filter(Boolean);
      const config = CONFIG_METHODS.has(method) && owners.includes(this.data.config);
      const close = this.closing(open);
      let depth = 0;
      for (let place = open; place < close; place += 1) {
        const { kind, text, line, constant } = this.tokens[place];
        if (kind === "operator" && "([{".includes(text)) depth += 1;
        if (kind === "operator" && ")]}".includes(text)) depth -= 1;
        if (config && constant && isKey(text)) this.reportKey(text, line);
        const keyword = depth === 1 && kind === "name" && this.tokens[place + 1].text === "=" && ["(", ","].includes(this.tokens[place - 1].text);
        if (!keyword) continue;
        if (config && isKey(text)) this.reportKey(text, line);
        called.some((name) => this.report(`${name}(${text})`, line));
      }
    }

    subscript(place) {
      const [before, key, behind] = [this.tokens[place - 1], this.tokens[place + 1], this.tokens[place + 2]];
      const value = before && (before.kind === "name" || ")]".includes(before.text)) && !["in", "return", "and", "or", "not", "is", "if", "else", "yield"].includes(before.text);
      if (value && key?.constant && behind?.text === "]" && isKey(key.text)) this.reportKey(key.text, key.line);
    }

    reportModule(name, line) {
      for (const [module, [library, removed, use]] of Object.entries(this.data.modules)) {
        if (name === module || name.startsWith(`${module}.`)) {
          this.add({ line, name: module, library, deprecated: "", removed, use, page: "" });
          return true;
        }
      }
      return false;
    }

    reportKey(key, line) {
      for (const project of this.data.keys) this.report(`${project}:${key}`, line);
    }

    report(written, line) {
      const name = this.data.names[written] ?? written;
      if (!Object.hasOwn(this.data.entries, name)) return false;
      const [library, deprecated, removed, use, page] = this.data.entries[name];
      this.add({ line, name, library, deprecated, removed, use, page });
      return true;
    }

    add(finding) {
      this.found.set(`${finding.line} ${finding.name}`, finding);
    }
  }

  let taker = null;
  return {
    take: (given) => { taker = given; },
    fill: (data) => taker?.(data),
    check: (data, code) => new Reader(data, code).read(),
  };
})();
