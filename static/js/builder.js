// What HTML cannot do alone: boxes with a third state, copying, opening and closing, and remembering what was open.
// Everything else is the server's; without this script the same form works with its buttons.
"use strict";

const OPEN_KEY = "policy-builder-open";

// What a swap would close or leave without focus.
const openLists = new Set();
let nextFocus = null;

// Parent boxes: their state comes from the counter beside them; clicking one presses "Select all" or "None".
function showParentStates() {
  for (const box of document.querySelectorAll("input.parent")) {
    const count = document.getElementById("count-" + box.dataset.branch);
    box.checked = count.dataset.state === "all";
    box.indeterminate = count.dataset.state === "mixed";
  }
}

function turnBranch(box) {
  const button = document.getElementById((box.checked ? "all-" : "none-") + box.dataset.branch);
  const scope = button.closest(".trunk-head") ? button.closest(".trunk") : button.closest(".branch");
  for (const row of scope.querySelectorAll("input[name=o]")) row.checked = box.checked;
  for (const option of scope.querySelectorAll("input[name=p]")) option.checked = box.checked;
  button.click();
}

// Open branches survive a reload; a link that was opened elsewhere starts with the server's choice.
function rememberOpen() {
  const open = {};
  for (const details of document.querySelectorAll("#tree .branch > details, .policy > details")) open[details.id] = details.open;
  sessionStorage.setItem(OPEN_KEY, JSON.stringify(open));
}

function restoreOpen() {
  let open;
  try {
    open = JSON.parse(sessionStorage.getItem(OPEN_KEY)) || {};
  } catch {
    open = {};
  }
  if (new URLSearchParams(location.search).has("q")) return;
  for (const [id, isOpen] of Object.entries(open)) {
    const details = document.getElementById(id);
    if (details) details.open = isOpen;
  }
}

function unfoldAll(open) {
  for (const details of document.querySelectorAll("#tree .branch > details")) details.open = open;
  rememberOpen();
}

// Copying: the clipboard where we may, the selected text where we may not.
async function copy(text, element) {
  const told = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(text);
    told.textContent = "Copied. Paste it into the console’s JSON view.";
  } catch {
    if (element) {
      const range = document.createRange();
      range.selectNodeContents(element);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      element.closest("details")?.setAttribute("open", "");
      element.scrollIntoView({ block: "nearest" });
      told.textContent = "The browser does not let us copy. The text is selected: press Ctrl+C or ⌘C.";
    } else {
      told.textContent = "The browser does not let us copy. The address bar holds the link.";
    }
  }
}

function onClick(event) {
  const target = event.target.closest("button, a");
  nextFocus = target?.dataset.focus ?? null;
  if (!target) return;
  if (target.dataset.copy) {
    const element = document.getElementById(target.dataset.copy);
    copy(element.textContent, element);
  } else if (target.dataset.copyLink) {
    copy(new URL(target.dataset.copyLink, location.href).href, null);
  } else if (target.dataset.dismiss) {
    document.getElementById(target.dataset.dismiss).replaceChildren();
    restoreFocus();
  } else if (target.id === "expand") {
    unfoldAll(true);
  } else if (target.id === "collapse") {
    unfoldAll(false);
  } else if (target.classList.contains("more")) {
    toggleFacts(target, event);
  } else if (target.closest(".rail")) {
    const branch = document.querySelector(target.getAttribute("href") + " > details");
    if (branch) branch.open = true;
  }
}

// The first click lets htmx fetch the facts of a row; later ones only show and hide them.
function toggleFacts(link, event) {
  const facts = document.getElementById(link.getAttribute("aria-controls"));
  const open = link.getAttribute("aria-expanded") === "true";
  link.setAttribute("aria-expanded", String(!open));
  facts.hidden = open;
  if (facts.childElementCount) {
    event.preventDefault();
    event.stopPropagation();
  }
}

// A button that did its work may be gone; then the focus goes where it says, and not back to the top of the page.
function restoreFocus() {
  if (nextFocus && document.activeElement === document.body) document.getElementById(nextFocus)?.focus();
}

function showFactsStates() {
  for (const link of document.querySelectorAll("a.more")) {
    const facts = document.getElementById(link.getAttribute("aria-controls"));
    link.setAttribute("aria-expanded", String(facts.childElementCount > 0 && !facts.hidden));
  }
}

function afterSwap() {
  showParentStates();
  showFactsStates();
  for (const id of openLists) document.getElementById(id)?.setAttribute("open", "");
  restoreFocus();
}

// Return presses the button beside the field, and not the form's first one.
function onKeydown(event) {
  if (event.key !== "Enter") return;
  if (event.target.id === "action") {
    event.preventDefault();
    document.getElementById("add").click();
  } else if (event.target.id === "q") {
    event.preventDefault(); // the search has been made while typing
  }
}

document.addEventListener("click", onClick, true);
document.addEventListener("keydown", onKeydown);
document.addEventListener("change", (event) => {
  if (event.target.classList.contains("parent")) {
    event.stopPropagation();
    turnBranch(event.target);
  }
}, true);
document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (details.matches("#tree .branch > details, .policy > details")) rememberOpen();
  if (details.matches(".why, .causes") && details.isConnected) openLists[details.open ? "add" : "delete"](details.id);
}, true);
document.addEventListener("htmx:afterSettle", afterSwap);
document.addEventListener("htmx:oobAfterSwap", showParentStates);
document.addEventListener("DOMContentLoaded", () => {
  if (matchMedia("(max-width: 1099px)").matches) document.getElementById("rail")?.removeAttribute("open");
  if (!document.getElementById("tree")) return;
  restoreOpen();
  showParentStates();
});
