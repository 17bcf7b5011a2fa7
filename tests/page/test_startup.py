"""The start: stages while the engine loads, and plain words when a file is missing."""

import pytest
from playwright.sync_api import expect

from tests.browser import FILES, wait_for_mark
from tests.page.visit import eventually

STAGES = ["Fetching Python", "Starting Python", "Loading NumPy", "Loading the network"]
# What the engine's start needs, and the stage that stops without it.
ENGINE_FILES = {
    "engine/worker.js": STAGES[0],
    "engine/sizes.json": STAGES[0],
    "runtime/pyodide/pyodide.js": STAGES[0],
    "runtime/pyodide/pyodide.asm.wasm": STAGES[0],
    "runtime/pyodide/pyodide.asm.js": STAGES[0],
    "runtime/pyodide/stdlib.zip": STAGES[0],
    "runtime/numpy/numpy.zip": STAGES[0],
    "engine/python.zip": None,
    "engine/model.zip": None,
}
PAGE_FILES = [
    "runtime/pyscript/core.js",
    "runtime/micropython/micropython.js",
    "runtime/micropython/micropython.wasm",
    "ui/modules.json",
    "ui/views.json",
    "words/en.later.json",
    "network.json",
    "first/facts.json",
    "first/ramps.zip",
    "fetching.js",
]


def missing(visit, address, file):
    """Open the site with one of its files answered with 404."""
    seen = visit("about:blank", at="", wait=None)
    seen.take_away(file)
    seen.address = address
    seen.page.goto(address)
    return seen


