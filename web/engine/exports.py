"""The values of the picture shown last as files to take along."""

import csv
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.columns import Floats, find_column, find_unit
from pycnn import Network
from pycnn.npz import npz_bytes

Bytes = NDArray[np.uint8]


def npz_file(arrays: Mapping[str, NDArray[Any]]) -> Bytes:
    """The arrays as a compressed .npz."""
    return np.frombuffer(npz_bytes(arrays, compressed=True), np.uint8)


def csv_file(network: Network, activations: Mapping[str, Floats], layer: str, unit: str) -> Bytes:
    """One unit's values as CSV in UTF-8, with nine digits, which tell every float32 from its neighbours.

    A map has a line per row, a vector a line per value. A unit of the last column brings all classes,
    since its probability follows from all logits: a line per class below a header.
    Raises ValueError for a layer or unit that does not exist.
    """
    column = find_column(network, activations, layer)
    number = find_unit(column, unit)
    step = column.steps[-1]
    if column.shows_classes:
        classes = zip(network.classes, _texts(step.inputs), _texts(step.output), strict=True)
        return _csv([("name", "logit", "probability"), *classes])
    if step.output.ndim == 3:
        return _csv([_texts(row) for row in step.output[number]])
    return _csv([[text] for text in _texts(step.output)])


def _texts(values: Floats) -> list[str]:
    return [f"{value:.9g}" for value in values.tolist()]


def _csv(rows: list[Any]) -> Bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return np.frombuffer(text.getvalue().encode(), np.uint8)
