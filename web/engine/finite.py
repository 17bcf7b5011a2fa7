"""Values that are not finite, which a layer may give: how to tell them, and how large the others are."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def plain(data: Any) -> Any:
    """Numbers, in lists and dicts too, as JSON can say them.

    It has none that are not finite: they become the texts "inf", "-inf" and "nan", which `float` reads.
    """
    if isinstance(data, dict):
        return {name: plain(part) for name, part in data.items()}
    if isinstance(data, list):
        return [plain(part) for part in data]
    return data if not isinstance(data, float) or math.isfinite(data) else str(data)


def finite(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The values with 0 in place of those that are not finite."""
    known = np.isfinite(values)
    return values if known.all() else np.where(known, values, np.float32(0))


def largest(values: NDArray[np.float32]) -> float:
    """The largest finite magnitude, where a colour scale ends."""
    return float(np.abs(finite(values)).max())
