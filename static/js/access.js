// What HTML cannot do alone on the page of a group. Without this script the same form works with its buttons.
import { keepFields } from "./kept.js";
import { tellFailures } from "./shared.js";

tellFailures("The server did not answer. What you made is still on the page.", { form: "access", command: "apply" });

// Services that are not filled in stay closed: opening one asks the server.
function unfoldAll(open) {
  const services = open ? ".matrix-service:has(.matrix-branch)" : ".matrix-service";
  for (const details of document.querySelectorAll(`.matrix-branch, ${services}`)) details.open = open;
}

// A service that is opened is filled in.
document.addEventListener("toggle", ({ target }) => {
  if (target.matches(".matrix-service[open]")) target.querySelector(":scope > .branch-closed > button")?.click();
}, true);

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a");
  if (!target) return;
  if (target.id === "expand") unfoldAll(true);
  else if (target.id === "collapse") unfoldAll(false);
  // A link to a statement opens the folds around it.
  let place = target.hash ? document.getElementById(target.hash.slice(1)) : null;
  for (; place; place = place.parentElement) if (place.localName === "details") place.open = true;
});

// Text that is pasted counts when it is added. Sent on leaving the field as well, it would be sent before the button
// that was pressed for it, and what is pasted meanwhile would take its place.
document.addEventListener("change", (event) => {
  if (event.target.dataset.countsWith) event.stopPropagation();
}, true);

// The group lives in the page and nowhere else. What is written in it is that of the address, or else nothing.
keepFields(document.getElementById("access"), {
  subjects: ["policies"],
  send: document.getElementById("reopen"),
  clear: () => document.getElementById("policies").replaceChildren(),
  written: () => document.querySelector(".member") !== null,
  worth: (fields) => fields.some(([name, value]) => name.startsWith("granted-") || (name === "text" && value.trim())),
});
