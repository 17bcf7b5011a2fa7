"""Read part of a file on a server: a seekable stream over HTTP range requests."""

import io
import re
from collections.abc import Callable, Sequence

from builder.errors import SourceError
from builder.http import TIMEOUT, WAITS, open_url, retry

# Large enough that a wheel takes a handful of requests, small enough that little is read in vain.
READ_AHEAD = 1 << 20


class RangeReader(io.RawIOBase):
    """The file at `url`, read on demand; `on_bytes` is told how many bytes each request brought.

    Raises SourceError when the server does not answer range requests, and what builder.http.open_url raises.
    """

    def __init__(self, url: str, on_bytes: Callable[[int], None], waits: Sequence[float] = WAITS) -> None:
        self._url = url
        self._on_bytes = on_bytes
        self._waits = waits
        self._position = 0
        self._size = self._ask(0, 1)[1]

    def _ask(self, start: int, length: int) -> tuple[bytes, int]:
        """`length` bytes from `start`, and the whole file's size."""
        return retry(lambda: self._ask_once(start, length), self._waits)

    def _ask_once(self, start: int, length: int) -> tuple[bytes, int]:
        end = start + length - 1
        with open_url(self._url, {"Range": f"bytes={start}-{end}"}, TIMEOUT) as response:
            size = re.fullmatch(rf"bytes {start}-{end}/(\d+)", response.headers.get("Content-Range", ""))
            if response.status != 206 or size is None:
                raise SourceError("the server does not answer range requests")
            content = response.read()
        self._on_bytes(len(content))
        return content, int(size[1])

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        length = min(len(buffer), self._size - self._position)
        if length <= 0:
            return 0
        buffer[:length] = self._ask(self._position, length)[0]
        self._position += length
        return length


def open_ranges(url: str, on_bytes: Callable[[int], None]) -> io.BufferedReader:
    """The file at `url` as a stream that reads ahead."""
    return io.BufferedReader(RangeReader(url, on_bytes), READ_AHEAD)
