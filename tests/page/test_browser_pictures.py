"""Pictures as the browser itself draws them: natively, in the engine, and by the browser for the page."""

import base64
import json

import numpy as np
import pytest
from PIL import Image

from pycnn.pictures import PictureError, read_picture
from tests.page.visit import START
from tests.picture_cases import as_in_the_browser, drawing, encoded, mutated

SIZE = (64, 64)
CASES = as_in_the_browser()
# Pyodide's Pillow decodes JPEG with another library.
LOSSY = (".jpg", ".avif")

DRAW = """async (text) => {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]));
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, width, height).data;
  let read = "";
  for (let at = 0; at < pixels.length; at += 8192)
    read += String.fromCharCode(...pixels.subarray(at, at + 8192));
  return [height, width, btoa(read)];
}"""

START_ENGINE = """() => new Promise((resolve, reject) => {
  window.trial = new Worker(window.fileAt("engine/worker.js"), { type: "module" });
  trial.onmessage = ({ data }) => (data.ready ? resolve() : data.failed && reject(new Error(data.reason)));
})"""
DECODE = """(text) => new Promise((resolve, reject) => {
  trial.onmessage = ({ data: { broken, facts, arrays } }) => {
    if (broken) reject(new Error(broken));
    else if (arrays) resolve([facts, ...arrays.map((one) => [...one])]); // no news
  };
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  trial.postMessage({ id: 1, request: "decode", parts: [bytes] });
})"""


def as_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.fixture(scope="module")
def canvas(browser):
    """Draws a file at full size on white, as RGB bytes (height, width, 3)."""
    page = browser.new_page()

    def draw(data: bytes) -> np.ndarray:
        height, width, read = page.evaluate(DRAW, as_text(data))
        return np.frombuffer(base64.b64decode(read), np.uint8).reshape(height, width, 4)[..., :3]

    yield draw
    page.close()


@pytest.fixture(scope="module")
def engine(drawn):
    """Decodes a file with an engine of its own: the pixels, or the reason why there are none."""
    drawn.page.evaluate(START_ENGINE)

    def decode(data: bytes) -> np.ndarray | str:
        facts, *pixels = drawn.page.evaluate(DECODE, as_text(data))
        return json.loads(facts)["error"] if not pixels else np.array(pixels[0]).reshape(*SIZE, 3)

    yield decode
    drawn.page.evaluate("trial.terminate()")


def natively(data: bytes) -> np.ndarray | str:
    try:
        return read_picture(data, SIZE).astype(int)
    except PictureError as error:
        return error.reason


def fitted(pixels: np.ndarray) -> np.ndarray:
    """What is drawn at full size, scaled as pycnn scales pictures."""
    return read_picture(encoded(Image.fromarray(pixels)), SIZE).astype(int)


@pytest.mark.parametrize("name", CASES)
def test_a_picture_looks_as_the_browser_draws_it(canvas, engine, name):
    seen = natively(CASES[name])
    assert np.abs(fitted(canvas(CASES[name])) - seen).mean() <= 4
    decoded = engine(CASES[name])
    if name.endswith(LOSSY):
        assert np.abs(decoded - seen).mean() <= 4
    else:
        np.testing.assert_array_equal(decoded, seen)


def test_native_and_page_agree_on_which_mutated_pictures_they_read(engine):
    differing = []
    for name, data in mutated(300, seed=5):
        seen, decoded = natively(data), engine(data)
        if data[4:8] == b"ftyp":
            continue  # AVIF is left to the browser
        same = type(seen) is type(decoded)
        if same and isinstance(seen, str):
            same = seen == decoded
        elif same and not name.endswith(LOSSY):
            same = np.array_equal(seen, decoded)
        if not same:
            differing.append(name)
    # The two libraries for JPEG notice different faults in damaged pixel data.
    assert [name for name in differing if not name.endswith(LOSSY)] == []
    assert len(differing) <= 3


fading = drawing().convert("RGBA")
fading.putalpha(Image.linear_gradient("L").resize(fading.size))
AVIF = [encoded(drawing(), "AVIF", quality=90), encoded(fading, "AVIF", quality=90)]
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
NOISED = (
    "The format of mine.avif is AVIF, which only the browser could read here. But this browser changes the "
    "colours that a page reads of a picture, as a protection against being recognised. "
    "Save it as JPEG or PNG first."
)
ADD_NOISE = """() => {
  const read = CanvasRenderingContext2D.prototype.getImageData;
  CanvasRenderingContext2D.prototype.getImageData = function (...box) {
    const image = read.apply(this, box);
    image.data[4 * Math.floor(image.data.length / 8)] ^= 1;
    return image;
  };
}"""


def test_what_only_the_browser_can_decode(visit, canvas):
    seen = visit()
    for number, data in enumerate(AVIF, 1):
        seen.upload("mine.avif", data)
        seen.wait_until_picture(f"upload-{number}")
        shown = seen.picture().astype(int)
        assert np.abs(shown - fitted(canvas(data))).mean() <= 1
        # Of the fading one Chromium and Pillow's library read the alpha a little otherwise.
        assert np.abs(shown - natively(data)).mean() <= (4, 8)[number - 1]
    before = seen.everything()
    for name, data, file_format in [
        ("photo.heic", HEIC, "HEIC"),
        ("scan.tiff", encoded(drawing(), "TIFF"), "TIFF"),
        ("cut.avif", AVIF[0][:300], "AVIF"),
    ]:
        seen.upload(name, data)
        sentence = f"The format of {name} is {file_format}, and this browser cannot read it."
        seen.expect_message(f"{sentence} Save it as JPEG or PNG first.")
        assert seen.everything() == before
    seen.page.evaluate("createImageBitmap = async () => ({ width: 10_000, height: 6_000, close() {} })")
    seen.upload("huge.avif", AVIF[0])
    seen.expect_message("huge.avif has more than 50 million pixels. Choose a smaller picture.")


def test_a_canvas_that_is_read_with_noise_is_not_used(visit):
    seen = visit()
    before = seen.everything()
    seen.page.evaluate(ADD_NOISE)
    seen.upload("mine.avif", AVIF[0])
    seen.notice("picture").filter(has_text="AVIF").wait_for(timeout=START)
    seen.expect_message(NOISED)
    assert seen.page.evaluate("document.documentElement.dataset.picture") == before["picture"]
    # What the engine decodes itself needs no canvas.
    seen.upload("mine.png", encoded(drawing()))
    seen.wait_until_picture("upload-1")
