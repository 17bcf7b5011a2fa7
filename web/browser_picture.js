// Decodes pictures of formats that only the browser knows: AVIF, in some browsers HEIC, JPEG XL or others.

const PIECE = 2 ** 22; // pixels read at a time: no browser's canvas is too small, and the page still answers
const SIDE = 64; // of the canvas with the known colours

// Some browsers change what a page reads of its canvases, so that visitors cannot be recognised by it.
function readsTrue() {
  const context = makeContext(SIDE, SIDE);
  const known = [];
  for (let i = 0; i < SIDE * SIDE; i++) {
    const colour = [i % 256, (i * 7) % 256, 255 - (i >> 4)];
    context.fillStyle = `rgb(${colour})`;
    context.fillRect(i % SIDE, Math.floor(i / SIDE), 1, 1);
    known.push(...colour, 255);
  }
  const read = context.getImageData(0, 0, SIDE, SIDE).data;
  return known.every((value, i) => value === read[i]);
}

function makeContext(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  return canvas.getContext("2d", { willReadFrequently: true });
}

// Gives { width, height, rgba }, the picture upright and on white; or { problem }: "format" if this browser cannot
// decode the file, "pixels" if there are more than `most`, "noise" if its colours cannot be read.
window.decodeByBrowser = async (file, most) => {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return { problem: "format" };
  }
  try {
    const { width, height } = bitmap;
    if (width * height > most) return { problem: "pixels" };
    if (!readsTrue()) return { problem: "noise" };
    const rows = Math.min(height, Math.max(1, Math.floor(PIECE / width)));
    const context = makeContext(width, rows);
    context.fillStyle = "white";
    const rgba = new Uint8Array(4 * width * height);
    for (let top = 0; top < height; top += rows) {
      const count = Math.min(rows, height - top);
      context.fillRect(0, 0, width, count);
      context.drawImage(bitmap, 0, -top);
      rgba.set(context.getImageData(0, 0, width, count).data, 4 * width * top);
      await new Promise((resolve) => setTimeout(resolve)); // lets the page answer in between
    }
    return { width, height, rgba };
  } finally {
    bitmap.close();
  }
};
