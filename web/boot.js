// What must happen before any Python, and works without it: the language, the look and the maps of the first paint,
// and that notices can be closed. The build puts it into the pages themselves, between fetching.js and start.js: a
// script that hangs would leave the page white.

const parsed = new Promise((resolve) => document.addEventListener("readystatechange", resolve, { once: true }));
// Where a file of the site lies: the page's own version has a folder of its own.
window.fileAt = (path) => new URL(page.dataset.files + path, document.baseURI).href;

// The visitor's settings, kept where the browser allows it: storage may be switched off or full. This is
// JavaScript because MicroPython cannot catch what a JavaScript function throws.
const keptIn = (storage) => ({
  get(name) {
    try {
      return storage().getItem(name);
    } catch {
      return null;
    }
  },

  set(name, value) {
    try {
      storage().setItem(name, value);
    } catch {
      // The setting holds until the page is left.
    }
  },
});
window.keptSettings = keptIn(() => localStorage);
window.sessionSettings = keptIn(() => sessionStorage);

// The site's home leads on to the page in the language that the visitor chose or else prefers.
const pages = new Map([...document.querySelectorAll("link[hreflang]")].map((link) => [link.hreflang, link.href]));
const [home] = pages.keys();

// A language in full, what is left unsaid filled in as is usual: zh-TW is zh-Hant-TW.
function inFull(code) {
  try {
    const { language, script, region } = new Intl.Locale(code).maximize();
    return [language, script, region];
  } catch {
    return []; // it is no language, as in an address that somebody typed
  }
}

// The page in a language: in the very one, else in its kind of another region, else in another script.
function pageFor(code) {
  if (pages.has(code)) return code;
  const wanted = inFull(code);
  const differs = (page) => inFull(page).findIndex((part, at) => part !== wanted[at]);
  return [-1, 2, 1].map((at) => [...pages.keys()].find((page) => differs(page) === at)).find(Boolean);
}

const chosen = new URLSearchParams(location.search).get("lang") ?? window.keptSettings.get("language");
const language = [chosen, ...navigator.languages].map(pageFor).find(Boolean) ?? home;
const isLeaving = page.lang === home && language !== home;
if (isLeaving) {
  window.stop(); // nothing more of this page is needed
  location.replace(pages.get(language) + location.search + location.hash);
}

// A link to another language takes the page's state along, and its language is kept as the visitor's choice; where
// nothing can be kept, its address has to say so.
addEventListener("click", ({ target }) => {
  const link = target.closest("#languages a");
  if (!link) return;
  window.keptSettings.set("language", link.hreflang);
  // A host that leads from ja.html to /ja may lead from /folder/index.html to /folder, where no address is right.
  if (!location.pathname.endsWith(".html")) link.pathname = link.pathname.replace(/index\.html$/, "");
  link.search = window.keptSettings.get("language") === link.hreflang ? "" : `lang=${link.hreflang}`;
  link.hash = location.hash;
});

page.dataset.theme = window.keptSettings.get("theme") ?? "system";
page.dataset.projector = window.sessionSettings.get("projector") ?? "off";
page.dataset.details = window.keptSettings.get("details") === "off" ? "off" : "on";

// What is clicked before Python answers is clicked again when it does.
window.clickedEarly = null;
addEventListener("click", ({ target }) => {
  if (page.dataset.page === "starting") window.clickedEarly = target.closest("[data-sample], [data-unit]");
}, true);

// The formulas' font is fetched when the first of them is less than a screen away (styles/article.css).
document.addEventListener("DOMContentLoaded", () => {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    page.dataset.formulas = "near";
  }, { rootMargin: "100%" });
  for (const formula of document.querySelectorAll("math")) observer.observe(formula);
});

// The first picture's maps, which the build computed: painted before there is any Python, unless the engine has
// drawn its own by then. Each canvas says where in the sprite its map is.
const painting = new AbortController();
window.keepFirstAway = () => painting.abort();

async function paintFirst() {
  const response = await fetch(window.fileAt("first/maps.webp"), painting);
  const sprite = await createImageBitmap(await response.blob());
  const paint = () => {
    painting.signal.throwIfAborted();
    for (const canvas of document.querySelectorAll("canvas[data-sprite]")) {
      const [x, y] = canvas.dataset.sprite.split(",").map(Number);
      const { width, height } = canvas;
      canvas.getContext("2d").drawImage(sprite, x, y, width, height, 0, 0, width, height);
    }
  };
  if (document.readyState === "loading") {
    paint(); // the rest of the page may never come
    await parsed;
  }
  paint();
  sprite.close();
}

window.firstPainted = paintFirst().then(() => true, () => false); // without it the engine draws
// What the page does not need yet lets the first picture go before it, for some milliseconds.
const FIRST = 5000;
window.firstIsOver = Promise.race([window.firstPainted, new Promise((done) => setTimeout(done, FIRST))]);

// The style sheet gets to know how much room the notices take. In the next frame: what an observer of sizes changes
// itself, the browser complains of.
parsed.then(() => {
  const notices = document.getElementById("notices");
  if (!notices) return; // the page came cut short
  const makeRoom = () => page.style.setProperty("--notices", `${notices.offsetHeight}px`);
  new ResizeObserver(() => requestAnimationFrame(makeRoom)).observe(notices);
});

// Whether the visitor is about to click: what comes by itself now would move what is under the pointer.
const AIM = 500; // milliseconds
let isPressed = false;
let aimedAt = -AIM;
for (const kind of ["pointermove", "pointerdown", "pointerup", "pointercancel"]) {
  addEventListener(kind, ({ type, pointerType }) => {
    isPressed = type === "pointerdown" || (type === "pointermove" && isPressed);
    if (pointerType === "mouse") aimedAt = performance.now();
  }, { capture: true, passive: true });
}
window.isAiming = () => isPressed || performance.now() - aimedAt < AIM;

// A notice goes, and the focus from it to where it was before, or else to what the page is about.
let leftAt = null;
addEventListener("focusin", ({ target }) => {
  if (!target.closest("#notices")) leftAt = target;
});
window.hideNotice = (notice) => {
  const isIn = notice.contains(document.activeElement);
  notice.hidden = true;
  if (!isIn) return;
  const places = [leftAt, document.getElementById("view-title"), document.querySelector("#gallery [aria-pressed=true]")];
  places.find((place) => place?.checkVisibility())?.focus({ preventScroll: true });
};
addEventListener("click", ({ target }) => {
  if (target.closest("[data-dismiss]")) window.hideNotice(target.closest("[data-notice]"));
});
