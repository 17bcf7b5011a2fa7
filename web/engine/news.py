"""News of a request that may take long: while the engine computes it answers nothing, it can only tell."""

from collections.abc import Callable

# What is being done: names of layers go with all but "read", with which goes one of `pycnn.pictures.STAGES`.
DOINGS = ("forward", "read", "colour", "view", "save", "compare", "quote", "play")

# Told after each step: what is being done, at which layer or stage ("" for none), and how many steps are done
# of how many. Both numbers are whole; the second stays the same until something else is done.
News = Callable[[str, str, int, int], object]


def silent(doing: str, name: str, done: int, total: int) -> None:
    """For whoever wants no news."""
