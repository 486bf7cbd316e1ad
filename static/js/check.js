// What HTML cannot do alone on the pages where one text is pasted. Without this script the same form works with its
// buttons.
import { watchAnswers } from "./answers.js";
import { keepFields } from "./kept.js";
import { takeChosenFiles, tellFailures } from "./shared.js";

takeChosenFiles();
const press = document.getElementById("press");
tellFailures("The server did not answer. Your text is still in the field.", { form: press.form.id, command: press.value });
watchAnswers("Off until the server answers: this is about the text as it was before.");
keepFields(press.form, { subjects: ["text"] });

// What leads to another address, the download, is a plain submission.
document.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) event.stopPropagation();
}, true);
