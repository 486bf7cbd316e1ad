// Runs in the measured page. Watches clicks on boxes and searches, and what follows them; `bench.finished(n)` tells of the
// nth. All times are milliseconds since the event, which the browser stamps when it receives it.
(() => {
  const SECONDS_TO_CHANGE = 30;
  const MILLISECONDS_TO_REPORT = 500;
  const SHOWN_BY = { o: "json", q: "hits" }; // name of a control -> the id of the text that it changes
  const steps = [];
  const requests = [];
  const textOf = (id) => document.getElementById(id)?.textContent ?? "";

  function begin(event, name) {
    if (event.target.name !== name) return;
    const id = SHOWN_BY[name];
    const step = { start: event.timeStamp, id, before: textOf(id) };
    step.done = new Promise((resolve) => (step.resolve = resolve));
    setTimeout(step.resolve, 1000 * SECONDS_TO_CHANGE, null);
    steps.push(step);
  }

  document.addEventListener("click", (event) => begin(event, "o"), true);
  document.addEventListener("input", (event) => begin(event, "q"), true);

  // The text is another one: ask the browser when it will have painted it (Element Timing).
  new MutationObserver(() => {
    const step = steps.at(-1);
    if (!step || step.changed || textOf(step.id) === step.before) return;
    step.changed = performance.now();
    const text = document.getElementById(step.id);
    (text.closest("pre") ?? text).setAttribute("elementtiming", String(steps.length));
    // Where it does not tell, as for text out of sight: the start of the second frame, when the first is painted.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      step.secondFrame = performance.now();
      setTimeout(finish, MILLISECONDS_TO_REPORT, step, null);
    }));
  }).observe(document.getElementById("main"), { childList: true, subtree: true, characterData: true });

  // Not getEntriesByType: that keeps the first 250 only.
  new PerformanceObserver((list) => requests.push(...list.getEntries())).observe({ type: "resource" });

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const step = steps[Number(entry.identifier) - 1];
      if (step) finish(step, entry.renderTime || entry.startTime);
    }
  }).observe({ type: "element" });

  function finish(step, painted) {
    const request = requests.find((entry) => entry.startTime >= step.start);
    step.resolve({
      answered: request.responseEnd - step.start,
      changed: step.changed - step.start,
      painted: (painted ?? step.secondFrame) - step.start,
      told: painted !== null,
      text: textOf(step.id).trim(),
    });
  }

  window.bench = { finished: (number) => steps[number - 1]?.done ?? null };
})();
