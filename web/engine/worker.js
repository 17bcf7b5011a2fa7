// The engine's worker: starts Pyodide, says which stage it is in, and passes messages to engine/bridge.py. The build
// puts fetching.js in front, and `sizes`: of all that the start needs, in bytes.

const site = new URL("../", import.meta.url);
const wasm = "runtime/pyodide/pyodide.asm.wasm";
const model = "engine/model.zip"; // an .npz is a zip
// Python's modules: a zip in which nothing is compressed, deflated as the one file of another.
const stdlib = "runtime/pyodide/stdlib.zip";
const numpy = "runtime/numpy/numpy.zip";
const engine = "engine/python.zip";
const pillow = "runtime/pillow/pillow.zip";
// After a start that failed, what the browser has kept may be damaged.
const isRenewed = self.name === "renewed";
const cache = isRenewed ? "reload" : "default";

// Bytes are counted where they arrive, so that the page can show real progress and sees when none come.
const counted = { loaded: 0, total: Object.values(sizes).reduce((sum, size) => sum + size) };
const missing = new Set(Object.keys(sizes)); // files that have not come whole
let stage = "fetch";
let over = false; // the start succeeded or failed: nothing more is to be said of its stages

const OFTEN = 100; // milliseconds from news to news
let reported = 0; // when the page was told last

// `waits` is the file that is waited for, if any.
function report() {
  reported = performance.now();
  if (!over) postMessage({ stage, ...counted, waits: [...missing][0] ?? "" });
}

function enter(next) {
  stage = next;
  report();
}

function arrived(path) {
  missing.delete(path);
  report();
}

// Pyodide does not always pass on that a file is missing or damaged, so the first such file ends the start itself.
const broken = Promise.withResolvers();
broken.promise.catch(() => {}); // heard below

// Asks the browser's own cache before the service worker: with its answer comes what was compiled of it in the very
// first visit, and no network is needed.
async function fetchCompiled(url, options) {
  const found = await siteFetch(url, { ...options, cache: "only-if-cached", mode: "same-origin" }).catch(() => null);
  return found?.ok ? found : siteFetch(url, options);
}

// Begins to fetch a file; what is wrong with it ends the start.
function begin(path, ask) {
  const came = (bytes) => {
    counted.loaded += bytes;
    if (performance.now() - reported >= OFTEN) report();
  };
  const asked = fetchFile(new URL(path, site), path, { size: sizes[path], came, ask, cache });
  asked.then(({ whole }) => whole).then(() => arrived(path), broken.reject);
  return asked;
}

// The content of a file, as `read(file, path)` gives it.
function content(path, read) {
  const found = begin(path).then((file) => read(file, path));
  found.catch(broken.reject);
  return found;
}

const bytes = async ({ response, whole }) => {
  const [buffer] = await Promise.all([response.arrayBuffer().catch(() => whole), whole]);
  return new Uint8Array(buffer);
};

// A module of the runtime. What is wrong with one that the browser cannot use is found by looking at its bytes.
async function module(path) {
  const look = async () => (await fetchFile(new URL(path, site), path, { size: sizes[path], cache })).whole;
  try {
    if (isRenewed) await look(); // in place of what the browser has kept
    const found = await import(new URL(path, site)).catch(async () => {
      await look();
      throw new FileFault("wrong", path);
    });
    counted.loaded += sizes[path]; // the browser fetches a module itself, out of reach of the counter
    arrived(path);
    return found;
  } catch (fault) {
    broken.reject(fault);
    throw fault;
  }
}

// Writes the files of a zip in which nothing is compressed below a folder of Pyodide's file system.
function unpack(FS, zip, folder) {
  for (const [name, content] of filesOf(zip)) {
    const path = `${folder}/${name}`;
    FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    FS.writeFile(path, content, { canOwn: true });
  }
}

for (const name of ["instantiate", "instantiateStreaming"]) {
  const instantiate = WebAssembly[name].bind(WebAssembly);
  WebAssembly[name] = (...given) =>
    instantiate(...given).catch(async (error) => {
      await interpreter.then(({ whole }) => whole); // which says it if the file did not come whole
      broken.reject(new FileFault("wrong", wasm));
      throw error;
    });
}

