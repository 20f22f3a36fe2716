// What the boxes share that a script fills: elements, and scripts that are loaded when a box is used. A classic script,
// because a page that was opened from the file system may not load modules.
"use strict";

window.filledBox = (() => {
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const script = (address) =>
    new Promise((done, failed) => {
      const element = document.createElement("script");
      Object.assign(element, { src: address, onload: done, onerror: failed });
      document.head.append(element);
    });
  // What loads the scripts, once, and then what `ready` loads; after a failure, it tries anew.
  const once = (scripts, ready) => {
    let loading = null;
    return () => {
      loading ??= (async () => {
        for (const address of scripts) await script(address);
        return ready();
      })().catch((error) => { loading = null; throw error; });
      return loading;
    };
  };
  // A file of data hands them over when it runs.
  const data = async (take, address) => {
    const given = new Promise(take);
    await script(address);
    return given;
  };
  return { make, once, data };
})();