def test_the_page_says_every_stage_in_order_with_progress(visit, address):
    seen = visit("about:blank", at="", wait=None)
    seen.page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
          window.said = [];
          const line = document.querySelector("#engine-status");
          const note = () => said.push([
            document.querySelector("#engine-stage").textContent, document.querySelector("progress").value]);
          note();
          new MutationObserver(note).observe(line, { subtree: true, childList: true, attributes: true });
        });"""
    )
    # The engine waits until the page listens, so that no stage is over before it could be seen.
    held = []
    seen.page.route("**/pyodide.js", lambda route: held.append(route))
    seen.address = address
    seen.page.goto(address)
    seen.wait_until_ready()
    eventually(lambda: seen.page.wait_for_timeout(20) or held)  # Playwright listens only while it waits
    held[0].continue_()
    seen.wait_until_drawn()
    said = seen.page.evaluate("window.said")
    order = list(dict.fromkeys(text for text, _ in said))
    assert order == STAGES
    progress = [value for _, value in said]
    assert progress == sorted(progress)
    assert 0 < max(progress) <= 1
    expect(seen.page.locator("#engine-status")).to_be_hidden()


@pytest.mark.parametrize("file", ENGINE_FILES)
def test_without_a_file_of_the_engine_the_page_says_what_stopped_and_can_try_again(visit, address, file):
    assert (FILES / file).is_file()
    seen = missing(visit, address, file)
    seen.page.locator("html[data-engine=failed]").wait_for(state="attached", timeout=60_000)
    failure = seen.page.get_by_role("alert").filter(has_text="The engine is not running; it stopped")
    expect(failure).to_be_visible()
    sentence = failure.inner_text()
    if ENGINE_FILES[file]:
        assert f"“{ENGINE_FILES[file]}”" in sentence
    assert file.rsplit("/", 1)[1] in sentence
    expect(seen.page.locator("progress")).to_be_hidden()
    assert seen.page.locator("html").get_attribute("data-page") == "ready"
    # Until then nothing can be computed, and the page says so.
    seen.page.locator("button[data-sample='pizza']").click()
    seen.expect_message(
        "The engine is not running, so no picture can be computed. Try to start it again first."
    )
    seen.give_back(file)
    seen.page.get_by_role("button", name="Try again").click()
    assert seen.page.evaluate("document.activeElement.id") == "engine-status"
    seen.wait_until_drawn()
    assert seen.page.locator("html").get_attribute("data-engine") == "ready"
    assert seen.page.evaluate("document.documentElement.dataset.picture") == "pizza"
    assert max(seen.probabilities()) > 0.5
    expect(failure).to_be_hidden()
    seen.expect_message("")


WASM = (FILES / "runtime/pyodide/pyodide.asm.wasm").read_bytes()
STDLIB = (FILES / "runtime/pyodide/stdlib.zip").read_bytes()
NUMPY_SIZE = (FILES / "runtime/numpy/numpy.zip").stat().st_size


@pytest.mark.parametrize(
    ("file", "body"),
    [
        ("runtime/pyodide/pyodide.asm.wasm", b"<!doctype html><p>Please log in to this network"),
        ("runtime/pyodide/pyodide.asm.wasm", WASM[: len(WASM) // 2]),
        ("runtime/pyodide/pyodide.asm.wasm", WASM[:1000] + bytes(len(WASM) - 1000)),
        ("engine/python.zip", b"no pack"),
        ("runtime/pyodide/stdlib.zip", STDLIB[: len(STDLIB) // 2]),
        ("runtime/numpy/numpy.zip", bytes(NUMPY_SIZE)),
        ("engine/model.zip", bytes((FILES / "engine/model.zip").stat().st_size)),
    ],
    ids=["wasm-html", "wasm-cut", "wasm-garbage", "engine", "stdlib-cut", "numpy-garbage", "model"],
)
def test_a_damaged_file_of_the_engine_ends_the_start_with_one_line(visit, address, file, body):
    seen = visit("about:blank", at="", wait=None)
    kind = "application/wasm" if file.endswith("wasm") else "application/octet-stream"
    seen.take_away(file, status=200, body=body, content_type=kind)
    seen.address = address
    seen.page.goto(address)
    seen.page.locator("html[data-engine=failed]").wait_for(state="attached", timeout=60_000)
    reason = seen.notice("engine").locator("[data-reason]").inner_text()
    assert 20 < len(reason) < 300
    assert "Traceback" not in reason
    assert "File " not in reason
    assert "\n" not in reason


def test_the_page_says_when_nothing_arrives_for_long(visit, address):
    seen = visit("about:blank", at="", wait=None)
    seen.page.clock.install()
    seen.page.route("**/engine/sizes.json", lambda _: None)
    seen.address = address
    seen.page.goto(address)
    stage = seen.page.locator("#engine-stage")
    expect(stage).to_have_text("Fetching Python")

    def is_slow():
        seen.page.clock.run_for(25_000)
        return "this takes longer than usual" in stage.inner_text()

    eventually(is_slow)


@pytest.mark.parametrize("method", ["getItem", "setItem"])
def test_without_storage_the_page_works_and_only_forgets(visit, address, method):
    seen = visit("about:blank", at="", wait=None)
    seen.page.add_init_script(
        f"Storage.prototype.{method} = () => {{ throw new DOMException('no', 'SecurityError'); }};"
    )
    seen.address = address
    seen.page.goto(address)
    seen.wait_until_drawn()
    seen.page.get_by_label("Theme").select_option("dark")
    assert seen.page.locator("html").get_attribute("data-theme") == "dark"
    switch = seen.page.get_by_role("switch")
    switch.click()
    assert switch.get_attribute("aria-checked") == "false"
    expect(seen.page.locator(".head").first).to_be_hidden()


@pytest.mark.parametrize("file", PAGE_FILES)
def test_without_a_file_of_the_page_it_says_that_it_could_not_start(visit, address, file):
    assert (FILES / file).is_file()
    seen = missing(visit, address, file)
    seen.page.locator("html[data-page=failed]").wait_for(state="attached", timeout=60_000)
    alert = seen.page.get_by_role("alert").filter(has_text="could not start")
    expect(alert).to_be_visible()
    expect(alert.get_by_role("link", name="Load again")).to_be_visible()
    expect(seen.notice("page").locator("[data-reason]")).not_to_be_empty()
    expect(alert).not_to_contain_text("too old")


def test_before_python_answers_the_network_stands_and_no_setting_can_be_made_in_vain(visit, address):
    seen = visit("about:blank", at="", wait=None)
    seen.page.route("**/ui/modules.json", lambda _: None)
    seen.address = address
    seen.page.goto(address, wait_until="commit")
    for control in ("#details", "#sharing", "#theme", "#upload"):
        expect(seen.page.locator(control)).to_be_disabled()
    expect(seen.unit("conv_1_1", 9)).to_be_visible()
    expect(seen.page.locator("button[data-sample='koala'] img")).to_be_visible()
    expect(seen.page.locator("#engine-status")).to_be_visible()


def test_a_picture_chosen_before_the_engine_is_ready_is_the_one_that_is_drawn(visit):
    seen = visit(wait="ready")
    seen.page.locator("button[data-sample='pizza']").click()
    seen.wait_until_drawn()
    assert seen.page.evaluate("document.documentElement.dataset.picture") == "pizza"


def test_the_marks_come_in_order(visit):
    seen = visit()
    marks = seen.page.evaluate(
        "performance.getEntriesByType('mark').map((mark) => [mark.startTime, mark.name])"
    )
    names = [name for _, name in sorted(marks)]
    assert names.index("page-ready") < names.index("overview-drawn") < names.index("engine-ready")
    assert names.index("engine-ready") < names.index("picture-drawn")
    seen.page.evaluate("performance.clearMarks('picture-drawn')")
    seen.choose("ladybug")
    wait_for_mark(seen.page, "picture-drawn")
    marks = dict(
        seen.page.evaluate("performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime])")
    )
    assert marks["picture-drawn"] > marks["picture-chosen"] > marks["overview-drawn"]
