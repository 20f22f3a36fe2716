// The page's side of the worker: starts it, hears it, ends it when something takes too long.

export class TooLong extends Error {}
export class Stopped extends Error {}

// Milliseconds. A first start fetches everything; what it may take is the reader's to decide, so it has no limit.
export const LIMITS = { load: 20_000, send: 10_000, clear: 10_000, enter: 20_000, push: 10_000, memory: 10_000 };

export class Client {
  constructor(place, manifest, { clock = 0, onprogress = () => {} } = {}) {
    Object.assign(this, { place, manifest, clock, onprogress });
    this.waiting = new Map();
    this.number = 0;
    this.factor = 1;
  }

  // Returns the versions of what runs; a worker that is there is used again.
  start(bundles) {
    this.started ??= this.begin(bundles).catch((error) => {
      this.end(error);
      throw error;
    });
    return this.started;
  }

  begin(bundles) {
    this.worker = new Worker(new URL(this.manifest.scripts.worker, this.place), { type: "module" });
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.end(new Error(event.message || "the worker could not be loaded"));
    };
    return this.call("start", { place: this.place, bundles, clock: this.clock });
  }

  hear(data) {
    if (data.event) return this.onprogress(data.bytes);
    // What Python raises is a result: after a fault nothing in the worker can be relied on.
    if ("fault" in data) return this.end(new Error(data.fault));
    const one = this.waiting.get(data.id);
    this.waiting.delete(data.id);
    if (!one) return undefined;
    clearTimeout(one.timer);
    return one.resolve(data.result);
  }

  call(does, values) {
    return new Promise((resolve, reject) => {
      const id = (this.number += 1);
      const limit = LIMITS[does] * this.factor;
      const timer = limit ? setTimeout(() => this.end(new TooLong(String(limit / 1000))), limit) : undefined;
      this.waiting.set(id, { resolve, reject, timer });
      this.worker.postMessage({ id, does, manifest: this.manifest, ...values });
    });
  }

  // Ends the worker; the next start makes a new one. All that the reader typed is in the page.
  end(error = new Stopped()) {
    this.worker?.terminate();
    this.worker = undefined;
    this.started = undefined;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(error);
    }
  }

  async load(bundles, module, files) {
    await this.start(bundles);
    return this.call("load", { bundles, module, files });
  }

  send(request, body) {
    return this.call("send", { request, body });
  }

  // Gives the console of the page's examples its files, and no names.
  async enter(bundles, files) {
    await this.start(bundles);
    return this.call("enter", { bundles, files });
  }

  // Runs what was typed in a console; its names are those of a module that is loaded, or its own.
  push(source, module = "") {
    return this.call("push", { source, module });
  }

  clear() {
    return this.call("clear", {});
  }
}
