// Holds a live answer against the recorded one. What must differ does not count: the time of day, and with it signatures.
const DATE = /(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g;
const SIGNED = /^([^=]+=[\w-]*\.?[\w-]+)\.[\w-]{6}\.[\w-]{20,}/;
// The tag of a file: when it was written, its length, a sum of its path.
const FILE = /"[\d.]+-(\d+)-\d+"/;
const SETS = new Set(["allow", "vary", "access-control-allow-methods"]);

// What an older Python, with which the site may be built, says in other words.
const message = (text) => text.replaceAll("integer division or modulo by zero", "division by zero");

export function plain(name, value) {
  let text = value.replace(DATE, "…");
  if (name === "set-cookie") text = text.replace(SIGNED, "$1.…");
  if (name === "etag") text = text.replace(FILE, '"$1"');
  if (SETS.has(name)) text = text.split(/,\s*/).sort().join(", ");
  return text;
}

// Returns the names of the parts that differ: "status", names of headers in lower case, "body"; but for those that differ
// from one recording to the next, such as a random token.
export function differing(live, recorded, varies = []) {
  const found = [];
  if (live.status !== recorded.status) found.push("status");
  const of = (answer) => {
    const values = new Map();
    for (const [name, value] of answer.headers) {
      const key = name.toLowerCase();
      if (key === "content-length") continue;
      values.set(key, `${values.get(key) ?? ""}\n${plain(key, value)}`);
    }
    return values;
  };
  const [here, then] = [of(live), of(recorded)];
  for (const name of new Set([...then.keys(), ...here.keys()])) if (here.get(name) !== then.get(name)) found.push(name);
  if (message(live.text) !== message(recorded.body)) found.push("body");
  return found.filter((name) => !varies.includes(name));
}

// Returns the numbers of the lines of a text that are not the same in the other, counted from 0.
export function changed(text, other) {
  const lines = other.split("\n");
  return new Set(text.split("\n").flatMap((line, number) => (line === lines[number] ? [] : [number])));
}

// The body as it is sent: the lines of a form with files end as in a mail, which a text field does not keep.
export const wired = ({ content_type: type = "", body = "" }) => (type.startsWith("multipart/") && typeof body === "string" ? body.replace(/\r?\n/g, "\r\n") : body);

// Says whether a request is one of the page's, but for its place in the list.
export function asked(one, other) {
  const told = (request) => JSON.stringify([request.method, request.target, request.headers ?? [], request.content_type ?? "", wired(request)]);
  return told(one) === told(other);
}
