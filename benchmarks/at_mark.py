"""Is the mark `overview-drawn` honest? What the page shows and answers right then, against pycnn run here."""

import base64
from contextlib import closing
from typing import Any

import numpy as np
from engine.session import Session
from playwright.sync_api import Browser
from ui.columns import columns
from ui.figures import SIGNS
from ui.unit_facts import unit_label
from ui.words import Words

from benchmarks.visits import SCREEN, gallery, open_page, wait_until_complete
from builder.compute import pixels_of
from pycnn import default_model
from tests.browser import FILES
from tests.packed import WEB

# In the task after the one that sets the mark: focus every unit, point at it, keep what is said and drawn.
PROBE = """
new PerformanceObserver((list, observer) => {
  const [mark] = list.getEntriesByName("overview-drawn");
  if (!mark) return;
  observer.disconnect();
  const late = performance.now() - mark.startTime;
  const units = [...document.querySelectorAll("#network button[data-unit]")];
  const told = (act) => units.map((unit) => {
    act(unit);
    return document.getElementById("facts").textContent;
  });
  const pixels = (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
  };
  const drawn = (unit) => unit.querySelector("canvas") && pixels(unit.querySelector("canvas"));
  window.atMark = {
    late,
    engine: document.documentElement.dataset.engine,
    focused: told((unit) => unit.focus()),
    pointed: told((unit) => unit.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }))),
    units: units.map((unit) => [unit.dataset.layer, Number(unit.dataset.unit)]),
    labels: units.map((unit) => unit.ariaLabel),
    maps: units.map(drawn),
    picture: pixels(document.getElementById("picture")),
    probabilities: [...document.querySelectorAll("[data-class]")].map((row) => row.dataset.probability),
  };
}).observe({ type: "mark" });
"""
SAME_COLOUR = 1  # of 255; as much may two colours differ
SAME = 1e-5  # as much may two values differ, times the larger of 1 and the value

Facts = dict[str, Any]
Labels = dict[tuple[str, int], str]


def check(browser: Browser, address: str) -> str:
    """Fail unless every unit shows and says at the mark what pycnn computes; gives a sentence on it."""
    with closing(browser.new_context(viewport=SCREEN)) as context:
        context.add_init_script(PROBE)
        page = open_page(context, address)
        wait_until_complete(page)
        seen = page.evaluate("atMark")
    facts, colours = computed(gallery()[0])
    # A difference too small to count can still round to another last digit.
    labels = [labels_of(facts), labels_of(shifted(facts, SAME)), labels_of(shifted(facts, -SAME))]
    units = [(layer, unit) for layer, unit in seen["units"]]
    assert sorted(units) == sorted(labels[0]), "not every unit was there"
    for number, unit in enumerate(units):
        for said in ("labels", "focused", "pointed"):
            text = seen[said][number]
            assert text in [these[unit] for these in labels], f"{unit}, {said}: {text}"
        if seen["maps"][number]:
            assert_drawn(unit, seen["maps"][number], map_of(facts, colours, *unit))
    assert_drawn("picture", seen["picture"], map_of(facts, colours, "picture", 0))
    np.testing.assert_allclose(np.float64(seen["probabilities"]), facts["probabilities"], rtol=0, atol=SAME)
    return (
        f"Checked {seen['late']:.0f} ms after the mark overview-drawn, the engine {seen['engine']}: "
        f"{len(units)} units are drawn, named, and answer to pointer and focus with what pycnn computes here."
    )


def computed(name: str) -> tuple[Facts, np.ndarray]:
    """Facts and colours of a picture of the gallery."""
    pixels = pixels_of(FILES, name, default_model())
    facts, (colours,) = Session(default_model()).show(pixels, "layer")
    return facts, colours


def shifted(facts: Facts, share: float) -> Facts:
    """The same facts, every value a little larger or smaller."""

    def shift(values: object) -> list[Any]:
        array = np.asarray(values)
        return (array + share * np.maximum(1, abs(array))).tolist()

    ranges = {layer: shift(values) for layer, values in facts["ranges"].items()}
    return {"ranges": ranges, **{name: shift(facts[name]) for name in ("probabilities", "logits")}}


def labels_of(facts: Facts) -> Labels:
    """What the page says of each unit."""
    network = default_model()
    words = Words((WEB / "words/en.json").read_text("utf-8"))
    SIGNS.speak(words)
    return {
        (column.name, unit): unit_label(column, unit, network.classes, words, facts)
        for column in columns(network.describe())
        for unit in range(column.units)
    }


def map_of(facts: Facts, colours: np.ndarray, layer: str, unit: int) -> np.ndarray:
    place = facts["places"][layer]
    size = place["height"] * place["width"] * 4
    return colours[place["offset"] + unit * size :][:size]


def assert_drawn(unit: object, encoded: str, expected: np.ndarray) -> None:
    shown = np.frombuffer(base64.b64decode(encoded), np.uint8)
    assert shown.shape == expected.shape, f"{unit}: another size"
    assert np.abs(shown.astype(int) - expected).max() <= SAME_COLOUR, f"{unit}: other colours"
