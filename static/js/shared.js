// What the pages share: copying, the focus when what had it is gone, answers that do not come or come late, chosen
// files, and whatever was done before this script ran.

let nextFocus = null;

export function tell(message) {
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
export function restoreFocus() {
  for (const id of nextFocus?.split(" ") ?? []) {
    if (document.activeElement !== document.body) return;
    document.getElementById(id)?.focus();
  }
}

// Where a button was pressed for an answer, its headline comes into sight.
export function showHeadline(event) {
  const pressed = event.detail.requestConfig.triggeringEvent?.submitter?.id === "press";
  if (pressed) document.getElementById("headline")?.scrollIntoView({ block: "nearest" });
}

const mainText = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("main p")?.textContent;

// An answer that does not come must not look like one: `words` say so, beside a button that sends the form again, as
// the button did that failed, or else as `command` would. What is too much at once, the answer itself says.
export function tellFailures(words, { form, command }) {
  const onFailure = (event) => {
    const box = document.createElement("div");
    box.className = "problems";
    const text = document.createElement("p");
    const { status, responseText } = event.detail.xhr;
    text.textContent = (status === 413 && mainText(responseText)) || words;
    const again = document.createElement("button");
    again.type = "submit";
    again.setAttribute("form", form);
    again.name = "do";
    again.value = event.detail.requestConfig?.formData?.get("do") ?? command;
    again.textContent = "Try again";
    box.append(text, again);
    document.getElementById("problems")?.replaceChildren(box);
  };
  document.addEventListener("htmx:responseError", onFailure);
  document.addEventListener("htmx:sendError", onFailure);
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
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.type !== "select-one") return field.value !== field.defaultValue;
  const written = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return field.selectedOptions[0] !== written;
}

// Back and Forward between addresses that htmx wrote change the address only; it is htmx that fetches the page, and that
// does not listen at first. A browser that cannot tell goes on as before.
function wentBack() {
  const loaded = window.navigation?.activation?.entry.url;
  return loaded && loaded.split("#")[0] !== location.href.split("#")[0];
}

// Whatever was typed, pasted, ticked or chosen before htmx listened counts as if it were done now. htmx sends what
// listens for a change of the field, the field itself or its form; each request holds all fields, so one per address
// is enough. What more there is to do about a file or a box that is never sent, its page does when it changes.
// `data-counts-with` names the button with which a field counts, and not before.
function catchUp() {
  if (wentBack()) {
    location.reload();
    return;
  }
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
document.addEventListener("DOMContentLoaded", catchUp); // htmx came first: it listens by now
