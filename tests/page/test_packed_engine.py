"""The engine as the site ships it, asked directly: what was packed is enough for every request."""

import io
import json
import zipfile
from base64 import b64decode

import numpy as np
import pytest
from engine.session import Session

from builder.packs.pictures import main as write_pictures
from tests.browser import files_at

# Starts the engine alone; `ask` resolves to the facts' text and the arrays' bytes, or to what broke.
ENGINE = """
() => new Promise((resolve, reject) => {
  const worker = new Worker("engine/worker.js", { type: "module" });
  const waiting = [];
  window.ask = (request, parts) => new Promise((answer) => {
    waiting.push(answer);
    const typed = parts.map((part) => (part.bytes ? new Uint8Array(part.bytes) : part));
    worker.postMessage({ id: 0, request, parts: typed });
  });
  worker.onmessage = ({ data }) => {
    if (data.ready) resolve();
    if (data.failed) reject(new Error(data.reason));
    if (!("id" in data) || data.news) return;
    const text = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    const arrays = data.arrays?.map(({ buffer }) => text(new Uint8Array(buffer)));
    waiting.shift()({ ...data, arrays });
  };
})
"""


class Engine:
    def __init__(self, page, address):
        # A page without a script.
        page.goto(f"{files_at(address)}LICENSE.txt")
        page.evaluate(ENGINE)
        self._page = page

    def ask(self, request, *parts):
        """The facts and each array's bytes, or what broke."""
        sent = [part if isinstance(part, str) else {"bytes": list(part)} for part in parts]
        answer = self._page.evaluate("([request, parts]) => ask(request, parts)", [request, sent])
        if "broken" in answer:
            return answer["broken"]
        return json.loads(answer["facts"]), [b64decode(array) for array in answer["arrays"]]


@pytest.fixture(scope="module", params=["shipped", "other"])
def both(request, browser):
    """The same network in the browser and in a session here."""
    shipped = request.param == "shipped"
    page = browser.new_page()
    engine = Engine(page, request.getfixturevalue("address" if shipped else "elsewhere"))
    yield engine, Session(request.getfixturevalue("network" if shipped else "other"))
    page.close()


def same(answer, expected):
    """Whether two answers agree in all but the last digits, of which exponentials make more."""
    (facts, arrays), (expected_facts, expected_arrays) = answer, expected
    assert facts.keys() == expected_facts.keys()
    assert facts.get("arrays") == expected_facts.get("arrays")
    assert facts.get("places") == expected_facts.get("places")
    for data, values in zip(arrays, expected_arrays, strict=True):
        seen = np.frombuffer(data, values.dtype).astype(float)
        assert np.allclose(seen, values.ravel(), atol=1 if values.dtype == np.uint8 else 1e-5, rtol=1e-4)
    return True


def test_every_request_is_answered(both):
    engine, session = both
    pixels = np.random.default_rng(3).integers(0, 256, 3 * 64 * 64, np.uint8)
    _, height, width = session.network.input_shape
    pixels = pixels[: 3 * height * width]
    assert same(engine.ask("describe"), session.describe())
    for sharing in ("layer", "block", "network"):
        assert same(engine.ask("show", pixels.tolist(), sharing), session.show(pixels, sharing))
        assert same(engine.ask("recolour", sharing), session.recolour(sharing))
    *_, logits, output = (layer.name for layer in session.network.layers)
    views = [(layer.name, "0", "") for layer in session.network.layers if layer.name != logits]
    for view in (*views, ("input", "2", ""), (output, "1", "softmax")):
        assert same(engine.ask("open", *view), session.open(*view)), view
        _, (values,) = engine.ask("csv", *view[:2])
        assert len(values.splitlines()) == len(session.csv(*view[:2])[1][0].tobytes().splitlines())
    _, (saved,) = engine.ask("save")
    _, (expected,) = session.save()
    with np.load(io.BytesIO(saved)) as seen, np.load(io.BytesIO(expected.tobytes())) as values:
        assert set(seen) == set(values)
        assert all(np.allclose(seen[name], values[name], atol=1e-5, rtol=1e-5) for name in values)


@pytest.mark.parametrize("both", ["shipped"], indirect=True)
def test_faults_come_back_in_a_line(both):
    engine, session = both
    *_, height, width = session.network.input_shape
    assert engine.ask("show", bytes(3 * height * width), "unit").endswith("not 'unit'")
    assert engine.ask("show", bytes(5), "layer").startswith("ValueError: cannot reshape array of size 5")
    assert engine.ask("vanish") == "ValueError: the engine answers no request 'vanish'"


@pytest.mark.parametrize("both", ["shipped"], indirect=True)
def test_pictures_of_every_kind_are_read(both, tmp_path):
    engine, session = both
    read = 0
    write_pictures(tmp_path / "pictures.zip")
    with zipfile.ZipFile(tmp_path / "pictures.zip") as archive:
        pictures = {name: archive.read(name) for name in archive.namelist()}
    for name, data in pictures.items():
        facts, arrays = engine.ask("decode", data)
        expected_facts, expected = session.decode(np.frombuffer(data, np.uint8))
        assert facts == expected_facts, name
        read += len(arrays)
        # Its JPEG decoder is another one.
        assert all(
            np.abs(np.frombuffer(seen, np.uint8) - values.ravel().astype(int)).max() <= 25
            for seen, values in zip(arrays, expected, strict=True)
        ), name
    assert read >= 20
