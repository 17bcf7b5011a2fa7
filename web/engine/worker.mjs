// The engine's worker: starts Pyodide, says which stage it is in, and passes messages to engine/bridge.py.

const site = new URL("../", import.meta.url);
const archive = "engine/python.zip";
const model = "engine/model.npz";

// Bytes are counted where they arrive, whoever asks for them, so that the page can show real progress.
const counted = { loaded: 0, total: 0 };
let sizes = {};
let stage = "fetch";
let over = false; // the start succeeded or failed: nothing more is to be said of its stages

function report() {
  if (!over) postMessage({ stage, ...counted });
}

function enter(next) {
  stage = next;
  report();
}

// Pyodide does not always pass on that a file is missing or damaged, so the first such file ends the start itself.
const broken = Promise.withResolvers();
const plainFetch = self.fetch.bind(self);

async function sureFetch(resource, options) {
  const url = new URL(resource.url ?? resource, site);
  try {
    const response = await plainFetch(resource, options);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response;
  } catch (error) {
    const named = new Error(`${url.pathname}: ${error.message}`);
    broken.reject(named);
    throw named;
  }
}

async function countingFetch(resource, options) {
  const response = await sureFetch(resource, options);
  const path = new URL(resource.url ?? resource, site).href.slice(site.href.length);
  let received = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      received += chunk.byteLength;
      counted.loaded += chunk.byteLength;
      report();
      controller.enqueue(chunk);
    },
    flush() {
      if (path in sizes && received !== sizes[path])
        broken.reject(new Error(`${path}: ${received} bytes in place of ${sizes[path]}`));
    },
  });
  return new Response(response.body.pipeThrough(counter), { headers: response.headers });
}

async function fetchBytes(path) {
  return new Uint8Array(await (await countingFetch(new URL(path, site))).arrayBuffer());
}

for (const name of ["instantiate", "instantiateStreaming"]) {
  const instantiate = WebAssembly[name].bind(WebAssembly);
  WebAssembly[name] = (...given) =>
    instantiate(...given).catch((error) => {
      broken.reject(error);
      throw error;
    });
}

async function start() {
  sizes = (await (await sureFetch(new URL("engine/sizes.json", site))).json()).files;
  // Modules are fetched by the browser itself, out of reach of the counter.
  const fetched = Object.keys(sizes).filter((name) => !name.endsWith(".mjs"));
  counted.total = fetched.reduce((sum, name) => sum + sizes[name], 0);
  report();
  self.fetch = countingFetch;

  const parts = Promise.all([fetchBytes(archive), fetchBytes(model)]);
  parts.catch(() => {}); // awaited below; a failure before that must not count as unhandled
  const { loadPyodide } = await import(new URL("runtime/pyodide/pyodide.mjs", site));
  const pyodide = await loadPyodide({
    packages: ["numpy"],
    fsInit: async () => enter("start"),
  });
  const [packed, weights] = await parts;
  enter("numpy");
  pyodide.runPython("import numpy");
  enter("network");
  pyodide.unpackArchive(packed, "zip", { extractDir: "/engine" });
  pyodide.FS.writeFile("/engine/model.npz", weights);
  pyodide.runPython("import sys; sys.path.insert(0, '/engine')");
  const bridge = pyodide.pyimport("engine.bridge").Bridge("/engine/model.npz");
  self.fetch = plainFetch;
  return { pyodide, bridge };
}

// Of a Python traceback the last line says what is wrong.
function lastLine(error) {
  return error.message.trim().split("\n").at(-1);
}

const started = Promise.race([start(), broken.promise]);
started.then(
  () => {
    over = true;
    postMessage({ ready: true });
  },
  (error) => {
    over = true;
    console.error(error);
    postMessage({ failed: stage, reason: lastLine(error) });
  },
);

self.onmessage = async ({ data: { id, request, parts } }) => {
  try {
    const { pyodide, bridge } = await started;
    if (request === "decode") await pyodide.loadPackage("pillow", { messageCallback() {} });
    const [facts, ...arrays] = bridge.call(request, parts);
    postMessage({ id, facts, arrays }, arrays.map((array) => array.buffer));
  } catch (error) {
    console.error(error);
    postMessage({ id, broken: lastLine(error) });
  }
};
