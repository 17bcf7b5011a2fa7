"""News of a request that may take long: while the engine computes it answers nothing, it can only tell."""

from collections.abc import Callable
from typing import Any

from pycnn.steps import COPY, EXPONENTIAL, Cut

# What is being done: with "read" goes one of `pycnn.pictures.STAGES`, with all others a layer or "".
DOINGS = ("forward", "read", "colour", "view", "save", "compare", "quote", "play")

# Told after each step: what is being done, at which layer or stage ("" for none), and how many steps are done
# of how many. Both numbers are whole, and begin anew with another part of what is being done.
News = Callable[[str, str, int, int], object]
# What takes as long as so many multiply-adds: a value that becomes a colour, or digits.
COLOURED, WRITTEN = EXPONENTIAL, 16 * EXPONENTIAL


def silent(doing: str, name: str, done: int, total: int) -> None:
    """For whoever wants no news."""


def in_steps(count: int, work: int) -> Cut:
    """So many values or rows, each of which is so much work, cut into steps: a slice each."""
    return Cut((count,), (0,), lambda block: work * block[0])


def parts_of_units(units: Any) -> Cut:
    """The rows of (units, values of each) in steps in which their values are compared or added."""
    return in_steps(len(units), 4 * COPY * units.shape[1])
