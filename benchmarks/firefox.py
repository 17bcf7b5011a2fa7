"""One run of visits in headless Firefox, driven over WebDriver BiDi."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from websockets.sync.client import ClientConnection, connect

from benchmarks.figures import Figures
from benchmarks.visits import CLEAR_CHOICE, COMPLETE, KEPT, MARKS, ROUNDS, gallery
from tests.browser import MARK

BROWSERS = ("firefox-esr", "firefox")
PATIENCE = 60  # seconds


class Firefox:
    """A session with one tab at a time."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._sent = 0
        self._tab: str | None = None
        capabilities = self.command("session.new", capabilities={})["capabilities"]
        self.version = f"Firefox {capabilities['browserVersion']}"

    def command(self, method: str, **params: Any) -> dict[str, Any]:
        self._sent += 1
        self._connection.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        while True:
            answer = json.loads(self._connection.recv(PATIENCE))
            if answer.get("id") == self._sent:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, address: str) -> None:
        """Open the address in a new tab in place of the last one."""
        last, self._tab = self._tab, self.command("browsingContext.create", type="tab")["context"]
        if last:
            self.command("browsingContext.close", context=last)
        self.command("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def evaluate(self, script: str) -> Any:
        target = {"context": self._tab}
        result = self.command("script.evaluate", expression=script, target=target, awaitPromise=True)
        assert result["type"] == "success", result
        return result["result"].get("value")

    def mark(self, name: str) -> float:
        return self.evaluate(f"({MARK})({json.dumps([name, PATIENCE])})")


def firefox_path() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def started(path: str) -> Iterator[Firefox]:
    """A Firefox with an empty profile."""
    with TemporaryDirectory() as profile:
        arguments = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen([path, *arguments], **quiet) as process:
            try:
                server = json.loads(once_written(Path(profile, "WebDriverBiDiServer.json")))
                with connect(f"ws://{server['ws_host']}:{server['ws_port']}/session", max_size=None) as line:
                    yield Firefox(line)
            finally:
                process.terminate()


def once_written(file: Path) -> str:
    latest = time.monotonic() + PATIENCE
    while not (file.is_file() and file.stat().st_size):
        assert time.monotonic() < latest, f"Firefox did not start within {PATIENCE} s"
        time.sleep(0.1)
    return file.read_text()


def measure(path: str, address: str, figures: Figures) -> str:
    """A first visit in which pictures are chosen, and a second one; gives the browser's name and version."""
    with started(path) as firefox:
        firefox.open("about:blank")
        time.sleep(5)  # a new profile keeps Firefox busy for a while
        firefox.open(address)
        note_start(firefox, "cold", figures)
        choose_pictures(firefox, figures)
        firefox.evaluate(KEPT)
        firefox.open(address)
        note_start(firefox, "second visit", figures)
        return firefox.version


def note_start(firefox: Firefox, kind: str, figures: Figures) -> None:
    for mark in COMPLETE:
        firefox.mark(mark)
    for mark, name in MARKS.items():
        figures.note(f"{name}, {kind}", firefox.mark(mark))


def choose_pictures(firefox: Firefox, figures: Figures) -> None:
    first, *others = gallery()
    for _ in range(ROUNDS):
        for name in (*others, first):
            firefox.evaluate(CLEAR_CHOICE)
            firefox.evaluate(f"document.querySelector(\"[data-sample='{name}']\").click()")
            figures.note(
                "picture chosen to drawn", firefox.mark("picture-drawn") - firefox.mark("picture-chosen")
            )
            forward = firefox.evaluate("document.getElementById('forward').dataset.value")
            figures.note("forward pass in the engine", float(forward))
