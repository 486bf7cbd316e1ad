// What HTML cannot do alone on the pages where texts are pasted. Without this script the same form works with its buttons.
import { watchAnswers } from "./answers.js";
import { keepFields } from "./kept.js";
import { tellFailures } from "./shared.js";

const press = document.getElementById("press");
const subjects = [...press.form.querySelectorAll("textarea[hx-post]")].map(({ name }) => name);
const isOne = subjects.length === 1;
const kept = isOne ? "Your text is still in the field." : "Your texts are still in their fields.";

tellFailures(`The server did not answer. ${kept}`, { form: press.form.id, command: press.value });
if (isOne) watchAnswers("Off until the server answers: this is about the text as it was before.");
keepFields(press.form, { subjects });

// A file is taken as soon as it is chosen.
document.addEventListener("change", ({ target }) => {
  if (target.type === "file" && target.value) press.click();
});

// What leads to another address, the download, is a plain submission.
document.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) event.stopPropagation();
}, true);
