// What HTML cannot do alone in the builder: boxes with a third state, opening and closing, and the history.
// Everything else is the server's; without this script the same form works with its buttons.
import { watchAnswers } from "./answers.js";
import * as draftHistory from "./history.js";
import { keepUnfinished } from "./kept.js";
import * as rail from "./rail.js";
import { tellFailures } from "./shared.js";
import { sent } from "./swaps.js";

let causesOpen = false;

// Parent boxes: their state is that of the boxes below them, or that of the counter while these are not filled in.
function scopeOf(box) {
  return box.parentElement.closest(".branch, .trunk");
}

function stateOf(box) {
  const scope = scopeOf(box);
  if (scope.querySelector(".branch-closed")) return document.getElementById("count-" + box.dataset.branch).dataset.state;
  const ticked = scope.querySelectorAll(".row > input:checked").length;
  const left = scope.querySelectorAll(".row:not(.is-idle) > input:not(:checked)").length;
  return ticked === 0 ? "none" : left === 0 ? "all" : "mixed";
}

function showParentStates() {
  for (const box of document.querySelectorAll("input.parent")) {
    const state = stateOf(box);
    box.checked = state === "all";
    box.indeterminate = state === "mixed";
  }
}

// Shown at once, and sent as "Select all" or "None" of the category or service. What has no effect is left out.
function turnBranch(box) {
  const rows = box.checked ? ".row:not(.is-idle)" : ".row";
  for (const row of scopeOf(box).querySelectorAll(`${rows} > input, ${rows} input[name=p]`)) row.checked = box.checked;
  for (const row of scopeOf(box).querySelectorAll(`${rows} > input`)) turnTogether(row);
  const press = document.getElementById("press");
  press.value = (box.checked ? "all:" : "none:") + box.dataset.branch.replace("--", "/");
  press.click();
}

// An operation has a box in each table and in each row that it does the job of: all turn with the one that is turned.
function turnTogether(box) {
  const id = box.value.split(" ")[0];
  for (const other of document.querySelectorAll(`input[name=o][value^="${id}"]`)) {
    if (other.value.split(" ")[0] === id) other.checked = box.checked;
  }
}

function unfoldAll(open) {
  for (const details of document.querySelectorAll("#tree .branch > details")) details.open = open;
}

function onClick(event) {
  const target = event.target.closest("button, a");
  if (!target) return;
  if (target.id === "expand") {
    if (document.querySelector(".branch-closed")) return; // the server fills them in, all at once
    event.preventDefault();
    unfoldAll(true);
  } else if (target.id === "collapse") {
    unfoldAll(false);
  } else if (target.classList.contains("more")) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    toggleFacts(target);
  } else if (target.matches("a.rail-line")) {
    document.querySelector(target.getAttribute("href")).querySelector("details").open = true;
  }
}

// The first click fetches the facts of a row; later ones only show and hide them.
function toggleFacts(link) {
  const open = link.getAttribute("aria-expanded") !== "true";
  const facts = document.getElementById(link.getAttribute("aria-controls")) ?? placeFacts(link);
  link.setAttribute("aria-expanded", String(open));
  facts.hidden = !open;
  if (link.id === "more-causes") causesOpen = open;
  if (facts.childElementCount) return;
  const asked = htmx.ajax("GET", link.getAttribute("href"), { source: link, target: facts, swap: "innerHTML" });
  asked.catch(() => {}); // tellFailures tells of it
}

function placeFacts(link) {
  const facts = document.createElement("div");
  facts.className = "row-facts";
  facts.id = link.id.replace("more-", "facts-");
  link.setAttribute("aria-controls", facts.id);
  link.closest("li").append(facts);
  return facts;
}

// Facts go along to the row that takes the place of theirs.
function keepFacts({ detail }) {
  for (const facts of detail.target.querySelectorAll(".row-facts")) {
    const row = detail.fragment.getElementById(facts.parentElement.id);
    const link = row?.querySelector("a.more");
    if (!link) continue;
    row.append(facts);
    link.setAttribute("aria-controls", facts.id);
    link.setAttribute("aria-expanded", String(!facts.hidden));
  }
}

// What is being typed of a condition is one step of the history, however often it is sent.
let address = null;
let edited = null; // which condition was edited when the request was made, "" for a new one, null for other requests
let typing = null; // which one was edited by the last request

function noteRequest({ detail }) {
  if (detail.verb === "get") return;
  const field = detail.triggeringEvent?.target.id?.startsWith("condition-") && !detail.formData.has("do");
  edited = field ? detail.formData.get("condition") : null;
  address = null;
}

function keepHistory({ detail }) {
  if (detail.requestConfig.verb === "get") return;
  if (!detail.successful) {
    draftHistory.stay();
    return;
  }
  const asked = sent.get("do") === "undo" ? sent.get("previous") : null;
  draftHistory.answered(address ?? location.href, asked, edited !== null && edited !== "" && edited === typing);
  typing = edited === null ? null : document.getElementById("condition-at").value;
}

function afterSwap(event) {
  showParentStates();
  if (event.detail.requestConfig.formData.get("do")?.startsWith("service:")) rail.goToService();
  if (causesOpen) document.querySelector("#more-causes[aria-expanded=false]")?.click();
}

// Return presses the button beside the field, and not the form's first one.
function onKeydown(event) {
  if (event.key !== "Enter") return;
  const button = { action: "add", resource: "resource-add" }[event.target.id];
  if (button) {
    event.preventDefault();
    document.getElementById(button).click();
  } else if (event.target.id === "q") {
    event.preventDefault(); // the search has been made while typing
  }
}

tellFailures("The server did not answer. Your last change is not in the policy yet.", {
  form: "builder",
  command: "search",
  searched: "The server did not answer. Nothing was searched: the list below is the one from before.",
});
watchAnswers("Off until the server answers: your last change is not in this policy.");
document.addEventListener("htmx:configRequest", noteRequest);
for (const moved of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) {
  document.addEventListener(moved, ({ detail }) => (address = detail.path));
}
document.addEventListener("htmx:oobBeforeSwap", keepFacts);
document.addEventListener("click", onClick, true);
document.addEventListener("keydown", onKeydown);
document.addEventListener("change", (event) => {
  // A search is made while typing: leaving its field asks for nothing more, and takes away nothing that was said of it.
  if (event.target.id === "q") event.stopPropagation();
  if (event.target.name === "o") turnTogether(event.target);
  if (event.target.classList.contains("parent")) {
    event.stopPropagation();
    turnBranch(event.target);
  }
}, true);
document.addEventListener("htmx:afterRequest", keepHistory); // once per answer, and after the swap
document.addEventListener("htmx:afterRequest", afterSwap);
document.addEventListener("DOMContentLoaded", () => {
  rail.start();
  if (!document.getElementById("tree")) return;
  showParentStates();
  draftHistory.start();
  keepUnfinished();
});
