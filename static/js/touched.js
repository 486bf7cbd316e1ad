// Brings what the last change touched of the JSON into sight, by scrolling the JSON alone; else it stays where it was.
const tops = new Map(); // how far each JSON is scrolled, by the id of its text
let isNew = true;

const idOf = (json) => json.querySelector("code").id;

function bringIntoSight(json) {
  const touched = json.querySelector(".touched b");
  const seen = tops.get(idOf(json)) ?? 0;
  json.scrollTop = seen;
  if (!touched) return;
  const { offsetTop: top, offsetHeight: height } = touched;
  if (top < seen || top + height > seen + json.clientHeight) json.scrollTop = top - json.clientHeight / 3;
}

function show() {
  if (isNew) document.querySelectorAll(".json pre").forEach(bringIntoSight);
  isNew = false;
}

document.addEventListener("scroll", ({ target }) => {
  if (target.matches?.(".json pre")) tops.set(idOf(target), target.scrollTop);
}, { capture: true, passive: true });
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  isNew ||= detail.target.id === "json-part";
});
// Where the browser lays out the page for painting anyway.
document.addEventListener("htmx:afterRequest", () => requestAnimationFrame(show));
requestAnimationFrame(show);
