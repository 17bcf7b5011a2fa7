"""What a view of one unit shows: one function per kind of view, from values that were computed already.

Each function takes a column and one of its units. It returns facts of its own and arrays by name.
"""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.colours import colour_signed, colouring
from engine.columns import Column, Floats, find_column, find_unit
from engine.finite import largest
from engine.news import COLOURED, in_steps
from pycnn import Network
from pycnn.steps import EXPONENTIAL, Block, Cut, News, silent
from pycnn.window import Window

Array = NDArray[Any]
Facts = dict[str, Any]
View = tuple[Facts, dict[str, Array]]

STRONGEST = 8  # elements listed for a class, and as many against it


def open_view(
    network: Network,
    activations: Mapping[str, Floats],
    layer: str,
    unit: str,
    view: str,
    news: News = silent,
) -> tuple[Facts, list[Array]]:
    """The view of a unit of the column `layer`: the facts, and the arrays that they list by name and shape.

    `view` is "" for the column's own view, or the name of one that it has. news(name, done, total) is called
    after each step of what may take long, with the layer's name.
    Raises ValueError for a layer, unit or view that does not exist.
    """
    column = find_column(network, activations, layer)
    number = find_unit(column, unit)
    names = _views_of(column)
    name = view or names[0]
    if name not in names:
        raise ValueError(f"{layer} has no view {view!r}, only {', '.join(names)}")
    with np.errstate(over="ignore", invalid="ignore"):  # of values that are not finite
        own, arrays = _VIEWS[name](column, number, news)
    facts: Facts = {"view": name, "layer": layer, "unit": number, "before": column.steps[-1].before}
    if column.has_logits:
        facts["logits"] = column.steps[-2].name
    listed = [[array, list(values.shape)] for array, values in arrays.items()]
    return {**facts, **own, "arrays": listed}, list(arrays.values())


def _views_of(column: Column) -> list[str]:
    """Names of a column's views, its own first."""
    step = column.steps[-1]
    if column.shows_classes:
        return ["dense", step.kind] if column.has_logits else [step.kind]
    return [_OWN_VIEWS.get((step.kind, step.output.ndim), "general")]


def _input(column: Column, _unit: int, _news: News) -> View:
    return {}, {"inputs": column.steps[-1].inputs}


def _convolution(column: Column, unit: int, news: News) -> View:
    """Each input map with its kernel, and the intermediate map they make: these and the bias add up."""
    step = column.steps[-1]
    kernel = step.layer.kernel[unit]
    intermediate = step.layer.intermediate(step.inputs, unit, news)
    limits = {"kernel": largest(kernel), "intermediate": max(map(largest, intermediate))}
    facts = {
        "bias": float(step.layer.bias[unit]),
        "limits": limits,
        **_window(step.layer),
    }
    return facts, {
        "inputs": step.inputs,
        "kernel": kernel,
        "intermediate": intermediate,
        "output": step.output[unit],
        "kernel_colours": _coloured(kernel, limits["kernel"], step.name, news),
        "intermediate_colours": _coloured(intermediate, limits["intermediate"], step.name, news),
    }


def _relu(column: Column, unit: int, _news: News) -> View:
    step = column.steps[-1]
    inputs = step.inputs[unit]
    facts = {"cut": int((inputs < 0).sum()), "count": inputs.size}
    return facts, {"inputs": inputs[np.newaxis], "output": step.output[unit]}


def _pooling(column: Column, unit: int, news: News) -> View:
    """The facts count input values: all, those that a window covers, and those that a maximum keeps."""
    step = column.steps[-1]
    inputs = step.inputs[unit]
    window = step.layer.window((1, *inputs.shape))
    met, kept = np.zeros(inputs.size, bool), np.zeros(inputs.size, bool)
    cut = Cut(window.places, (0, 1), lambda block: EXPONENTIAL * math.prod(window.size) * math.prod(block))
    for done, block in enumerate(cut, 1):
        places = covered(window, block)
        met[places[places >= 0]] = True
        if step.kind == "max_pooling":
            values = np.where(places >= 0, inputs.ravel()[places], -np.inf)
            winners = values.argmax(axis=1)  # of equal values the first
            # Where all that a window covers is minus infinity, padding is not less: the first value wins.
            winners = np.where(np.isneginf(values.max(axis=1)), (places >= 0).argmax(axis=1), winners)
            kept[np.take_along_axis(places, winners[:, np.newaxis], axis=1)] = True
        news(step.name, done, cut.steps)
    facts = {
        "rule": step.kind.removesuffix("_pooling"),
        "count": inputs.size,
        "kept": int(kept.sum()),
        "covered": int(met.sum()),
        **_window(step.layer),
    }
    return facts, {"inputs": inputs[np.newaxis], "output": step.output[unit]}


def covered(window: Window, block: Block) -> NDArray[np.int64]:
    """Positions in a flattened map that the windows of a block of places cover, (windows, cells).

    In the padding they are -1.
    """
    down, across = (
        np.array([axis.read(place) for place in range(part.start, part.stop)], np.int64)
        for axis, part in zip((window.down, window.across), block, strict=True)
    )
    rows, columns = down[:, np.newaxis, :, np.newaxis], across[:, np.newaxis, :]
    inside = (rows >= 0) & (rows < window.rows) & (columns >= 0) & (columns < window.columns)
    return np.where(inside, rows * window.columns + columns, -1).reshape(-1, math.prod(window.size))


