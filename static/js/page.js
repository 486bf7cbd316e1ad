// What the pages share: copying, closing a message, and where the focus goes when what had it is gone.
"use strict";

let nextFocus = null;

function tell(message) {
  const place = document.getElementById("copied");
  if (place) place.textContent = message;
}

// Copying: the clipboard where we may, the selected text where we may not.
async function copyText(element) {
  try {
    await navigator.clipboard.writeText(element.value ?? element.textContent);
    tell("Copied. Paste it into the console’s JSON view.");
  } catch {
    element.closest("details")?.setAttribute("open", "");
    if (element.select) element.select();
    else getSelection().selectAllChildren(element);
    element.scrollIntoView({ block: "nearest" });
    tell("The browser does not let us copy. The text is selected: press Ctrl+C or ⌘C.");
  }
}

async function copyLink(address) {
  try {
    await navigator.clipboard.writeText(new URL(address, location.href).href);
    tell("Link copied. It opens this draft in any browser.");
  } catch {
    tell("The browser does not let us copy. The address bar holds the link.");
  }
}

// A button that did its work may be gone; then the focus goes to the first of the places that the button names.
function restoreFocus() {
  for (const id of nextFocus?.split(" ") ?? []) {
    if (document.activeElement !== document.body) return;
    document.getElementById(id)?.focus();
  }
}

// htmx sends the button that was pressed last with whatever comes after it, until it loses the focus, which it need not
// have had: Safari gives it none. Only the button that made this very submission counts.
function sendOwnButtonOnly(event) {
  const { formData, triggeringEvent } = event.detail;
  formData.delete("do");
  if (triggeringEvent?.submitter?.name === "do") formData.set("do", triggeringEvent.submitter.value);
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a");
  nextFocus = target?.dataset.focus ?? null;
  if (target?.dataset.copy) {
    copyText(document.getElementById(target.dataset.copy));
  } else if (target?.dataset.copyLink) {
    copyLink(target.dataset.copyLink);
  } else if (target?.dataset.dismiss) {
    document.getElementById(target.dataset.dismiss).replaceChildren();
    restoreFocus();
  }
}, true);
document.addEventListener("htmx:configRequest", sendOwnButtonOnly);
