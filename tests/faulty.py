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
        self.send_header("Cache-Control", "max-age=3600")  # what is damaged is kept, too
        self.end_headers()

    def gone(self, _: bytes) -> None:
        self.begin(HTTPStatus.NOT_FOUND, 0)

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
        self.drip(content, 0)

    def slowing(self, content: bytes) -> None:
        self.drip(content, len(content) // 2)

    def drip(self, content: bytes, start: int) -> None:
        """All up to `start` at once, and the rest as slowly as it comes."""
        self.begin(200, len(content))
        self.wfile.write(content[:start])
        for at in range(start, len(content), DRIP // 10):
            self.wfile.write(content[at : at + DRIP // 10])
            self.wfile.flush()
            if self.over.wait(0.1):
                return


KINDS = ("gone", "other", "short", "silent", "dripping")
RARER = ("refused", "broken", "stuck", "slowing")


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
