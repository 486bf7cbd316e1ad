// What the pages share: answers that do not come or come late, and whatever was done before this script ran.

// `outcome` is the message in one word, for what looks at the page without reading it.
export function tell(message, outcome = "") {
  const place = document.getElementById("copied");
  if (!place) return;
  place.textContent = message;
  place.dataset.outcome = outcome;
}

const mainText = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("main p")?.textContent;

// A search or a filter changes what is listed, and nothing else; so does trying one again.
export function isSearch({ triggeringEvent }) {
  const { target, submitter } = triggeringEvent ?? {};
  return target?.id === "q" || Boolean(target?.closest?.(".filters")) || submitter?.dataset.again === "search";
}

// An answer that does not come must not look like one: `words` say so, beside a button that sends the form again, as
// the button did that failed, or else as `command` would. Where no more than a search is lost, `searched` say that.
// What is too much at once, the answer itself says.
export function tellFailures(words, { form, command, searched = words }) {
  let lost = false; // something else than a search, since the last answer
  const onFailure = (event) => {
    const { requestConfig } = event.detail;
    const search = isSearch(requestConfig);
    lost ||= !search && requestConfig.verb !== "get";
    const box = document.createElement("div");
    box.className = "problems";
    const text = document.createElement("p");
    const { status, responseText } = event.detail.xhr;
    box.dataset.failed = search && !lost ? "search" : "change";
    text.textContent = (status === 413 && mainText(responseText)) || (search && !lost ? searched : words);
    const again = document.createElement("button");
    again.type = "submit";
    again.setAttribute("form", form);
    again.name = "do";
    again.value = requestConfig.formData?.get("do") ?? command;
    if (search) again.dataset.again = "search";
    again.id = "try-again";
    again.textContent = "Try again";
    const had = document.activeElement;
    again.dataset.focus = had.id === again.id ? had.dataset.focus : had.id; // back to where somebody was
    box.append(text, again);
    document.getElementById("problems")?.replaceChildren(box);
    if (had.id === again.id) again.focus();
  };
  document.addEventListener("htmx:responseError", onFailure);
  document.addEventListener("htmx:sendError", onFailure);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && detail.requestConfig.verb !== "get") lost = false;
  });
}

// Whether a field is not as the server wrote it.
export function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type !== "select-one") return field.value !== field.defaultValue;
  const written = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return field.selectedOptions[0] !== written;
}

// Whatever was typed, pasted, ticked or chosen before htmx listened counts as if it were done now. htmx sends what
// listens for a change of the field, the field itself or its form; each request holds all fields, so one per address
// is enough. What more there is to do about a file or a box that is never sent, its page does when it changes.
// `data-counts-with` names the button with which a field counts, and not before.
function catchUp() {
  const asked = new Set();
  const fields = [...document.querySelectorAll("input, select, textarea")];
  for (const field of fields.filter((field) => isChanged(field) && !field.dataset.countsWith)) {
    const sender = field.closest("[hx-post]");
    const address = sender?.getAttribute("hx-post");
    if (!field.name || field.type === "file") {
      field.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (address && !asked.has(address)) {
      asked.add(address);
      htmx.ajax("POST", address, { source: sender }).catch(() => {}); // tellFailures tells of it
    }
  }
}

// htmx sends the button that was pressed last with whatever comes after it, until it loses the focus, which it need not
// have had: Safari gives it none. Only the button that made this very submission counts.
function sendOwnButtonOnly(event) {
  const { formData, triggeringEvent } = event.detail;
  formData.delete("do");
  if (triggeringEvent?.submitter?.name === "do") formData.set("do", triggeringEvent.submitter.value);
}

// It is the form that asks, whichever of its fields was changed: an answer may replace the field, and htmx neither sends
// what an element asked for that is gone, nor whatever waits behind that.
function askAsForm(event) {
  const { elt, path, triggeringEvent, verb } = event.detail;
  if (!elt.form || verb === "get") return;
  event.preventDefault();
  htmx.ajax(verb, path, { source: elt.form, event: triggeringEvent }).catch(() => {}); // tellFailures tells of it
}

document.addEventListener("htmx:confirm", askAsForm);
document.addEventListener("htmx:configRequest", sendOwnButtonOnly);
document.addEventListener("DOMContentLoaded", catchUp); // htmx came first: it listens by now
