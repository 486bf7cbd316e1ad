// Whether a fold is open, as somebody left it, from visit to visit; until then it is as the server has it.
const KEY = "policy-builder-folds";
const FOLDS = "details[data-fold]";

function left() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // not written by this page
  }
}

function putBack(place) {
  const folds = place.querySelectorAll(FOLDS);
  if (!folds.length) return;
  const open = left();
  for (const fold of folds) fold.open = open[fold.id] ?? fold.open;
}

// Only what somebody does is remembered, not what opens to show something.
document.addEventListener("click", ({ target }) => {
  const fold = target.closest("summary")?.parentElement;
  if (fold?.matches(FOLDS)) localStorage.setItem(KEY, JSON.stringify({ ...left(), [fold.id]: !fold.open }));
});
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => putBack(detail.fragment));
putBack(document);
