// Reads a pasted message: what Python says of names in it, the exceptions, and the files on the way. No page is touched here.
// A classic script, because browsers load no modules from a disk.
"use strict";
globalThis.provenMessage = (() => {
  const QUOTE = "['\"‘’“”`]";
  // Gunicorn is told a path now and then.
  const NAME = `${QUOTE}?([\\w./-]+?)${QUOTE}?`;
  // What Python writes about a name. The last group is the name, the one before what it is looked for in.
  const FORMS = [
    ["import", new RegExp(`cannot import name ${QUOTE}?(\\w+)${QUOTE}?(?: from (?:partially initialized module )?${QUOTE}?([\\w.]+)${QUOTE}?)?`, "gu"), 2, 1],
    ["module", new RegExp(`(?<!initialized )module ${QUOTE}?([\\w.]+)${QUOTE}? has no attribute ${QUOTE}?(\\w+)${QUOTE}?`, "gu"), 1, 2],
    ["attribute", new RegExp(`(?<!(?<!initialized )module )(?:type object )?${QUOTE}([\\w.]+)${QUOTE} (?:object )?has no attribute ${QUOTE}(\\w+)${QUOTE}`, "gu"), 1, 2],
    ["attribute", new RegExp(`(?:type )?\\b([\\w.]+)${QUOTE}? object${QUOTE}? has no attribute ${QUOTE}?(\\w+)`, "gu"), 1, 2],
    ["keyword", new RegExp(`(?:([\\w.<>]+)\\(\\) )?got an unexpected keyword argument ${QUOTE}?(\\w+)${QUOTE}?`, "gu"), 1, 2],
    ["required", new RegExp(`([\\w.<>]+)\\(\\) missing \\d+ required (?:positional|keyword-only) arguments?: ${QUOTE}(\\w+)${QUOTE}`, "gu"), 1, 2],
    ["missing", new RegExp(`No module named ${NAME}(?=[\\s;,，。]|$|${QUOTE})`, "gu"), 0, 1],
    ["undefined", new RegExp(`name ${QUOTE}(\\w+)${QUOTE} is not defined`, "gu"), 0, 1],
    ["deprecated", new RegExp(`${QUOTE}(?:([\\w.]+)\\.)?(\\w*[a-z]\\w*)${QUOTE} (?:attribute |argument |parameter )?is deprecated and will be removed in(?: ([A-Z]\\w+))?`, "gu"), 1, 2],
  ];
  // `jinja2.exceptions.TemplateNotFound: index.html`, after what a log or a reader writes before it.
  const EXCEPTION = /(?:^|[\s|(（:：>])((?:[A-Za-z_]\w*\.)*(?:[A-Z]\w*(?:Error|Exception|Warning|NotFound|Disconnected|Undefined|Exit)|Error|Exception)|(?:[A-Za-z_]\w*\.)+[A-Z]\w+(?=: ))\b(?=\s*[:：(]|\s*$)/gmu;
  // As Python writes them, and pytest.
  const FRAME = /^\s*(?:File "([^"]+)", line \d+(?:, in (\S+))?|(\S+\.py):\d+: in (\S+))[ \t]*(?:\n(?![ \t]*File )[ \t]+(.*))?/gm;
  // A module that answers for its old names itself says no more than the name.
  const GONE = /^AttributeError: (\w+)\s*$/gm;
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
    [...text.matchAll(FRAME)].map(([, python, its, pytest, test, code = ""]) => {
      const [file, caller] = [python ?? pytest, its ?? test ?? ""];
      const inside = PACKAGE.exec(file);
      return { file, caller, code, package: inside ? inside[1] : "" };
    });
  // What can be asked for by `within`: functions and files, tests by what their files are called.
  const callersOf = (way) => new Set(way.flatMap(({ caller, file }) => [caller, file.split(/[\\/]/).pop().replace(/^(?:test_\w+|\w+_test)\.py$/, "test_*.py")]));

  // A module that is met again while it is still being imported.
  const circle = (way) => {
    const own = way.filter((frame) => frame.caller === "<module>").map((frame) => frame.file.replace(/\\/g, "/").replace(/^.*\/(?=[^/]+\/[^/]+$)/, ""));
    return own.some((file, at) => own.indexOf(file) < at - 1 || own.filter((other) => module(other) === module(file)).length > 1);
  };
  const module = (file) => file.replace(/(?:\/__init__)?\.py$/, "").split("/").pop();

  // A page of errors that was copied as it is written has signs in place of quotes.
  const SIGNS = { "#39": "'", "#x27": "'", "#34": '"', quot: '"', lt: "<", gt: ">", amp: "&" };

  // The same fault of the system as Linux, Windows, also in Chinese, macOS and asyncio word it: number and text of Linux.
  const FAULTS = [
    [111, "Connection refused", /No connection could be made because the target machine actively refused it\.?|由于目标计算机积极拒绝, ?无法连接。?|無法連線, ?因為目標電腦拒絕連線。?|Connect call failed/g],
    [98, "Address already in use", /Only one usage of each socket address \(protocol\/network address\/port\) is normally permitted\.?|通常每个套接字地址 ?\(协议\/网络地址\/端口\) ?只允许使用一次。?|一次只能用一個通訊端位址 ?\(通訊協定\/網路位址\/連接埠\)。?/g],
    [2, "No such file or directory", /The system cannot find the (?:file|path) specified\.?|系统找不到指定的(?:文件|路径)。?|系統找不到指定的(?:檔案|路徑)。?/g],
    [-2, "Name or service not known", /getaddrinfo failed|No such host is known\.?|不知道这样的主机。?|nodename nor servname provided, or not known|Temporary failure in name resolution|No address associated with hostname/g],
  ];
  const asLinux = (text) =>
    FAULTS.reduce((made, [number, words, others]) => made.replace(others, words).replace(new RegExp(`\\[(?:WinError|Errno) -?\\d+\\](?= ${words})`, "g"), `[Errno ${number}]`), text);

  // The line that imports a module which is missing names what is wanted of it; Python 2 left out the package.
  const wanted = (claim, text) => {
    const lines = [...text.matchAll(/^\s*(?:>>>\s*)?from ([\w.]+) import \(?([\w, ]+)/gm)].map(([, module, names]) => ({ module, names }));
    const line = lines.findLast(({ module }) => module === claim.name || module.startsWith(`${claim.name}.`) || module.endsWith(`.${claim.name}`));
    if (!line) return;
    if (line.module.endsWith(`.${claim.name}`)) claim.name = line.module;
    claim.wanted = line.names.split(",").map((name) => `${line.module}.${name.trim().split(" ")[0]}`);
  };

  const parse = (pasted) => {
    const plain = pasted.normalize("NFKC").replace(/\r/g, "").replace(/&(#39|#x27|#34|quot|lt|gt|amp);/g, (_, name) => SIGNS[name]);
    const text = asLinux(plain);
    const way = frames(text);
    const claims = [];
    for (const [form, pattern, ownerAt, nameAt] of FORMS) {
      const match = lastOf(text, pattern);
      if (!match) continue;
      const claim = { form, owner: (ownerAt && match[ownerAt]) || "", name: match[nameAt], at: match.index, end: match.index + match[0].length };
      if (form === "deprecated") claim.library = match[3] ?? "";
      if (form === "import") {
        claim.partial = /partially initialized/.test(match[0]);
        claim.path = /^[^\n]*?\(([^()\n]*[\\/][^()\n]*)\)/.exec(text.slice(claim.end))?.[1] ?? "";
        // Before 3.7 the message does not say where; the line above it does.
        const line = lastOf(text.slice(0, match.index), /from ([\w.]+) import \(?([^\n]+)/g);
        if (!claim.owner && line && new RegExp(`\\b${claim.name}\\b`).test(line[2])) claim.owner = line[1];
      }
      if (form === "missing") wanted(claim, text);
      claims.push(claim);
    }
    const gone = lastOf(text, GONE);
    const asked = way.at(-1);
    if (gone && asked?.caller === "__getattr__" && asked.package) claims.push({ form: "module", owner: asked.package, name: gone[1], at: gone.index, end: gone.index + gone[0].length });
    claims.sort((one, other) => other.at - one.at);
    const raised = exceptions(text);
    return { text, claims, exceptions: raised, frames: way, callers: callersOf(way), circular: circle(way) || /circular import|circular dependency|循环(?:导入|引用|依赖)/i.test(text), last: raised.at(-1)?.at ?? 0 };
  };

  return { parse, lastOf };
})();
