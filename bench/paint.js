// Runs in the measured page. Watches clicks on boxes and what follows them; `bench.finished(n)` tells of the nth.
// All times are milliseconds since the click, which the browser stamps when it receives it.
(() => {
  const SECONDS_TO_CHANGE = 30;
  const MILLISECONDS_TO_REPORT = 500;
  const ticks = [];
  const requests = [];
  const shown = () => document.getElementById("json")?.textContent ?? "";

  document.addEventListener("click", (event) => {
    if (event.target.name !== "o") return;
    const tick = { start: event.timeStamp, before: shown() };
    tick.done = new Promise((resolve) => (tick.resolve = resolve));
    setTimeout(tick.resolve, 1000 * SECONDS_TO_CHANGE, null);
    ticks.push(tick);
  }, true);

  // The JSON is another one: ask the browser when it will have painted it (Element Timing).
  new MutationObserver(() => {
    const tick = ticks.at(-1);
    if (!tick || tick.changed || shown() === tick.before) return;
    tick.changed = performance.now();
    const json = document.getElementById("json");
    (json.closest("pre") ?? json).setAttribute("elementtiming", String(ticks.length));
    // Where it does not tell, as for text out of sight: the start of the second frame, when the first is painted.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      tick.secondFrame = performance.now();
      setTimeout(finish, MILLISECONDS_TO_REPORT, tick, null);
    }));
  }).observe(document.getElementById("policy"), { childList: true, subtree: true, characterData: true });

  // Not getEntriesByType: that keeps the first 250 only.
  new PerformanceObserver((list) => requests.push(...list.getEntries())).observe({ type: "resource" });

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const tick = ticks[Number(entry.identifier) - 1];
      if (tick) finish(tick, entry.renderTime || entry.startTime);
    }
  }).observe({ type: "element" });

  function finish(tick, painted) {
    const request = requests.find((entry) => entry.startTime >= tick.start);
    tick.resolve({
      answered: request.responseEnd - tick.start,
      changed: tick.changed - tick.start,
      painted: (painted ?? tick.secondFrame) - tick.start,
      told: painted !== null,
    });
  }

  window.bench = { finished: (number) => ticks[number - 1]?.done ?? null };
})();
