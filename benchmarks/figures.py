"""What was measured, line by line, and whether it is what the project aims at."""

import math
import statistics
from dataclasses import dataclass

MEDIAN = 50


@dataclass(frozen=True)
class Line:
    """One line of the table. Its `share` per cent of the measured values must not exceed the `aim`."""

    name: str
    aim: float | None = None
    unit: str = "ms"
    share: int = MEDIAN

    @property
    def decimals(self) -> int:
        return 1 if self.unit == "ms" else 2


LINES = [
    Line("navigation to overview drawn, cold", 800),
    Line("navigation to overview drawn, second visit", 400),
    Line("navigation to overview drawn, HTTP cache only"),
    Line("navigation to engine ready, cold", 1500),
    Line("navigation to engine ready, second visit", 800),
    Line("navigation to engine ready, HTTP cache only"),
    Line("navigation to page ready, cold"),
    Line("navigation to page ready, second visit"),
    Line("navigation to page ready, HTTP cache only"),
    Line("overview drawn, second visit over first", 0.9, "x"),
    Line("engine ready, second visit over first", 0.8, "x"),
    Line("page ready, second visit over first", unit="x"),
    Line("picture chosen to drawn", 60),
    Line("forward pass in the engine", 6),
    Line("forward pass on CPython"),
    Line("opening a view", 100, share=95),
    Line("moving its cursor", 16, share=95),
    Line("longest task before page ready", 150),
    Line("longest task after page ready", 50),
    Line("bytes until overview drawn", 0.6, "MB"),
    Line("bytes until engine ready", 6, "MB"),
    Line("memory after 200 pictures over after 10", 1.1, "x"),
]

MEANINGS = """\
cold: nothing kept of an earlier visit. second visit: in a new tab, once the service worker keeps the site.
second visit over first: in one profile, one right after the other. The other visits are in private windows,
where Chromium does not keep the WebAssembly that it compiled in a first visit.
HTTP cache only: a second visit without the service worker; the server is asked whether each file changed.
overview drawn: the first picture's maps and probabilities are painted, and every unit answers.
engine ready: NumPy and the network are loaded. page ready: the page's own Python answers.
picture chosen to drawn: from the choice until every layer and class is painted anew.
opening a view: from the click until it is painted with all its numbers.
moving its cursor: from the pointer's event until what follows it is painted.
longest task: of a visit, on the main thread; browsers tell only of those above 50 ms, so 50 stands for fewer.
bytes: html, js, css, json, py and wasm gzipped, all else as it is, of requests begun before the mark.
memory: resident, of the tab's process, after garbage was collected.
Aims are for Chromium's medians, of views and cursors for the 95th percentile. Firefox: medians of one run."""


class Figures:
    """Values by name: a line's name, or `NAME: DETAIL` for several lines with one aim."""

    def __init__(self) -> None:
        self._values: dict[str, list[float]] = {}

    def note(self, name: str, *values: float) -> None:
        self._values.setdefault(name, []).extend(values)

    def of(self, line: Line) -> dict[str, list[float]]:
        """What was noted for a line, by name."""
        return {name: all_ for name, all_ in self._values.items() if name.split(": ")[0] == line.name}

    def median(self, name: str) -> float | None:
        return statistics.median(self._values[name]) if name in self._values else None


def table(chromium: Figures, firefox: Figures) -> str:
    heads = ["aim", "median", "95 %", "worst", "values"]
    rows = [f"{'':54}{''.join(f'{head:>9}' for head in heads)}  {'met':5}{'Firefox':>9}"]
    for line in LINES:
        for name, values in chromium.of(line).items():
            rows.append(row(line, name, values, firefox.median(name)))
    return "\n".join(rows)


def row(line: Line, name: str, values: list[float], firefox: float | None) -> str:
    figures = [line.aim, statistics.median(values), percentile(values, 95), max(values)]
    shown = "".join(f"{in_digits(value, line.decimals):>9}" for value in figures)
    met = "" if line.aim is None else "yes" if percentile(values, line.share) <= line.aim else "NO"
    elsewhere = in_digits(firefox, line.decimals)
    return f"{name:50}{line.unit:>4}{shown}{len(values):9}  {met:5}{elsewhere:>9}".rstrip()


def in_digits(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:.{decimals}f}"


def percentile(values: list[float], share: int) -> float:
    """The value that `share` per cent of them do not exceed; for 50 the median."""
    if share == MEDIAN:
        return statistics.median(values)
    return sorted(values)[math.ceil(len(values) * share / 100) - 1]
