// The draft in the links and fields that are marked with `data-draft`: an answer brings it once, and not each of these.
let before = "";

const token = () => document.getElementById("draft")?.value ?? "";

function noteDraft() {
  before = token();
}

function writeDraft() {
  const now = token();
  if (!before || !now || now === before) return; // where there is none to begin with, the answer brings what holds it
  for (const element of document.querySelectorAll("[data-draft]")) {
    const name = element.localName === "a" ? "href" : "value";
    element.setAttribute(name, element.getAttribute(name).replace(before, now));
  }
}

document.addEventListener("htmx:beforeSwap", noteDraft);
document.addEventListener("htmx:afterRequest", writeDraft);
