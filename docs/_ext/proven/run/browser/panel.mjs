// The panel below a snippet: its code, a request, the answer, a console. All panels of a page share one worker.
import { Answer, packed } from "./answer.mjs";
import { Base } from "./base.mjs";
import { Client } from "./client.mjs";
import { asked, wired } from "./compare.mjs";
import { Console, Examples } from "./console.mjs";
import { button, element, field, filled } from "./elements.mjs";
import { zip } from "./zip.mjs";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const bytes = (text) => new TextEncoder().encode(text);

export class Panels {
  constructor(place, data) {
    Object.assign(this, { place, data });
    this.open_ones = new Map();
    this.client = new Client(place, data.manifest);
    document.head.append(element("link", { rel: "stylesheet", href: new URL(data.manifest.style, place).href }));
  }

  // Opens the panel of a button, or closes it; what was typed in it stays.
  open(pressed) {
    const { run, examples } = pressed.dataset;
    const name = run ?? ">>>";
    let panel = this.open_ones.get(name);
    if (panel?.is_open(pressed)) return panel.close();
    if (!panel) {
      panel = run ? new Panel(this, run) : new Examples(this, this.data.examples);
      this.open_ones.set(name, panel);
    }
    // In a list of examples one takes the place of the other.
    for (const other of this.open_ones.values()) if (other !== panel && pressed.closest("ul, ol")?.contains(other.pressed)) other.hide();
    return panel.open(pressed, Number(examples));
  }
}

class Panel extends Base {
  constructor(panels, name) {
    super(panels, name, panels.data.modules[name].bundles);
    this.name = name;
    this.module = panels.data.modules[name];
    this.files = Object.fromEntries(this.module.files.map((path) => [path, panels.data.files[path]]));
    this.edited = {};
    this.path = this.module.files[0];
    this.steps = this.module.blocks.flat();
    this.draw();
  }

