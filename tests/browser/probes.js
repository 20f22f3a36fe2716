// What the tests measure in a page. Each probe returns the faults it found, as lines for a reader.
({
  // Text, and what our style sheet draws before it, against the background it really stands on (WCAG 2.2, 1.4.3).
  contrast() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const known = new Map();
    const rgba = (color) => {
      if (!known.has(color)) {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = color;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
        known.set(color, [r, g, b, a / 255]);
      }
      return known.get(color);
    };
    const over = ([r, g, b, a], below) => [r, g, b].map((value, i) => value * a + below[i] * (1 - a));
    const luminance = (color) => {
      const [r, g, b] = color.map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    // What an element stands on and how opaque it is: its own share over that of its parent, found once.
    const grounds = new Map();
    const ground = (element) => {
      if (!element) return { color: [255, 255, 255], opacity: 1 };
      if (!grounds.has(element)) {
        const below = ground(element.parentElement);
        const style = getComputedStyle(element);
        const color = over(rgba(style.backgroundColor), below.color);
        grounds.set(element, { color, opacity: below.opacity * Number(style.opacity) });
      }
      return grounds.get(element);
    };
    const faults = new Set();
    let measured = 0;
    const measure = (element, style, text) => {
      const { color: below, opacity } = ground(element);
      const [r, g, b, a] = rgba(style.color);
      const [light, dark] = [luminance(over([r, g, b, a * opacity], below)), luminance(below)].sort(
        (one, other) => other - one,
      );
      const ratio = (light + 0.05) / (dark + 0.05);
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
      measured += 1;
      if (ratio < (large ? 3 : 4.5)) {
        const names = [element.parentElement, element].map((at) => [at.localName, ...at.classList].join("."));
        faults.add(`${names.join(" > ")}: ${ratio.toFixed(2)}, ${JSON.stringify(text.trim().slice(0, 30))}`);
      }
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const shown = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      if (walker.currentNode.data.trim() && shown && !element.closest("svg, script, style, noscript")) {
        measure(element, getComputedStyle(element), walker.currentNode.data);
      }
    }
    for (const element of document.querySelectorAll("article *")) {
      const before = getComputedStyle(element, "::before");
      if (before.content.startsWith('"') && before.content !== '""') measure(element, before, before.content);
    }
    // Browsers hide from scripts which links were visited, so their colour is measured on a text of its own.
    const visited = document.createElement("span");
    visited.style.color = "var(--color-link--visited)";
    visited.textContent = "visited link";
    document.querySelector("article p, article, main p").append(visited);
    measure(visited, getComputedStyle(visited), "visited link");
    visited.remove();
    return { measured, faults: [...faults] };
  },

  // What is wider than the screen. Code and tables may be: they scroll.
  overflow() {
    const faults = [];
    const width = document.documentElement.clientWidth;
    const name = (element) => [element.localName, ...element.classList].join(".");
    if (document.documentElement.scrollWidth > width) {
      faults.push(`the page is ${document.documentElement.scrollWidth} pixels wide`);
    }
    const clipped = (element) => {
      for (let at = element; at; at = at.parentElement) if (getComputedStyle(at).clipPath !== "none") return true;
      return false;
    };
    for (const element of document.body.querySelectorAll("*")) {
      const scrolls = "pre, .table-wrapper";
      // The drawers wait beside the screen.
      const elsewhere = ".sidebar-drawer, .toc-drawer, .visually-hidden, svg";
      if (!element.checkVisibility() || element.closest(elsewhere)) continue;
      const box = element.getBoundingClientRect();
      const outside = box.width && (box.right > width + 0.5 || box.left < -0.5);
      if (outside && !element.parentElement.closest(scrolls) && !clipped(element)) {
        faults.push(`${name(element)} reaches from ${box.left.toFixed()} to ${box.right.toFixed()}`);
      }
      const cut = getComputedStyle(element).overflowX !== "visible" && !element.matches(scrolls);
      if (cut && element.scrollWidth > element.clientWidth + 1 && element.clientWidth && !clipped(element)) {
        faults.push(`${name(element)} cuts ${element.scrollWidth - element.clientWidth} pixels off`);
      }
    }
    return faults;
  },

  // What a screen reader and a keyboard go by.
  structure() {
    const faults = [];
    const name = (element) => [element.localName, ...element.classList].join(".");
    const label = (element) =>
      (element.getAttribute("aria-label") ||
        document.getElementById(element.getAttribute("aria-labelledby"))?.textContent ||
        "").trim();

    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`two elements #${id}`);

    const main = document.querySelectorAll("main, [role=main]");
    if (main.length !== 1) faults.push(`${main.length} main landmarks`);
    const levels = [...main[0].querySelectorAll("h1, h2, h3, h4, h5, h6")].map((at) => Number(at.localName[1]));
    if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
    if (levels[0] !== 1) faults.push("the first heading is no h1");
    levels.forEach((level, at) => {
      if (at && level > levels[at - 1] + 1) faults.push(`an h${level} follows an h${levels[at - 1]}`);
    });

    const landmarks = { nav: "nav", aside: "aside", search: "[role=search]", region: "section[aria-label]" };
    for (const [kind, selector] of Object.entries(landmarks)) {
      const labels = [...document.querySelectorAll(selector)].map(label);
      if (labels.length > 1 && labels.includes("")) faults.push(`a ${kind} without a label beside others`);
      if (new Set(labels).size !== labels.length) faults.push(`two ${kind} landmarks with one label: ${labels}`);
    }
    for (const link of document.querySelectorAll("article p a:not(.headerlink)")) {
      const line = getComputedStyle(link).textDecorationLine;
      if (link.checkVisibility() && line !== "underline") faults.push(`a link like text: ${link.textContent}`);
    }
    for (const image of document.images) if (!image.hasAttribute("alt")) faults.push(`no alt: ${image.src}`);
    for (const control of document.querySelectorAll("a[href], button, summary, input:not([type=hidden])")) {
      const named = label(control) || control.textContent.trim() || control.labels?.length;
      if (control.checkVisibility() && !named) faults.push(`no name: ${name(control)}`);
    }
    for (const element of document.body.querySelectorAll("*")) {
      const scrolls = ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
      if (scrolls && element.scrollWidth > element.clientWidth && element.checkVisibility() && element.tabIndex < 0) {
        faults.push(`scrolls and cannot be focused: ${name(element)}`);
      }
    }
    return faults;
  },
})
