"""What a person sees while files come: one line that moves on a terminal, one line a file elsewhere."""

import sys
import time
from typing import TextIO

WIDTH = 24
# Often enough to look alive, seldom enough not to slow the download.
INTERVAL = 0.1


class Progress:
    """Progress through a number of bytes that is known beforehand."""

    def __init__(self, total_bytes: int, stream: TextIO | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._total = total_bytes
        self._finished = 0
        self._current = 0
        self._name = ""
        self._size = 0
        self._drawn = 0.0
        self._terminal = self._stream.isatty()

    def start(self, name: str, size: int) -> None:
        """`name` is what comes now, of `size` bytes."""
        self._name, self._size, self._current = name, size, 0
        self._draw()

    def advance(self, count: int) -> None:
        self._current += count
        if time.monotonic() - self._drawn >= INTERVAL:
            self._draw()

    def restart(self) -> None:
        """The file is asked for again, from its start."""
        self._current = 0

    def finish(self, source: str) -> None:
        """The file is here and was verified."""
        self._finished += self._size
        self._current = 0
        if self._terminal:
            self._draw()
        else:
            print(f"  {self._name}  {megabytes(self._size)}  from {source}", file=self._stream, flush=True)

    def close(self) -> None:
        if self._terminal:
            print("\r\033[K", end="", file=self._stream, flush=True)

    def _draw(self) -> None:
        if not self._terminal:
            return
        self._drawn = time.monotonic()
        done = min(self._finished + min(self._current, self._size), self._total)
        filled = WIDTH * done // max(1, self._total)
        bar = "#" * filled + "." * (WIDTH - filled)
        line = f"[{bar}] {megabytes(done)} of {megabytes(self._total)}  {self._name}"
        print(f"\r\033[K{line[:100]}", end="", file=self._stream, flush=True)


def megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"
