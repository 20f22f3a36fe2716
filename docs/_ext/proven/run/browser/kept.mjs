// What one start leaves for the next, on whatever page: the memory of Python when the libraries are imported. It lies in
// the browser's cache; where a browser keeps nothing, or has no room, every start is a first one.

// Starts with other libraries have another memory, of 30 to 60 MB each.
const MOST = 3;

async function digest(content) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return `"${Array.from(found, (each) => each.toString(16).padStart(2, "0")).join("")}"`;
}

export class Kept {
  // root: where Run lies. version: what changes with everything that is loaded. libraries: the files of the bundles.
  constructor(root, version, libraries) {
    this.name = `proven-run ${root}`;
    this.all = new URL(`kept/${encodeURIComponent(version)}/`, root).href;
    this.key = `${this.all}${encodeURIComponent(libraries.join(" "))}`;
  }

  async open() {
    return self.caches?.open(this.name);
  }

  async find() {
    try {
      const found = await (await this.open())?.match(this.key);
      if (!found) return undefined;
      const memory = await found.arrayBuffer();
      // From a spoiled memory nothing that follows would be sure to end.
      return (await digest(memory)) === found.headers.get("ETag") ? new Uint8Array(memory) : undefined;
    } catch {
      return undefined;
    }
  }

  async keep(memory) {
    try {
      const cache = await this.open();
      await cache?.put(this.key, new Response(memory, { headers: { ETag: await digest(memory) } }));
      const urls = (await cache?.keys())?.map(({ url }) => url).filter((url) => url !== this.key) ?? [];
      const ours = urls.filter((url) => url.startsWith(this.all));
      const old = urls.filter((url) => !ours.slice(1 - MOST).includes(url));
      await Promise.all(old.map((url) => cache.delete(url)));
    } catch {
      // There is no room, or it may not.
    }
  }

  async forget() {
    await (await this.open())?.delete(this.key);
  }
}
