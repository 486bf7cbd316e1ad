// The dialog of what limits a statement: effect, conditions and resources. Without this script they stand in the page.
const dialog = document.getElementById("statement-dialog");
const problems = document.getElementById("statement-dialog-problems");
const PRESET = "condition-preset:";

const place = (id) => document.getElementById(id);

function onClick({ target }) {
  const button = target.closest("[data-shows], [data-closes]");
  if (button?.dataset.shows) {
    dialog.showModal();
    place("condition-presets").querySelector("button").focus();
  } else if (button || target === dialog) {
    dialog.close(); // beside it is the dialog itself: what it holds fills it
  }
}

// An answer may have replaced the button that opened it.
function onClose() {
  problems.replaceChildren();
  place("limit")?.focus();
}

// What the page says behind the dialog, nobody could read.
function repeatProblems() {
  const said = dialog.open ? [...place("problems").querySelectorAll("p, li")] : [];
  problems.replaceChildren(...said.map((each) => Object.assign(document.createElement("p"), { textContent: each.textContent })));
}

// A condition that somebody begins with goes on at what it lacks.
function goOn({ detail }) {
  const field = place("condition-values");
  if (detail.requestConfig.formData.get("do")?.startsWith(PRESET) && !field.value) field.focus();
}

if (dialog) {
  place("statement-dialog-body").append(place("limits"));
  document.addEventListener("click", onClick);
  dialog.addEventListener("close", onClose);
  new MutationObserver(repeatProblems).observe(place("problems"), { childList: true, subtree: true });
  document.addEventListener("htmx:afterRequest", goOn);
}
