const left = document.getElementById("left");
const response = await fetch(left.dataset.url);
left.textContent = (await response.json()).left;
