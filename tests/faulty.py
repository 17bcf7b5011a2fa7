"""A hostile server for the built site, whose files are at fault in every way that a network knows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path

from builder.serve import Handler, Server
from tests.browser import SITE

PAGE = b"<!doctype html><title>Welcome</title><p>Please log in to this network first." + b"." * 3000
DRIP = 100  # bytes a second


class Faulty(Handler):
    """Answers /CASE/... as the site, but for the files whose `faults` (case, path) have a kind."""

    protocol_version = "HTTP/1.0"
    faults: dict[tuple[str, str], str] = {}  # noqa: RUF012
    over = threading.Event()

    def do_GET(self) -> None:  # noqa: N802
        case, _, path = self.path.removeprefix("/").partition("/")
        path = path.partition("?")[0] or "index.html"
        self.path = f"/{path}"
        kind = self.faults.get((case, path))
        if kind:
            getattr(self, kind)((Path(self.directory) / path).read_bytes())
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing: errors are what it is for."""

    def begin(self, status: int, size: int | None, kind: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind or self.guess_type(self.path.split("?")[0]))
        if size is not None:
            self.send_header("Content-Length", str(size))
        self.end_headers()

    def gone(self, _: bytes) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def refused(self, _: bytes) -> None:
        self.connection.close()

    def other(self, _: bytes) -> None:
        """A page in place of the file, called what the file is."""
        self.begin(200, len(PAGE))
        self.wfile.write(PAGE)

    def short(self, content: bytes) -> None:
        """A third, said to be all."""
        self.begin(200, len(content) // 3)
        self.wfile.write(content[: len(content) // 3])

    def broken(self, content: bytes) -> None:
        """A third, and then the connection is lost."""
        self.begin(200, len(content))
        self.wfile.write(content[: len(content) // 3])

    def silent(self, _: bytes) -> None:
        self.over.wait(120)

    def stuck(self, content: bytes) -> None:
        self.begin(200, len(content))
        self.wfile.write(content[: len(content) // 2])
        self.wfile.flush()
        self.over.wait(120)

    def dripping(self, content: bytes) -> None:
        self.begin(200, len(content))
        for start in range(0, len(content), DRIP // 10):
            self.wfile.write(content[start : start + DRIP // 10])
            self.wfile.flush()
            if self.over.wait(0.1):
                return


KINDS = (
    "gone",
    "refused",
    "other",
    "short",
    "broken",
    "silent",
    "stuck",
    "dripping",
)


@contextmanager
def served_badly(site: Path = SITE) -> Iterator[str]:
    """Serve a site with the faults that are set meanwhile; gives the address, which wants a case after it."""
    Faulty.faults.clear()
    Faulty.over.clear()
    with Server(("127.0.0.1", 0), partial(Faulty, directory=str(site))) as server:
        server.daemon_threads = True
        server.block_on_close = False  # what hangs is not waited for
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        Faulty.over.set()
        server.shutdown()
        thread.join()
