"""A tiny site with the real service worker, released again and again, and the tabs of its visitors."""

import itertools
import json
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from builder.page_packs import SCRIPTS, START, add_to_pack
from builder.version import files_of, pages_of, seal
from tests.page.visit import eventually

WEB = Path(__file__).parents[2] / "web"
FOLDER = "v-0000000000000000"
PAGE = f"""<!doctype html>
<html lang="en" data-page="starting" data-engine="starting" data-files="{FOLDER}/">
<head><meta charset="utf-8"><link rel="icon" href="data:,"><title>A release</title>
<script src="{FOLDER}/keeping.js"></script><script defer src="{FOLDER}/boot.js"></script></head>
<body><h1>TITLE</h1><div data-notice="update" hidden><button data-load>Load it</button></div>
<template id="page-end"></template></body></html>
"""
# What the page does in its place of boot.js and of Python.
WELL = """
document.documentElement.dataset.page = document.documentElement.dataset.engine = "ready";
window.keepSite();
"""
FAILED = """
document.documentElement.dataset.page = "ready";
document.documentElement.dataset.engine = "failed";
"""
HANGING = "document.documentElement.dataset.page = 'ready';"
DEAD = "This is no script."
WORKER = """onmessage = async () => postMessage(await (await fetch("late.txt")).text())"""

# The page's late file, as the page and as a new worker of it get it.
LATE = """async () => {
  const at = (path) => document.documentElement.dataset.files + path;
  const worker = new Worker(at("worker.js"));
  const heard = new Promise((done) => (worker.onmessage = ({ data }) => done(data)));
  worker.postMessage("");
  const texts = [await (await fetch(at("late.txt"))).text(), await heard];
  worker.terminate();
  return texts;
}"""
# Done when what was found is installed, or could not be.
UPDATE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
  const { installing } = registration;
  if (installing) await new Promise((done) => installing.addEventListener("statechange", done));
}"""


moments = itertools.count(int(time.time()) - 10_000, 2)


def date(folder: Path) -> None:
    """Give a release a time of its own: hosts tell changes by the second."""
    moment = next(moments)
    for path in folder.rglob("*"):
        os.utime(path, (moment, moment))


class Releases:
    """The site in `folder`, which others publish one release after the other to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def publish(self, title: str, script: str = WELL, **extra: bytes) -> str:
        """Put a release in the place of the one before. Returns its version."""
        shutil.rmtree(self.folder, ignore_errors=True)
        files = self.folder / FOLDER
        files.mkdir(parents=True)
        for name in ("index.html", "ja.html"):
            (self.folder / name).write_text(PAGE.replace("TITLE", title))
        shutil.copy(WEB / "sw.js", self.folder)
        shutil.copy(WEB / "keeping.js", files)
        add_to_pack(files / START, dict.fromkeys(SCRIPTS, b""))
        (files / "boot.js").write_text(script)
        (files / "worker.js").write_text(WORKER)
        (files / "late.txt").write_text(title)
        for name, content in extra.items():
            (files / f"{name}.bin").write_bytes(content)
        seal(self.folder)
        date(self.folder)
        return self.version

    @property
    def version(self) -> str:
        return files_of(self.folder).name

    def take_back(self, path: str) -> bytes:
        """Lose a file of the release that is published; gives what it was."""
        lost = files_of(self.folder) / path
        content = lost.read_bytes()
        lost.unlink()
        return content

    def kept_paths(self) -> list[str]:
        listed = json.loads((self.folder / "files.js").read_text().removeprefix("self.site = ").rstrip(";\n"))
        assert listed["pages"] == [page.name for page in pages_of(self.folder)]
        return sorted([*listed["pages"], *listed["files"]])


class Tab:
    """One of a visitor's tabs. `loads` counts the documents that it was given."""

    def __init__(self, context, address: str, before: str) -> None:
        self.page: Page = context.new_page()
        self.page.add_init_script(before)
        self.loads = 0
        self.complaints: list[str] = []
        self.page.on("domcontentloaded", self._loaded)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)

    def _loaded(self, _: Page) -> None:
        self.loads += 1

    @property
    def title(self) -> str:
        return self.page.locator("h1").inner_text()

    def shows(self, title: str) -> bool:
        self.page.wait_for_timeout(20)  # Playwright listens only while it waits
        return self.title == title

    def late(self) -> list[str]:
        return self.page.evaluate(LATE)

    def is_offered(self) -> bool:
        return self.page.locator("[data-notice=update]").is_visible()

    def take(self) -> None:
        self.page.locator("[data-load]").click()

    def update(self) -> None:
        """Have the browser look for a newer version now, which may load the page again at once."""
        with suppress(Error):
            self.page.evaluate(UPDATE)

    def caches(self) -> list[str]:
        return self.page.evaluate("caches.keys()")

    def quiet(self, seconds: float = 1) -> None:
        """Let pass what must not happen."""
        self.page.wait_for_timeout(seconds * 1000)


class Visitor:
    """A browser of its own, with what it keeps."""

    def __init__(self, browser: Browser, address: str, root: str = "/") -> None:
        self.address = address
        self.root = root
        self.context = browser.new_context()

    def tab(self, path: str = "", before: str = "") -> Tab:
        """`before`: a script that runs before those of the page."""
        return Tab(self.context, self.address + path, before)

    def first_tab(self, version: str) -> Tab:
        """A tab that has kept the site, and whose version is known to be good."""
        made = self.tab()
        self.wait_until_good(made, version)
        return made

    def name(self, version: str) -> str:
        return f"{self.root} {version}"

    def is_good(self, tab: Tab, version: str) -> bool:
        asked = "([name, at]) => caches.match(at, { cacheName: name }).then(Boolean)"
        return tab.page.evaluate(asked, [self.name(version), f"{self.address}notes/good"])

    def wait_until_good(self, tab: Tab, version: str) -> None:
        eventually(lambda: self.is_good(tab, version))

    def take(self, tab: Tab, title: str) -> None:
        """Have a tab look for a newer version, and take it."""
        tab.update()
        eventually(tab.is_offered)
        tab.take()
        eventually(lambda: tab.shows(title))
