// Keeps the site for the next visit, and offers a newer version when there is one; see sw.js. It is the page's first
// script, and one by itself: what is broken in others must not keep a mended version away.
"use strict";

const page = document.documentElement;
const workers = serviceWorkers();
const ownVersion = page.dataset.files.slice(0, -1);
const PATIENCE = 5000; // milliseconds; how long a visitor waits at most for a version to take over

// Missing where the page is not served securely; in some frames not even to be asked for.
function serviceWorkers() {
  try {
    return navigator.serviceWorker;
  } catch {
    return undefined;
  }
}

// Do all of the page's files come from what the browser keeps, where they were found right?
window.isSiteKept = () => Boolean(workers?.controller);

let isKeeping = false;

// For a page that works. Without a service worker the next visit needs the network again, and nothing else is lost.
window.keepSite = async () => {
  if (isKeeping) return; // another engine of the page is ready
  isKeeping = true;
  const registration = await workers?.register("sw.js", { updateViaCache: "none" }).catch(console.warn);
  if (!registration) return;
  offerNewer(registration);
  const tell = async () => (await workers.ready).active.postMessage({ ready: ownVersion });
  workers.addEventListener("controllerchange", tell);
  addEventListener("pagehide", () => registration.active?.postMessage("left"));
  // The browser kept the page as it was, and the visitor came back to it.
  addEventListener("pageshow", ({ persisted }) => persisted && tell());
  await tell();
};

// For a page that does not work, or not yet: a newer version may be all that it lacks, and may come at any time.
const LOOK = 30_000; // milliseconds

async function seekNewer() {
  const registration = await workers?.getRegistration().catch(console.warn);
  if (!registration) return;
  offerNewer(registration);
  await registration.update().catch(console.warn);
}

const isWell = () => page.dataset.page === "ready" && page.dataset.engine === "ready";
let looking; // while the page does not work

function seekUnlessWell() {
  if (!isWell() && !document.hidden) seekNewer();
}

function lookUnlessWell() {
  clearInterval(looking);
  if (!isWell()) looking = setInterval(seekUnlessWell, LOOK);
  if (page.dataset.page === "failed" || page.dataset.engine === "failed") seekNewer();
}

lookUnlessWell();
addEventListener("visibilitychange", seekUnlessWell);
new MutationObserver(lookUnlessWell).observe(page, { attributeFilter: ["data-page", "data-engine"] });

// A version that takes the place of one that failed tells its pages to load again.
workers?.addEventListener("message", ({ data, ports }) => {
  if (data !== "load again") return;
  ports[0].postMessage("");
  location.reload();
});

let isOffering = false;

function offerNewer(registration) {
  const notice = document.querySelector("[data-notice=update]");
  if (isOffering || !notice) return; // a page that was cut short has none
  isOffering = true;
  let serving = ownVersion; // what a new page would get
  const offer = () => {
    const waits = registration.waiting && workers.controller;
    notice.hidden = !waits && serving === ownVersion;
  };
  const follow = () => {
    registration.installing?.addEventListener("statechange", offer);
    offer();
  };
  follow();
  registration.addEventListener("updatefound", follow);
  workers.addEventListener("message", ({ data }) => {
    if (data.version) serving = data.version;
    offer();
  });
  notice.querySelector("[data-load]").onclick = () => take(registration.waiting);
}

// Has a version that waits answer new pages, of which this one's next is the first.
async function take(waiting) {
  if (waiting) {
    waiting.postMessage("take over");
    await new Promise((done) => {
      waiting.addEventListener("statechange", done);
      setTimeout(done, PATIENCE);
    });
  }
  location.reload();
}
