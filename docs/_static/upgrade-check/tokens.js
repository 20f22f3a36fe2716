// Cuts Python into tokens, of version 2 or 3: names, strings, operators, and the ends of lines. No page is touched here.
// A classic script, because browsers load no modules from a disk.
"use strict";
globalThis.provenTokens = (() => {
  const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
  const STRING = /([A-Za-z]{0,2})('''|"""|'|")/y;
  const SPACE = /[ \t\f]+|\\\r?\n|#[^\n]*/y;
  const OPERATOR = /->|:=|\*\*=?|\/\/=?|<<=?|>>=?|[=!<>+\-*/%&|^@]=|[^\s\w]/uy;
  const NUMBER = /\d[\w.]*/y;
  const OPEN = "([{", CLOSE = ")]}";

  const at = (pattern, text, place) => {
    pattern.lastIndex = place;
    return pattern.exec(text);
  };

  // Where a string ends, and its content.
  const string = (text, start, quote) => {
    let place = start;
    while (place < text.length && !text.startsWith(quote, place)) {
      if (quote.length === 1 && text[place] === "\n") break;
      place += text[place] === "\\" ? 2 : 1;
    }
    return [text.slice(start, place), Math.min(text.length, place + quote.length)];
  };

  // The expressions between the braces of an f-string, each with the line that it begins in.
  const fields = (text, line) => {
    const found = [];
    for (let place = 0; place < text.length; place += 1) {
      if (text[place] === "\n") line += 1;
      if (text[place] !== "{") continue;
      if (text[place + 1] === "{") { place += 1; continue; }
      const start = place + 1;
      let depth = 0;
      for (place = start; place < text.length; place += 1) {
        if (!depth && (text[place] === "}" || text[place] === ":" || (text[place] === "!" && text[place + 1] !== "="))) break;
        if (OPEN.includes(text[place])) depth += 1;
        if (CLOSE.includes(text[place])) depth -= 1;
      }
      found.push([text.slice(start, place), line]);
      line += text.slice(start, place).split("\n").length - 1;
    }
    return found;
  };

  // Tokens: {kind: "name" | "string" | "operator" | "number" | "end", text, line, bytes, first}.
  // `first` says that a simple statement begins with it; within brackets no line ends.
  const tokens = (text, line = 1) => {
    const found = [];
    let place = 0, depth = 0, first = true, compound = false;
    const add = (kind, value, more = {}) => {
      found.push({ kind, text: value, line, first, ...more });
      if (first) compound = /^(if|elif|else|try|except|finally|for|while|with|class|def|async)$/.test(value);
      first = false;
    };
    const end = () => {
      if (!first) found.push({ kind: "end", text: "", line, first: false });
      first = true;
    };
    while (place < text.length) {
      const space = at(SPACE, text, place);
      if (space) {
        line += space[0].includes("\n") ? 1 : 0;
        place += space[0].length;
        continue;
      }
      if (text[place] === "\n" || text[place] === "\r") {
        if (text[place] === "\n") {
          if (!depth) end();
          line += 1;
        }
        place += 1;
        continue;
      }
      const quoted = at(STRING, text, place);
      if (quoted && /^(?:[bru]|br|rb|f|fr|rf|ur)?$/i.test(quoted[1])) {
        const [content, behind] = string(text, place + quoted[0].length, quoted[2]);
        const formatted = /f/i.test(quoted[1]);
        if (formatted) for (const [inner, from] of fields(content, line)) found.push(...tokens(`(${inner})`, from).map((each) => ({ ...each, first: false })));
        add("string", content, { constant: !formatted && !/b/i.test(quoted[1]) });
        line += text.slice(place, behind).split("\n").length - 1;
        place = behind;
        continue;
      }
      const name = at(NAME, text, place), number = name ? null : at(NUMBER, text, place);
      const operator = name || number ? null : at(OPERATOR, text, place);
      const value = (name ?? number ?? operator)?.[0] ?? text[place];
      if (operator && OPEN.includes(value)) depth += 1;
      if (operator && CLOSE.includes(value)) depth = Math.max(0, depth - 1);
      if (value === ";" && !depth) end();
      else add(name ? "name" : number ? "number" : "operator", value);
      // `class Config: DEBUG = True` has a statement behind its colon.
      if (value === ":" && !depth && compound) first = true;
      place += value.length;
    }
    end();
    return found;
  };

  return { tokens };
})();
