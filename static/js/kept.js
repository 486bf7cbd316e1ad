// What was pasted or made on a page is still there when the tab comes back to it, by a reload, Back or Forward, or a
// link. The server keeps nothing, so the tab does, until it is closed.
import { isChanged } from "./shared.js";

const KEPT_KEY = "policy-builder-kept";
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