// Everything is asked for at once. What fails is told by `broken`.
const interpreter = begin(wasm, self.name === "kept" ? fetchCompiled : siteFetch);
const modules = ["runtime/pyodide/pyodide.js", "runtime/pyodide/pyodide.asm.js"].map(module);
const [library, arrays, python] = [stdlib, numpy, engine].map((path) => content(path, unzipped));
const weights = content(model, bytes);
for (const begun of [interpreter, ...modules, library, arrays, python, weights]) begun.catch(() => {});
report();

async function start() {
  const fetchOfPage = self.fetch;
  // What Pyodide asks for is on its way.
  self.fetch = async ({ pathname }) =>
    pathname.endsWith(wasm) ? calledWasm((await interpreter).response) : new Response(await library);

  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all(modules);
  let folder;
  const pyodide = await loadPyodide({
    createPyodideModule,
    // No package is ever installed.
    lockFileContents: { info: { abi_version: "2026_0" }, packages: {} },
    fsInit: async (FS, { sitePackages }) => {
      folder = sitePackages;
      const packs = await Promise.all([arrays, python]);
      FS.writeFile("/model.npz", await weights);
      enter("start");
      for (const pack of packs) unpack(FS, pack, folder);
    },
  });
  self.fetch = fetchOfPage;
  enter("numpy");
  pyodide.pyimport("numpy");
  enter("network");
  const bridge = pyodide.pyimport("engine.bridge").Bridge("/model.npz", news);
  return { pyodide, bridge, folder };
}

// Of a Python traceback the last line says what is wrong; of a file it is said which, and how.
function lastLine(error) {
  if (error instanceof FileFault) return `${error.message}: ${error.name}`;
  return String(error?.message ?? error).trim().split("\n").at(-1);
}

const started = Promise.race([start(), broken.promise]);
started.then(
  () => {
    over = true;
    self.onunhandledrejection = ({ reason }) => die(reason);
    postMessage({ ready: true });
  },
  (error) => {
    over = true;
    console.error(error);
    postMessage({ failed: stage, reason: lastLine(error) });
  },
);

// What is being computed. Python answers one request after the other, and nothing meanwhile: it can only tell.
let computed = null; // the request's number
let told = { id: null, at: 0 }; // of which request the page was told last, and when in milliseconds

// The first news of a request goes out at once.
function news(doing, name, done, total, id = computed) {
  const at = performance.now();
  if (told.id === id && at - told.at < OFTEN) return;
  told = { id, at };
  postMessage({ id, news: { doing, name, done, total } });
}

// This worker can answer nothing more.
function die(error) {
  console.error(error);
  postMessage({ died: lastLine(error) });
}

let decoder = null;
let pillowCache = cache; // what came damaged is not taken from the browser's cache again

// Only a picture's file needs Pillow; what could not be fetched is tried again with the next file.
function loadPillow({ FS }, folder, id) {
  decoder ??= fetchPillow(id).then((zip) => unpack(FS, zip, folder));
  decoder.catch(() => {
    decoder = null;
    pillowCache = "reload";
  });
  return decoder;
}

const STILL = 9000; // milliseconds after which a file is given up that brought no more than LITTLE bytes meanwhile

async function fetchPillow(id) {
  const given = new AbortController();
  let timer;
  let total = 0;
  let done = 0;
  let moved = -LITTLE; // how much was there when it moved last
  const came = (bytes) => {
    done += bytes;
    if (done - moved >= LITTLE) {
      moved = done;
      clearTimeout(timer);
      timer = setTimeout(() => given.abort(), STILL);
    }
    if (bytes) news("fetch", "", done, total, id);
  };
  came(0);
  try {
    const file = await fetchFile(new URL(pillow, site), pillow, { came, signal: given.signal, cache: pillowCache });
    total = Number(file.response.headers.get("Content-Length"));
    return await unzipped(file, pillow);
  } finally {
    clearTimeout(timer);
  }
}

self.onmessage = async ({ data: { id, request, parts } }) => {
  try {
    const { pyodide, bridge, folder } = await started;
    if (request === "decode" || request === "fit") await loadPillow(pyodide, folder, id);
    computed = id;
    const [facts, ...arrays] = bridge.call(request, parts);
    postMessage({ id, facts, arrays }, arrays.map((array) => array.buffer));
  } catch (error) {
    if (error.pyodide_fatal_error) return die(error);
    console.error(error);
    postMessage({ id, broken: lastLine(error) });
  }
};
