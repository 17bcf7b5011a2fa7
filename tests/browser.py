"""A real browser and a local server for the built site, for tests and benchmarks."""

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, sync_playwright

from builder.serve import Handler, make_server
from tests.fonts import few_fonts

SITE = Path(__file__).parents[1] / "build/site"
# The folder of the built site's files, all but the pages; no folder where nothing is built.
FILES = next(SITE.glob("v-*"), SITE)
BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")


def chromium_path() -> str:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, "Chromium is needed; `make test` installs it"
    return path


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright.chromium, *arguments) as browser:
        yield browser


@contextmanager
def launched(chromium: BrowserType, *arguments: str) -> Iterator[Browser]:
    """A browser that finds the same fonts on every machine."""
    with few_fonts() as variables:
        environment = {**os.environ, **variables}
        browser = chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", *arguments], env=environment
        )
        yield browser
        browser.close()


@contextmanager
def profile(chromium: BrowserType, **options) -> Iterator[BrowserContext]:
    """A new visitor's own profile. Contexts of one browser are private windows: these keep less."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, few_fonts() as variables:
        context = chromium.launch_persistent_context(
            folder,
            executable_path=chromium_path(),
            args=["--no-sandbox"],
            env={**os.environ, **variables},
            **options,
        )
        with closing(context):
            yield context


@contextmanager
def served(folder: Path = SITE, host: type[Handler] = Handler) -> Iterator[str]:
    """Serve a folder, as `host` does; gives its address, which ends with a slash."""
    assert (folder / "index.html").is_file(), f"no site in {folder}; `python3 build.py` makes it"
    with make_server(folder, 0, host) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def files_at(address: str) -> str:
    """The address of the files of the site that is served at `address`, as its page says it."""
    with urlopen(address) as answer:
        return address + re.search(r'data-files="(.+?)"', answer.read().decode())[1]  # type: ignore[index]


# The page tells of the mark itself: asking again and again would slow down what is timed.
MARK = """([name, seconds]) => new Promise((resolve, reject) => {
  const late = () => reject(new Error(`the page did not set its mark ${name} within ${seconds} s`));
  const timer = setTimeout(late, seconds * 1000);
  const observer = new PerformanceObserver(look);
  function look() {
    const mark = performance.getEntriesByName(name, "mark").at(-1);
    if (!mark) return;
    observer.disconnect();
    clearTimeout(timer);
    resolve(mark.startTime);
  }
  observer.observe({ type: "mark" });
  look();
})"""


def wait_for_mark(page: Page, name: str, seconds: float = 60) -> float:
    """Wait for a user timing mark; gives its time in milliseconds after navigation.

    Playwright's own `wait_for_function` needs eval, which the page's policy forbids.
    """
    return page.evaluate(MARK, [name, seconds])
