// Copying what the page shows, once it is the answer to what was done last: the clipboard where we may, the selected
// text where we may not.
import { whenAnswered } from "./answers.js";
import { tell } from "./shared.js";

// A field holds what was typed, whatever the server says of it.
const whenUpToDate = (id) => (document.getElementById(id)?.value === undefined ? whenAnswered() : Promise.resolve(""));

async function textOf(id) {
  const failed = await whenUpToDate(id);
  const element = document.getElementById(id);
  if (failed || !element) throw new Error(failed);
  return new Blob([element.value ?? element.textContent], { type: "text/plain" });
}

async function copyText({ copy: id, copied = "Copied. Paste it into the console’s JSON view." }) {
  let told = false;
  const waits = setTimeout(() => tell("Waiting for the server’s answer …", "waiting"), 200);
  try {
    // Permission to write lasts a moment only: it is asked for now, with the text to follow.
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": textOf(id) })]);
    told = true;
  } catch {
    // Told below: either there is no answer, or the browser does not let us.
  }
  const failed = await whenUpToDate(id);
  clearTimeout(waits);
  if (!failed) showWhatNow();
  if (failed) tell(failed, "off");
  else if (told) tell(copied, "copied");
  else select(document.getElementById(id));
}

// Beside the tree, what is done next with the policy stands below it, out of sight until it is taken along.
function showWhatNow() {
  document.querySelector(".policy")?.setAttribute("data-copied", "");
}

function select(element) {
  if (!element) return;
  element.closest("details")?.setAttribute("open", "");
  if (element.select) element.select();
  else getSelection().selectAllChildren(element);
  element.scrollIntoView({ block: "nearest" });
  tell("Not copied: the text is selected. Press Ctrl+C or ⌘C.", "selected");
}

// What the tab shows has its address there, once it is answered; a damaged or an older link does not hold the draft so.
// What is searched here is nobody else's.
const SEARCHED = ["q", "reading", "enterprise", "api", "selected", "all"];

async function copyLink() {
  const failed = await whenAnswered();
  if (failed) return;
  const address = new URL(location.href);
  address.searchParams.set("draft", document.getElementById("draft").value);
  for (const name of ["from", ...SEARCHED]) address.searchParams.delete(name);
  address.hash = "";
  try {
    await navigator.clipboard.writeText(address.href);
    tell("Link copied. It opens this draft in any browser.", "link");
  } catch {
    tell("Not copied: the address bar holds the link.", "address");
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest(".take a[download]")) showWhatNow();
  const button = event.target.closest("[data-copy], [data-copy-link]");
  if (button?.dataset.copy) copyText(button.dataset);
  else if (button) copyLink();
}, true);
