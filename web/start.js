// The start of the page's Python: fetches what it needs, watches that all of it comes and that it goes on, and says
// so in one sentence where it does not. No file is needed for that but the page itself.

// What the build wrote into the page's head: `words` by key, and `sizes` of the files in bytes.
const known = JSON.parse(document.getElementById("start").textContent);
const PACK = "start.zip"; // PyScript, MicroPython's script, the page's modules and its network
const INTERPRETER = "runtime/micropython/micropython.wasm";

// After a start that failed, what the browser has kept may be damaged.
const cache = window.sessionSettings.get("failed") === "yes" ? "reload" : "default";

// Watching

const STILL = 20; // ticks: 10 s
const TICK = 500; // milliseconds
const ASLEEP = 5000; // milliseconds between two ticks: the machine slept

// Calls `still()` when for 10 s hardly a byte came and no stage began, and `moves()` when it goes on after that. The
// clock stands still while nobody sees the page, and begins anew when it wakes.
window.watch = (still, moves) => {
  let ticks = [0]; // bytes in each of the last ones
  let told = false;
  let last = performance.now();
  const bytes = () => ticks.reduce((sum, some) => sum + some, 0);
  const goOn = () => {
    if (!told) return;
    told = false;
    moves();
  };
  const timer = setInterval(() => {
    const passed = performance.now() - last;
    last += passed;
    if (document.hidden || passed > ASLEEP) ticks = [];
    if (ticks.length >= STILL && bytes() < LITTLE && !told) {
      told = true;
      still();
    }
    ticks = [...ticks.slice(1 - STILL), 0];
  }, TICK);
  return {
    came(count) {
      ticks[ticks.length - 1] += count;
      if (bytes() >= LITTLE) goOn();
    },
    next() {
      ticks = [0];
      goOn();
    },
    end() {
      clearInterval(timer);
      goOn();
    },
  };
};

// Saying

let said = null; // the sentence that stands on the page because of its start

function text(key, places = {}) {
  return known.words[key].replace(/\{(\w+)\}/g, (_, place) => places[place]);
}

// While more of its head may come, a browser paints nothing of a page: it begins anew, with nothing but a body.
function begin() {
  const start = page.cloneNode(false).outerHTML.replace("</html>", "");
  document.open();
  document.write(`<!doctype html>${start}<body></body></html>`);
  document.close();
}

// The notice in the page, or one of our own where the page's has not come.
function noticeOfPage() {
  const notice = document.querySelector("#notices [data-notice=page]");
  if (notice) return notice;
  const own = document.createElement("div");
  own.dataset.notice = "page";
  own.role = "alert";
  own.innerHTML = "<p data-says></p><p data-actions></p><p data-reason></p>";
  (document.body ?? page).append(own);
  return own;
}

function show() {
  document.querySelector("html > [data-notice], body > [data-notice]")?.remove();
  if (!said) {
    const notice = document.querySelector("[data-notice=page]");
    if (notice) notice.hidden = true;
    return;
  }
  const notice = noticeOfPage();
  notice.querySelector("[data-says]").textContent = said.sentence;
  notice.querySelector("[data-reason]").textContent = said.reason;
  const action = document.createElement(said.kind === "frame" ? "a" : "button");
  if (said.kind === "frame") Object.assign(action, { href: location.href, target: "_blank", textContent: text("page.open") });
  else Object.assign(action, { type: "button", textContent: text("page.reload"), onclick: () => location.reload() });
  action.dataset[said.kind === "frame" ? "open" : "reload"] = "";
  notice.querySelector("[data-actions]").replaceChildren(...(["file", "browser"].includes(said.kind) ? [] : [action]));
  notice.hidden = false;
}

// `kind` ends the key of the sentence.
function say(kind, { file = "", reason = "" } = {}) {
  said = { kind, reason, sentence: text("page.failed." + kind, { file }) };
  show();
  window.sessionSettings.set("failed", "yes");
}

// The page cannot start; the first reason is the one that is said. `isGuess`: it is taken back when the start goes on.
function failAs(kind, places, isGuess = false) {
  if (page.dataset.page !== "starting") return;
  if (!isGuess) watching.end();
  page.dataset.page = "failed";
  say(kind, places);
  console.error("The page could not start:", said.sentence, said.reason);
}

// Starting

let suspect = null; // an error that may be why it does not go on; many an error stops nothing
const missing = new Set(); // the files that have not come whole

const watching = window.watch(
  () => {
    const isLoading = document.readyState === "loading";
    if (isLoading && !document.body) begin();
    const waited = isLoading ? pageName() : [...missing][0];
    if (waited) say("still", { file: waited });
    else if (suspect) failAs("other", { reason: suspect }, true);
    else say("slow");
  },
  () => {
    if (page.dataset.page === "failed") page.dataset.page = "starting";
    said = null;
    show();
  },
);

// Where only errors tell that it does not go on, the clock does.
for (const kind of ["error", "unhandledrejection"]) {
  addEventListener(kind, ({ message, reason }) => {
    suspect ??= message ?? reason?.message ?? String(reason);
  });
}

function pageName() {
  return location.pathname.split("/").at(-1) || "index.html";
}

