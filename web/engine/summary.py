"""Activations in a few numbers, to tell whether two computations of them agree."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Summary = dict[str, list[list[float]]]

# Of a layer's largest magnitude. Other processors and other releases of NumPy sum in another order, which
# float32 shows in the sixth digit.
TOLERANCE = 1e-4


def by_unit(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """A layer's values as (units, values of each); a vector is one unit."""
    return values.reshape(len(values) if values.ndim == 3 else 1, -1)


def summarise(activations: Mapping[str, NDArray[np.float32]]) -> Summary:
    """Smallest, largest and mean value of every map of a layer, or of a vector as a whole, by layer."""
    found = {}
    for name, values in activations.items():
        units = by_unit(values)
        means = units.mean(axis=1, dtype=np.float64)
        found[name] = np.column_stack([units.min(axis=1), units.max(axis=1), means]).tolist()
    return found


def differing(summary: Summary, expected: Summary) -> list[str]:
    """Names of the layers in which two summaries are not the same within TOLERANCE."""
    names = [*summary, *(name for name in expected if name not in summary)]
    return [name for name in names if not _agree(summary.get(name), expected.get(name))]


def _agree(one: list[list[float]] | None, other: list[list[float]] | None) -> bool:
    if one is None or other is None:
        return False
    ours, theirs = np.array(one), np.array(other)
    if ours.shape != theirs.shape:
        return False
    return bool(np.abs(ours - theirs).max() <= TOLERANCE * np.abs(theirs).max())
