// What HTML cannot do alone on the pages where a text is pasted. Without this script the same form works with its buttons.
"use strict";

let sentText = "";

// A file is checked as soon as it is chosen.
document.addEventListener("change", (event) => {
  if (event.target.id === "file" && event.target.value) document.getElementById("press").click();
});

// What leads to another address, the download, is a plain submission.
document.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) event.stopPropagation();
}, true);

// Whatever was typed since is worth more than an answer about the text before.
document.addEventListener("htmx:configRequest", (event) => {
  sentText = event.detail.formData.get("text");
});
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target.id === "text" && event.detail.target.value !== sentText) event.detail.shouldSwap = false;
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
  text.textContent = "The server did not answer. Your text is still in the field.";
  const again = document.createElement("button");
  again.type = "submit";
  again.setAttribute("form", document.getElementById("text").form.id);
  again.name = "do";
  again.value = event.detail.requestConfig?.formData?.get("do") ?? "check";
  again.textContent = "Try again";
  box.append(text, again);
  document.getElementById("problems").replaceChildren(box);
}

document.addEventListener("htmx:responseError", showFailure);
document.addEventListener("htmx:sendError", showFailure);
