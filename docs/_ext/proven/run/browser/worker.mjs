// The worker: one Pyodide, one snippet at a time. It answers {id, does, ...} with {id, result} or {id, fault}, and says
// {event: "loaded", bytes} while it fetches.
import { kdf } from "./kdf.mjs";
import { Kept } from "./kept.mjs";

const HOME = "/home/reader";
// So that Pyodide asks nobody for a list of packages.
const NO_PACKAGES = { info: { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.2" }, packages: {} };
let python;
let program;
let root;
// What reads folders of its own cannot do so in a zip, and what is compiled cannot be imported from one.
const UNPACKED = new Set(["babel", "forms", "pydantic"]);
const there = new Set();

const plain = self.fetch.bind(self);

// Pyodide keeps to itself what goes wrong while it starts, and waits on: who waits for it hears of it from here.
let broken;
const failed = new Promise((_, reject) => (broken = reject));
failed.catch(() => {});
addEventListener("unhandledrejection", ({ reason }) => broken(reason));

async function whole(url, work) {
  try {
    return await work();
  } catch {
    // Each browser has words of its own for it.
    const fault = new Error(`network: ${url}`);
    broken(fault);
    throw fault;
  }
}

// Counts what comes in; unpacks what was packed for the way.
async function counted(url) {
  const wanted = /\.(wasm|zip)$/.test(url) ? `${url}.gz` : url;
  const packed = wanted.endsWith(".gz");
  const response = await whole(url, async () => {
    const answer = await plain(wanted);
    if (!answer.ok) throw new Error(`${answer.status} ${url}`);
    return answer;
  });
  // A server that names the encoding has the browser unpack it; then nobody knows how much is to come.
  const encoding = response.headers.get("Content-Encoding");
  const size = encoding ? 0 : Number(response.headers.get("Content-Length"));
  let got = 0;
  const reader = response.body.getReader();
  const next = async () => {
    const part = await reader.read();
    got += part.value?.byteLength ?? 0;
    // Firefox takes a body that was cut off for a whole one.
    if (part.done && got < size) throw new Error("cut off");
    return part;
  };
  let stream = new ReadableStream({
    async pull(controller) {
      const { done, value } = await whole(url, next);
      if (done) return controller.close();
      postMessage({ event: "loaded", bytes: value.byteLength });
      return controller.enqueue(value);
    },
  });
  if (packed && encoding !== "gzip") stream = stream.pipeThrough(new DecompressionStream("gzip"));
  const type = url.endsWith(".wasm") ? "application/wasm" : response.headers.get("Content-Type") ?? "";
  return new Response(stream, { headers: { "Content-Type": type } });
}

async function start({ place, manifest, bundles, clock }) {
  root = place;
  if (clock) {
    // The replay stands still at the moment at which the answers were recorded.
    Date.now = () => clock;
  }
  // A socket of Python would be one of the page; a connection is refused.
  self.WebSocket = undefined;
  self.fetch = (url, options) => (String(url).startsWith(root) ? counted(String(url)) : plain(url, options));
  const at = new URL(`${manifest.pyodide.folder}/`, root).href;
  compile(`${at}pyodide.asm.wasm`);
  const version = [manifest.pyodide.folder, manifest.scripts.worker, manifest.runner, manifest.rest.modules].join(" ");
  const kept = new Kept(root, version, bundles.map((name) => manifest.bundles[name]));
  const finding = kept.find();
  const zips = fetchAll(manifest, bundles);
  const text = (name) => fetch(new URL(name, root)).then((response) => response.text());
  const own = Promise.all([text(manifest.runner), text(manifest.rest.modules)]);
  const scripts = await Promise.all([import(`${at}pyodide.mjs`), import(`${at}pyodide.asm.mjs`)]);
  const memory = await finding;
  const all = await Promise.race([Promise.all([zips, own]), failed]);
  const values = { at, scripts, manifest, bundles, zips: all[0], own: all[1] };
  if (!memory) return begin(values, kept);
  try {
    return await begin({ ...values, memory });
  } catch {
    await kept.forget();
    return begin(values, kept);
  }
}

// Compiles Python while its scripts are loaded; Pyodide would begin after them.
function compile(url) {
  const compiling = WebAssembly.compileStreaming(counted(url));
  // Who waits for Pyodide hears of it from here.
  compiling.catch(broken);
  const plainly = self.fetch;
  self.fetch = (wanted, options) => (String(wanted) === url ? Promise.resolve(new Response()) : plainly(wanted, options));
  WebAssembly.instantiateStreaming = async (_, imports) => {
    try {
      const module = await compiling;
      return { module, instance: await WebAssembly.instantiate(module, imports) };
    } catch (error) {
      broken(error);
      throw error;
    }
  };
}

// Starts Python, from the memory that another start left if there is one; else it leaves its own in `kept`.
async function begin({ at, scripts, manifest, bundles, zips, own, memory }, kept) {
  const [{ loadPyodide }, { default: createPyodideModule }] = scripts;
  const [runner, rest] = own;
  const starting = loadPyodide({
    indexURL: at,
    stdLibURL: `${at}python_stdlib.zip`,
    packageBaseUrl: at,
    lockFileContents: JSON.stringify(NO_PACKAGES),
    createPyodideModule: async (settings) => {
      const module = await createPyodideModule(settings);
      // What is kept may be larger than a memory is at first.
      while (memory && module.HEAP8.length < memory.length - 4096) module._malloc(1 << 20);
      return module;
    },
    _makeSnapshot: Boolean(kept),
    _loadSnapshot: memory,
    // Who asks the reader something is told that there is nothing to read.
    stdin: () => null,
    stdout: () => {},
    stderr: () => {},
    env: { HOME, PYTHONHASHSEED: "0", LC_ALL: "C.UTF-8" },
  });
  python = await Promise.race([starting, failed]);
  there.clear();
  reach(zips);
  if (kept) {
    python.runPython(runner);
    python.globals.get("prepare")(JSON.stringify(bundles.flatMap((name) => manifest.first[name] ?? [])));
    // Files are not in the memory: what is open is lost with it.
    if (python.FS.streams.filter(Boolean).length === 3) {
      const made = python.makeMemorySnapshot();
      // When the reader has the answer.
      setTimeout(() => kept.keep(made), 1000);
    }
  } else {
    python.globals.get("wake")();
  }
  python.registerJsModule("kdf", kdf);
  python.globals.get("supply_rest")(rest, () => now(new URL(manifest.rest.file, root)));
  python.globals.get("supply_libraries")(JSON.stringify(manifest.imported), (name) => late(manifest, name), JSON.stringify([...UNPACKED]));
  python.runPython("supply_links(); import kdf as _kdf; from pyodide.ffi import to_js as _to_js; supply_hashes(_kdf, _to_js)");
  program = Object.fromEntries(["start", "load", "send", "clear", "enter", "push"].map((name) => [name, python.globals.get(name)]));
  return JSON.parse(program.start(HOME));
}

// What an import asks for has to be there when it returns: a worker may wait for it.
function now(url) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${request.status} ${url}`);
  return new Uint8Array(request.response);
}

function late(manifest, name) {
  const content = now(new URL(manifest.bundles[name], root));
  there.add(name);
  return content;
}

function fetchAll(manifest, bundles) {
  const wanted = bundles.filter((name) => !there.has(name));
  return Promise.all(
    wanted.map(async (name) => {
      const response = await fetch(new URL(manifest.bundles[name], root));
      return [name, new Uint8Array(await response.arrayBuffer())];
    }),
  );
}

function reach(zips) {
  if (!zips.length) return;
  for (const [name, content] of zips) {
    const place = `/lib/${name}.zip`;
    if (UNPACKED.has(name)) python.unpackArchive(content, "zip", { extractDir: place });
    else python.FS.writeFile(place, content);
    there.add(name);
  }
  const places = JSON.stringify(zips.map(([name]) => `/lib/${name}.zip`));
  python.runPython(`import sys; sys.path += [each for each in ${places} if each not in sys.path]`);
}

const does = {
  start,
  async load({ manifest, bundles, module, files }) {
    reach(await fetchAll(manifest, bundles));
    return JSON.parse(program.load(JSON.stringify({ module, files })));
  },
  send({ request, body }) {
    const answer = program.send(JSON.stringify(request), body ?? undefined);
    const [said, bytes] = [answer.get(0), answer.get(1)];
    const content = bytes.toJs();
    bytes.destroy();
    answer.destroy();
    return { ...JSON.parse(said), body: content };
  },
  async enter({ manifest, bundles, files }) {
    reach(await fetchAll(manifest, bundles));
    program.enter(JSON.stringify(files));
  },
  push: ({ source, module }) => JSON.parse(program.push(source, module)),
  clear() {
    program.clear();
  },
  memory: () => python._module.HEAP8.length,
};

onmessage = async ({ data }) => {
  try {
    const result = await does[data.does](data);
    postMessage({ id: data.id, result });
  } catch (error) {
    postMessage({ id: data.id, fault: String(error?.message ?? error) });
  }
};
