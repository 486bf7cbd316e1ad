// What the pages share: focus and scroll when what had them is gone, answers that do not come or come late, chosen
// files, and whatever was done before this script ran.

let nextFocus = null;

export function tell(message) {
  const place = document.getElementById("copied");
  if (place) place.textContent = message;
}

// A button that did its work may be gone, or off; then the focus goes to the first of the places that the button names,
// else to what comes before it. Nothing moves for that, unless it would be out of sight.
export function restoreFocus() {
  for (const id of [...(nextFocus?.split(" ") ?? []), ...before]) {
    if (!document.activeElement.matches("body, :disabled")) return;
    const place = document.getElementById(id);
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: "nearest", behavior: "instant" });
  }
  before = [];
}

const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
const ENOUGH = 5; // some of them may go as well
let before = []; // ids of what comes before what has the focus

function noteBefore() {
  before = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
  walker.currentNode = document.activeElement;
  while (before.length < ENOUGH && walker.previousNode()) {
    const { id } = walker.currentNode;
    if (id && walker.currentNode.matches(FOCUSABLE)) before.push(id);
  }
}

// What somebody is working on stays where it is on the screen, whatever an answer puts above it: the element itself, or
// the innermost around it that is still there.
let worked = null;
let places = [];

function notePlaces() {
  places = [];
  const from = document.activeElement === document.body ? worked : document.activeElement;
  for (let place = from; place; place = place.parentElement) {
    if (place.id) places.push([place.id, place.getBoundingClientRect().top]);
  }
}

function keepPlace() {
  const [id, top] = places.find(([each]) => document.getElementById(each)) ?? [];
  places = [];
  if (!id) return;
  const place = document.getElementById(id);
  const moved = place.getBoundingClientRect().top - top;
  if (moved) scrollerOf(place).scrollBy({ top: moved, behavior: "instant" });
}

function scrollerOf(element) {
  for (let around = element.parentElement; around; around = around.parentElement) {
    if (around.localName === "dialog") return around; // what is behind it stays, whatever moves in it
    const scrolls = around.scrollHeight > around.clientHeight;
    if (scrolls && /auto|scroll/.test(getComputedStyle(around).overflowY)) return around;
  }
  return document.scrollingElement;
}

// Where a button was pressed for an answer, its headline comes into sight.
export function showHeadline(event) {
  const pressed = event.detail.requestConfig.triggeringEvent?.submitter?.id === "press";
  if (pressed) document.getElementById("headline")?.scrollIntoView({ block: "nearest" });
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

// Whatever was typed since is worth more than an answer about the text before: nothing takes the place of one of these
// fields, or of what is around it, while the field holds another text than what was sent.
export function keepTyped(...ids) {
  let sent = new FormData();
  document.addEventListener("htmx:configRequest", (event) => {
    sent = event.detail.formData;
  });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const fields = ids.map((id) => document.getElementById(id)).filter((field) => event.detail.target.contains(field));
    if (fields.some((field) => field.value !== sent.get(field.name))) event.detail.shouldSwap = false;
  });
}

// A file is taken as soon as it is chosen.
export function takeChosenFiles() {
  document.addEventListener("change", (event) => {
    if (event.target.type === "file" && event.target.value) document.getElementById("press").click();
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
document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a");
  if (target?.id === "press") return; // for a script
  nextFocus = target?.dataset.focus ?? null;
  worked = event.target;
  if (target?.dataset.dismiss) {
    document.getElementById(target.dataset.dismiss).replaceChildren();
    restoreFocus();
  }
}, true);
document.addEventListener("htmx:configRequest", sendOwnButtonOnly);
document.addEventListener("htmx:beforeSwap", noteBefore);
document.addEventListener("htmx:beforeSwap", notePlaces);
// After everything else that an answer changes: to measure makes the browser lay the page out, which it does once so.
document.addEventListener("htmx:afterRequest", () => queueMicrotask(keepPlace));
document.addEventListener("DOMContentLoaded", catchUp); // htmx came first: it listens by now
