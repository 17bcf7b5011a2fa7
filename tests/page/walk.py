"""A walk on the guided path: what it shows, and what its numbers are to be, computed by pycnn alone."""

import re

import numpy as np
from playwright.sync_api import expect

from pycnn import AveragePooling, Convolution, Dense, Flatten, MaxPooling, Network, ReLU
from tests.page.native import Native, equal
from tests.page.visit import START, Visit, eventually

NUMBERS = """() => [...document.querySelectorAll("#path-step [data-quote]")]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.dataset.quote, Number(one.dataset.value), one.textContent])"""
SHARES = ("cut", "top", "share", "probability")  # written in per cent


class Walk:
    """`truths`: the class of every picture of the gallery, by name."""

    def __init__(self, visit: Visit, network: Network) -> None:
        self.visit = visit
        self.page = visit.page
        self.network = network
        self._natives: dict[str, Native] = {}

    def native(self) -> Native:
        """The picture on the page after its way through the network."""
        name = self.page.evaluate("document.documentElement.dataset.picture")
        if name not in self._natives:
            self._natives[name] = Native(self.network, self.visit.picture())
        return self._natives[name]

    def count(self) -> int:
        return int(self.page.locator("#path-at").text_content().split()[-1])

    def arrived(self, number: int) -> str:
        """Wait until a step is shown with its numbers; gives the name by which it is remembered."""
        expect(self.page.locator("#path-at")).to_have_text(re.compile(rf"^Step {number} of \d+$"))
        expect(self.page.locator("#path-check")).to_be_enabled(timeout=START)
        expect(self.page.locator("#path-says")).not_to_contain_text("…")
        assert self.visit.fragment()["step"] == str(number)
        return self.page.evaluate("localStorage.getItem('path')")

    def shows(self, layer: str | None = None, unit: str | None = None) -> None:
        """Wait until the page shows what the address says, and this unit if it is named."""
        if layer is None:
            layer, unit = self.visit.fragment().get("layer"), self.visit.fragment().get("unit")
        if layer is None:
            self.visit.wait_until_overview()
            return
        self.visit.wait_until_view(layer, int(unit))
        # The address may hold another place until the cursor has rested.
        eventually(lambda: self.visit.cursor() == self._place())

    def _place(self) -> tuple[int, int]:
        parts = self.visit.fragment()
        return int(parts["y"]), int(parts["x"])

    def check(self, step: str) -> int:
        """Compare every number of the step with pycnn's; gives how many there are."""
        self.shows()
        native = self.native()
        expected = expected_numbers(self.network, native, step, self.visit.fragment())
        found: dict[str, list[float]] = {}
        for name, value, text in self.page.evaluate(NUMBERS):
            found.setdefault(name, []).append(value)
            assert text == self.written(name, value), (step, name)
        for name, values in found.items():
            exact = np.ravel(expected[name])
            # A list stands there as often as texts quote it.
            assert len(values) % len(exact) == 0, (step, name)
            for value, right in zip(values, np.resize(exact, len(values)), strict=True):
                assert equal(value, right), (step, name, value, right)
        return len(found)

    def written(self, name: str, value: float) -> str:
        if name == "best":
            return self.network.classes[int(value)]
        if name in SHARES:
            if 0.9995 <= value < 1:
                return ">\u200999.9\u2009%"
            return "<\u20090.1\u2009%" if 0 < value < 0.0005 else f"{value * 100:.1f}\u2009%"
        if name in COUNTS:
            return f"{int(value):,}"
        text = f"{value:.2f}"
        return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")

    def right_answer(self, step: str, following: str) -> str:
        """What to type or choose; `following` is the class that the next picture brings to the top."""
        numbers = expected_numbers(self.network, self.native(), step, self.visit.fragment())
        if step == "window":
            return {1: "above zero", -1: "below zero", 0: "exactly zero"}[int(np.sign(numbers["product"]))]
        if step == "picture":
            return following
        if step in ("relu", "pooling"):
            return f"{numbers['result']:.2f}"
        return str(numbers[{"size": "next_size", "second": "weights", "flatten": "length"}[step]])


COUNTS = {"rows", "columns", "channels", "height", "width", "products", "sources", "units", "size", "input"}
COUNTS |= {"extent", "stride", "padding", "weights", "rows_before", "columns_before", "layers", "maps"}
COUNTS |= {"length", "values", "classes"} | {f"next_{name}" for name in ("size", "input", "extent", "stride")}
COUNTS |= {"next_padding"}


