// What came back: the live answer beside the recorded one, cookies, a preview, the log, the traceback.
import { changed, differing } from "./compare.mjs";
import { element, filled } from "./elements.mjs";

// The preview runs no script and loads nothing; its links and forms go to the application.
const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'">`;

export class Answer {
  constructor(texts, send) {
    Object.assign(this, { texts, send });
    this.root = element("div", { className: "run-answer", hidden: true });
  }

  // Shows an answer; returns whether it differs from the recorded one, if there is one, and says so in words.
  show({ status, headers, body, cookies, log, error, request, recorded, varies, before = [], other }) {
    const { texts } = this;
    this.root.hidden = false;
    const parts = [];
    let said = "";
    let differs;
    if (status) {
      const live = { status, headers, body, text: text_of(headers, body) };
      const marks = recorded ? differing(live, recorded, varies) : [];
      if (recorded) {
        const names = { status: texts.status, body: texts.body_part };
        said = marks.length ? filled(texts.differs, { parts: marks.map((name) => names[name] ?? name).join(", ") }) : texts.same;
      } else if (other) said = texts.nothing_recorded;
      const sides = element("div", { className: "run-sides" }, this.side(texts.live, live, marks, recorded?.body, before));
      if (recorded) sides.append(this.side(texts.recorded, { ...recorded, text: recorded.body }, marks, live.text));
      differs = recorded ? marks.length > 0 : undefined;
      parts.push(sides);
      const type = header(headers, "content-type");
      if (type.startsWith("text/html") && live.text) parts.push(this.preview(live.text, request));
    }
    if (error) {
      const place = error.file ? element("p", {}, filled(texts.line, error)) : "";
      parts.push(this.part(texts.traceback, place, scrolled("run-traceback", error.text, texts.traceback)));
    }
    if (log) parts.push(this.part(texts.log, scrolled("run-log", log, texts.log)));
    this.jar = element("div");
    this.cookies(cookies ?? []);
    this.root.replaceChildren(...parts, this.jar);
    return { said, differs };
  }

  side(title, answer, marks, other, before = []) {
    const lines = before.map(([status, location]) => element("span", { className: "run-before" }, `${status} → ${location}\n`));
    lines.push(line(`HTTP/1.1 ${answer.status}`, marks.includes("status")));
    for (const [name, value] of answer.headers) lines.push(line(`${name}: ${value}`, marks.includes(name.toLowerCase())));
    const head = scrolled("run-http", "", title);
    head.append(...lines);
    const body = scrolled("run-body", "", `${title}: ${this.texts.body}`);
    if (answer.text) {
      const differs = other === undefined ? new Set() : changed(answer.text, other);
      body.append(...answer.text.split("\n").map((text, number) => line(text, differs.has(number))));
    } else body.append(`(${this.texts.empty})`);
    return element("div", { className: "run-side" }, element("p", { className: "run-name" }, title), head, body);
  }

  part(title, ...content) {
    return element("div", { className: "run-part" }, element("p", { className: "run-name" }, title), ...content);
  }

  cookies(cookies) {
    if (!this.jar) return;
    const items = cookies.map(({ name, value, session, ...rest }) => {
      const flags = Object.entries({ HttpOnly: rest.http_only, Secure: rest.secure, [`SameSite=${rest.same_site}`]: rest.same_site, [`Path=${rest.path}`]: rest.path });
      const shown = element("code", {}, `${name}=${value}`);
      const more = flags.flatMap(([flag, is]) => (is ? [flag] : [])).join("; ");
      const holds = session ? element("p", {}, filled(this.texts.session, { value: session })) : "";
      return element("li", {}, shown, ` ${more}`, holds);
    });
    this.jar.replaceChildren(...(items.length ? [this.part(this.texts.cookies, element("ul", { className: "run-cookies" }, ...items))] : []));
  }

  preview(text, request) {
    const frame = element("iframe", { className: "run-preview", title: this.texts.preview });
    // Without allow-scripts nothing in it runs; with its origin the links can be heard.
    frame.setAttribute("sandbox", "allow-same-origin allow-forms");
    frame.srcdoc = POLICY + text;
    // A link that nobody hears yet would lead away.
    frame.inert = true;
    frame.addEventListener("load", () => {
      const height = frame.contentDocument?.documentElement.scrollHeight ?? 0;
      frame.style.height = `${Math.min(Math.max(height + 4, 64), 480)}px`;
      this.listen(frame.contentDocument, request);
      frame.inert = false;
    });
    return this.part(this.texts.preview, frame);
  }

  listen(document, request) {
    if (!document) return;
    const here = new URL(request.target, "http://localhost:5000/");
    const go = (where, rest) => {
      const to = new URL(where, here);
      if (to.host !== here.host) return;
      this.send({ target: to.pathname + to.search, headers: [], host: request.host, ...rest });
    };
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href]");
      if (!link) return;
      event.preventDefault();
      const href = link.getAttribute("href");
      if (!href.startsWith("#")) go(href, { method: "GET" });
    });
    document.addEventListener("submit", async (event) => {
      event.preventDefault();
      const form = event.target;
      const data = new FormData(form, event.submitter);
      const action = form.getAttribute("action") || request.target;
      if (form.method === "post" && form.enctype === "multipart/form-data") return go(action, { method: "POST", ...(await packed(data)) });
      const sent = new URLSearchParams([...data].map(([name, value]) => [name, typeof value === "string" ? value : value.name])).toString();
      if (form.method === "post") return go(action, { method: "POST", content_type: "application/x-www-form-urlencoded", body: sent });
      return go(`${action.split("?")[0]}?${sent}`, { method: "GET" });
    });
  }
}

// A form with files as a browser sends it: its bytes and their type.
export async function packed(data) {
  const made = new Response(data);
  return { content_type: made.headers.get("Content-Type"), body: new Uint8Array(await made.arrayBuffer()) };
}

const header = (headers, wanted) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? "";

const line = (text, differs) => element(differs ? "mark" : "span", {}, `${text}\n`);

// What scrolls can be reached with the keyboard. It is no landmark, of which two panels would have two of one name.
function scrolled(className, text, label) {
  const made = element("pre", { className, tabIndex: 0 }, text);
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", label);
  return made;
}

function text_of(headers, body) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return `(${body.length} bytes)`;
  }
}
