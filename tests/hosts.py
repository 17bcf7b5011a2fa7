"""Web servers as visitors meet them: each serves a folder, and each does something in a way of its own."""

import io
import itertools
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import urlsplit

from builder.serve import Handler

# Endings for which every web server has a type.
KNOWN = {".html", ".css", ".js", ".json", ".wasm", ".png", ".svg", ".webp", ".woff2", ".txt", ".zip"}
# What nginx's own mime.types said of them before it learnt of WebAssembly.
NGINX = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "application/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".zip": "application/zip",
}

Answer = io.BytesIO | BinaryIO | None


class Nginx(Handler):
    """Calls what it does not know plain text, and forbids the browser to guess better."""

    unknown = "text/plain"

    def guess_type(self, path: str) -> str:  # type: ignore[override]
        return NGINX.get(PurePosixPath(path).suffix, self.unknown)

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()


class Bytes(Nginx):
    """Calls what it does not know, WebAssembly for one, just bytes."""

    unknown = "application/octet-stream"


class Typeless(Nginx):
    """Says nothing of what it does not know."""

    unknown = ""

    def send_header(self, keyword: str, value: str) -> None:
        if value:
            super().send_header(keyword, value)


class Strict(Handler):
    """IIS: what it does not know is not there."""

    def send_head(self) -> Answer:
        name = urlsplit(self.path).path
        if name.endswith("/") or PurePosixPath(name).suffix in KNOWN:
            return super().send_head()
        self.send_error(HTTPStatus.NOT_FOUND)
        return None


class Clean(Handler):
    """Leads to addresses without "index" and ".html", with one status after the other that may do so."""

    statuses = itertools.cycle((301, 302, 307, 308))

    def send_head(self) -> Answer:
        parts = urlsplit(self.path)
        clean = parts.path.removesuffix(".html")
        if clean.endswith("/index"):
            clean = clean.removesuffix("index")
        if clean != parts.path:
            self.send_response(next(self.statuses))
            self.send_header("Location", parts._replace(path=clean).geturl())
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        if Path(self.translate_path(f"{clean}.html")).is_file():
            self.path = f"{clean}.html"
        return super().send_head()


class Varying(Handler):
    """Says of every answer that another kind of request might get another one."""

    def end_headers(self) -> None:
        self.send_header("Vary", "Accept-Encoding, Accept")
        super().end_headers()


class Fallback(Handler):
    """Answers for whatever it lacks with the site's first page, as hosts of single-page applications do."""

    def send_head(self) -> Answer:
        if not Path(self.translate_path(self.path)).exists():
            self.path = "/site/index.html"
        return super().send_head()


class Shared(Handler):
    """Lets pages of every other origin read its files."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


ALL = (Nginx, Bytes, Typeless, Strict, Clean, Fallback)
