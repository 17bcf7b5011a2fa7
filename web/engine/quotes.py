"""Single numbers of the picture shown last, which the lesson quotes in its sentences."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from engine.columns import Floats
from engine.finite import plain
from pycnn import Network
from pycnn.steps import News, silent

Number = float | int | list[float]
Told = Number | str | list[float | str]  # see `finite.plain`


class Quotes:
    """Answers one question after the other; each method but the first is a kind of question.

    Layers are named as in `Network.forward`, the picture is "input". A place is (y, x) in a layer's
    output; in a vector y is 0. Raises KeyError, IndexError or AttributeError for what does not exist.
    """

    def __init__(self, network: Network, activations: Mapping[str, Floats]) -> None:
        self._activations = activations
        self._layers: dict[str, Any] = {layer.name: layer for layer in network.layers}
        names = ["input", *self._layers]
        self._inputs = {name: activations[before] for before, name in pairwise(names)}
        self._logits, self._probabilities = network.logits(activations), network.probabilities(activations)

    def value(self, layer: str, unit: int, y: int, x: int) -> float:
        """One activation."""
        values = self._activations[layer]
        return float(values[unit, y, x] if values.ndim == 3 else values[x])

    def window(self, layer: str, source: int, y: int, x: int) -> list[float]:
        """What a window covers of the input map `source`: padding is 0, and left out by a pooling."""
        values, one = self._inputs[layer][source], self._layers[layer]
        window = one.window(self._inputs[layer].shape)
        if not (0 <= y < window.places[0] and 0 <= x < window.places[1]):
            raise IndexError(f"the window of {layer!r} has no place ({y}, {x})")
        pads = one.kind == "convolution"
        cells = window.cells(y, x)
        return [float(values[cell]) if cell else 0.0 for cell in cells if cell or pads]

    def kernel(self, layer: str, unit: int, source: int) -> list[float]:
        """The weights between a unit and one of its input maps, row by row."""
        weights: list[float] = self._layers[layer].kernel[unit, source].ravel().tolist()
        return weights

    def products(self, layer: str, unit: int, source: int, y: int, x: int) -> list[float]:
        """The values of a window times the weights that lie on them; `partial` is their sum."""
        covered_values, weights = self.window(layer, source, y, x), self.kernel(layer, unit, source)
        return [value * weight for value, weight in zip(covered_values, weights, strict=True)]

    def bias(self, layer: str, unit: int) -> float:
        return float(self._layers[layer].bias[unit])

    def partial(self, layer: str, unit: int, source: int, y: int, x: int) -> float:
        """What one input map alone gives a convolution's unit: the sum of its products."""
        inputs, one = self._inputs[layer], self._layers[layer]
        there = (len(inputs), *one.window(inputs.shape).places)
        if not all(0 <= index < count for index, count in zip((source, y, x), there, strict=True)):
            raise IndexError(f"{layer!r} has no place {(source, y, x)}")
        place = tuple(slice(index, index + 1) for index in (source, y, x))
        return float(one.intermediate_block(inputs, unit, place)[0, 0, 0])

    def cut(self, layer: str, unit: int) -> float:
        """Which share of the values that a ReLU's unit reads is below zero."""
        return float((self._inputs[layer][unit] < 0).mean())

    def logit(self, unit: int) -> float:
        return float(self._logits[unit])

    def probability(self, unit: int) -> float:
        return float(self._probabilities[unit])

    def best(self) -> int:
        """The unit of the likeliest class."""
        return int(self._probabilities.argmax())


KINDS = ("value", "window", "kernel", "products", "bias", "partial", "cut", "logit", "probability", "best")


def quote(
    network: Network,
    activations: Mapping[str, Floats],
    asked: Mapping[str, list[Any]],
    news: News = silent,
) -> dict[str, Told]:
    """Answers by name to what is `asked`: name -> [kind, *arguments].

    news("", done, total) is called after each question.
    Raises ValueError for what is not there.
    """
    quotes = Quotes(network, activations)
    found: dict[str, Told] = {}
    for done, (name, (kind, *arguments)) in enumerate(asked.items(), 1):
        if kind not in KINDS:
            raise ValueError(f"one can quote {', '.join(KINDS)}, but no {kind!r}")
        answer: Callable[..., Number] = getattr(quotes, kind)
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # of values that are not finite
                found[name] = plain(answer(*arguments))
        except (KeyError, IndexError, AttributeError, TypeError) as error:
            raise ValueError(f"there is no {kind} of {arguments}") from error
        news("", done, len(asked))
    return found
