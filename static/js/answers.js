// Whether what the page shows is the answer to all that was done on it. While an answer is under way, what shows the
// last one is dimmed; when none came, what would take the last one along is off.
import { isSearch, tell } from "./shared.js";

const PATIENCE = 200; // ms before an answer that is under way is shown to be
const LONGEST_DELAY = 1000; // ms between typing and asking; fields that are typed in wait for a pause

let underWay = 0;
let typed = null; // the timer of a field that is typed in and not sent yet
let dimming = null;
let failed = "";
let stale = false; // what is listed is not what was searched for last
let waiting = [];

const isChange = (event) => event.detail.requestConfig.verb !== "get";
const isBehind = () => underWay > 0 || typed !== null;

// Resolves once nothing is under way: to "", or to why the page does not show the answer to what was done last.
export function whenAnswered() {
  return isBehind() ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(failed);
}

function show() {
  for (const part of document.querySelectorAll("[data-answer]")) {
    const dimmed = dimming === "over" && isBehind();
    part.classList.toggle("is-behind", dimmed);
    part.setAttribute("aria-busy", String(dimmed));
  }
  for (const part of document.querySelectorAll("[data-takes-answer]")) {
    part.inert = failed !== "";
    part.classList.toggle("is-off", failed !== "");
  }
  document.getElementById("copied")?.classList.toggle("copied-off", failed !== "");
  document.getElementById("tree")?.classList.toggle("is-stale", stale);
}

function begin() {
  if (dimming !== null) return;
  dimming = setTimeout(() => {
    dimming = "over";
    show();
  }, PATIENCE);
}

function settle() {
  if (isBehind()) return;
  if (dimming !== "over") clearTimeout(dimming);
  dimming = null;
  show();
  for (const resolve of waiting.splice(0)) resolve(failed);
}

function forgetTyped() {
  clearTimeout(typed);
  typed = null;
}

// `words` say that an answer did not come; what was off is on again with the next one that does. A search that is not
// answered leaves the policy as it is, and what is listed out of date.
export function watchAnswers(words) {
  document.addEventListener("input", (event) => {
    if (!event.target.getAttribute("hx-trigger")?.includes("delay:")) return;
    forgetTyped();
    typed = setTimeout(() => {
      forgetTyped();
      settle();
    }, LONGEST_DELAY);
    begin();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") forgetTyped();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isChange(event)) return;
    underWay += 1;
    begin();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isChange(event)) return;
    underWay -= 1;
    const { successful, requestConfig } = event.detail;
    stale = !successful && (stale || isSearch(requestConfig));
    if (successful) failed = "";
    else if (!isSearch(requestConfig)) failed = words;
    tell(failed, failed && "off");
    setTimeout(settle); // what waits for its turn is sent before that
  });
}

// A link that holds the draft leads to the one that is under way, once it is here.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-of-draft] a[href]");
  if (!link || !isBehind()) return;
  event.preventDefault();
  event.stopPropagation();
  const linksOf = (part) => [...part.querySelectorAll("a[href]")];
  const { id } = link.closest("[data-of-draft]");
  const number = linksOf(link.closest("[data-of-draft]")).indexOf(link);
  whenAnswered().then((failed) => {
    if (!failed) linksOf(document.getElementById(id))[number]?.click();
  });
}, true);
