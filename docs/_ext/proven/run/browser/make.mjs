// Makes the files that Run loads: node make.mjs <npm> <staged> <packed> <out>.
//
// <npm> holds node_modules, <staged> a folder a bundle of Python with its files, <packed> what was packed of them before.
// The names of what it writes to <out> contain a digest of the content, so that they can be cached for ever;
// manifest.json names them.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [npm, staged, packed, out] = process.argv.slice(2).map((each) => path.resolve(each));
const modules = path.join(npm, "node_modules");
const sources = import.meta.dirname;
const from = (name) => import(pathToFileURL(path.join(modules, name)));
const digest = (...contents) => {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return hash.digest("hex").slice(0, 12);
};

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
const manifest = { scripts: {}, bundles: {}, sizes: {} };
const write = (name, content) => {
  fs.mkdirSync(path.dirname(path.join(out, name)), { recursive: true });
  fs.writeFileSync(path.join(out, name), content);
  manifest.sizes[name] = content.length;
  return name;
};
const named = (name, content) => {
  const [stem, ...ext] = name.split(".");
  return write([`${stem}-${digest(content)}`, ...ext].join("."), content);
};

// Python, with the standard library compiled and cut to what an application imports.
if (!fs.existsSync(packed)) {
  const { loadPyodide } = await from("pyodide/pyodide.mjs");
  // Where in a line of a library something went wrong is not worth a third of what is loaded.
  const python = await loadPyodide({ packageBaseUrl: modules, args: ["-X", "no_debug_ranges"] });
  python.FS.mkdirTree("/staged");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: staged }, "/staged");
  python.runPython(fs.readFileSync(path.join(sources, "..", "pack.py"), "utf-8"));
  const pack = python.globals.get("pack");
  const following = `${packed}.next`;
  fs.rmSync(following, { recursive: true, force: true });
  fs.mkdirSync(following, { recursive: true });
  const keep = (name, folder, at, options = {}) => {
    const proxy = pack.callKwargs(folder, at, options);
    fs.writeFileSync(path.join(following, name), gzipSync(Buffer.from(proxy.toJs()), { level: 9 }));
    proxy.destroy();
  };
  const early = python.globals.get("first")(python.toPy(fs.readdirSync(staged).map((name) => `/staged/${name}`)));
  keep("python_stdlib.zip.gz", "", "/lib/python314.zip", { only: early });
  keep("rest.zip.gz", "", "/lib/rest.zip", { without: early });
  fs.writeFileSync(path.join(following, "rest.json"), JSON.stringify(python.globals.get("rest")(early).toJs()));
  for (const name of fs.readdirSync(staged)) keep(`${name}.zip.gz`, `/staged/${name}`, `/lib/${name}.zip`);
  // Unpacked in the browser, so that no server has to be told to compress it.
  const machine = fs.readFileSync(path.join(modules, "pyodide", "pyodide.asm.wasm"));
  fs.writeFileSync(path.join(following, "pyodide.asm.wasm.gz"), gzipSync(machine, { level: 9 }));
  fs.writeFileSync(path.join(following, "python"), python.runPython("import platform; platform.python_version()"));
  fs.renameSync(following, packed);
}
const kept = (name) => fs.readFileSync(path.join(packed, name));
const own = (name) => fs.readFileSync(path.join(modules, "pyodide", name));
const { build, transform } = await from("esbuild/lib/main.js");
const small = async (code) => Buffer.from((await transform(code.toString(), { minify: true, format: "esm", target: "es2022", legalComments: "none" })).code);
const pyodide = {
  "pyodide.mjs": Buffer.from(own("pyodide.mjs").toString().replace(/^\/\/# sourceMappingURL=.*$/m, "")),
  // Not every server compresses scripts.
  "pyodide.asm.mjs": await small(own("pyodide.asm.mjs")),
  "pyodide.asm.wasm.gz": kept("pyodide.asm.wasm.gz"),
  "python_stdlib.zip.gz": kept("python_stdlib.zip.gz"),
};
const { version } = JSON.parse(own("package.json").toString());
const folder = `pyodide-${version}-${digest(...Object.values(pyodide))}`;
for (const [name, content] of Object.entries(pyodide)) write(`${folder}/${name}`, content);
manifest.pyodide = { version, folder, python: kept("python").toString() };
for (const name of fs.readdirSync(staged).sort()) manifest.bundles[name] = named(`${name}.zip.gz`, kept(`${name}.zip.gz`));
// What the first answer does not need of Python; asked for by the first import of one of its modules.
manifest.rest = { file: named("rest.zip.gz", kept("rest.zip.gz")), modules: named("rest.json", kept("rest.json")) };
manifest.runner = named("runner.py", fs.readFileSync(path.join(sources, "..", "runner.py")));

// What the page and the worker run.
const made = await build({
  absWorkingDir: sources,
  entryPoints: ["panel.mjs", "client.mjs", "worker.mjs"],
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  outdir: "/",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  nodePaths: [modules],
  loader: { ".css": "text" },
  metafile: true,
  write: false,
});
for (const file of made.outputFiles) write(path.basename(file.path), Buffer.from(file.contents));
for (const [file, { entryPoint }] of Object.entries(made.metafile.outputs)) {
  if (entryPoint) manifest.scripts[path.parse(entryPoint).name] = path.basename(file);
}
manifest.style = named("panel.css", fs.readFileSync(path.join(sources, "panel.css")));

// The licences of all that is in it; those of the Python libraries were staged.
const used = new Set(["pyodide"]);
for (const file of Object.keys(made.metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file);
  if (found) used.add(found[1]);
}
const licences = [...used].sort().map((name) => {
  const { version: its, license } = JSON.parse(fs.readFileSync(path.join(modules, name, "package.json"), "utf-8"));
  const file = fs.readdirSync(path.join(modules, name)).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? fs.readFileSync(path.join(modules, name, file), "utf-8") : license;
  return `${name} ${its}\n\n${text.trim()}\n`;
});
write("licences.txt", Buffer.from([...licences, fs.readFileSync(path.join(staged, "..", "licences.txt"), "utf-8")].join("\n\n")));
fs.writeFileSync(path.join(out, "manifest.json"), JSON.stringify(manifest));
process.exit(0);