  draw() {
    const { texts } = this;
    this.editor_place = element("div", { className: "run-editor" });
    this.tabs = element("div", { className: "run-tabs" });
    this.answer = new Answer(texts, (request, options) => this.send(request, options));
    this.run_button = button(texts.run, () => this.run(), "run-main");
    this.console = new Console(texts, (source) => this.push(source));
    this.console.root.hidden = true;
    this.console_button = button(texts.console, () => this.open_console());
    this.console_button.setAttribute("aria-expanded", "false");
    this.frame(
      filled(texts.title, { module: this.name }),
      this.tabs,
      this.editor_place,
      element(
        "div",
        { className: "run-tools" },
        this.run_button,
        button(texts.reset, () => this.reset()),
        button(texts.download, () => this.download()),
        this.console_button,
        element("span", { className: "run-hint" }, texts.keys),
      ),
      this.progress,
      this.status,
      this.console.root,
      this.form(),
      this.answer.root,
    );
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
        event.preventDefault();
        this.run();
      }
    });
    this.draw_tabs();
  }

  draw_tabs() {
    const bare = (text) => typeof text === "string" && /^\s*("""[^]*?""")?\s*$/.test(text);
    const shown = Object.keys(this.files).filter((path) => path === this.path || (typeof this.files[path] === "string" && !(path.endsWith("__init__.py") && bare(this.files[path]))));
    this.tabs.hidden = shown.length < 2;
    this.tabs.setAttribute("role", "group");
    this.tabs.setAttribute("aria-label", this.texts.code);
    this.tabs.replaceChildren(
      ...shown.map((path) => {
        const one = button(path.replace(/^snippets\//, "") + (path in this.edited ? ` (${this.texts.edited})` : ""), () => this.show(path));
        one.setAttribute("aria-pressed", String(path === this.path));
        return one;
      }),
    );
  }

  form() {
    const { texts } = this;
    this.method = element("select", {}, ...METHODS.map((each) => element("option", {}, each)));
    this.target = element("input", { type: "text", value: "/", spellcheck: false });
    this.headers = element("textarea", { rows: 2, spellcheck: false, placeholder: "Accept: text/html" });
    this.type = element("input", { type: "text", spellcheck: false, placeholder: "application/json" });
    this.body = element("textarea", { rows: 3, spellcheck: false });
    this.follow = element("input", { type: "checkbox" });
    this.uploads = element("input", { type: "file", multiple: true });
    this.uploads_name = element("input", { type: "text", value: "file", spellcheck: false });
    this.recorded = element(
      "select",
      {},
      ...this.steps.map(({ request, answer }, index) => element("option", { value: index }, `${request.method} ${request.target} → ${answer.status.slice(0, 3)}`)),
    );
    this.recorded.addEventListener("change", () => this.fill(this.steps[this.recorded.value].request));
    const rest = element(
      "details",
      {},
      element("summary", {}, `${texts.headers} · ${texts.body} · ${texts.files}`),
      field(texts.headers, this.headers),
      field(texts.type, this.type),
      field(texts.body, this.body),
      element("div", { className: "run-row" }, field(texts.file_field, this.uploads_name), field(texts.files, this.uploads)),
      element("label", { className: "run-check" }, this.follow, texts.follow),
    );
    this.rest = rest;
    const of_page = this.steps.length
      ? [element("div", { className: "run-row" }, field(texts.recorded_requests, this.recorded), button(texts.send_all, () => this.send_all()))]
      : [];
    const form = element(
      "form",
      { className: "run-request" },
      ...of_page,
      element("div", { className: "run-row" }, field(texts.method, this.method), field(texts.path, this.target), element("button", { type: "submit", className: "run-main" }, texts.send)),
      rest,
      button(texts.clear, () => this.clear()),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      this.send(await this.wanted());
    });
    if (this.steps.length) this.fill(this.steps[0].request);
    return form;
  }

  fill(request) {
    if (![...this.method.options].some((option) => option.value === request.method)) this.method.append(element("option", {}, request.method));
    this.method.value = request.method;
    this.target.value = request.target;
    this.headers.value = (request.headers ?? []).map((header) => header.join(": ")).join("\n");
    this.type.value = request.content_type ?? "";
    this.body.value = request.body ?? "";
    this.host = request.host;
    this.uploads.value = "";
    const [, name] = /name="([^"]*)"; filename=/.exec(this.body.value) ?? [];
    if (name) this.uploads_name.value = name;
    this.rest.open = Boolean(this.headers.value || this.body.value);
  }

  // The request as the form has it: text as it stands, or files with the fields of a form.
  async wanted() {
    const headers = this.headers.value.split("\n").flatMap((line) => {
      const at = line.indexOf(":");
      return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : [];
    });
    const found = { method: this.method.value, target: this.target.value || "/", headers, host: this.host };
    if (this.uploads.files.length) return { ...found, ...(await this.multipart()) };
    if (this.type.value) found.content_type = this.type.value;
    if (this.body.value) found.body = this.body.value;
    return found;
  }

  multipart() {
    const data = new FormData();
    if (!this.type.value || this.type.value.startsWith("application/x-www-form-urlencoded")) for (const [name, value] of new URLSearchParams(this.body.value)) data.append(name, value);
    for (const file of this.uploads.files) data.append(this.uploads_name.value, file);
    return packed(data);
  }

  async open(pressed) {
    this.place(pressed);
    if (this.editor) return this.run_button.focus();
    const began = performance.now();
    await Promise.all([this.edit(), this.run()]);
    this.root.dataset.first = String(Math.round(performance.now() - began));
    return undefined;
  }

  async edit() {
    try {
      const { editor } = await import("./editor.mjs");
      this.editor = editor(this.editor_place, { label: this.texts.code, onrun: () => this.run(), onchange: (text) => this.change(text) });
      this.show(this.path);
    } catch (error) {
      this.tell(error);
    }
  }

  show(path) {
    this.path = path;
    this.editor?.show(this.text(path), path.endsWith(".py"));
    this.draw_tabs();
  }

  text(path) {
    return this.edited[path] ?? this.files[path];
  }

  change(text) {
    const was = this.path in this.edited;
    if (text === this.files[this.path]) delete this.edited[this.path];
    else this.edited[this.path] = text;
    if (was !== this.path in this.edited) this.draw_tabs();
  }

  reset() {
    this.edited = {};
    this.show(this.path);
    this.run();
  }

  // Loads the code as it stands, then sends what the form has.
  run() {
    return this.working(async () => {
      if (await this.load()) await this.exchange(await this.wanted());
    });
  }

  async load() {
    await this.start();
    const files = Object.fromEntries(Object.keys(this.files).map((path) => [path, this.text(path)]));
    const loaded = await this.client.load(this.bundles, this.name, files);
    this.progress.hidden = true;
    this.panels.loaded = loaded.ok ? this.key : undefined;
    if (!loaded.ok) {
      this.say(this.texts.broken);
      this.answer.show({ error: loaded.error, log: loaded.log });
      this.mark(loaded.error);
      return false;
    }
    this.editor?.mark(0);
    if (!this.steps.length && this.target.value === "/") {
      const simple = loaded.rules.find(([rule, methods]) => !rule.includes("<") && methods.includes("GET") && !rule.startsWith("/static"));
      if (simple) [this.target.value] = simple;
    }
    return true;
  }

  send(request, options = {}) {
    return this.working(async () => {
      if (!this.loaded && !(await this.load())) return;
      await this.exchange(request, options);
    });
  }

  async exchange(request, { quiet = false } = {}) {
    const { texts } = this;
    if (!quiet) this.say(texts.running);
    const began = performance.now();
    const { body: _, ...rest } = request;
    const body = wired(request);
    const live = await this.client.send({ ...rest, follow: this.follow.checked }, typeof body === "string" ? (body ? bytes(body) : undefined) : body);
    const took = performance.now() - began;
    this.root.dataset.took = took.toFixed(1);
    const step = this.follow.checked ? undefined : this.step(request);
    const found = this.answer.show({ ...live, request, recorded: step?.answer, varies: this.module.varies, other: this.steps.length > 0 });
    this.mark(live.error);
    if (!quiet) this.say(judged(found), ` ${filled(texts.took, { milliseconds: took.toFixed(0) })}`);
    return found;
  }

  // The chosen request of the page if it is the one that is sent, else the first that is.
  step(request) {
    const chosen = this.steps[this.recorded.value];
    if (chosen && asked(chosen.request, request)) return chosen;
    return this.steps.find((each) => asked(each.request, request));
  }

  // Sends the requests of the page in their order, block by block, each block to a new application.
  send_all() {
    return this.working(async () => {
      this.follow.checked = false;
      let index = 0;
      const list = element("ol", { className: "run-all" });
      for (const block of this.module.blocks) {
        if (!(await this.load())) return;
        for (const { request } of block) {
          this.recorded.value = index;
          this.fill(request);
          const found = await this.exchange(request, { quiet: true });
          list.append(element("li", {}, `${this.recorded.options[index].textContent} `, judged(found)));
          index += 1;
        }
      }
      this.say("");
      this.status.replaceChildren(list);
    });
  }

  clear() {
    return this.working(async () => {
      if (this.loaded) await this.client.clear();
      this.answer.cookies([]);
    });
  }

  // A console whose names are those of the module that runs.
  open_console() {
    const { root } = this.console;
    root.hidden = !root.hidden;
    this.console_button.setAttribute("aria-expanded", String(!root.hidden));
    if (!root.hidden) this.console.focus();
  }

  async push(source) {
    let found;
    await this.working(async () => {
      if (!this.loaded && !(await this.load())) return;
      found = await this.client.push(source, this.name);
      this.say("");
    });
    return found;
  }

  mark(error) {
    if (!error?.file || !(error.file in this.files)) return this.editor?.mark(0);
    if (error.file !== this.path) this.show(error.file);
    return this.editor?.mark(error.line);
  }

  // A folder that runs: the files as they stand, and the versions that ran here.
  download() {
    const names = new Set(["blinker", "click", "Flask", "itsdangerous", "Jinja2", "MarkupSafe", "Werkzeug"]);
    const wanted = this.bundles.length > 1 ? Object.keys(this.others ?? {}) : Object.keys(this.others ?? {}).filter((name) => names.has(name));
    const pins = wanted.sort().map((name) => `${name}==${this.others[name]}\n`).join("");
    const own = Object.keys(this.files).map((path) => {
      const content = this.text(path);
      return [path, typeof content === "string" ? bytes(content) : Uint8Array.from(atob(content.base64), (each) => each.charCodeAt(0))];
    });
    const read = `$ python -m pip install -r requirements.txt\n$ flask --app ${this.name} run\n`;
    const file = zip([...own, ["requirements.txt", bytes(pins || "Flask\n")], ["README.txt", bytes(read)]]);
    const link = element("a", { href: URL.createObjectURL(file), download: `${this.name}.zip` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

// Says with a sign and in words whether an answer is the recorded one.
const judged = ({ said, differs }) => element("span", { className: differs === undefined ? "" : differs ? "run-differs" : "run-same" }, said);
