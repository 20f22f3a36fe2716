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
      this.gone = new Set(data.objects);
      this.tokens = globalThis.provenTokens.tokens(code);
      this.found = new Map();
      // What a local name stands for, and the classes of what it holds.
      this.names = new Map();
      this.objects = new Map();
      // The classes that a class of the code inherits from.
      this.bases = new Map();
    }

    read() {
      for (let place = 0; place < this.tokens.length; place += 1) {
        const token = this.tokens[place], before = this.tokens[place - 1];
        if (token.first && token.text === "import") this.imports(place);
        else if (token.first && token.text === "from") this.importsFrom(place);
        else if (token.first && token.text === "class") this.inherits(place);
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
      const gone = this.reportModule(module, this.tokens[place].line);
      for (const [name, local, line] of this.imported(all.slice(cut + 1))) {
        const full = this.extension(`${module}.${name}`);
        this.names.set(local || name, full);
        if (!gone && this.reportModule(`${module}.${name}`, line)) continue;
        // A name is at home elsewhere, and the module from which it was imported is gone.
        if (!this.package(full) && !this.report(full, line)) this.report(module, this.tokens[place].line);
        if (this.data.proxies[full]) this.objects.set(local || name, this.data.proxies[full]);
      }
    }

    // `flask.ext.login` was `flask_login`.
    extension(name) {
      return name.startsWith(`${this.data.ext}.`) ? `flask_${name.slice(this.data.ext.length + 1)}` : name;
    }

    // `class User(UserMixin, db.Model):`
    inherits(place) {
      const [name, open] = [this.tokens[place + 1], this.tokens[place + 2]];
      if (open?.text !== "(") return;
      const close = this.closing(place + 2), bases = [];
      for (let at = place + 3; at < close; at += 1) {
        if (!["(", ","].includes(this.tokens[at - 1].text)) continue;
        const [parts, next] = this.dotted(at);
        if (!parts.length || ![",", ")"].includes(this.tokens[next]?.text)) continue;
        const full = this.named(parts);
        bases.push(...(this.isClass(full) ? [full] : this.classesOf(parts)));
      }
      if (bases.length) this.bases.set(name.text, bases);
    }

    isClass(name) {
      return Boolean(name) && (this.classes.has(name) || Boolean(this.package(name)));
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
      const made = calls && parts.length ? this.made(parts) : [];
      for (const { text, line } of targets) {
        if (made.length) this.objects.set(text, made);
        if (isKey(text)) this.reportKey(text, line);
      }
    }

    // The classes of what a call of this name makes.
    made(parts) {
      const name = this.named(parts);
      if (this.isClass(name)) return [name];
      return parts.length === 1 ? this.bases.get(parts[0]) ?? [] : [];
    }

    // What a dotted expression stands for, "" if its import does not say it.
    named([root, ...rest]) {
      return this.names.has(root) ? [this.names.get(root), ...rest].join(".") : "";
    }

    // The classes that an object may have, or that a class of the code inherits from.
    classesOf(parts) {
      if (parts.length === 1) return this.objects.get(parts[0]) ?? this.bases.get(parts[0]) ?? [];
      const held = this.classesOf(parts.slice(0, -1)).map((owner) => this.data.holds[`${owner}.${parts.at(-1)}`]).filter(Boolean);
      return held.length ? held : this.data.proxies[this.named(parts)] ?? [];
    }

    chain(place) {
      const [parts, next] = this.dotted(place);
      const { line } = this.tokens[place];
      this.reportPackage(this.names.get(parts[0]) ?? "", line);
      for (let length = 2; length <= parts.length; length += 1) {
        const some = parts.slice(0, length);
        const name = this.named(some);
        if (name) this.report(name, line);
        const owner = this.named(some.slice(0, -1));
        if (this.gone.has(owner)) this.report(owner, line);
        this.member(this.classesOf(some.slice(0, -1)), some.at(-1), line);
      }
      if (this.tokens[next]?.text !== "(") return;
      const owners = parts.length > 1 ? this.classesOf(parts.slice(0, -1)) : [];
      this.call(this.named(parts), owners, parts.at(-1), next);
      this.fluent(owners, parts.at(-1), next);
    }

    // What is called of the object that a call returned: `Post.query.filter_by(a=1).paginate(2)`.
    fluent(owners, method, open) {
      const same = owners.filter((owner) => this.data.fluent[owner]?.includes(method));
      const [dot, name, behind] = [1, 2, 3].map((more) => this.tokens[this.closing(open) + more]);
      if (!same.length || dot?.text !== "." || name?.kind !== "name") return;
      this.member(same, name.text, name.line);
      if (behind?.text !== "(") return;
      const next = this.closing(open) + 3;
      this.call("", same, name.text, next);
      this.fluent(same, name.text, next);
    }

    // An attribute of an object.
    member(owners, name, line) {
      owners.some((owner) => this.data.answers.includes(`${owner}.${name}`)
        || this.reportPackage(owner, line)
        || [owner, ...(this.data.looksIn[owner] ?? [])].some((where) => this.report(`${where}.${name}`, line)));
    }

    call(name, owners, method, open) {
      const called = [name, ...owners.map((owner) => `${owner}.${method}`)].filter(Boolean);
      const config = CONFIG_METHODS.has(method) && owners.includes(this.data.config);
      const close = this.closing(open);
      let depth = 0, given = 0, starred = false;
      for (let place = open; place < close; place += 1) {
        const { kind, text, line, constant } = this.tokens[place];
        const begins = depth === 1 && ["(", ","].includes(this.tokens[place - 1].text) && this.tokens[place - 1].kind === "operator";
        const keyword = begins && kind === "name" && this.tokens[place + 1].text === "=";
        if (begins && kind === "operator" && text === "*") starred = true;
        else if (begins && !keyword && text !== "**") given += 1;
        if (kind === "operator" && "([{".includes(text)) depth += 1;
        if (kind === "operator" && ")]}".includes(text)) depth -= 1;
        if (config && constant && isKey(text)) this.reportKey(text, line);
        if (!keyword) continue;
        if (config && isKey(text)) this.reportKey(text, line);
        called.some((each) => this.report(`${each}(${text})`, line));
      }
      if (!starred) for (const each of called) this.reportCall(each, given, this.tokens[open - 1].line);
    }

    subscript(place) {
      const [before, key, behind] = [this.tokens[place - 1], this.tokens[place + 1], this.tokens[place + 2]];
      const value = before && (before.kind === "name" || ")]".includes(before.text)) && !["in", "return", "and", "or", "not", "is", "if", "else", "yield"].includes(before.text);
      if (value && key?.constant && behind?.text === "]" && isKey(key.text)) this.reportKey(key.text, key.line);
    }

    reportModule(name, line) {
      const { ext } = this.data;
      if (!`${name}.`.startsWith(`${ext}.`)) return this.reportPackage(name, line);
      this.add({ line, name: ext, library: "Flask", removed: "1.0", use: "from flask_name import …" });
      this.reportPackage(this.extension(name), line);
      return true;
    }

    // The package in which a name is, if none of its releases fits today's libraries.
    package(name) {
      const package_ = name.split(".")[0];
      return Object.hasOwn(this.data.packages, package_) ? package_ : "";
    }

    reportPackage(name, line) {
      const found = this.package(name);
      if (!found) return false;
      const [library, removed, use, page] = this.data.packages[found];
      this.add({ line, name: found, library, removed, use, page, how: "package" });
      return true;
    }

    // A property that is called, and more arguments than may stand without their names.
    reportCall(written, given, line) {
      if (!Object.hasOwn(this.data.called, written)) return;
      const [name, library, free, parameter, since] = this.data.called[written];
      const page = this.data.pages[name];
      if (parameter === undefined) this.add({ line, name: `${name}()`, library, removed: free, use: name.split(".").at(-1), page, how: "call" });
      else if (given > free) this.add({ line, name: `${name}(${parameter})`, library, removed: since, use: `${parameter}=…`, page, how: "position" });
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
      this.found.set(`${finding.line} ${finding.name}`, { deprecated: "", page: "", how: "", ...finding });
    }
  }

  let taker = null;
  return {
    take: (given) => { taker = given; },
    fill: (data) => taker?.(data),
    check: (data, code) => new Reader(data, code).read(),
  };
})();
