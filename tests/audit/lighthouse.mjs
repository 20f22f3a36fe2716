// Asks Lighthouse about pages: jobs come as JSON on standard input, an answer a line goes to standard output.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

const [packages, browser, categories] = process.argv.slice(2);
const onlyCategories = categories.split(",");
const found = createRequire(path.join(packages, "package.json"));
const load = (name) => import(pathToFileURL(found.resolve(name)).href);
const { default: lighthouse, desktopConfig } = await load("lighthouse");
const { launch } = await import(
  pathToFileURL(createRequire(found.resolve("lighthouse")).resolve("chrome-launcher")).href
);

let text = "";
for await (const part of process.stdin) text += part;
const chrome = await launch({
  chromePath: browser,
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  for (const { address, device } of JSON.parse(text)) {
    const options = { port: chrome.port, output: [], logLevel: "error", onlyCategories };
    const result = await lighthouse(address, options, device === "desktop" ? desktopConfig : undefined);
    const { audits, runtimeError } = result.lhr;
    const scores = {}, faults = [];
    for (const [name, { score, auditRefs }] of Object.entries(result.lhr.categories)) {
      scores[name] = Math.round((score ?? 0) * 100);
      for (const { id, weight } of auditRefs) {
        const audit = audits[id];
        if (weight && audit.score !== null && audit.score < 1) faults.push(`${id} ${audit.score} ${audit.displayValue ?? ""}`.trim());
      }
    }
    if (runtimeError) faults.push(runtimeError.message);
    console.log(JSON.stringify({ scores, faults }));
  }
} finally {
  await chrome.kill();
}
