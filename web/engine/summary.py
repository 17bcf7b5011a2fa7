"""Activations in a few numbers, to tell whether two computations of them agree."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.finite import plain
from engine.news import parts_of_units
from pycnn.steps import News, counted, silent

Summary = dict[str, list[list[float | str]]]  # numbers as `finite.plain` says them

# Of a layer's largest magnitude. Other processors and other releases of NumPy sum in another order, which
# float32 shows in the sixth digit.
TOLERANCE = 1e-4


def by_unit(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """A layer's values as (units, values of each); a vector is one unit."""
    return values.reshape(len(values) if values.ndim == 3 else 1, -1)


def summarise(activations: Mapping[str, NDArray[np.float32]], news: News = silent) -> Summary:
    """Smallest, largest and mean value of every map of a layer, or of a vector as a whole, by layer.

    news(name, done, total) is called after each step: a layer, or a part of a large one.
    """
    tell = counted(news, sum(parts_of_units(by_unit(values)).steps for values in activations.values()))
    found: Summary = {}
    for name, values in activations.items():
        units = by_unit(values)
        found[name] = []
        for part in parts_of_units(units):
            some = units[part]
            with np.errstate(invalid="ignore"):  # of infinities with both signs
                means = some.mean(axis=1, dtype=np.float64)
                found[name] += plain(np.column_stack([some.min(axis=1), some.max(axis=1), means]).tolist())
            tell(name)
    return found


def differing(summary: Summary, expected: Summary) -> list[str]:
    """Names of the layers in which two summaries are not the same within TOLERANCE."""
    names = [*summary, *(name for name in expected if name not in summary)]
    return [name for name in names if not _agree(summary.get(name), expected.get(name))]


def _agree(one: list[list[float | str]] | None, other: list[list[float | str]] | None) -> bool:
    if one is None or other is None:
        return False
    ours, theirs = np.array(one, np.float64), np.array(other, np.float64)
    if ours.shape != theirs.shape:
        return False
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    tolerance = TOLERANCE * np.abs(theirs[np.isfinite(theirs)]).max(initial=0)
    with np.errstate(invalid="ignore"):
        return bool((same | (np.abs(ours - theirs) <= tolerance)).all())
