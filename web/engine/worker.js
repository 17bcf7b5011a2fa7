// The engine's worker: starts Pyodide, says which stage it is in, and passes messages to engine/bridge.py.

const site = new URL("../", import.meta.url);
const wasm = "runtime/pyodide/pyodide.asm.wasm";
const model = "engine/model.zip"; // an .npz is a zip
// Python's modules: a zip in which nothing is compressed, deflated as the one file of another.
const stdlib = "runtime/pyodide/stdlib.zip";
const numpy = "runtime/numpy/numpy.zip";
const engine = "engine/python.zip";
const pillow = "runtime/pillow/pillow.zip";

// Bytes are counted where they arrive, so that the page can show real progress.
const counted = { loaded: 0, total: 0 };
let stage = "fetch";
let over = false; // the start succeeded or failed: nothing more is to be said of its stages

function report() {
  if (!over && counted.total) postMessage({ stage, ...counted });
}

function enter(next) {
  stage = next;
  report();
}

// Pyodide does not always pass on that a file is missing or damaged, so the first such file ends the start itself.
const broken = Promise.withResolvers();

function brokenFile(path, error) {
  const named = new Error(`${path}: ${error.message}`);
  broken.reject(named);
  return named;
}

const plainFetch = self.fetch.bind(self);

async function sureFetch(path) {
  try {
    const response = await plainFetch(new URL(path, site));
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response;
  } catch (error) {
    throw brokenFile(path, error);
  }
}

// Counts the bytes of an answer's copy: with the answer itself the browser can keep what it compiles of it.
async function count(path, copy) {
  let received = 0;
  const counter = new WritableStream({
    write(chunk) {
      received += chunk.byteLength;
      counted.loaded += chunk.byteLength;
      report();
    },
  });
  await copy.body.pipeTo(counter);
  const size = (await sizes)[path];
  if (received !== size) throw new Error(`${received} bytes in place of ${size}`);
}

async function countingFetch(path) {
  const response = await sureFetch(path);
  count(path, response.clone()).catch((error) => brokenFile(path, error));
  return response;
}

async function bytesOf(path, fetching) {
  try {
    const response = await fetching;
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw brokenFile(path, error);
  }
}

async function unzippedOf(path, fetching) {
  try {
    const { unzipped } = await reading;
    return await unzipped(await fetching);
  } catch (error) {
    throw brokenFile(path, error);
  }
}

// Writes the files of a zip in which nothing is compressed below a folder of Pyodide's file system.
function unpack(FS, zip, folder) {
  const view = new DataView(zip.buffer);
  for (let at = 0; view.getUint32(at, true) === 0x04034b50; ) {
    const size = view.getUint32(at + 18, true);
    const name = at + 30;
    const content = name + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    const path = `${folder}/${new TextDecoder().decode(zip.subarray(name, content))}`;
    FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    FS.writeFile(path, zip.subarray(content, content + size), { canOwn: true });
    at = content + size;
  }
}

for (const name of ["instantiate", "instantiateStreaming"]) {
  const instantiate = WebAssembly[name].bind(WebAssembly);
  WebAssembly[name] = (...given) =>
    instantiate(...given).catch((error) => {
      broken.reject(error);
      throw error;
    });
}

// Everything is asked for at once. What fails is told by `broken` or awaited below.
const sizes = sureFetch("engine/sizes.json").then(async (response) => (await response.json()).files);
const reading = import(new URL("fetching.js", site));
const modules = ["pyodide.js", "pyodide.asm.js"].map((name) => import(new URL(`runtime/pyodide/${name}`, site)));
const interpreter = countingFetch(wasm);
const [library, arrays, python] = [stdlib, numpy, engine].map((path) => unzippedOf(path, countingFetch(path)));
const weights = bytesOf(model, countingFetch(model));
for (const begun of [sizes, reading, ...modules, interpreter, library, arrays, python, weights]) begun.catch(() => {});

async function start() {
  const files = await sizes;
  // Modules are fetched by the browser itself, out of reach of the counter.
  const fetched = Object.keys(files).filter((name) => !name.endsWith(".js"));
  counted.total = fetched.reduce((sum, name) => sum + files[name], 0);
  report();
  // What Pyodide asks for is on its way.
  self.fetch = async ({ pathname }) =>
    pathname.endsWith(wasm) ? interpreter : new Response(await library);

  // It has to know how to read WebAssembly of any host before it reads any.
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([...modules, reading]);
  let folder;
  const pyodide = await loadPyodide({
    createPyodideModule,
    // No package is ever installed.
    lockFileContents: { info: { abi_version: "2026_0" }, packages: {} },
    fsInit: async (FS, { sitePackages }) => {
      enter("start");
      folder = sitePackages;
      unpack(FS, await arrays, folder);
      unpack(FS, await python, folder);
      FS.writeFile("/model.npz", await weights);
    },
  });
  enter("numpy");
  pyodide.pyimport("numpy");
  enter("network");
  const bridge = pyodide.pyimport("engine.bridge").Bridge("/model.npz", news);
  self.fetch = plainFetch;
  return { pyodide, bridge, folder };
}

// Of a Python traceback the last line says what is wrong.
function lastLine(error) {
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
const OFTEN = 100; // milliseconds from news to news; the first of a request goes out at once

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

// Only a picture's file needs Pillow; what could not be fetched is tried again with the next file.
function loadPillow({ FS }, folder, id) {
  decoder ??= fetchPillow(id).then((zip) => unpack(FS, zip, folder));
  decoder.catch(() => (decoder = null));
  return decoder;
}

async function fetchPillow(id) {
  const response = await sureFetch(pillow);
  const total = Number(response.headers.get("Content-Length"));
  let done = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      done += chunk.byteLength;
      news("fetch", "", done, total, id);
      controller.enqueue(chunk);
    },
  });
  const { unzipped } = await reading;
  return unzipped(new Response(response.body.pipeThrough(counter), response));
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
