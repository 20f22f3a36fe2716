// Leads from an id that has left this page to where it is now. A classic script: a downloaded copy must work.
(() => {
  const moved = JSON.parse(document.getElementById("moved").textContent);
  const follow = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    if (id && document.getElementById(id)) return;
    const to = moved[id] ?? moved[""];
    // With what the address says beside the place; an id that is not in the list stays with its page.
    if (to) location.replace(to.replace(/(#|$)/, `${location.search}$1`) + (to.includes("#") ? "" : location.hash));
  };
  follow();
  addEventListener("hashchange", follow);
})();
