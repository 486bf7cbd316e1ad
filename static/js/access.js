// What HTML cannot do alone on the page of a group. Without this script the same form works with its buttons.
"use strict";

const KEPT_KEY = "policy-builder-access";

let openedDetails = [];
let sentText = "";

const form = () => document.getElementById("access");

function unfoldAll(open) {
  for (const details of document.querySelectorAll(".matrix-branch")) details.open = open;
}

// A link to a statement opens what it stands in.
function reveal(target) {
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a");
  if (!target) return;
  if (target.id === "expand") unfoldAll(true);
  else if (target.id === "collapse") unfoldAll(false);
  const place = target.tagName === "A" && target.hash && document.getElementById(target.hash.slice(1));
  if (place) reveal(place);
});

// Text that is pasted counts when it is added. Sent on leaving the field as well, it would be sent before the button
// that was pressed for it, and what is pasted meanwhile would take its place.
document.addEventListener("change", (event) => {
  if (event.target.id === "text") event.stopPropagation();
}, true);

// What was open stays open when it is put in its place anew.
document.addEventListener("htmx:configRequest", (event) => {
  sentText = event.detail.formData.get("text");
  openedDetails = [...document.querySelectorAll("#access details[id][open]")].map((details) => details.id);
});
// Whatever was typed since is worth more than an answer about what was there before.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const typed = document.getElementById("text").value;
  if (event.detail.target.id === "add-panel" && typed !== sentText) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:afterRequest", () => {
  for (const id of openedDetails) document.getElementById(id)?.setAttribute("open", "");
  restoreFocus();
});

// The group lives in the page and nowhere else; a reload, or coming back to the page, does not lose it.
function keep() {
  const fields = [...new FormData(form())].filter(([, value]) => typeof value === "string");
  sessionStorage.setItem(KEPT_KEY, JSON.stringify(fields));
}

function putBack() {
  const how = performance.getEntriesByType("navigation")[0]?.type;
  const fields = JSON.parse(sessionStorage.getItem(KEPT_KEY) ?? "[]");
  if ((how !== "reload" && how !== "back_forward") || !fields.some(([name]) => name.startsWith("granted-"))) return;
  document.getElementById("policies").replaceChildren();
  const kept = document.createElement("div");
  kept.hidden = true;
  for (const [name, value] of fields) {
    const control = form().elements[name];
    if (control?.type === "checkbox") control.checked = true;
    else if (control) control.value = value;
    else {
      const field = document.createElement("textarea"); // which keeps line breaks
      field.name = name;
      field.value = value;
      kept.append(field);
    }
  }
  form().append(kept);
  document.addEventListener("htmx:afterRequest", () => kept.remove(), { once: true });
  document.getElementById("reopen").click();
}

document.addEventListener("DOMContentLoaded", () => {
  putBack();
  addEventListener("pagehide", keep);
});

// An answer that does not come must not look like one.
function showFailure(event) {
  const box = document.createElement("div");
  box.className = "problems";
  const text = document.createElement("p");
  text.textContent = "The server did not answer. What you made is still on the page.";
  const again = document.createElement("button");
  again.type = "submit";
  again.setAttribute("form", "access");
  again.name = "do";
  again.value = event.detail.requestConfig?.formData?.get("do") ?? "apply";
  again.textContent = "Try again";
  box.append(text, again);
  document.getElementById("problems").replaceChildren(box);
}

document.addEventListener("htmx:responseError", showFailure);
document.addEventListener("htmx:sendError", showFailure);
