"""What a person sees while files come: one line that moves on a terminal, one line a file elsewhere."""

import shutil
import sys
import time
from typing import TextIO

WIDTH = 24
# Often enough to look alive, seldom enough not to slow the download.
INTERVAL = 0.1


class Progress:
    """Progress through files whose sizes, `total` bytes together, are known beforehand."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._moving = self._stream.isatty()
        self._total = total
        self._finished = 0
        self._name = ""
        self._size = 0
        self._came = 0
        self._drawn = 0.0

    def start(self, name: str, size: int) -> None:
        """A file is asked for, from its start; a second source or try calls this again."""
        self._name, self._size, self._came = name, size, 0
        self._draw()

    def advance(self, count: int) -> None:
        self._came += count
        if time.monotonic() - self._drawn >= INTERVAL:
            self._draw()

    def finish(self, source: str) -> None:
        """The file came whole."""
        self._finished += self._size
        self._came = 0
        self._draw()
        if not self._moving:
            print(f"  {self._name}, {amount(self._size)}, from {source}", file=self._stream, flush=True)

    def close(self) -> None:
        if self._moving:
            print("\r\033[K", end="", file=self._stream, flush=True)

    def _draw(self) -> None:
        if not self._moving:
            return
        self._drawn = time.monotonic()
        # A try that failed half-way, or what was read ahead, may bring more bytes than the file has.
        done = self._finished + min(self._came, self._size)
        filled = WIDTH * done // max(1, self._total)
        bar = "#" * filled + "." * (WIDTH - filled)
        line = f"[{bar}] {amount(done)} of {amount(self._total)}  {self._name}"
        columns = shutil.get_terminal_size().columns - 1
        print(f"\r\033[K{line[:columns]}", end="", file=self._stream, flush=True)


def amount(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"
