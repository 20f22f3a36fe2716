// A console: what was typed, what came back, a line for more. Its names live in the worker.
import { Base } from "./base.mjs";
import { element } from "./elements.mjs";

const MOST = 200;

export class Console {
  // push(source) runs a text and says {more, output}; more: it is not complete. It says nothing where nothing ran.
  constructor(texts, push) {
    this.run = push;
    this.history = [];
    this.at = 0;
    this.log = element("div", { className: "run-console-log", tabIndex: 0 });
    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-label", texts.console);
    this.input = element("textarea", { rows: 1, spellcheck: false, autocapitalize: "off" });
    this.input.setAttribute("aria-label", texts.console_input);
    this.prompt = element("span", { className: "run-prompt" }, ">>>");
    this.prompt.setAttribute("aria-hidden", "true");
    const line = element("div", { className: "run-console-line" }, this.prompt, this.input);
    this.root = element("div", { className: "run-console" }, this.log, line, element("p", { className: "run-hint" }, texts.console_keys));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("input", () => this.grow());
  }

  focus() {
    this.input.focus();
  }

  clear() {
    this.log.replaceChildren();
  }

  // Shows an input with its prompts, and what came of it.
  show(source, output) {
    const typed = source.replace(/\n$/, "").split("\n").map((line, index) => `${index ? "..." : ">>>"} ${line}`.trimEnd()).join("\n");
    this.log.append(element("pre", { className: "run-asked" }, typed), ...(output ? [element("pre", {}, output.replace(/\n$/, ""))] : []));
    while (this.log.childElementCount > MOST) this.log.firstElementChild.remove();
    this.log.scrollTop = this.log.scrollHeight;
  }

  key(event) {
    const { input } = this;
    const before = input.value.slice(0, input.selectionStart);
    const after = input.value.slice(input.selectionEnd);
    if (event.isComposing) return;
    // The panel around it would run the snippet.
    if (event.key === "Enter") event.stopPropagation();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.enter();
    } else if (event.key === "ArrowUp" && !before.includes("\n")) this.bring(event, -1);
    else if (event.key === "ArrowDown" && !after.includes("\n")) this.bring(event, 1);
  }

  bring(event, step) {
    const next = this.at + step;
    if (next < 0 || next > this.history.length) return;
    event.preventDefault();
    if (this.at === this.history.length) this.begun = this.input.value;
    this.at = next;
    this.input.value = next === this.history.length ? (this.begun ?? "") : this.history[next];
    this.grow();
  }

  async enter() {
    if (this.busy) return;
    const source = this.input.value.replace(/[ \t]+$/, "");
    if (!source.trim()) return;
    this.busy = true;
    try {
      const found = await this.run(source);
      // What could not be run is still there.
      if (!found) return;
      if (found.more) this.indent(source);
      else {
        this.show(source, found.output);
        const kept = source.trimEnd();
        if (this.history.at(-1) !== kept) this.history.push(kept);
        this.at = this.history.length;
        this.input.value = "";
        this.grow();
      }
    } finally {
      this.busy = false;
    }
  }

  // A new line as deep as the one before it, or deeper behind a colon.
  indent(source) {
    const last = source.split("\n").at(-1);
    const depth = /^\s*/.exec(last)[0] + (/:\s*(#.*)?$/.test(last) ? "    " : "");
    this.input.value = `${source}\n${depth}`;
    this.grow();
  }

  grow() {
    const lines = this.input.value.split("\n").length;
    this.input.rows = Math.min(lines, 12);
    this.prompt.textContent = [">>>", ...Array(this.input.rows - 1).fill("...")].join("\n");
  }
}

// The console of the `>>>` blocks of a page, which share their names.
export class Examples extends Base {
  constructor(panels, examples) {
    super(panels, ">>>", examples.bundles);
    this.examples = examples;
    this.console = new Console(this.texts, (source) => this.push(source));
    this.frame(this.texts.console, this.progress, this.status, this.console.root);
  }

  // Runs the blocks of the page up to that of the button, anew, and shows what this one gives.
  async open(pressed, number) {
    this.place(pressed);
    this.number = number;
    this.console.clear();
    await this.working(() => this.begin(true));
    this.console.focus();
  }

  async begin(shown) {
    await this.start();
    const { files, blocks } = this.examples;
    await this.client.enter(this.bundles, Object.fromEntries(files.map((path) => [path, this.panels.data.files[path]])));
    for (const [index, sources] of blocks.slice(0, this.number + 1).entries()) {
      for (const source of sources) {
        const { output } = await this.client.push(source);
        if (shown && index === this.number) this.console.show(source, output);
      }
    }
    this.panels.loaded = this.key;
    this.progress.hidden = true;
    this.say(this.number ? this.texts.examples_above : "");
  }

  async push(source) {
    let found;
    await this.working(async () => {
      // Another panel had the worker, or it was stopped.
      const anew = !this.loaded;
      if (anew) await this.begin(false);
      found = await this.client.push(source);
      this.say(anew ? this.texts.examples_anew : "");
    });
    return found;
  }
}
