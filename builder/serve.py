"""Show the site on this machine, as a static web server would."""

import errno
import io
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

from builder.errors import BuildError

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
# How many ports are tried from the default on when nobody asked for a certain one.
TRIES = 20


class Handler(SimpleHTTPRequestHandler):
    """Serves files with the MIME types that browsers insist on, whatever this machine's own tables say."""

    extensions_map = {  # noqa: RUF012
        "": "application/octet-stream",
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".webp": "image/webp",
        ".woff2": "font/woff2",
        ".zip": "application/zip",
    }

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Begin to answer with a file or with a folder's index.html; no folder is listed."""
        path = Path(self.translate_path(self.path))
        try:
            found = (path / "index.html" if path.is_dir() else path).is_file()
        except OSError:  # a name too long for the file system
            found = False
        if found:
            return super().send_head()
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def end_headers(self) -> None:
        # A rebuilt file must be seen at the next reload.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing about requests; errors have a line of their own."""


class FreshHandler(Handler):
    """Hides the service worker, which would answer a reload with the files of the last build."""

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        if self.path == "/sw.js":
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()


class Server(ThreadingHTTPServer):
    """Serves a folder to several requests at once."""

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that leaves in the middle of an answer is nothing to report."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def make_server(site: Path, port: int | None, handler: type[Handler] = Handler) -> Server:
    """A server of the folder `site` on `port`, or on the first free one from DEFAULT_PORT on when it is None.

    Raises BuildError when the port, or every one of them, is in use.
    """
    ports = range(DEFAULT_PORT, DEFAULT_PORT + TRIES) if port is None else [port]
    for candidate in ports:
        try:
            return Server((HOST, candidate), partial(handler, directory=str(site)))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    named = f"Port {port} is" if port is not None else f"The ports {ports[0]} to {ports[-1]} are"
    raise BuildError(f"{named} in use or not allowed; choose another with --port.")


def serve(site: Path, port: int | None, handler: type[Handler] = FreshHandler) -> None:
    """Serve until Ctrl-C."""
    with make_server(site, port, handler) as server:
        print(f"Serving at http://{HOST}:{server.server_port}/ (Ctrl-C ends)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
