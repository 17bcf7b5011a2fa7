"""The start: stages while the engine loads, a clock over all of it, and browsers that are odd or hostile."""

from playwright.sync_api import expect

from tests.browser import wait_for_mark
from tests.page.visit import START, eventually

STAGES = ["Fetching Python", "Starting Python", "Loading NumPy", "Loading the network"]
INTERPRETER = "micropython.wasm"  # without it the page's Python cannot start

REFUSED = "() => { throw new DOMException('denied', 'SecurityError'); }"
# What a browser may lack or refuse, and what others may do in a page; it works all the same.
ODD = {
    "indexedDB refused": f"Object.defineProperty(window, 'indexedDB', {{ get: {REFUSED} }})",
    "indexedDB missing": "Object.defineProperty(window, 'indexedDB', { value: undefined })",
    "indexedDB broken": f"IDBFactory.prototype.open = {REFUSED}",
    "service workers refused": "Object.defineProperty(Navigator.prototype, 'serviceWorker',"
    f" {{ get: {REFUSED} }})",
    "service workers missing": "delete Navigator.prototype.serviceWorker",
    "storage refused": "for (const name of ['localStorage', 'sessionStorage'])"
    f" Object.defineProperty(window, name, {{ get: {REFUSED} }})",
    "an extension's errors": "for (const when of ['DOMContentLoaded', 'load'])"
    " addEventListener(when, () => { Promise.reject(new Error('of an extension'));"
    " throw new Error('of an extension'); });",
}
# Notes whether the page ever said that something is wrong.
NOTE_FAILURES = """window.failures = [];
addEventListener("DOMContentLoaded", () => {
  const note = () => {
    const { page, engine } = document.documentElement.dataset;
    const notices = document.querySelectorAll("[data-notice][role=alert]:not([hidden])");
    const said = [...notices].map((notice) => notice.innerText);
    if ([page, engine].includes("failed") || said.length) failures.push([page, engine, ...said]);
  };
  note();
  const attributeFilter = ["hidden", "data-page", "data-engine"];
  new MutationObserver(note).observe(document, { subtree: true, attributeFilter });
});"""
HIDE = """window.isHidden = true;
Object.defineProperty(document, "hidden", { get: () => isHidden });"""


def test_the_page_says_every_stage_in_order_with_progress(visit, address):
    seen = visit("about:blank", at="", wait=None)
    seen.page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
          window.stages = [];
          const line = document.querySelector("#engine-status");
          const note = () => stages.push([
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
    eventually(lambda: seen.page.wait_for_timeout(20) or held, 30)
    held[0].continue_()
    seen.wait_until_drawn()
    said = seen.page.evaluate("stages")
    order = list(dict.fromkeys(text for text, _ in said))
    assert order == STAGES
    progress = [value for _, value in said]
    assert progress == sorted(progress)
    assert 0 < max(progress) <= 1
    expect(seen.page.locator("#engine-status")).to_be_hidden()


def test_odd_browsers_and_what_extensions_do_keep_nothing_from_starting(visit, address):
    """All at once; where nothing can be kept, the page only forgets."""
    pages = {}
    for name, script in ODD.items():
        pages[name] = seen = visit("about:blank", at="", wait=None)
        seen.page.add_init_script(f"{NOTE_FAILURES}\n{script}")
        seen.address = address
        seen.page.goto(address, wait_until="commit")
    for name, seen in pages.items():
        # These stand in the console, too.
        seen.misses_a_file = name.startswith("indexedDB") or name == "an extension's errors"
        seen.wait_until_drawn()
        seen.page.locator("#path-start:not([disabled])").wait_for(timeout=START)
        assert seen.page.evaluate("failures") == [], name
    seen = pages["storage refused"]
    seen.page.get_by_label("Theme").select_option("dark")
    assert seen.page.locator("html").get_attribute("data-theme") == "dark"
    switch = seen.page.get_by_role("switch")
    switch.click()
    assert switch.get_attribute("aria-checked") == "false"
    expect(seen.page.locator(".head").first).to_be_hidden()


def test_the_clock_over_the_start_stands_still_while_nobody_sees_the_page(visit, address):
    seen = visit("about:blank", at="", wait=None)
    held = []
    seen.page.route(f"**/{INTERPRETER}", lambda route: held.append(route))
    seen.page.clock.install()
    seen.page.add_init_script(HIDE)
    seen.address = address
    seen.page.goto(address, wait_until="domcontentloaded")
    eventually(lambda: seen.page.wait_for_timeout(20) or held, 30)  # Playwright listens only while it waits
    says = seen.notice("page").locator("[data-says]")
    seen.page.clock.run_for(60_000)
    expect(says).to_be_hidden()
    seen.page.clock.fast_forward(3_600_000)  # the machine slept
    seen.page.evaluate("isHidden = false")
    seen.page.clock.run_for(5_000)
    expect(says).to_be_hidden()
    seen.page.clock.fast_forward(3_600_000)  # and again, with the page in sight
    seen.page.clock.run_for(5_000)
    expect(says).to_be_hidden()
    seen.page.clock.run_for(6_000)
    expect(says).to_contain_text(INTERPRETER)
    expect(says).to_contain_text("stopped arriving")
    expect(seen.notice("page").get_by_role("button", name="Load again")).to_be_visible()
    assert seen.page.locator("html").get_attribute("data-page") == "starting"
    held[0].continue_()
    expect(seen.notice("page")).to_be_hidden(timeout=START)
    seen.page.clock.resume()
    seen.wait_until_ready()


# The page's Python starts when `goOn` is called; the engine says nothing at all.
SLOW = """const { instantiateStreaming } = WebAssembly;
const going = new Promise((done) => (window.goOn = done));
WebAssembly.instantiateStreaming = (...given) => going.then(() => instantiateStreaming(...given));
window.Worker = class extends EventTarget {
  postMessage() {}
  terminate() {}
};"""
ERROR = 'addEventListener("load", () => Promise.reject(new Error("some error")));'


def test_what_takes_long_though_all_is_there_is_said_and_taken_back_when_it_goes_on(visit, address):
    """An error of anybody's may be why: then the page takes itself for failed until it goes on."""
    for script, state, sentence in (
        (SLOW, "starting", "its Python takes longer than usual to start"),
        (SLOW + ERROR, "failed", "some error"),
    ):
        seen = visit("about:blank", at="", wait=None)
        seen.misses_a_file = script != SLOW
        seen.page.clock.install()
        seen.page.add_init_script(script)
        seen.address = address
        seen.page.goto(address)
        page, engine = seen.notice("page"), seen.notice("engine")

        def says(notice, sentence, seen=seen):
            seen.page.clock.run_for(2_000)
            return notice.is_visible() and sentence in notice.inner_text()

        eventually(lambda page=page, sentence=sentence, says=says: says(page, sentence), 60)
        expect(seen.page.locator("html")).to_have_attribute("data-page", state)
        expect(page.get_by_role("button", name="Load again")).to_be_visible()
        seen.page.evaluate("goOn()")
        seen.wait_until_ready()
        expect(page).to_be_hidden()
        eventually(lambda engine=engine, says=says: says(engine, "engine/worker.js"), 60)
        expect(engine.locator("button[data-restart]")).to_be_visible()
        expect(seen.page.locator("html")).to_have_attribute("data-engine", "starting")


def test_before_python_answers_the_network_stands_and_no_setting_can_be_made_in_vain(visit, address):
    seen = visit("about:blank", at="", wait=None)
    seen.page.route(f"**/{INTERPRETER}", lambda _: None)
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
