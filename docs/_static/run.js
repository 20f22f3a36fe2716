// The buttons of Run. Nothing is loaded before one is pressed.
(() => {
  const page = JSON.parse(document.getElementById("run").textContent);
  let panels;

  // Between backquotes stands code.
  const say = (button, text) => {
    const place = button.nextElementSibling ?? document.createElement("span");
    place.setAttribute("role", "status");
    button.after(place);
    const pieces = text.split("`").map((piece, index) => {
      if (index % 2 === 0) return piece;
      return Object.assign(document.createElement("code"), { textContent: piece });
    });
    place.replaceChildren(...pieces);
  };

  const load = async () => {
    const answer = await fetch(page.data, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    const data = await answer.json();
    const place = new URL(`${page.root}/`, location.href).href;
    const { Panels } = await import(new URL(data.manifest.scripts.panel, place).href);
    return new Panels(place, data);
  };

  for (const button of document.querySelectorAll(".run > button")) {
    button.disabled = false;
    button.addEventListener("click", async () => {
      if (location.protocol === "file:") return say(button, page.file);
      say(button, page.loading);
      try {
        panels ??= load();
        (await panels).open(button);
        say(button, "");
      } catch (error) {
        panels = undefined;
        say(button, `${page.failed.replace("{error}", error.message)} ${page.again}`);
      }
    });
  }
})();
