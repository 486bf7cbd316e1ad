// What HTML cannot do alone on the page that compares policies. Without this script the same form works with its
// buttons.
import { keepFields } from "./kept.js";
import { takeChosenFiles, tellFailures } from "./shared.js";

takeChosenFiles();
tellFailures("The server did not answer. Your texts are still in their fields.", {
  form: "compare",
  command: "compare",
});
keepFields(document.getElementById("compare"), { subjects: ["before", "after"] });
