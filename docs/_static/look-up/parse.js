// Reads a pasted message: what Python says of names in it, the exceptions, and the files on the way. No page is touched here.
// A classic script, because browsers load no modules from a disk.
"use strict";
globalThis.provenMessage = (() => {
  const QUOTE = "['\"‘’“”`]";
  const NAME = `${QUOTE}?([\\w.]+?)${QUOTE}?`;
  // What Python writes about a name. The last group is the name, the one before what it is looked for in.
  const FORMS = [
    ["import", new RegExp(`cannot import name ${QUOTE}?(\\w+)${QUOTE}?(?: from (?:partially initialized module )?${QUOTE}?([\\w.]+)${QUOTE}?)?`, "gu"), 2, 1],
    ["module", new RegExp(`(?<!initialized )module ${QUOTE}?([\\w.]+)${QUOTE}? has no attribute ${QUOTE}?(\\w+)${QUOTE}?`, "gu"), 1, 2],
    ["attribute", new RegExp(`(?:type object )?${QUOTE}([\\w.]+)${QUOTE} (?:object )?has no attribute ${QUOTE}(\\w+)${QUOTE}`, "gu"), 1, 2],
    ["attribute", new RegExp(`(?:type )?\\b([\\w.]+) object has no attribute ${QUOTE}?(\\w+)`, "gu"), 1, 2],
    ["keyword", new RegExp(`(?:([\\w.<>]+)\\(\\) )?got an unexpected keyword argument ${QUOTE}?(\\w+)${QUOTE}?`, "gu"), 1, 2],
    ["missing", new RegExp(`No module named ${NAME}(?=[\\s;,，。]|$|${QUOTE})`, "gu"), 0, 1],
    ["undefined", new RegExp(`name ${QUOTE}(\\w+)${QUOTE} is not defined`, "gu"), 0, 1],
    ["deprecated", new RegExp(`${QUOTE}(?:([\\w.]+)\\.)?(\\w*[a-z]\\w*)${QUOTE} is deprecated and will be removed in`, "gu"), 1, 2],
  ];
  // `jinja2.exceptions.TemplateNotFound: index.html`, after what a log or a reader writes before it.
  const EXCEPTION = /(?:^|[\s|(（:：>])((?:[A-Za-z_]\w*\.)*(?:[A-Z]\w*(?:Error|Exception|Warning|NotFound|Disconnected|Undefined|Exit)|Error|Exception)|(?:[A-Za-z_]\w*\.)+[A-Z]\w+(?=: ))\b(?=\s*[:：(]|\s*$)/gmu;
  const FRAME = /^\s*File "([^"]+)", line \d+(?:, in (\S+))?[ \t]*(?:\n[ \t]+(?!File )(.*))?/gm;
  const PACKAGE = /(?:site|dist)-packages[\\/]([A-Za-z_]\w*)/;

  const lastOf = (text, pattern) => {
    let found = null;
    for (const match of text.matchAll(pattern)) found = match;
    return found;
  };

  // The places at which an exception is raised in the text: its class, and the text from there to the next one.
  const exceptions = (text) => {
    const found = [...text.matchAll(EXCEPTION)].filter((match) => !/^\s*(?:raise|except|from|import)\b/.test(lineAt(text, match.index + match[0].length - 1)));
    return found.map((match, number) => {
      const start = match.index + match[0].indexOf(match[1]);
      const end = found[number + 1]?.index ?? text.length;
      const rest = text.slice(start + match[1].length, end).replace(/^\s*[:：]\s*/, "");
      // What follows a message in a log is another traceback, not part of it.
      return { name: match[1].split(".").pop(), at: start, text: rest.split(/\n\s*Traceback |\n\s*File "|\n\s*During handling|\n\s*The above exception/)[0] };
    });
  };
  const lineAt = (text, place) => text.slice(text.lastIndexOf("\n", place - 1) + 1, text.indexOf("\n", place) < 0 ? text.length : text.indexOf("\n", place));

  const frames = (text) =>
    [...text.matchAll(FRAME)].map(([, file, caller = "", code = ""]) => {
      const inside = PACKAGE.exec(file);
      return { file, caller, code, package: inside ? inside[1] : "" };
    });

  // A module that is met again while it is still being imported.
  const circle = (way) => {
    const own = way.filter((frame) => frame.caller === "<module>").map((frame) => frame.file.replace(/\\/g, "/").replace(/^.*\/(?=[^/]+\/[^/]+$)/, ""));
    return own.some((file, at) => own.indexOf(file) < at - 1 || own.filter((other) => module(other) === module(file)).length > 1);
  };
  const module = (file) => file.replace(/\.py$/, "").split("/").pop();

  // A page of errors that was copied as it is written has signs in place of quotes.
  const SIGNS = { "#39": "'", "#x27": "'", "#34": '"', quot: '"', lt: "<", gt: ">", amp: "&" };

  const parse = (pasted) => {
    const text = pasted.normalize("NFKC").replace(/\r/g, "").replace(/&(#39|#x27|#34|quot|lt|gt|amp);/g, (_, name) => SIGNS[name]);
    const way = frames(text);
    const claims = [];
    for (const [form, pattern, ownerAt, nameAt] of FORMS) {
      const match = lastOf(text, pattern);
      if (!match) continue;
      const claim = { form, owner: (ownerAt && match[ownerAt]) || "", name: match[nameAt], at: match.index, end: match.index + match[0].length };
      if (form === "import") {
        claim.partial = /partially initialized/.test(match[0]);
        claim.path = /^[^\n]*?\(([^()\n]*[\\/][^()\n]*)\)/.exec(text.slice(claim.end))?.[1] ?? "";
        // Before 3.7 the message does not say where; the line above it does.
        const line = lastOf(text.slice(0, match.index), /from ([\w.]+) import \(?([^\n]+)/g);
        if (!claim.owner && line && new RegExp(`\\b${claim.name}\\b`).test(line[2])) claim.owner = line[1];
      }
      claims.push(claim);
    }
    claims.sort((one, other) => other.at - one.at);
    const raised = exceptions(text);
    return { text, claims, exceptions: raised, frames: way, circular: circle(way), last: raised.at(-1)?.at ?? 0 };
  };

  return { parse };
})();