def expected_numbers(network: Network, native: Native, step: str, parts: dict[str, str]) -> dict[str, object]:
    """The numbers of a step by name; `parts` is what the address says while it is shown."""
    layers = {"input": None} | {layer.name: layer for layer in network.layers}
    names = list(layers)

    def first(*kinds: type, behind: str = "input") -> str | None:
        later = names[names.index(behind) + 1 :]
        found = [name for name in later if isinstance(layers[name], kinds) and native.values(name).ndim == 3]
        return found[0] if found else None

    def reads(name: str) -> np.ndarray:
        return native.values(names[names.index(name) - 1])

    def spot(name: str) -> tuple[int, int]:
        rows, columns = native.values(name).shape[1:]
        return rows * 4 // 10, columns * 4 // 10

    def window(name: str, source: int, y: int, x: int, size: tuple[int, int], fill: float) -> np.ndarray:
        layer = layers[name]
        top, bottom, left, right = layer.padding
        padded = np.pad(reads(name)[source], ((top, bottom), (left, right)), constant_values=fill)
        rows = y * layer.stride[0] + layer.dilation[0] * np.arange(size[0])
        columns = x * layer.stride[1] + layer.dilation[1] * np.arange(size[1])
        return padded[np.ix_(rows, columns)]

    conv = first(Convolution)
    layer = layers[conv]
    unit, (y, x) = native.values(conv).shape[0] * 7 // 10, spot(conv)
    height, width = layer.kernel.shape[2:]
    if step in ("numbers", "channels"):
        y, x = spot("input")
        channels, rows, columns = native.input.shape
        colours = dict(zip(("red", "green", "blue"), native.input[:, y, x], strict=False))
        return {"rows": rows, "columns": columns, "channels": channels, "value": colours["red"], **colours}
    if step == "window":
        patch, kernel = window(conv, 0, y, x, (height, width), 0).ravel(), layer.kernel[unit, 0].ravel()
        at = int(np.abs(kernel).argmax())
        value, weight = float(patch[at]), float(kernel[at])
        found = {"value": value, "weight": weight, "product": value * weight}
        return {"height": height, "width": width, **found}
    if step == "addition":
        patch = window(conv, 0, y, x, (height, width), 0)
        return {
            "products": height * width,
            "partial": (patch * layer.kernel[unit, 0]).sum(),
            "sources": len(reads(conv)),
            "bias": layer.bias[unit],
            "value": native.values(conv)[unit, y, x],
        }
    if step == "map":
        return {"units": len(native.values(conv)), "value": native.values(conv)[unit, y, x]}
    second = first(Convolution, behind=conv)
    if step == "size":
        numbers = {}
        for prefix, name in (("", conv), ("next_", second)):
            one = layers[name]
            sizes = {
                "size": native.values(name).shape[2],
                "input": reads(name).shape[2],
                "extent": one.dilation[1] * (one.kernel.shape[3] - 1) + 1,
                "stride": one.stride[1],
                "padding": one.padding[2] + one.padding[3],
            }
            numbers |= {prefix + name: size for name, size in sizes.items()}
        return numbers
    if step == "relu":
        relu = first(ReLU, behind=conv)
        y, x = spot(relu)
        before = reads(relu)[unit]
        result = max(0.0, float(before[y, x]))
        return {"value": before[y, x], "result": result, "cut": float((before < 0).mean())}
    if step == "second":
        kernel = layers[second].kernel[0]
        sources, height, width = kernel.shape
        return {"sources": sources, "height": height, "width": width, "weights": kernel.size}
    if step == "pooling":
        pool = first(MaxPooling, AveragePooling, behind=conv)
        unit, (y, x) = len(native.values(pool)) * 3 // 10, spot(pool)
        before, after = reads(pool), native.values(pool)
        covered = window(pool, unit, y, x, layers[pool].size, np.nan)
        covered = covered[~np.isnan(covered)]
        largest = isinstance(layers[pool], MaxPooling)
        return {
            "height": layers[pool].size[0],
            "width": layers[pool].size[1],
            "rows_before": before.shape[1],
            "columns_before": before.shape[2],
            "rows": after.shape[1],
            "columns": after.shape[2],
            "window": covered.ravel(),
            "result": covered.max() if largest else covered.mean(),
        }
    if step == "deep":
        deep = [name for name in names if native.values(name).ndim == 3][-1]
        _, rows, columns = native.values(deep).shape
        y, x = spot(deep)
        value = native.values(deep)[len(native.values(deep)) * 3 // 10, y, x]
        # The field of the shipped network, counted by hand: 3, 5, 6, 10, 14, 16 pixels, layer by layer.
        field = 16
        numbers = {"height": field, "width": field, "layers": names.index(deep), "value": value}
        return {"rows": rows, "columns": columns, **numbers}
    if step == "flatten":
        (flatten,) = (name for name in names if isinstance(layers[name], Flatten))
        maps, rows, columns = reads(flatten).shape
        return {"maps": maps, "rows": rows, "columns": columns, "length": native.values(flatten).size}
    shares = native.values(names[-1])
    best = int(shares.argmax())
    numbers = {"best": best, "top": shares[best], "classes": len(shares)}
    if "layer" in parts:
        unit = int(parts["unit"])
        logits = native.values(names[-2])
        numbers |= {"logit": logits[unit], "probability": shares[unit], "share": shares[unit]}
        if isinstance(layers[names[-2]], Dense):
            numbers |= {"bias": layers[names[-2]].bias[unit], "values": reads(names[-2]).size}
    return numbers
