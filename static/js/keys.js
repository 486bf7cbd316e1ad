// The keys of the builder: single ones to search, to copy and to ask which there are, and the arrows, which go through
// the list of operations. What has the focus does the rest: Space ticks a box and opens a category.
import { whenAnswered } from "./answers.js";
import { tell } from "./shared.js";

const OFF_KEY = "policy-builder-keys-off";
const STOPS = "#tree .branch > details > summary, #tree .row > input[type=checkbox], #tree .single button[name=do]";
const TYPED_IN = "textarea, select, input:not([type=checkbox], [type=radio], [type=file])";

const field = () => document.getElementById("q");
const stops = () => [...document.querySelectorAll(STOPS)].filter((each) => each.checkVisibility());

function goTo(stop) {
  stop?.focus();
  return stop !== undefined;
}

// From wherever in the list the focus is. Above the first stands the search.
function move(down) {
  const side = down ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const lies = (stop) => document.activeElement.compareDocumentPosition(stop) & side;
  return down ? goTo(stops().find(lies)) : goTo(stops().findLast(lies) ?? field());
}

// A category opens to the right and closes to the left; from what is in it the left leads to it.
function turn(right) {
  const summary = document.activeElement.closest(".branch")?.querySelector("summary");
  if (!summary || !document.activeElement.matches(STOPS)) return false;
  const here = document.activeElement === summary;
  if (!here) return !right && goTo(summary);
  summary.parentElement.open = right;
  return true;
}

const LIST = {
  ArrowDown: () => move(true),
  ArrowUp: () => move(false),
  ArrowRight: () => turn(true),
  ArrowLeft: () => turn(false),
  Home: () => document.activeElement.matches(STOPS) && goTo(stops()[0]),
  End: () => document.activeElement.matches(STOPS) && goTo(stops().at(-1)),
};

const LETTERS = { "/": search, "?": showKeys, c: copy };

function search() {
  field().select();
  field().focus();
}

function showKeys() {
  document.getElementById("keys").showModal();
}

function copy() {
  // At once, where there is a policy: permission to copy lasts a moment only.
  if (document.querySelector("[data-copy]")) takeCopy();
  else whenAnswered().then(takeCopy);
}

function takeCopy() {
  const [first, second] = document.querySelectorAll("[data-copy]");
  if (!first) {
    tell("There is nothing to copy yet.");
  } else if (second) {
    first.closest("details")?.setAttribute("open", "");
    first.focus();
    tell("This makes two policies. Copy each of them.");
  } else {
    first.scrollIntoView({ block: "nearest" });
    first.click();
  }
}

// Whoever types a search and goes on to the list means what is found. What is pressed before that is here is done then;
// any other key, or going elsewhere, forgets it.
let ahead = null;

async function enterList() {
  const keys = (ahead = []);
  await whenAnswered();
  if (ahead !== keys) return;
  ahead = null;
  if (document.activeElement !== field() || document.querySelector("#tree.is-stale")) return;
  if (goTo(stops()[0])) keys.forEach(pressAhead);
}

function pressAhead(key) {
  if (key === " ") document.activeElement.click();
  else if (key === "c") copy();
  else LIST[key]();
}

const isOff = () => localStorage.getItem(OFF_KEY) !== null;

function onKeydown(event) {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog:modal")) return;
  if (ahead && (key in LIST || key === " " || (key === "c" && !isOff()))) {
    if (!event.repeat) ahead.push(key);
    event.preventDefault();
    return;
  }
  ahead = null;
  if (doneWith(key, target)) event.preventDefault();
}

function doneWith(key, target) {
  if (target === field() && key === "ArrowDown") {
    enterList();
    return true;
  }
  if (target.matches(TYPED_IN)) return false;
  if (key in LETTERS && !isOff()) {
    LETTERS[key]();
    return true;
  }
  return key in LIST && target.closest("#tree") !== null && LIST[key]();
}

// Without a step in the browser's history, where Undo would come upon it; the way to the list ends where the arrows go on.
function skip(event, { hash }) {
  const place = document.querySelector(hash);
  if (goTo(place.id === "tree" ? stops()[0] : place)) event.preventDefault();
}

document.addEventListener("keydown", onKeydown);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.skip");
  if (link) skip(event, link);
  else if (event.target.closest("#show-keys")) showKeys();
});
document.addEventListener("change", ({ target }) => {
  if (target.id !== "keys-on") return;
  if (target.checked) localStorage.removeItem(OFF_KEY);
  else localStorage.setItem(OFF_KEY, "");
});
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("keys-on").checked = !isOff();
});
