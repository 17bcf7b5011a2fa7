"""The bytes behind a path, read without waiting for what may never come."""

from __future__ import annotations

import errno
import os
import stat
import time
from pathlib import Path

PATIENCE = 1  # seconds until a pipe that nobody writes to is taken for empty


def read_file(path: str | os.PathLike[str], most: int) -> bytes:
    """The first `most` bytes of a file, or of a pipe that somebody writes to.

    Raises OSError, also for devices: reading them may never end.
    """
    path = Path(path)
    mode = path.stat().st_mode
    if stat.S_ISFIFO(mode):
        return _read_pipe(path, most)
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise OSError(errno.EINVAL, "Is a device, not a file", str(path))
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size or most  # the size of what the system makes up as it is read
        return file.read(min(size + 1, most))


def read_regular_file(path: Path, most: int) -> bytes:
    """The first `most` bytes of a file that is a file indeed, no pipe either. Raises OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "Not a regular file", str(path))
    return read_file(path, most)


def _read_pipe(path: Path, most: int) -> bytes:
    """Waits for as long as somebody has the pipe open to write into it, but not for somebody to come."""
    waited_enough = time.monotonic() + PATIENCE
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        first = b""
        while not first and time.monotonic() < waited_enough:
            time.sleep(0.01)
            try:
                first = os.read(file.fileno(), 1)
            except BlockingIOError:  # there is a writer, who has written nothing yet
                break
        os.set_blocking(file.fileno(), True)
        return first + file.read(most - len(first))
