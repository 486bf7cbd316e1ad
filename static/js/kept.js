// What was pasted or made on a page is still there when the tab comes back to it, by a reload, Back or Forward, or a
// link. The server keeps nothing, so the tab does, until it is closed.
import { isChanged } from "./shared.js";

const KEPT_KEY = "policy-builder-kept";
const TYPED_KEY = "policy-builder-typed";
const PUT_BACK = "put-back"; // marks the request that sends what was put back
// The draft that goes along is that of the address.
const NOT_KEPT = ["draft", "carried", PUT_BACK];

// `subjects` are fields that have others beside them, whose names begin alike; what has no such beginning goes with the
// first. One that the server wrote, because the address says so, wins over what was kept, unless the page was only
// reloaded or gone back to. One that was emptied is not put back. `send` is the button that sends the form, `clear`
// makes room first.
export function keepFields(form, { subjects, send, clear, written = isWritten, worth = isWorth }) {
  const key = `${KEPT_KEY}:${location.pathname}`;
  const subjectOf = (name) => subjects.find((subject) => name.startsWith(subject)) ?? subjects[0];

  function keep() {
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_KEPT.includes(name));
    sessionStorage.setItem(key, JSON.stringify(fields));
  }

  function putBack() {
    const fields = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    const came = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    const wanted = subjects.filter((subject) => worth(fields, subject) && !(came && written(form, subject)));
    if (!wanted.length) return;
    clear?.();
    const beside = document.createElement("div");
    beside.hidden = true;
    for (const [name, value] of [...fields, [PUT_BACK, "1"]]) {
      const control = form.elements[name];
      if (name !== PUT_BACK && (!wanted.includes(subjectOf(name)) || (control && isChanged(control)))) continue;
      if (control?.type === "checkbox") control.checked = true;
      else if (control) control.value = value;
      else {
        const field = document.createElement("textarea"); // which keeps line breaks
        field.name = name;
        field.value = value;
        beside.append(field);
      }
    }
    form.append(beside);
    document.addEventListener("htmx:afterRequest", function onAnswer({ detail }) {
      if (!detail.xhr.status || !detail.requestConfig.formData.has(PUT_BACK)) return;
      beside.remove();
      document.removeEventListener("htmx:afterRequest", onAnswer);
    });
    form.requestSubmit(send);
  }

  document.addEventListener("DOMContentLoaded", () => {
    putBack();
    addEventListener("pagehide", keep);
  });
}

const isWritten = (form, subject) => form.elements[subject].defaultValue.trim() !== "";
const isWorth = (fields, subject) => fields.some(([name, value]) => name === subject && value.trim() !== "");

// Text in the builder that is not in the draft yet survives leaving the page and coming back to the draft.
const OFTEN_TYPED = ["name", "action"];
const OF_A_CONDITION = ["about", "key", "operator", "prefix", "values"].map((name) => `condition-${name}`);
const OF_THE_STATEMENT = ["label", "resource", ...OF_A_CONDITION];

function rememberTyped() {
  const begun = document.getElementById("unfinished").textContent.trim() !== "";
  const ids = [...OFTEN_TYPED, ...(begun ? OF_THE_STATEMENT : ["label"])];
  const texts = ids.map((id) => document.getElementById(id)).filter(isChanged).map(({ id, value }) => [id, value]);
  const draft = document.getElementById("draft").value;
  sessionStorage.setItem(TYPED_KEY, JSON.stringify({ draft, statement: shownStatement(), begun, texts }));
}

const shownStatement = () => document.querySelector(".statement-edit[aria-current]").id;

export function keepUnfinished() {
  addEventListener("pagehide", rememberTyped);
  const { draft, statement, begun, texts } = JSON.parse(sessionStorage.getItem(TYPED_KEY) ?? "{}");
  if (draft !== document.getElementById("draft").value) return;
  const shown = statement === shownStatement();
  fillIn(shown ? texts : texts.filter(([id]) => OFTEN_TYPED.includes(id)));
  if (shown || !begun) return;
  document.addEventListener("htmx:afterRequest", function onAnswer() {
    if (statement !== shownStatement()) return;
    document.removeEventListener("htmx:afterRequest", onAnswer);
    fillIn(texts);
  });
  document.getElementById(statement)?.click();
}

function fillIn(texts) {
  for (const [id, text] of texts) {
    const field = document.getElementById(id);
    if (field.value === text) continue;
    field.value = text;
    field.dispatchEvent(new Event(id === "condition-values" ? "input" : "change", { bubbles: true }));
  }
}
