"""What a visit weighs: the bytes that a web server sends for it."""

import gzip
from functools import cache
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Request

from builder.version import files_of
from tests.browser import SITE, wait_for_mark

# What servers compress. The rest is compressed already, or sent as it is.
COMPRESSED = {".css", ".html", ".js", ".json", ".txt", ".wasm"}


class Traffic:
    """All requests of a context for a site: of its pages, their workers and the service worker."""

    def __init__(self, context: BrowserContext, address: str, site: Path = SITE) -> None:
        self._address = address
        self._site = site
        self._requests: list[Request] = []
        context.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.url.startswith(self._address):  # no data: or blob: address
            self._requests.append(request)

    def until(self, page: Page, mark: str) -> dict[str, int]:
        """Bytes of every file that had been asked for when the page set its mark, by path among the files.

        A file that was asked for again counts again if it was sent again.
        """
        moment = page.evaluate("performance.timeOrigin") + wait_for_mark(page, mark)
        found: dict[str, int] = {}
        for request in self._requests:
            response = request.response()
            assert response, f"no answer to {request.url}"
            if request.timing["startTime"] > moment:
                continue
            response.finished()
            path = request.url.removeprefix(self._address).split("?")[0] or "index.html"
            name = path.removeprefix(f"{files_of(self._site).name}/")
            if name not in found or request.sizes()["responseBodySize"] > 0:
                found[name] = found.get(name, 0) + weight(self._site / path)
        return found


@cache
def weight(file: Path) -> int:
    content = file.read_bytes()
    return len(gzip.compress(content, 9)) if file.suffix in COMPRESSED else len(content)
