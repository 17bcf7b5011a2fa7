"""Read part of a file on a server: a seekable stream over HTTP range requests."""

import io
import re
import urllib.request

from builder.errors import SourceError

# Large enough that a wheel takes a handful of requests, small enough that little is read in vain.
READ_AHEAD = 1 << 20
TIMEOUT = 60


class RangeReader(io.RawIOBase):
    """The file at `url`, read on demand. Raises SourceError when the server does not answer range requests."""

    def __init__(self, url: str, on_bytes=lambda count: None) -> None:
        self._url = url
        self._on_bytes = on_bytes
        self._position = 0
        self._size = self._ask(0, 1)[1]

    def _ask(self, start: int, length: int) -> tuple[bytes, int]:
        """`length` bytes from `start`, and the whole file's size."""
        request = urllib.request.Request(self._url, headers={"Range": f"bytes={start}-{start + length - 1}"})
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            content_range = re.fullmatch(
                r"bytes (\d+)-(\d+)/(\d+)", response.headers.get("Content-Range", "")
            )
            if response.status != 206 or content_range is None or int(content_range[1]) != start:
                raise SourceError("the server does not answer range requests")
            content = response.read()
        if len(content) != int(content_range[2]) - start + 1:
            raise SourceError("the server's answer to a range request was cut short")
        self._on_bytes(len(content))
        return content, int(content_range[3])

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

    def readinto(self, buffer) -> int:
        length = min(len(buffer), self._size - self._position)
        if length <= 0:
            return 0
        content, _ = self._ask(self._position, length)
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)


def open_ranges(url: str, on_bytes=lambda count: None) -> io.BufferedReader:
    """The file at `url` as a buffered, seekable stream. `on_bytes` is told how many bytes each request brought."""
    return io.BufferedReader(RangeReader(url, on_bytes), READ_AHEAD)
