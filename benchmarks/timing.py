"""Timing that runs on CPython as well as in the engine, whose clock ticks ten times a millisecond."""

import time
from collections.abc import Callable

import numpy as np

LEAST = 0.01  # seconds that one timing lasts at least, so that the clock's ticks do not count


def medians(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Milliseconds that each call takes: the median over rounds in which all of them take turns."""
    repeats = {name: repeats_of(call) for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            times[name].append(seconds(call, repeats[name]) / repeats[name])
    # Not np.median: it imports a part of NumPy that the engine is without.
    return {name: sorted(taken)[rounds // 2] * 1000 for name, taken in times.items()}


def repeats_of(call: Callable[[], object]) -> int:
    call()  # the first call is slower
    repeats = 1
    while seconds(call, repeats) < LEAST:
        repeats *= 2
    return repeats


def seconds(call: Callable[[], object], repeats: int) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        call()
    return time.perf_counter() - started


def values(*shape: int) -> np.ndarray:
    """float32 from -1 to 1 without a pattern; not from numpy.random, which the engine may be without."""
    return np.sin(np.arange(np.prod(shape)) ** 2 * 0.7).astype(np.float32).reshape(shape)
