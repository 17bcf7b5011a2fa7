"""A visit to the page: what the visitor does, what the page shows, and what went wrong meanwhile."""

import base64
import time

import numpy as np
from playwright.sync_api import Browser, Locator, expect

from tests.browser import wait_for_mark

START = 60_000  # milliseconds; how long the engine's start may take on a busy machine

# Paths of what the service worker keeps, once it is active.
KEPT = """async () => {
  const names = await caches.keys();
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration?.active || names.length !== 1) return [];
  const cache = await caches.open(names[0]);
  const paths = (await cache.keys()).map((request) => new URL(request.url).pathname.slice(1));
  return paths.filter((path) => !/(^|\\/)notes\\//.test(path)); // the service worker's own
}"""


class Visit:
    """`complaints` are console errors, uncaught errors and requests that leave the site's own origin.

    Where a test takes a file away, browser and Pyodide complain of it, as they should.
    """

    def __init__(self, browser: Browser, address: str, **options) -> None:
        self.address = address
        self.complaints: list[str] = []
        self.misses_a_file = False
        # A first visit, unless a test asks for the service worker.
        usual = {"viewport": {"width": 1280, "height": 720}, "service_workers": "block"}
        self.context = browser.new_context(**{**usual, **options})
        self.page = self.context.new_page()
        self.page.on("request", self._check_origin)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("console", self._check_console)
        self.page.goto(address)

    def close(self) -> None:
        self.context.close()
        if self.misses_a_file:
            self.complaints = [one for one in self.complaints if one.startswith("left the origin")]
        assert self.complaints == [], self.complaints

    def take_away(self, file: str, *, status: int = 404, body: str | bytes = "gone", **answer) -> None:
        """Answer requests for a file with 404 from now on, or with something else in its place."""
        self.misses_a_file = True
        self.page.route(f"**/{file}", lambda route: route.fulfill(status=status, body=body, **answer))

    def give_back(self, file: str) -> None:
        self.page.unroute(f"**/{file}")

    def _check_origin(self, request) -> None:
        origin = "/".join(self.address.split("/")[:3])
        if not request.url.startswith((origin + "/", "data:", "blob:" + origin)):
            self.complaints.append(f"left the origin: {request.url}")

    def _check_console(self, message) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    # Waiting

    def wait_until_ready(self) -> None:
        """Until the page's own Python answers."""
        self.page.locator("html[data-page=ready]").wait_for(state="attached", timeout=START)

    def wait_until_drawn(self) -> None:
        """Until a picture went through the engine's network and all is drawn."""
        wait_for_mark(self.page, "picture-drawn", START / 1000)

    def wait_until_picture(self, name: str) -> None:
        self.page.locator(f"html[data-picture='{name}']").wait_for(state="attached", timeout=START)

    def wait_until_view(self, layer: str, unit: int) -> None:
        """Until the view of this unit is open and drawn."""
        view = self.page.locator(f"#view[data-view][data-layer='{layer}'][data-unit='{unit}']")
        view.wait_for(timeout=START)

    def wait_until_overview(self) -> None:
        """Until no view is open, and the whole network shows again."""
        self.page.locator("#network").wait_for()
        expect(self.page.locator("#view")).to_be_hidden()

    def wait_until_kept(self) -> None:
        """Until the browser keeps the site for the next visit."""
        eventually(lambda: self.kept() != [], 30)

    # What the visitor does

    def choose(self, name: str) -> None:
        self.page.locator(f"button[data-sample='{name}']").click()
        self.wait_until_picture(name)

    def upload(self, name: str, data: bytes) -> None:
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        self.page.locator("input[type=file][data-upload]").set_input_files(files=[file])

    def unit(self, layer: str, unit: int) -> Locator:
        return self.page.locator(f"button[data-layer='{layer}'][data-unit='{unit}']")

    def open(self, layer: str, unit: int) -> None:
        """Open a unit's view by a click in the network."""
        self.unit(layer, unit).click()
        self.wait_until_view(layer, unit)

    def paste(self, **parts: object) -> None:
        """Put this fragment into the address, as one that is pasted there; no new entry of the history."""
        self.page.evaluate("(parts) => location.replace('#' + new URLSearchParams(parts))", parts)

    def map(self, role: str, size: str = "big") -> Locator:
        """The open view's first map of this role and size."""
        return self.page.locator(f"#view-body .map.{size}[data-map='{role}']").first

    def at(self, target: Locator, row: float, column: float) -> tuple[float, float]:
        """Where on the screen the middle of a map's cell is, counted without padding."""
        return tuple(
            target.evaluate(
                """(map, [row, column]) => {
                  const style = getComputedStyle(map), inputs = map.dataset.map === "inputs";
                  const number = (name) => Number(style.getPropertyValue(name));
                  const box = map.getBoundingClientRect();
                  const padding = inputs ? [number("--pad-left"), number("--pad-top")] : [0, 0];
                  const cells = inputs ? ["--in-columns", "--in-rows"] : ["--out-columns", "--out-rows"];
                  return [
                    box.left + ((column + 0.5 + padding[0]) / number(cells[0])) * box.width,
                    box.top + ((row + 0.5 + padding[1]) / number(cells[1])) * box.height,
                  ];
                }""",
                [row, column],
            )
        )

    # What the page shows

    def cursor(self) -> tuple[int, int]:
        """The place (y, x) of the open view's cursor."""
        y, x = self.page.locator("#view-body").evaluate(
            "(body) => ['--y', '--x'].map((name) => Number(body.style.getPropertyValue(name)))"
        )
        return y, x

    def fragment(self) -> dict[str, str]:
        """What the address says of the state."""
        return self.page.evaluate("Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")

    def focus(self) -> dict[str, str]:
        """The id and the data of the element in focus."""
        return self.page.evaluate(
            "({ id: document.activeElement.id, ...document.activeElement.dataset })",
        )

    def is_playing(self) -> bool:
        return self.page.locator("#play").get_attribute("data-playing") == "true"

    def pixels(self, selector: str) -> np.ndarray:
        """RGBA of a canvas, (height, width, 4)."""
        height, width, data = self.page.evaluate(
            """(selector) => {
              const canvas = document.querySelector(selector);
              const { width, height } = canvas;
              const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
              let text = "";
              for (let start = 0; start < pixels.length; start += 8192)
                text += String.fromCharCode(...pixels.subarray(start, start + 8192));
              return [height, width, btoa(text)];
            }""",
            selector,
        )
        return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)

    def unit_pixels(self, layer: str, unit: int) -> np.ndarray:
        return self.pixels(f"button[data-layer='{layer}'][data-unit='{unit}'] canvas")

    def picture(self) -> np.ndarray:
        """The picture that the network was given, RGB bytes (height, width, 3)."""
        rgba = self.pixels("#picture")
        assert (rgba[..., 3] == 255).all()
        return rgba[..., :3]

    def probabilities(self) -> list[float]:
        rows = self.page.locator("[data-class]")
        return rows.evaluate_all("(rows) => rows.map((row) => Number(row.dataset.probability))")

    def kept(self) -> list[str]:
        """The paths of the files that the browser keeps, from the server's root."""
        return self.page.evaluate(KEPT)

    def facts(self) -> str:
        return self.page.locator("#facts").inner_text()

    def notice(self, kind: str) -> Locator:
        return self.page.locator(f"[data-notice={kind}]")

    def expect_message(self, text: str, kind: str = "picture") -> None:
        """What the notice of a kind says; "" if there is none."""
        if text:
            expect(self.notice(kind).locator("[data-says]")).to_have_text(text, timeout=START)
            expect(self.notice(kind)).to_be_visible()
        else:
            expect(self.notice(kind)).to_be_hidden(timeout=START)

    def expect_quiet_for(self, seconds: float) -> None:
        """Let the page work on, so that what must not happen had time to."""
        self.page.wait_for_timeout(seconds * 1000)

    def everything(self) -> dict[str, object]:
        """All that is drawn, to see later that it is unchanged."""
        return {
            "picture": self.page.evaluate("document.documentElement.dataset.picture"),
            "pressed": self.page.locator("[data-sample][aria-pressed=true]").get_attribute("data-sample"),
            "fragment": self.page.evaluate("location.hash"),
            "probabilities": self.probabilities(),
            "labels": self.page.locator("[data-unit]").evaluate_all(
                "(all) => all.map((one) => one.ariaLabel)"
            ),
            "view": self.page.locator("#view-body").inner_text(),
            "maps": self.page.locator("canvas").evaluate_all("(all) => all.map((one) => one.toDataURL())"),
        }


def eventually(condition, seconds: float = 10) -> None:
    """Assert that a condition comes true in time."""
    latest = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < latest, "it did not come true in time"
        time.sleep(0.02)
