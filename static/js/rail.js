// The list of services beside the tree: finding one as you type, by keyboard as well, and going to the one that was chosen.
const SHORT = 3; // letters
const field = () => document.getElementById("rail-q");
const lines = () => [...document.querySelectorAll("#rail-body button.rail-line")].filter((each) => each.checkVisibility());

// Services whose title, short name or group, or what people call them, has every word; a short one where a word begins, so
// that er is not found in server. Groups open for what is found, and fold as they were after it.
function find() {
  const words = field().value.toLowerCase().split(/\s+/).filter(Boolean);
  const body = document.getElementById("rail-body");
  body.classList.toggle("is-finding", words.length > 0);
  let found = 0;
  for (const item of body.querySelectorAll("[data-names]")) {
    item.hidden = !words.every((word) => ` ${item.dataset.names}`.includes(word.length < SHORT ? ` ${word}` : word));
    found += !item.hidden;
  }
  for (const group of body.querySelectorAll("details")) {
    group.dataset.wasOpen ??= String(group.open);
    group.hidden = words.length > 0 && !group.querySelector("[data-names]:not([hidden])");
    group.open = words.length > 0 || group.dataset.wasOpen === "true";
    if (words.length === 0) delete group.dataset.wasOpen;
  }
  document.getElementById("rail-none").textContent = words.length > 0 && !found ? "No service is called so." : "";
}

function empty() {
  field().value = "";
  find();
}

function onKeydown(event) {
  const { key, target } = event;
  if (target === field()) {
    if (key === "Escape") empty();
    else if (key === "Enter") lines()[0]?.click();
    else if (key === "ArrowDown") lines()[0]?.focus();
    else return;
    event.preventDefault();
  } else if (target.matches("#rail-body button.rail-line") && (key === "ArrowDown" || key === "ArrowUp")) {
    const at = lines().indexOf(target) + (key === "ArrowDown" ? 1 : -1);
    (at < 0 ? field() : lines()[at])?.focus();
    event.preventDefault();
  }
}

const isNarrow = () => matchMedia("(max-width: 1099px)").matches;

// After another service was chosen its heading is in sight. Whoever chose it by typing, or on a phone where the list is
// folded then, is at the heading; else the focus stays in the list.
export function goToService() {
  const narrow = isNarrow();
  if (narrow) document.getElementById("rail").open = false;
  if (narrow || document.activeElement === field()) document.querySelector("#tree h2")?.focus({ preventScroll: true });
  empty();
  document.getElementById("tree-head").scrollIntoView({ block: "nearest", behavior: "instant" });
}

export function start() {
  if (isNarrow()) document.getElementById("rail")?.removeAttribute("open");
  if (!field()) return;
  document.addEventListener("input", (event) => event.target === field() && find());
  document.addEventListener("keydown", onKeydown);
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target.id === "rail-body" && field().value) find();
  });
  find(); // what was typed before this script ran
}
