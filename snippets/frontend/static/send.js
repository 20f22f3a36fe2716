// Sends a FormData as a form and everything else as JSON; returns the JSON of the response.
export async function send(url, body) {
  const headers = { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content };
  if (!(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  // a redirect would lead to the page of the login, with status 200
  const response = await fetch(url, { method: "POST", headers, body, redirect: "error" });
  const isJson = response.headers.get("Content-Type") === "application/json";
  const data = isJson ? await response.json() : {};
  if (!response.ok) throw new Error(data.error ?? `The server responds with ${response.status}.`);
  return data;
}
