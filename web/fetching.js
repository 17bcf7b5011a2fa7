// How page and worker read the site's files, whatever a host sends. It stands in front of boot.js and of the
// worker's script: the build joins them, so that there is no file more that could be missing.
"use strict";

// A file of the site that did not come as it should. `name` says how: "missing" (the host lacks it), "refused" (the
// host failed at it), "unreachable" (no answer), "wrong" (something else came), "cut" (it ended too soon), "still"
// (it stopped arriving). `message` is the file's address in the site.
class FileFault extends Error {
  constructor(kind, path) {
    super(path);
    this.name = kind;
  }
}

const siteFetch = self.fetch.bind(self); // also where another is put in its place
const LITTLE = 1500; // bytes; fewer in 10 s are none, so that 100 bytes a second stand still however they are sent
const WEB_PAGE = /^\s*<(!doctype|html)/i; // what many a host sends in place of a file that it lacks

// Asks for a file of the site. Gives the browser's answer, and `whole`, which is done when all of it has come and
// fails with a FileFault otherwise. `size`, in bytes, is checked where it is known; `came(bytes)` hears of every piece;
// `ask` does what fetch does.
async function fetchFile(url, path, { size, came = () => {}, ask = siteFetch, ...options } = {}) {
  const response = await ask(url, options).catch(() => {
    throw new FileFault(options.signal?.aborted ? "still" : "unreachable", path);
  });
  if (!response.ok) throw new FileFault(response.status === 404 ? "missing" : "refused", path);
  // With the answer itself the browser can keep what it compiles of it, so a copy of it is counted.
  const whole = takeIn(response.clone(), path, size, came, options.signal);
  whole.catch(() => {}); // who waits for it hears of it
  return { response, whole };
}

async function takeIn(copy, path, size, came, signal) {
  let received = 0;
  let begin = "";
  const counter = new WritableStream({
    write(chunk) {
      if (!received) begin = new TextDecoder().decode(chunk.subarray(0, 256));
      received += chunk.byteLength;
      came(chunk.byteLength);
    },
  });
  await copy.body.pipeTo(counter).catch(() => {
    throw new FileFault(signal?.aborted ? "still" : "cut", path);
  });
  if (size === undefined || received === size) return;
  throw new FileFault(received > size || WEB_PAGE.test(begin) ? "wrong" : "cut", path);
}

// A browser compiles WebAssembly as it arrives, but only what the host calls so: many hosts do not know its name.
const WASM = "application/wasm";

function calledWasm(response) {
  const isCalledSo = response.headers.get("Content-Type")?.toLowerCase() === WASM;
  return isCalledSo ? response : new Response(response.body, { headers: { "Content-Type": WASM } });
}

const GZIP = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]); // how a gzip of anything may begin
const LOCAL_FILE = 0x04034b50;
const HEADER = 30; // bytes, and as many after them as the file's name and extra fields have

// Turns a zip with one deflated file into the gzip of this file: checksum and size stand in front in the one, behind in
// the other. `progress.left` is how much of the deflated file has not come yet, in bytes.
function zipToGzip(progress) {
  let head = new Uint8Array(); // what has come, until it is the whole header
  let end; // of the gzip
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
        progress.left = header.getUint32(18, true);
        end = new Uint8Array([...part.subarray(14, 18), ...part.subarray(22, 26)]);
        controller.enqueue(GZIP);
        part = part.subarray(start);
      }
      if (!progress.left) return; // the archive's own list follows
      part = part.subarray(0, progress.left);
      progress.left -= part.length;
      controller.enqueue(part);
      if (!progress.left) controller.enqueue(end);
    },
    flush() {
      if (progress.left !== 0) throw new Error("it ends too soon");
    },
  });
}

// The bytes of a zip's one file, unpacked and checked as they arrive. Fails with a FileFault.
async function unzipped({ response, whole }, path) {
  const progress = {};
  try {
    const file = response.body.pipeThrough(zipToGzip(progress)).pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(file).arrayBuffer());
  } catch {
    await whole; // says what is wrong if it is not the content
    throw new FileFault(progress.left ? "cut" : "wrong", path);
  }
}

// The files of a zip in which nothing is compressed, [name, bytes] each.
function* filesOf(zip) {
  const view = new DataView(zip.buffer);
  for (let at = 0; view.getUint32(at, true) === LOCAL_FILE; ) {
    const size = view.getUint32(at + 18, true);
    const name = at + HEADER;
    const content = name + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    yield [new TextDecoder().decode(zip.subarray(name, content)), zip.subarray(content, content + size)];
    at = content + size;
  }
}
