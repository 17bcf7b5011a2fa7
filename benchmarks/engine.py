"""The engine's own Python in headless Chromium, for what is to be timed there as well as on CPython."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.browser import FILES, chromium, files_at, served

FOLDER = Path(__file__).parent
PAGE = "<!doctype html><title>A page for the engine alone</title>"
# Added to the engine's worker: it answers to programs, too.
RUN_PROGRAMS = """
started.then(({ pyodide }) => {
  self.onmessage = ({ data }) => postMessage({ result: pyodide.runPython(data) });
  postMessage({ runs: true });
});
"""
ASK = """(program) => new Promise((resolve, reject) => {
  const worker = new Worker("engine/worker.js", { type: "module" });
  worker.onmessage = ({ data }) => {
    if (data.failed) reject(new Error(data.reason));
    if (data.runs) worker.postMessage(program);
    if (data.result) resolve(data.result);
  };
  worker.onerror = (event) => reject(new Error(event.message));
})"""


def in_both_pythons(name: str) -> dict[str, Any]:
    """What `measure()` of the module benchmarks.NAME gives on CPython and in the engine: plain data.

    The engine gets that module and `timing`, and has NumPy and pycnn.
    """
    sources = {module: (FOLDER / f"{module}.py").read_text(encoding="utf-8") for module in ("timing", name)}
    program = f"""
import importlib, json, pathlib, sys

folder = pathlib.Path("/measured/benchmarks")
folder.mkdir(parents=True)
for module, source in {sources!r}.items():
    (folder / (module + ".py")).write_text(source)
sys.path.append("/measured")
json.dumps(importlib.import_module("benchmarks.{name}").measure())
"""
    return {
        "CPython": import_module(f"benchmarks.{name}").measure(),
        "the engine's Python": json.loads(run_in_engine(program)),
    }


def run_in_engine(program: str) -> str:
    """Run a program in the engine, started as the page starts it; gives its last expression, a text."""
    worker = (FILES / "engine/worker.js").read_text(encoding="utf-8") + RUN_PROGRAMS
    with chromium() as browser, served() as address:
        page = browser.new_page()
        page.route("**/alone.html", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        page.route("**/worker.js", lambda route: route.fulfill(body=worker, content_type="text/javascript"))
        page.goto(f"{files_at(address)}alone.html")
        result: str = page.evaluate(ASK, program)
        return result
