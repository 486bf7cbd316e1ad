// The history of the draft in this tab, which Undo and Redo go through, and Back and Forward in step with them. An entry
// of the browser's history has the number of its step; the drafts themselves are kept for the tab, those too that an
// address cannot hold. What was opened from elsewhere is a step as well: the draft before can be had again.
import { whenAnswered } from "./answers.js";

const KEPT_KEY = "policy-builder-history";
const MOST_STEPS = 100;
const MOST_CHARACTERS = 2_000_000;

// `first` is the number of the first step that is kept, `at` that of the draft on the page. Each step knows the draft,
// and where in the browser's history it is: the place in a chain of entries between which no other page lies.
let first = 0;
let at = 0;
let steps = [];
let chain = "";
let place = 0;
let from = null; // the number of the step that is on the page while another one is asked for

const field = () => document.getElementById("draft");
const step = (number) => steps[number - first];

function load() {
  try {
    ({ first, at, steps } = JSON.parse(sessionStorage.getItem(KEPT_KEY)));
  } catch {
    first = at = 0;
    steps = [];
  }
}

function save() {
  let characters = 0;
  const kept = steps.findLastIndex((each, number) => {
    characters += each.token.length;
    return number < at - first && (characters > MOST_CHARACTERS || steps.length - number > MOST_STEPS);
  });
  steps.splice(0, kept + 1);
  first += kept + 1;
  try {
    sessionStorage.setItem(KEPT_KEY, JSON.stringify({ first, at, steps }));
  } catch {
    // No room, or none that we may use: the history lasts as long as the page.
  }
}

// This entry of the browser's history, or a new one, and the step that is there.
function mark(address, { anew = false } = {}) {
  Object.assign(step(at), { address, chain, place });
  history[anew ? "pushState" : "replaceState"]({ step: at, chain, place }, "", address);
  save();
}

function show() {
  document.getElementById("undo").disabled = at === first;
  document.getElementById("redo").disabled = at === first + steps.length - 1;
}

function add(token) {
  steps.length = Math.min(steps.length, at - first + 1);
  steps.push({ token });
  at = first + steps.length - 1;
}

// A draft from elsewhere, after the one that it was made of, where its address says so.
function open(token) {
  const before = new URLSearchParams(location.search).get("from");
  if (before !== null && step(at)?.token !== before) add(before);
  add(token);
}

// The page as it was loaded. Nothing is to be added where its draft is the last one, or where the entry has a step.
export function start() {
  load();
  from = null;
  const state = history.state;
  if (state?.chain && step(state.step)) {
    ({ step: at, chain, place } = state);
    if (step(at).token !== field().value) restore(at);
  } else {
    chain = `${Date.now()}-${Math.random()}`;
    place = 0;
    if (location.hash === "#draft" && steps.length) restore(at);
    else if (step(at)?.token !== field().value) open(field().value);
    mark(location.href);
  }
  show();
}

function restore(cameFrom) {
  from ??= cameFrom;
  const press = document.getElementById("press");
  document.getElementById("previous").value = step(at).token;
  press.value = "undo";
  press.click();
}

// After an answer. `address` is what it says where the draft is; `asked` is the draft that was to be restored, null where
// something else was to be done; `continues` when that is about what is still being typed.
export function answered(address, asked, continues) {
  const token = field().value;
  if (from !== null && asked !== step(at).token) return; // the answer to that is still to come
  if (from !== null && token !== asked && token === step(from).token) {
    stay(); // it says why
    return;
  }
  if (from === null && asked !== null) at = numberOf(token) ?? at; // it was tried again
  const anew = token !== step(at).token && asked === null && !continues;
  if (anew) {
    add(token);
    place += 1;
  } else {
    step(at).token = token;
  }
  mark(address, { anew });
  from = null;
  show();
}

function numberOf(token) {
  const found = steps.findLastIndex((each) => each.token === token);
  return found < 0 ? undefined : first + found;
}

// The draft that was asked for did not come: the one on the page is the step that we are at.
export function stay() {
  if (from === null) return;
  const back = step(from);
  at = from;
  from = null;
  if (back.chain === chain && back.place !== place) history.go(back.place - place);
  else mark(back.address);
  show();
}

export function go(by) {
  whenAnswered().then(() => {
    const to = step(at + by);
    if (!to) return;
    if (to.chain === chain && to.place !== place) {
      history.go(to.place - place); // and the rest when we are there
    } else {
      at += by;
      mark(to.address);
      restore(at - by);
    }
  });
}

addEventListener("popstate", ({ state }) => {
  if (!state?.chain) {
    // A link within the page made an entry of its own, in place of those that lay ahead.
    place += 1;
    for (const ahead of steps.slice(at - first + 1)) delete ahead.chain;
    mark(location.href);
  } else if (!step(state.step)) {
    location.reload();
  } else {
    ({ chain, place } = state);
    if (state.step === at) return;
    const cameFrom = at;
    at = state.step;
    mark(location.href);
    restore(cameFrom);
  }
});
addEventListener("pageshow", (event) => {
  if (event.persisted) start();
});

// The draft comes back with the statement that was shown.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (from === null || detail.formData.get("do") !== "undo") return;
  detail.formData.set("statement", new URL(step(at).address, location.href).searchParams.get("statement") ?? "1");
});

const isText = (element) => element.matches("textarea, input:not([type=checkbox], [type=radio], [type=file])");

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isText(event.target)) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  go(key === "y" || event.shiftKey ? 1 : -1);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("#undo, #redo, #alarm button[value=undo]");
  if (!button) return;
  event.preventDefault();
  go(button.id === "redo" ? 1 : -1);
});
