// What HTML cannot do alone on the page that compares policies. Without this script the same form works with its buttons.
"use strict";

const sent = {};

// A file is taken as soon as it is chosen.
document.addEventListener("change", (event) => {
  if (event.target.type === "file" && event.target.value) document.getElementById("press").click();
});

// Whatever was typed since is worth more than an answer about the text before.
document.addEventListener("htmx:configRequest", (event) => {
  for (const side of ["before", "after"]) sent[side] = event.detail.formData.get(side);
});
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { id, value } = event.detail.target;
  if (id in sent && value !== sent[id]) event.detail.shouldSwap = false;
});

document.addEventListener("htmx:afterRequest", (event) => {
  restoreFocus();
  const pressed = event.detail.requestConfig.triggeringEvent?.submitter?.id === "press";
  if (pressed) document.getElementById("headline")?.scrollIntoView({ block: "nearest" });
});

// An answer that does not come must not look like one.
function showFailure(event) {
  const box = document.createElement("div");
  box.className = "problems";
  const text = document.createElement("p");
  text.textContent = "The server did not answer. Your texts are still in their fields.";
  const again = document.createElement("button");
  again.type = "submit";
  again.setAttribute("form", "compare");
  again.name = "do";
  again.value = event.detail.requestConfig?.formData?.get("do") ?? "compare";
  again.textContent = "Try again";
  box.append(text, again);
  document.getElementById("problems").replaceChildren(box);
}

document.addEventListener("htmx:responseError", showFailure);
document.addEventListener("htmx:sendError", showFailure);
