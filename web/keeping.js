// Keeps the site for the next visit, and offers a newer version when there is one; see sw.js.

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

// For a page that failed: a newer version may be all that it lacks.
async function seekNewer() {
  const registration = await workers?.getRegistration().catch(console.warn);
  if (!registration) return;
  offerNewer(registration);
  await registration.update().catch(console.warn);
}

new MutationObserver(() => {
  if (page.dataset.page === "failed" || page.dataset.engine === "failed") seekNewer();
}).observe(page, { attributeFilter: ["data-page", "data-engine"] });

let isOffering = false;

function offerNewer(registration) {
  if (isOffering) return;
  isOffering = true;
  const notice = document.querySelector("[data-notice=update]");
  let serving = ownVersion; // what a new page would get
  const offer = () => {
    const waits = registration.waiting && workers.controller;
    if (waits || serving !== ownVersion) notice.hidden = false;
  };
  const follow = () => {
    registration.installing?.addEventListener("statechange", offer);
    offer();
  };
  follow();
  registration.addEventListener("updatefound", follow);
  workers.addEventListener("message", ({ data }) => {
    serving = data.version;
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
