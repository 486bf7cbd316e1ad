// A file is opened as soon as it is chosen, and wherever on the builder's page it is dropped. Without this script, the
// field and its button do the same.
const form = () => document.getElementById("draft-file");
const hint = () => document.getElementById("drop-hint");
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("change", ({ target }) => {
  if (target.id === "draft-file-field" && target.value) form().requestSubmit();
});

document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return; // text that is dragged into a field
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  hint().hidden = false;
});

// The pointer has left the page, and not only one element for another.
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) hint().hidden = true;
});

document.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  hint().hidden = true;
  const first = new DataTransfer();
  first.items.add(event.dataTransfer.files[0]);
  document.getElementById("draft-file-field").files = first.files;
  form().requestSubmit();
});
