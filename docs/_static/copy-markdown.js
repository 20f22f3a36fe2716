// Without a script the link opens the page's Markdown; with one it copies it.
document.querySelector(".copy-markdown")?.addEventListener("click", async (event) => {
  const link = event.currentTarget;
  if (!navigator.clipboard || location.protocol === "file:") return; // the link goes on
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    await navigator.clipboard.writeText(await answer.text());
    link.textContent = link.dataset.done;
    link.setAttribute("role", "status");
  } catch {
    location.assign(link.href);
  }
});
