"""Long work in steps: none of them takes long, and after each of them it can be told how far the work is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence

# How much work a step is at most: multiply-adds, or what takes as long as so many. In WebAssembly that is a
# tenth of a second at the worst, on a slow phone half a second.
STEP = 2**24
# What else takes as long as so many multiply-adds: a value that is copied, compared or added to others; and
# one that goes through an exponential.
COPY, EXPONENTIAL = 4, 64

# Called after each step with a name, how many steps are done, and of how many.
News = Callable[[str, int, int], object]
# A part of an array: a slice along each of its axes.
Block = tuple[slice, ...]
Shape = tuple[int, ...]


def silent(name: str, done: int, total: int) -> None:
    """For whoever wants no news."""


def counted(news: News, total: int) -> Callable[..., object]:
    """What to call with a name after each of `total` steps; it counts them for the news."""
    done = itertools.count(1)
    return lambda name, *_: news(name, next(done), total)


def now_and_then(tell: Callable[[int, int], object], least: int) -> Callable[[int, int], None]:
    """What to call with done and total however often: `tell` is, at first and when `least` more are done."""
    told = -least

    def call(done: int, total: int) -> None:
        nonlocal told
        if abs(done - told) >= least:
            told = done
            tell(done, total)

    return call


class Cut:
    """An array of a shape, cut into blocks of which none is more work than a step; in one, if it is small.

    work says how much it is of a block's shape. The axes are cut in `order`: the next one when the one before
    is in pieces of length 1. Even then a block may be more, and stays as it is.

    shape    the array's
    block    the blocks'; those at the array's ends may be smaller
    steps    how many blocks there are
    """

    def __init__(self, shape: Shape, order: Sequence[int], work: Callable[[Shape], int]) -> None:
        block = list(shape)
        for axis in order:
            while work(tuple(block)) > STEP and block[axis] > 1:
                block[axis] = math.ceil(block[axis] / 2)
        self.shape = shape
        self.block = tuple(block)
        self.steps = math.prod(math.ceil(length / part) for length, part in zip(shape, block, strict=True))

    def __iter__(self) -> Iterator[Block]:
        """The blocks, in the order of the array's values."""
        return itertools.product(*map(_parts, self.shape, self.block))


def _parts(length: int, part: int) -> list[slice]:
    return [slice(start, min(start + part, length)) for start in range(0, length, part)]
