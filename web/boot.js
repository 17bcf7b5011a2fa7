// What must happen before any Python: the theme of the first paint, the engine's start, and the
// message that shows when the page's own Python cannot start.
"use strict";

const page = document.documentElement;

try {
  const theme = localStorage.getItem("theme");
  if (theme) page.dataset.theme = theme;
} catch {
  // Storage is switched off: the theme follows the system.
}

// The engine's worker and its messages, kept until the page's Python listens.
window.engineStart = {
  worker: null,
  kept: [],
  listener: null,

  start() {
    this.worker?.terminate();
    this.worker = new Worker("engine/worker.mjs", { type: "module" });
    this.worker.onmessage = ({ data }) => this.pass(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.pass({ failed: "fetch", reason: event.message ?? "engine/worker.mjs" });
    };
  },

  pass(message) {
    if (this.listener) this.listener(message);
    else this.kept.push(message);
  },

  listen(listener) {
    this.listener = listener;
    for (const message of this.kept.splice(0)) listener(message);
  },
};
window.engineStart.start();

function fail(event) {
  if (page.dataset.page !== "starting") return;
  page.dataset.page = "failed";
  console.error("The page's Python could not start:", event.reason ?? event.target?.src ?? event.message);
}
addEventListener("error", fail, true);
addEventListener("unhandledrejection", fail);
