// Puts the parts of an answer in their places, as htmx does with what is marked with `hx-swap-oob`, and in a tenth of its
// time: htmx tells of every part that came so far with each that comes, and of every element that goes.
import { keepingFocus } from "./swaps.js";

const SWAPPED = "hx-swap-oob";
const ASKS = "[hx-get], [hx-post]";

function put(part) {
  const [how, where] = part.getAttribute(SWAPPED).split(":#");
  const target = document.getElementById(where ?? part.id);
  if (!target) return;
  part.removeAttribute(SWAPPED);
  const fragment = document.createDocumentFragment();
  fragment.append(part);
  const detail = { target, fragment, shouldSwap: true };
  target.dispatchEvent(new CustomEvent("htmx:oobBeforeSwap", { bubbles: true, detail }));
  if (!detail.shouldSwap) return;
  const news = how === "true" ? [part] : [...part.childNodes];
  if (how === "true") target.replaceWith(part);
  else if (how === "innerHTML") target.replaceChildren(...news);
  else if (how === "delete") target.remove();
  else if (how === "afterbegin") target.prepend(...news);
  else if (how === "afterend") target.after(...news);
  news.forEach(listen);
}

// Only what asks the server for something is told to htmx, which would go through all of the part.
function listen(part) {
  if (part.matches?.(ASKS)) htmx.process(part);
  for (const each of part.querySelectorAll?.(ASKS) ?? []) htmx.process(each);
}

// The draft in the links and fields that are marked with `data-draft`: an answer brings it once, and not each of these.
const token = () => document.getElementById("draft")?.value ?? "";

function writeDraft(before) {
  const now = token();
  if (!before || !now || now === before) return; // where there is none to begin with, the answer brings what holds it
  for (const element of document.querySelectorAll("[data-draft]")) {
    const name = element.localName === "a" ? "href" : "value";
    element.setAttribute(name, element.getAttribute(name).replace(before, now));
  }
}

htmx.defineExtension("parts", {
  transformResponse(text, _request, asking) {
    if (asking.id !== "builder") return text; // what is asked for within the form has one place
    const answer = document.createElement("template");
    answer.innerHTML = text;
    const parts = [...answer.content.children];
    const title = parts.find(({ localName }) => localName === "title");
    if (title) document.title = title.textContent;
    const before = token();
    keepingFocus(() => parts.filter((part) => part !== title).forEach(put));
    writeDraft(before);
    return "";
  },
});
