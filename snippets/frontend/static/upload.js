const field = document.querySelector("input[type=file]");
const bar = document.querySelector("progress");
const say = text => { document.getElementById("said").textContent = text; };

field.addEventListener("change", () => {
  const [file] = field.files;
  if (!file) return;
  // the server checks it too, but only after the browser has begun to send
  if (file.size > Number(field.dataset.limit)) return say("The file is too large.");
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", event => { bar.value = event.loaded / event.total; });
  request.upload.addEventListener("load", () => say("Sent, the server is working."));
  request.addEventListener("load", () => say(request.status === 201 ? "Stored." : `Error ${request.status}.`));
  request.addEventListener("error", () => say("The connection broke."));
  const form = new FormData();
  form.append("file", file);
  request.open("POST", field.dataset.url);
  request.send(form);
});
