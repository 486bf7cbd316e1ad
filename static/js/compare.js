// What HTML cannot do alone on the page that compares policies. Without this script the same form works with its
// buttons.
import { keepFields } from "./kept.js";
import { takeChosenFiles, tellFailures } from "./shared.js";
import { keepTyped, showAnswer } from "./swaps.js";

keepTyped(["before", "after"], { around: true });
takeChosenFiles();
tellFailures("The server did not answer. Your texts are still in their fields.", {
  form: "compare",
  command: "compare",
});
keepFields(document.getElementById("compare"), { subjects: ["before", "after"] });

document.addEventListener("htmx:afterRequest", showAnswer);
