"""The assembled runtime in Chromium: it starts under the page's policy and asks this host alone."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from builder.page_packs import LATER, MODULES, SCRIPTS, START, read_pack
from tests.browser import FILES, served
from tests.windows import HUGE, WINDOWS

RUNTIME = FILES / "runtime"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Runtime</title>
<link rel="icon" href="data:,">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'self'; img-src data:; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'">
<script type="module" src="micropython.js"></script>
<script type="module" src="core.js"></script></head>
<body><output></output><mpy-script src="./main.py" config='CONFIG'></mpy-script></body></html>
"""
CONFIG = '{"interpreter": "./runtime/micropython/micropython.js", "files": {"./part.py": ""}}'
MAIN = """
from pyscript import document, window
import part

def listen(event):
    if hasattr(event.data, "ready"):
        document.querySelector("output").textContent = part.greeting + "engine"

worker = window.Worker.new("./engine/worker.js", window.JSON.parse('{"type": "module"}'))
worker.onmessage = listen
"""

# What the window's arithmetic gives, as one text; of the second of its two SETTINGS nothing can be listed.
ARITHMETIC = """
import json
from pycnn.window import Window, receptive_field

def counted(axis):
    found = [axis.extent, axis.room, axis.places, axis.same_padding()]
    for place in (0, 1, 5, 10**25):
        found.append([axis.start(place), axis.middle(place), axis.place(place), axis.place(-place)])
    return found

def listed(window):
    rows, columns = window.places
    places = [(y, x) for y in range(rows) for x in range(columns)]
    cells = [[window.cells(*place), window.middle(*place), window.place(*place)] for place in places]
    return [cells, window.down.uncovered(), window.across.uncovered()]

few, huge = SETTINGS
few, huge = [Window(*sizes) for sizes in few], [Window(*sizes) for sizes in huge]
found = [[counted(window.down), counted(window.across), window.same_padding()] for window in few + huge]
found += [listed(window) for window in few]
found += [receptive_field([window] + few[:3]) for window in few]
text = json.dumps(found)
"""
# The page's Python gets the module as the page does, see web/ui/main.py.
UNPACKING = """
import json, os
os.mkdir("pycnn")
with open("views.json") as packed, open("pycnn/window.py", "w") as module:
    module.write(json.load(packed)["pycnn/window.py"])
"""
SHOWING = """
from pyscript import document
document.querySelector("output").textContent = text
"""


class Visit:
    """One visit to a page made of PAGE, and all that the browser asked for and complained about meanwhile."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page = browser.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )
        self.page.goto(address)


@pytest.fixture
def visit(browser, tmp_path):
    """Serve the page below /any/sub/path/ with the given config and visit it."""
    folder = tmp_path / "any/sub/path"
    folder.mkdir(parents=True)
    (folder / "runtime").symlink_to(RUNTIME)
    (folder / "engine").symlink_to(FILES / "engine")
    for name in SCRIPTS:
        (folder / name).write_bytes(read_pack(FILES / START)[name])
    (folder / "views.json").write_bytes(read_pack(FILES / LATER)[MODULES])
    (folder / "part.py").write_text("greeting = 'hello '")
    (tmp_path / "index.html").touch()
    visits = []
    with served(tmp_path) as address:

        def go(config: str, main: str = MAIN) -> Visit:
            (folder / "main.py").write_text(main)
            (folder / "index.html").write_text(PAGE.replace("CONFIG", config))
            visits.append(Visit(browser, f"{address}any/sub/path/"))
            return visits[-1]

        yield go
        for made in visits:
            made.page.close()


def test_both_pythons_start_under_the_policy_and_stay_on_this_host(visit):
    seen = visit(CONFIG)
    seen.page.locator("output", has_text="hello engine").wait_for(timeout=60_000)
    assert seen.complaints == []
    address = seen.page.url
    assert [url for url in seen.requests if not url.startswith(address)] == []


def test_pyscripts_files_are_all_asked_for(visit):
    seen = visit(CONFIG)
    seen.page.locator("output", has_text="hello").wait_for(timeout=60_000)
    asked = {Path(url).name for url in seen.requests}
    shipped = {path.name for folder in ("pyscript", "micropython") for path in (RUNTIME / folder).iterdir()}
    assert shipped - asked == {"LICENSE.txt"}
    assert {*SCRIPTS} <= asked


@pytest.mark.parametrize("missing", ["part.py", "micropython.wasm"])
def test_a_missing_file_sends_nobody_to_another_host(visit, missing):
    seen = visit(CONFIG.replace(missing.replace(".wasm", ".js"), f"absent-{missing}".replace(".wasm", ".js")))
    for _ in range(600):
        seen.page.wait_for_timeout(100)
        if seen.complaints:
            break
    assert seen.complaints
    # A fall-back would be asked for now.
    seen.page.wait_for_timeout(500)
    assert [url for url in seen.requests if not url.startswith(seen.page.url)] == []


def test_the_windows_arithmetic_is_the_same_in_either_python(visit):
    arithmetic = ARITHMETIC.replace("SETTINGS", repr((WINDOWS, HUGE)))
    native: dict[str, str] = {}
    exec(arithmetic, native)
    seen = visit(CONFIG.replace("part.py", "views.json"), UNPACKING + arithmetic + SHOWING)
    shown = seen.page.locator("output", has_text="]]")
    shown.wait_for(timeout=60_000)
    assert json.loads(shown.text_content()) == json.loads(native["text"])
    assert seen.complaints == []
