// How page and worker read the site's files, whatever a host says of their types.

// A browser compiles WebAssembly as it arrives, but only what the host calls so: many hosts do not know its name.
const WASM = "application/wasm";
const instantiateStreaming = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (source, imports) => {
  const response = await source;
  const isCalledSo = response.headers.get("Content-Type")?.toLowerCase() === WASM;
  const called = isCalledSo || !response.ok ? response : new Response(response.body, { headers: { "Content-Type": WASM } });
  return instantiateStreaming.call(WebAssembly, called, imports);
};

const GZIP = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]); // how a gzip of anything may begin
const LOCAL_FILE = 0x04034b50;
const HEADER = 30; // bytes, and as many after them as the file's name and extra fields have

// Turns a zip with one deflated file into the gzip of this file: checksum and size stand in front in the one, behind in
// the other.
function zipToGzip() {
  let head = new Uint8Array(); // what has come, until it is the whole header
  let end; // of the gzip
  let left; // bytes of the deflated file that have not come yet
  return new TransformStream({
    transform(chunk, controller) {
      let part = chunk;
      if (!end) {
        part = new Uint8Array(head.length + chunk.length);
        part.set(head);
        part.set(chunk, head.length);
        head = part;
        if (part.length < HEADER) return;
        const header = new DataView(part.buffer);
        if (header.getUint32(0, true) !== LOCAL_FILE) throw new Error("it is no zip archive");
        const start = HEADER + header.getUint16(26, true) + header.getUint16(28, true);
        if (part.length < start) return;
        left = header.getUint32(18, true);
        end = new Uint8Array([...part.subarray(14, 18), ...part.subarray(22, 26)]);
        controller.enqueue(GZIP);
        part = part.subarray(start);
      }
      if (!left) return; // the archive's own list follows
      part = part.subarray(0, left);
      left -= part.length;
      controller.enqueue(part);
      if (!left) controller.enqueue(end);
    },
    flush() {
      if (left !== 0) throw new Error("it ends too soon");
    },
  });
}

// The bytes of a zip's one file, unpacked and checked as they arrive.
export async function unzipped(response) {
  const file = response.body.pipeThrough(zipToGzip()).pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(file).arrayBuffer());
}

// The same of a zip of the site, for the page's Python.
globalThis.fetchZip = async (path) => {
  const response = await fetch(new URL(path, import.meta.url));
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return unzipped(response).catch((error) => {
    throw new Error(`${path}: ${error.message}`);
  });
};
