// Starting points are filtered while somebody types, by their names and descriptions. What they contain, and what words
// mean, the server knows: the form's button asks it, as it does without this script.
const field = document.getElementById("q");
const rows = [...document.querySelectorAll("[data-row]")].map((row) => ({ row, text: textOf(row) }));
const names = document.getElementById("names");

function textOf(row) {
  const copy = row.cloneNode(true);
  for (const part of copy.querySelectorAll("[data-no-words]")) part.remove();
  return copy.textContent.toLowerCase();
}

const shownIn = (place) => place.querySelectorAll("[data-row]:not([hidden])").length;

function filter() {
  // What the server found for these words is what it listed.
  const words = field.value === field.defaultValue ? [] : field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const { row, text } of rows) row.hidden = !words.every((word) => text.includes(word));
  for (const group of document.querySelectorAll("[data-group]")) group.hidden = !shownIn(group) && words.length > 0;
  for (const link of document.querySelectorAll(".start-parts a, .start-jumps a")) link.hidden = isHidden(link.hash.slice(1));
  for (const tally of document.querySelectorAll("[data-tally]")) {
    tally.textContent = shownIn(document.getElementById(tally.dataset.tally));
  }
  if (names) names.open = words.length > 0 || field.defaultValue !== "";
  tell(words.length, rows.filter(({ row }) => !row.hidden).length);
}

const isHidden = (id) => !document.getElementById(id) || document.getElementById(id).closest("[hidden]") !== null;

function tell(words, shown) {
  const said = shown ? `${shown} of ${rows.length} match by name. Search looks into what they contain as well.` : "None matches by name.";
  document.getElementById("left").textContent = words ? said : "";
  document.getElementById("none-left").hidden = !words || shown > 0;
}

if (rows.length) {
  field.addEventListener("input", filter);
  // The browser puts back what was typed when it comes back to the page.
  window.addEventListener("pageshow", () => field.value !== field.defaultValue && filter());
}
