// What answers leave as it was, on every page: focus, the place on the screen, typed text, folds, and how far the JSON
// is scrolled.

let nextFocus = null;

// A button that did its work may be gone, or off; then the focus goes to the first of the places that the button names,
// else to what comes before it. Nothing moves for that, unless it would be out of sight.
function restoreFocus() {
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
function showAnswer(detail) {
  restoreFocus();
  const pressed = detail.requestConfig.triggeringEvent?.submitter?.id === "press";
  if (pressed) document.getElementById("headline")?.scrollIntoView({ block: "nearest" });
}

// What has the focus has it again, where another element with its id takes its place.
export function keepingFocus(change) {
  const had = document.activeElement;
  const { selectionStart, selectionEnd } = had;
  change();
  if (had.isConnected || !had.id) return;
  const has = document.getElementById(had.id);
  has?.focus({ preventScroll: true });
  if (selectionStart != null) has?.setSelectionRange?.(selectionStart, selectionEnd);
}

// Text typed after a request is worth more than the answer to that request: no answer replaces a field, or one of these
// groups of fields, while its text is not the one that was sent. A choice stays if the answer offers it too.
const GROUPS = "fieldset, .member-add, #condition-operators, #condition-value";
const FIELDS = "input:not([type=hidden], [type=file], [type=radio]), select, textarea";
export let sent = new FormData();

const textOf = (field) => (field.type !== "checkbox" || field.checked ? field.value : "");
const isTyped = (field) => field.name && textOf(field) !== (sent.get(field.name) ?? "");

function keepTyped({ detail }) {
  const { target, fragment } = detail;
  const fields = target.matches(FIELDS) ? [target] : target.matches(GROUPS) ? [...target.querySelectorAll(FIELDS)] : [];
  for (const field of fields.filter(isTyped)) {
    const options = [...(fragment.getElementById(field.id)?.options ?? [])];
    const listed = field.value && options.find(({ value }) => value === field.value);
    if (listed) listed.selected = true;
    else detail.shouldSwap = false;
  }
}

// A fold that an answer replaces stays open or closed, one with `data-fold` from visit to visit. Until somebody turns it,
// it is as the server has it, and another search may open it again.
const FOLDS_KEY = "policy-builder-folds";
const FOLDS = "details[id]:not(.branch > *, .side-system)";
const turned = new Map(); // id of a fold: whether it is open

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
  for (const fold of folds) fold.open = turned.get(fold.id) ?? open[fold.id] ?? fold.open;
}

function forgetFolded() {
  for (const [id, open] of turned) if (!open) turned.delete(id);
}

document.addEventListener("toggle", ({ target }) => {
  if (target.isConnected && target.matches(FOLDS)) turned.set(target.id, target.open);
}, true);
document.addEventListener("input", ({ target }) => target.closest("#find") && forgetFolded(), true);

// Only what somebody does is remembered, not what opens to show something.
document.addEventListener("click", ({ target }) => {
  const fold = target.closest("summary")?.parentElement;
  if (fold?.matches("[data-fold]")) localStorage.setItem(FOLDS_KEY, JSON.stringify({ ...left(), [fold.id]: !fold.open }));
});
foldAsLeft(document);

// Branches of the tree are as the server has them. Open ones open again when another statement is shown, or the same one
// with the other effect, and after a reload or going back.
const OPEN_KEY = "policy-builder-open";
const BRANCHES = "#tree .branch > details";
const REDRAWING = /^(statement|add-statement|duplicate|delete|effect|fix|undo|reset)\b/;
const toOpen = new Set(); // ids of branches that open with the next answer that has them

function rememberOpen() {
  if (!document.getElementById("tree")) return;
  const all = [...document.querySelectorAll(BRANCHES)];
  sessionStorage.setItem(OPEN_KEY, JSON.stringify(Object.fromEntries(all.map((details) => [details.id, details.open]))));
}

function restoreOpen() {
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") return;
  const wasOpen = JSON.parse(sessionStorage.getItem(OPEN_KEY) ?? "{}");
  for (const details of document.querySelectorAll(BRANCHES)) details.open = wasOpen[details.id] ?? details.open;
}

function openWhatWasOpen() {
  for (const id of toOpen) {
    const details = document.getElementById(id);
    if (details && toOpen.delete(id)) details.open = true;
  }
}

function keepOpen({ detail }) {
  const { submitter, target } = detail.requestConfig.triggeringEvent ?? {};
  if (!REDRAWING.test(submitter?.value ?? "") && target?.name !== "goal") return;
  for (const { id } of document.querySelectorAll(`${BRANCHES}[open]`)) toOpen.add(id);
}

document.addEventListener("htmx:beforeSwap", keepOpen);
document.addEventListener("htmx:afterRequest", openWhatWasOpen);
addEventListener("pagehide", rememberOpen);
document.addEventListener("DOMContentLoaded", restoreOpen); // htmx fills in what opens: it listens by now

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
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") sent = detail.formData;
});
document.addEventListener("htmx:oobBeforeSwap", keepTyped);
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  foldAsLeft(detail.fragment);
  isNew ||= detail.target.id === "json-part";
});
// Where the browser lays out the page for painting anyway.
document.addEventListener("htmx:afterRequest", () => requestAnimationFrame(showTouched));
requestAnimationFrame(showTouched);

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a");
  if (target?.value === "clear") forgetFolded();
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
document.addEventListener("htmx:afterRequest", ({ detail }) => queueMicrotask(() => {
  showAnswer(detail);
  keepPlace();
}));
