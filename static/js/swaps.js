// What answers leave as it was, on every page: focus, the place on the screen, typed text, folds, and how far the JSON
// is scrolled.

let nextFocus = null;

// A button that did its work may be gone, or off; then the focus goes to the first of the places that the button names,
// else to what comes before it. Nothing moves for that, unless it would be out of sight.
export function restoreFocus() {
  for (const id of [...(nextFocus?.split(" ") ?? []), ...before]) {
    if (!document.activeElement.matches("body, :disabled")) return;
    const place = document.getElementById(id);
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: "nearest", behavior: "instant" });
  }
  before = [];
}

const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
const ENOUGH = 5; // some of them may go as well
let before = []; // ids of what comes before what has the focus

function noteBefore() {
  before = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
  walker.currentNode = document.activeElement;
  while (before.length < ENOUGH && walker.previousNode()) {
    const { id } = walker.currentNode;
    if (id && walker.currentNode.matches(FOCUSABLE)) before.push(id);
  }
}

// What somebody is working on stays where it is on the screen, whatever an answer puts above it: the element itself, or
// the innermost around it that is still there.
let worked = null;
let places = [];

function notePlaces() {
  places = [];
  const from = document.activeElement === document.body ? worked : document.activeElement;
  for (let place = from; place; place = place.parentElement) {
    if (place.id) places.push([place.id, place.getBoundingClientRect().top]);
  }
}

function keepPlace() {
  const [id, top] = places.find(([each]) => document.getElementById(each)) ?? [];
  places = [];
  if (!id) return;
  const place = document.getElementById(id);
  const moved = place.getBoundingClientRect().top - top;
  if (moved) scrollerOf(place).scrollBy({ top: moved, behavior: "instant" });
}

function scrollerOf(element) {
  for (let around = element.parentElement; around; around = around.parentElement) {
    if (around.localName === "dialog") return around; // what is behind it stays, whatever moves in it
    const scrolls = around.scrollHeight > around.clientHeight;
    if (scrolls && /auto|scroll/.test(getComputedStyle(around).overflowY)) return around;
  }
  return document.scrollingElement;
}

// Where a button was pressed for an answer, its headline comes into sight.
export function showAnswer({ detail }) {
  restoreFocus();
  const pressed = detail.requestConfig.triggeringEvent?.submitter?.id === "press";
  if (pressed) document.getElementById("headline")?.scrollIntoView({ block: "nearest" });
}

// Whatever was typed since is worth more than an answer about the text before: nothing takes the place of one of these
// fields or groups of fields, or with `around` of what holds one, while it has another text than was sent.
export function keepTyped(ids, { around = false } = {}) {
  let sent = new FormData();
  const holds = (field) => (field.type !== "checkbox" || field.checked ? field.value : null);
  const isTyped = (field) => field.type !== "hidden" && holds(field) !== sent.get(field.name);
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.verb !== "get") sent = detail.formData;
  });
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    const { target } = detail;
    const parts = ids.map((id) => document.getElementById(id));
    const replaced = parts.filter((part) => part && (part === target || (around && target.contains(part))));
    const fieldsOf = (part) => (part.matches("fieldset") ? [...part.querySelectorAll("input[id], select, textarea")] : [part]);
    if (replaced.flatMap(fieldsOf).some(isTyped)) detail.shouldSwap = false;
  });
}

// Whether a fold is open, as somebody left it, from visit to visit; until then it is as the server has it.
const FOLDS_KEY = "policy-builder-folds";
const FOLDS = "details[data-fold]";

function left() {
  try {
    return JSON.parse(localStorage.getItem(FOLDS_KEY)) ?? {};
  } catch {
    return {}; // not written by this page
  }
}

function foldAsLeft(place) {
  const folds = place.querySelectorAll(FOLDS);
  if (!folds.length) return;
  const open = left();
  for (const fold of folds) fold.open = open[fold.id] ?? fold.open;
}

// Only what somebody does is remembered, not what opens to show something.
document.addEventListener("click", ({ target }) => {
  const fold = target.closest("summary")?.parentElement;
  if (fold?.matches(FOLDS)) localStorage.setItem(FOLDS_KEY, JSON.stringify({ ...left(), [fold.id]: !fold.open }));
});
foldAsLeft(document);

// Brings what the last change touched of the JSON into sight, by scrolling the JSON alone; else it stays where it was.
const JSON_TEXTS = ".json pre:has(> code[id])";
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

function showTouched() {
  if (isNew) document.querySelectorAll(JSON_TEXTS).forEach(bringIntoSight);
  isNew = false;
}

document.addEventListener("scroll", ({ target }) => {
  if (target.matches?.(JSON_TEXTS)) tops.set(idOf(target), target.scrollTop);
}, { capture: true, passive: true });
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  foldAsLeft(detail.fragment);
  isNew ||= detail.target.id === "json-part";
});
// Where the browser lays out the page for painting anyway.
document.addEventListener("htmx:afterRequest", () => requestAnimationFrame(showTouched));
requestAnimationFrame(showTouched);

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a");
  if (target?.id === "press") return; // for a script
  nextFocus = target?.dataset.focus ?? null;
  worked = event.target;
  if (target?.dataset.dismiss) {
    document.getElementById(target.dataset.dismiss).replaceChildren();
    restoreFocus();
  }
}, true);
document.addEventListener("htmx:beforeSwap", noteBefore);
document.addEventListener("htmx:beforeSwap", notePlaces);
// After everything else that an answer changes: to measure makes the browser lay the page out, which it does once so.
document.addEventListener("htmx:afterRequest", () => queueMicrotask(keepPlace));