def _window(layer: Any) -> Facts:
    names = ("size", "stride", "padding", "dilation")
    return {name: list(getattr(layer, name)) for name in names}


def _flatten(column: Column, _unit: int, _news: News) -> View:
    step = column.steps[-1]
    return {}, {"inputs": step.inputs, "output": step.output}


def _dense(column: Column, unit: int, news: News) -> View:
    """A class's logit: the products of the vector's values and their weights, and their sum per map."""
    *_, source, step, _last = column.steps
    unit = min(unit, len(step.output) - 1)  # before a sigmoid both classes share one logit
    weights = step.layer.weights[unit]
    products = step.layer.contributions(step.inputs, unit)
    maps, rows = None, 1
    if source.kind == "flatten":
        maps = {"layer": source.before, "shape": list(source.inputs.shape)}
        rows = len(source.inputs)
    sums = products.reshape(rows, -1).sum(axis=1, dtype=np.float64)
    limits = {"weights": largest(weights), "products": largest(products)}
    facts = {
        "before": step.before,
        "bias": float(step.layer.bias[unit]),
        "logit": float(step.output[unit]),
        "total": float(products.sum(dtype=np.float64)),
        "limits": limits,
        "maps": maps,
        "strongest": {
            "for": _most_positive(products, 1, partial(news, step.name)),
            "against": _most_positive(products, -1, partial(news, step.name)),
        },
    }
    return facts, {
        "inputs": step.inputs,
        "weights": weights,
        "products": products,
        "sums": sums.astype(np.float32),
        "weights_colours": _coloured(weights, limits["weights"], step.name, news),
        "products_colours": _coloured(products, limits["products"], step.name, news),
    }


def _most_positive(values: Floats, sign: int, tell: Callable[[int, int], object]) -> list[int]:
    """Where the largest of the values, times the sign, stand as far as they are above zero, largest first.

    Of equal ones the first comes first.
    """
    cut = in_steps(values.size, COLOURED)
    found = np.zeros(0, np.intp)
    for done, (part,) in enumerate(cut, 1):
        found = np.concatenate([found, np.arange(part.start, part.stop)])
        found = found[np.argsort(-sign * values[found], kind="stable")[:STRONGEST]]
        tell(done, cut.steps)
    return [int(index) for index in found if sign * values[index] > 0]


def _coloured(values: Floats, limit: float, layer: str, news: News) -> Array:
    """The values' colours, step by step."""
    rgba, flat, cut = np.empty((values.size, 4), np.uint8), values.reshape(-1), colouring(values)
    for done, part in enumerate(cut, 1):
        rgba[part] = colour_signed(flat[part], limit)
        news(layer, done, cut.steps)
    return rgba.reshape(*values.shape, 4)


def _softmax(column: Column, _unit: int, _news: News) -> View:
    """The exponentials as a visitor would write them, and again with the largest logit subtracted.

    Where the largest logit's exponential is no normal float32, both are with it subtracted.
    """
    step = column.steps[-1]
    logits = step.inputs.astype(np.float64)
    largest = float(logits.max())
    normal = np.finfo(np.float32)
    fits = np.log(float(normal.tiny)) <= largest <= np.log(float(normal.max))
    subtracted = 0.0 if fits else largest
    exponentials, shifted = np.exp(logits - subtracted), np.exp(logits - largest)
    facts = {
        "largest": largest,
        "subtracted": subtracted,
        "total": float(exponentials.sum()),
        "shifted_total": float(shifted.sum()),
    }
    return facts, {
        "logits": step.inputs,
        "exponentials": exponentials,
        "shifted": shifted,
        "probabilities": step.output,
    }


def _sigmoid(column: Column, _unit: int, _news: News) -> View:
    """The second class's probability, sigmoid(z), and the first one's, which is what it leaves of 1.

    Their fractions are 1 and exp(-z) over 1 + exp(-z), or, where exp(-z) is too large for a float32, the same
    multiplied by exp(z): exp(z) and 1 over exp(z) + 1. Then `flipped` is true. `exponential` is the one used.
    """
    step = column.steps[-1]
    logit = float(step.inputs[1])
    flipped = bool(-logit > np.log(float(np.finfo(np.float32).max)))
    exponential = float(np.exp(logit if flipped else -logit))
    facts = {"logit": logit, "flipped": flipped, "exponential": exponential, "total": 1 + exponential}
    return facts, {"probabilities": step.output}


def _general(column: Column, _unit: int, _news: News) -> View:
    step = column.steps[-1]
    return {}, {"inputs": step.inputs, "output": step.output}


_VIEWS: dict[str, Callable[[Column, int, News], View]] = {
    "input": _input,
    "convolution": _convolution,
    "relu": _relu,
    "pooling": _pooling,
    "flatten": _flatten,
    "dense": _dense,
    "softmax": _softmax,
    "sigmoid": _sigmoid,
    "general": _general,
}

# The view of a layer by its kind and the dimensions of its output; any other one has the general view.
_OWN_VIEWS = {
    ("input", 3): "input",
    ("convolution", 3): "convolution",
    ("relu", 3): "relu",
    ("max_pooling", 3): "pooling",
    ("average_pooling", 3): "pooling",
    ("flatten", 1): "flatten",
}
