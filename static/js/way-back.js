// A draft that no link holds is kept by the tab alone; this is the way back to it, where the page has none.
const place = document.getElementById("way-back");
const { first, at, steps } = JSON.parse(sessionStorage.getItem("policy-builder-history") ?? "{}");
const step = steps?.[at - first];

if (place?.childElementCount === 0 && step?.token && !step.address.includes("draft=")) {
  const link = document.createElement("a");
  link.href = `${document.getElementById("brand").getAttribute("href")}#draft`;
  link.textContent = "Back to the draft";
  place.append(link);
}
