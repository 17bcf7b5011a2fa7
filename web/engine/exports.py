"""The values of the picture shown last as files to take along."""

import csv
import io
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.columns import Floats, find_column, find_unit
from engine.news import WRITTEN
from pycnn import Network
from pycnn.npz import npz_bytes
from pycnn.steps import Cut, News, silent

Bytes = NDArray[np.uint8]


def npz_file(arrays: Mapping[str, NDArray[Any]], news: News = silent) -> Bytes:
    """The arrays as a compressed .npz. news(name, done, total) is called after each piece of them."""
    return np.frombuffer(npz_bytes(arrays, compressed=True, news=news), np.uint8)


def csv_file(
    network: Network, activations: Mapping[str, Floats], layer: str, unit: str, news: News = silent
) -> Bytes:
    """One unit's values as CSV in UTF-8, with nine digits, which tell every float32 from its neighbours.

    A map has a line per row, a vector a line per value. A unit of the last column brings all classes,
    since its probability follows from all logits: a line per class below a header.
    news(name, done, total) is called after each step.
    Raises ValueError for a layer or unit that does not exist.
    """
    column = find_column(network, activations, layer)
    number = find_unit(column, unit)
    step = column.steps[-1]
    if column.shows_classes:
        classes = zip(network.classes, _texts(step.inputs), _texts(step.output), strict=True)
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([("name", "logit", "probability"), *classes])
        return np.frombuffer(text.getvalue().encode(), np.uint8)
    values = step.output[number] if step.output.ndim == 3 else step.output[:, np.newaxis]
    return _csv(values, partial(news, layer))


def _csv(values: Floats, tell: Callable[[int, int], object]) -> Bytes:
    """The values (rows, columns) as CSV, some rows or a part of one at a time."""
    cut = Cut(values.shape, (0, 1), lambda block: WRITTEN * block[0] * block[1])
    written = bytearray()
    for done, (rows, columns) in enumerate(cut, 1):
        end = b"\n" if columns.stop == values.shape[1] else b","
        for row in values[rows, columns]:
            written += ",".join(_texts(row)).encode() + end
        tell(done, cut.steps)
    return np.frombuffer(written, np.uint8)


def _texts(values: Floats) -> list[str]:
    return [f"{value:.9g}" for value in values.tolist()]