// Of the page itself no bytes are told, so its growth is looked at.
let grown = 0;
const growing = setInterval(() => {
  const length = page.innerHTML.length;
  watching.came(Math.max(0, length - grown));
  grown = length;
}, TICK);

const pageIsWhole = parsed.then(() => {
  clearInterval(growing);
  show(); // where the page has a place for it
  if (isLeaving || document.getElementById("page-end")) return;
  failAs("cut", { file: pageName() });
  throw new FileFault("cut", pageName());
});

// A file that the start needs: `content` for its user, `done` when all of it has come.
function need(path, read) {
  missing.add(path);
  const asked = fetchFile(window.fileAt(path), path, { size: known.sizes[path], came: watching.came, cache });
  const content = asked.then((file) => read(file, path));
  const done = Promise.all([content, asked.then(({ whole }) => whole)]).then(() => missing.delete(path));
  return { content, done };
}

// Where the host has not one of the files, the page's address is to blame; so the other's fault is waited for.
const OTHER = 1000; // milliseconds

function hear(needed) {
  const faults = [];
  const isLacking = ({ name }) => name === "missing" || name === "wrong";
  for (const { done } of needed) {
    done.catch((fault) => {
      const file = fault.message;
      faults.push(fault);
      if (faults.length < needed.length) setTimeout(() => failAs(fault.name, { file }), OTHER);
      else failAs(faults.every(isLacking) ? "bare" : fault.name, { file });
    });
  }
}

// Its hash stands in the page's policy, so that nothing but what the build put there can run.
function run(source) {
  const script = document.createElement("script");
  Object.assign(script, { type: "module", async: false, textContent: source });
  document.head.append(script);
}

// MicroPython asks for its WebAssembly, which is on its way.
function serve(interpreter) {
  const { fetch } = window;
  const { instantiateStreaming } = WebAssembly;
  window.fetch = (asked, ...given) => (String(asked).endsWith(INTERPRETER) ? interpreter.content : fetch(asked, ...given));
  WebAssembly.instantiateStreaming = (...given) => {
    const instance = instantiateStreaming.apply(WebAssembly, given);
    instance.catch(() => interpreter.done.then(() => failAs("wrong", { file: INTERPRETER })));
    return instance;
  };
}

async function start() {
  const pack = need(PACK, unzipped);
  const interpreter = need(INTERPRETER, ({ response }) => calledWasm(response));
  hear([pack, interpreter]);
  const [files] = await Promise.all([pack.content.then(filesOf).then(Object.fromEntries), pageIsWhole]);
  window.startFiles = { bytes: (name) => files[name], text: (name) => new TextDecoder().decode(files[name]) };
  serve(interpreter);
  for (const name of ["micropython.js", "core.js"]) {
    run(window.startFiles.text(name));
    await new Promise((done) => setTimeout(done)); // lets the browser answer between two long tasks
  }
  await interpreter.done;
  watching.next();
}

// The page's Python says that it goes on, that it is done, or that it cannot.
window.startGoesOn = watching.next;
window.startIsOver = () => {
  page.dataset.page = "ready";
  watching.end();
  window.sessionSettings.set("failed", "no");
};
window.cannotStart = (reason) => failAs("other", { reason });

const lacking = ["WebAssembly", "DecompressionStream", "createImageBitmap"].filter((name) => !(name in window));
// A page without an origin may not read its own files.
if (self.origin === "null") failAs(location.protocol === "file:" ? "file" : "frame");
else if (lacking.length) failAs("browser", { reason: lacking.join(", ") });
else if (!isLeaving) {
  start().catch((fault) => {
    if (!(fault instanceof FileFault)) failAs("other", { reason: String(fault) }); // of files it has been said
  });
}

// What the page asks for later

const damaged = new Set(); // addresses of files that did not come as they should

// What `use` makes of a file, which is given up when it stands still.
async function arriving(path, options, use) {
  const giving = new AbortController();
  const standing = window.watch(() => giving.abort(), () => {});
  try {
    const asked = { ...options, came: standing.came, signal: giving.signal };
    return await use(await fetchFile(window.fileAt(path), path, asked));
  } finally {
    standing.end();
  }
}

// A zip's one file, of `size` bytes where that is known. Fails with a FileFault, and can be asked for again.
window.fetchZip = async (path, size) => {
  const cache = damaged.has(path) ? "reload" : "default";
  try {
    const bytes = await arriving(path, { cache }, (file) => unzipped(file, path));
    if (size !== undefined && bytes.length !== size) throw new FileFault("wrong", path);
    return bytes;
  } catch (fault) {
    damaged.add(path);
    throw fault;
  }
};

// What is wrong with a file that could not be used: the name of a FileFault, or "" if it is as it should be. What the
// browser has kept of it is renewed.
window.faultOf = async (path) => {
  try {
    await arriving(path, { size: known.sizes[path], cache: "reload" }, ({ whole }) => whole);
    return "";
  } catch ({ name }) {
    return name;
  }
};

// The files of a pack as texts, by name.
window.fetchPack = async (path) => {
  const files = [...filesOf(await window.fetchZip(path))];
  return Object.fromEntries(files.map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]));
};
