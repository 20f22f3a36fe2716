// What every panel has: a place for what is said, the progress of a start, the work that one worker does after another.
import { LIMITS, Stopped, TooLong } from "./client.mjs";
import { button, element, filled } from "./elements.mjs";

export class Base {
  // key: under what the worker knows what this panel loaded.
  constructor(panels, key, bundles) {
    Object.assign(this, { panels, key, bundles, client: panels.client, texts: panels.data.texts });
    const { texts } = this;
    this.where = element("p", { className: "run-where" });
    this.status = element("p", { className: "run-status" });
    this.status.setAttribute("role", "status");
    this.bar = element("progress", { max: 1, value: 0 });
    this.bar.setAttribute("aria-label", texts.starting);
    this.bar_text = element("span");
    this.progress = element("p", { className: "run-progress", hidden: true }, this.bar, this.bar_text, button(texts.cancel, () => this.client.end()));
  }

  frame(title, ...content) {
    const head = element("div", { className: "run-head" }, element("p", { className: "run-title" }, title), button(this.texts.close, () => this.close()));
    this.root = element("section", { className: "run-panel" }, head, this.where, ...content);
    this.root.setAttribute("aria-label", title);
    return this.root;
  }

  // Puts the panel where the button is: in the box of its code, below its block, or below the list that it stands in.
  place(pressed) {
    const box = pressed.closest(".snippet");
    if (box) box.append(this.root);
    else (pressed.closest("ul, ol") ?? pressed.parentElement).after(this.root);
    this.pressed?.setAttribute("aria-expanded", "false");
    pressed.setAttribute("aria-expanded", "true");
    this.pressed = pressed;
    this.root.hidden = false;
  }

  is_open(pressed) {
    return this.pressed === pressed && !this.root.hidden;
  }

  close() {
    this.hide();
    this.pressed.focus();
  }

  hide() {
    this.root.hidden = true;
    this.pressed.setAttribute("aria-expanded", "false");
  }

  get loaded() {
    return this.panels.loaded === this.key;
  }

  // Does something with the worker, and says how it went. What fails can be done again with more time.
  async working(work) {
    if (this.busy) return;
    this.busy = true;
    this.root.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (error) {
      this.panels.loaded = undefined;
      this.tell(error, work);
    } finally {
      this.busy = false;
      this.root.removeAttribute("aria-busy");
      this.progress.hidden = true;
    }
  }

  async start() {
    const { texts } = this;
    const total = this.weight();
    let done = 0;
    this.say(texts.running);
    if (!this.client.started) {
      can_run();
      this.progress.hidden = false;
      this.say("");
      this.bar_text.textContent = texts.starting;
      this.client.onprogress = (count) => {
        done += count;
        this.bar.value = Math.min(done / total, 1);
        const values = { done: (done / 1e6).toFixed(1), total: (total / 1e6).toFixed(1) };
        this.bar_text.textContent = done < total ? filled(texts.progress, values) : texts.starting;
      };
    }
    const versions = await this.client.start(this.bundles);
    const { Flask: flask, Werkzeug: werkzeug } = versions.libraries;
    this.others = versions.libraries;
    const is = filled(texts.where, { python: versions.python, flask, werkzeug });
    this.where.replaceChildren(`${is}. ${texts.unlike}`);
  }

  weight() {
    const { manifest } = this.panels.data;
    const wanted = [...this.bundles.map((name) => manifest.bundles[name]), manifest.runner];
    const of = Object.entries(manifest.sizes).filter(([name]) => wanted.includes(name) || (/(zip|wasm)\.gz$/.test(name) && name.startsWith(manifest.pyodide.folder)));
    return of.reduce((sum, [, size]) => sum + size, 0);
  }

  say(text, ...more) {
    this.status.replaceChildren(text, ...more);
  }

  tell(error, work) {
    const { texts } = this;
    if (error instanceof Stopped) return this.say(texts.cancelled);
    if (error instanceof TooLong) {
      const longer = button(filled(texts.longer, { seconds: (this.client.factor * 3 * LIMITS.send) / 1000 }), () => {
        this.client.factor *= 3;
        this.working(work);
      });
      return this.say(filled(texts.too_long, { seconds: error.message }), " ", longer);
    }
    const said = String(error.message ?? error);
    if (error instanceof NoWasm || /wasm-unsafe-eval|unsafe-eval|CompileError/.test(said)) return this.say(texts.no_wasm);
    if (/memory|allocat/i.test(said)) return this.say(texts.no_memory);
    if (/fetch|network|import|\b[45]\d\d\b/i.test(said)) return this.say(texts.no_network);
    return this.say(filled(texts.failed, { error: said }));
  }
}

class NoWasm extends Error {}

// Throws where the browser or a policy of the site does not let WebAssembly run.
function can_run() {
  try {
    return new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch {
    throw new NoWasm();
  }
}
