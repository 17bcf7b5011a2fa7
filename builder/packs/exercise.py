"""Runs in Pyodide: has the engine do all that a visitor can ask for, so that it imports all it ever needs.

The network has one layer of every kind; which network it is makes no difference to what is imported.
"""

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
from engine.bridge import Bridge
from pyodide.code import run_js
from pyodide.ffi import to_js

from pycnn import (
    AveragePooling,
    Convolution,
    Dense,
    Flatten,
    Identity,
    MaxPooling,
    Network,
    ReLU,
    Sigmoid,
    Softmax,
    save_model,
)

# As in the worker, a fault becomes a JavaScript error with the traceback.
CATCH = run_js("(call) => { try { call(); } catch (error) { return error.message; } }")


def make_bridge() -> Bridge:
    """The engine with a network of all kinds of layers, read from a file."""

    def ones(*shape: int) -> Any:
        return np.ones(shape, np.float32)

    layers = [
        Convolution("conv", ones(2, 3, 3, 3), ones(2), padding=1),
        ReLU("relu"),
        MaxPooling("max", 2),
        AveragePooling("mean", 2),
        Identity("identity"),
        Flatten("flatten"),
        Dense("hidden", ones(4, 8), ones(4)),
        Sigmoid("hidden/sigmoid"),
        Dense("logits", ones(3, 4), ones(3)),
        Softmax("output"),
    ]
    save_model(Network(layers, (3, 8, 8), ["a", "b", "c"]), "/model.npz")
    return Bridge("/model.npz", run_js("() => {}"))


def ask(bridge: Bridge, request: str, *parts: Any) -> None:
    bridge.call(request, to_js(list(parts)))


def show_all(bridge: Bridge) -> None:
    """Every request but for those of pictures' files, and faults."""
    ask(bridge, "describe")
    pixels = np.arange(8 * 8 * 3, dtype=np.uint8)
    for sharing in ("layer", "block", "network"):
        ask(bridge, "show", pixels, sharing)
        ask(bridge, "recolour", sharing)
    ask(bridge, "compare", pixels, "{}")
    for layer in (
        "input",
        "conv",
        "relu",
        "max",
        "mean",
        "identity",
        "flatten",
        "hidden",
        "hidden/sigmoid",
        "output",
    ):
        ask(bridge, "open", layer, "0", "")
        ask(bridge, "csv", layer, "0")
    ask(bridge, "open", "output", "2", "softmax")
    ask(bridge, "quote", '{"best": ["best"], "window": ["window", "max", 0, 0, 0]}')
    playground = '{"size": 4, "input": null, "kernel": [[1]], "stride": 2, "padding": 1, "dilation": 1}'
    ask(bridge, "play", playground)
    ask(bridge, "play", playground.replace("null", "[[1, 2], [3, 4]]"))
    ask(bridge, "save")
    faults = [
        ("show", pixels, "unit"),
        ("show", pixels[1:], "layer"),
        ("open", "absent", "0", ""),
        ("quote", '{"none": ["value", "absent", 0, 0, 0]}'),
        ("absent",),
    ]
    for fault in faults:
        said = CATCH(lambda fault=fault: ask(bridge, *fault))
        assert "Error: " in said, said
    warnings.warn("as NumPy may give one", RuntimeWarning, stacklevel=1)


def read_all(bridge: Bridge, pictures: Iterable[bytes]) -> None:
    """The request `decode` with each picture's file, and `fit` with pixels."""
    for data in pictures:
        ask(bridge, "decode", np.frombuffer(data, np.uint8))
    ask(bridge, "fit", np.zeros(4 * 20 * 10, np.uint8), "20", "10")
