"""A running engine that is busy, silent or gone: the page says so, goes on, and loses nothing."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.page.held import PATIENCE, Held
from tests.page.native import Native, equal
from tests.page.visit import eventually
from tests.picture_cases import drawing, encoded

WENT_BACK = "Stopped. The engine was started again, and shows what it showed before."
HAD_DIED = "The engine had stopped by itself: the browser has no memory left for it."
DIED = HAD_DIED + " It was started again, and everything is as you left it."
SILENT = "The engine has told nothing for 10 seconds. It may be stuck, or only be slow."
WAS_SILENT = (
    "The engine had told nothing for 30 seconds. It was started again, and everything is as you left it."
)
AGAIN_AND_AGAIN = (
    "It does so again and again. What is shown stays, but nothing more can be computed until you start the "
    "engine again."
)
RESTARTING = "The engine is being started again. The numbers come as soon as it has started."


@pytest.fixture
def held(visit, address):
    """Opens the site with its engine in the test's hands; no task may end in an error that nobody handles."""
    console = []

    def open_site(**options):
        seen = visit("about:blank", at="", wait=None, reduced_motion="reduce")
        seen.page.on("console", lambda message: console.append(message.text))
        return Held(seen, address, **options)

    yield open_site
    assert [text for text in console if "Task exception" in text] == []


def take(seen, item):
    """Ask for something in the menu of the open view."""
    seen.page.locator("#taking summary").click()
    seen.page.locator(f"[data-take={item}]").click()


def upload(seen, name="mine.png"):
    seen.upload(name, encoded(drawing()))


# What makes the page ask for each kind of request, while the view of conv_1_2's unit 4 is open.
ACTIONS = {
    "show": lambda seen: seen.page.locator("button[data-sample=ladybug]").click(),
    "open": lambda seen: seen.page.locator(".to.down").click(),
    "recolour": lambda seen: seen.page.locator("#sharing").select_option("network"),
    "quote": lambda seen: seen.page.locator("#path-next").click(),
    "play": lambda seen: seen.page.locator("[data-preset]").nth(1).click(),
    "decode": upload,
    "save": lambda seen: take(seen, "activations"),
    "csv": lambda seen: take(seen, "map"),
}
# What has to be done once more, and the place that says so.
ONCE = {
    "decode": ("[data-notice=picture] [data-says]", "Choose the file once more."),
    "save": ("[data-notice=page] [data-says]", "Take it once more."),
    "csv": ("[data-notice=page] [data-says]", "Take it once more."),
}


def test_whatever_is_asked_of_an_engine_that_breaks_off_it_is_started_again_and_nothing_is_lost(held):
    one = held(fragment="#picture=pizza&step=2")
    seen, page = one.seen, one.page
    # What the engine that stands in for the next ones has to know.
    page.locator("#playground").scroll_into_view_if_needed()
    page.locator("[data-preset]:enabled").first.wait_for()
    for preset in (1, 0):
        page.locator("[data-preset]").nth(preset).click()
        one.wait_until_idle()
    for picture in ("ladybug", "pizza"):
        seen.choose(picture)
        one.wait_until_idle()
    for number, (request, act) in enumerate(ACTIONS.items(), 1):
        seen.paste(picture="pizza", step="2", layer="conv_1_2", unit="4", y="10", x="12")
        seen.wait_until_picture("pizza")
        seen.wait_until_view("conv_1_2", 4)
        one.wait_until_idle()
        before = seen.everything()
        kind = ("error", "messageerror", "died")[number % 3]
        one.meets(request, kind)
        act(seen)
        one.wait_until_restarted(number)
        expect(one.notice).to_contain_text("It was started again, and everything is as you left it.")
        expect(seen.notice("engine")).to_have_attribute("role", "status")
        if request in ONCE:
            place, sentence = ONCE[request]
            expect(page.locator(place)).to_contain_text(sentence)
            assert seen.everything() == before, request
        else:
            expect(seen.notice("picture")).to_be_hidden()
        if request == "show":
            seen.wait_until_picture("ladybug")
        elif request == "open":
            seen.wait_until_view("conv_1_2", 5)
        elif request == "recolour":
            page.locator("#sharing").select_option("layer")
        elif request == "quote":
            expect(page.locator("#path-says")).not_to_be_empty()
            expect(page.locator("#path-waiting")).to_have_text("")
        elif request == "play":
            expect(page.locator("#playground")).to_have_attribute("data-computed", "true")
        page.locator("[data-notice=engine] [data-dismiss]").click()
        one.says_nothing()


def test_long_work_is_told_and_stopped_and_the_page_goes_back_to_what_is_drawn(held):
    one = held(fragment="#picture=koala")
    seen, page = one.seen, one.page
    one.replay()
    before = seen.everything()
    one.meets("show", "nothing")
    page.locator("button[data-sample=pizza]").click()
    one.wait_until_asked("show")
    one.run(1.5)
    one.says_nothing()
    one.run(1)
    one.say("Sending the picture through the network …")
    expect(one.notice).to_have_attribute("role", "status")
    # However long it takes: with news it goes on.
    for step in range(1, 9):
        one.tell("forward", f"conv_{step}", step, 8)
        one.run(5)
    expect(one.notice).to_contain_text("Sending the picture through the network, at conv_8: 100.0")
    assert one.restarts() == 0
    page.locator("button[data-stop]").focus()
    page.keyboard.press("Enter")
    one.wait_until_restarted(1)
    one.say(WENT_BACK)
    assert seen.everything() == before
    # A view whose numbers take long is left.
    one.meets("open", "nothing")
    seen.unit("conv_1_1", 3).click()
    one.wait_until_asked("open")
    one.asked()
    one.run(2.5)
    one.say("Computing the view …")
    page.locator("button[data-stop]").click()
    one.wait_until_restarted(2)
    seen.wait_until_overview()
    assert "open" not in one.asked()
    # So is one that the visitor has left by himself.
    one.meets("open", "nothing")
    seen.unit("conv_1_1", 3).click()
    one.wait_until_asked("open")
    page.keyboard.press("Escape")
    one.run(2.5)
    one.say("Computing the view …")
    page.locator("button[data-stop]").click()
    one.wait_until_restarted(3)
    one.say(WENT_BACK)
    seen.wait_until_overview()
    # An engine that is there again and cannot compute the picture is not said to be on its way.
    one.meets("show", "broken")
    one.fail()
    picture = seen.notice("picture")
    expect(picture).to_contain_text(
        "The picture could not be computed: the browser has no memory left for it.", timeout=PATIENCE
    )
    one.says_nothing()
    picture.locator("[data-retry]").click()
    expect(picture).to_be_hidden()
    one.wait_until_idle()
    assert seen.everything() == before


def test_silence_is_told_and_the_visitor_decides(held):
    one = held()
    seen, page = one.seen, one.page
    seen.open("conv_1_1", 3)
    one.wait_until_idle()
    one.replay()
    one.meets("open", "nothing")
    page.locator(".to.down").click()
    one.wait_until_asked("open")
    one.run(9)
    expect(page.locator("button[data-stop]")).to_be_visible()
    one.run(1.5)
    one.say(SILENT)
    expect(one.notice).to_have_attribute("role", "alert")
    # To wait begins it anew, with the keyboard too.
    page.locator("button[data-wait]").focus()
    page.keyboard.press("Enter")
    one.say("Computing the view …")
    one.run(9)
    expect(page.locator("button[data-wait]")).to_have_count(0)
    one.run(1.5)
    one.say(SILENT)
    # News end the silence.
    one.tell("view", "", 0, 0)
    one.run(1)
    one.say("Computing the view …")
    one.run(10)
    one.say(SILENT)
    # While the page sleeps, the clock stands still, and it begins anew.
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    one.run(60)
    assert one.restarts() == 0
    page.evaluate(hide, False)
    one.run(9)
    assert page.locator("button[data-wait]").count() == 0
    page.clock.fast_forward(120_000)  # the machine sleeps, and no event tells of it
    one.run(9)
    assert one.restarts() == 0
    one.run(1.5)
    one.say(SILENT)
    one.replay(False)
    page.locator("button[data-restart]").click()
    one.wait_until_restarted(1)
    one.says_nothing()


def test_an_engine_that_dies_again_and_again_is_left_alone_until_the_visitor_starts_it(held):
    one = held()
    seen, page = one.seen, one.page
    for picture in ("pizza", "ladybug", "koala"):
        seen.choose(picture)
        one.wait_until_idle()
    one.replay()
    # A picture that kills gives way to the one that is drawn.
    drawn = seen.everything()
    page.evaluate(
        """() => {
          const post = Worker.prototype.postMessage;
          Worker.prototype.postMessage = function (message, transfer) {
            const chosen = document.querySelector("[data-sample][aria-pressed=true]").dataset.sample;
            if (message.request === "show" && chosen === "pizza") engine.meets.show = "error";
            else delete engine.meets.show;
            post.call(this, message, transfer);
          };
        }"""
    )
    page.locator("button[data-sample=pizza]").click()
    one.wait_until_restarted(2)
    one.say(HAD_DIED + " It was started again without the picture “Pizza”, at which it had stopped twice.")
    assert seen.everything() == drawn
    # A view that kills is closed.
    one.meets("open", "error", always=True)
    seen.unit("conv_1_1", 3).click()
    one.wait_until_restarted(4)
    one.say(
        HAD_DIED + " It was started again without the view “conv_1_1, unit 3”, at which it had stopped twice."
    )
    seen.wait_until_overview()
    one.meets_nothing_more()
    # Where nothing helps, the page stops.
    page.evaluate("() => { Worker.prototype.postMessage = function ({ id }) { this.meet('error', id); }; }")
    one.fail()
    page.locator("html[data-engine=failed]").wait_for(state="attached")
    restarts = one.restarts()
    assert restarts == 5
    one.run(60)
    assert one.restarts() == restarts
    expect(one.notice).to_contain_text("It does so again and again.")
    expect(one.notice).to_have_attribute("role", "alert")
    # Closed, it comes back when something is asked that only an engine can do.
    page.locator("[data-notice=engine] [data-dismiss]").click()
    one.says_nothing()
    page.locator("button[data-sample=ladybug]").click()
    expect(seen.notice("picture")).to_contain_text("The engine is not running")
    seen.unit("conv_1_1", 3).click()
    expect(page.locator("#view-sentence")).to_contain_text("The engine is not running")
    page.locator("#view-close").click()
    # The visitor starts it, and all may be tried again.
    page.evaluate("() => { Worker.prototype.postMessage = engine.post; }")
    page.locator("button[data-restart]").click()
    one.wait_until_restarted(restarts + 1)
    one.says_nothing()
    seen.wait_until_picture("ladybug")


def test_an_engine_that_dies_as_soon_as_it_is_asked_leaves_out_what_it_can(held):
    check = held(clock=False, dies_at="compare")
    network = held(clock=False, dies_at="describe")
    # Without the network's description there is nothing to go on with.
    network.page.locator("html[data-engine=failed][data-restarts='1']").wait_for(state="attached")
    network.say(HAD_DIED + " " + AGAIN_AND_AGAIN)
    network.meets_nothing_more()
    network.page.locator("[data-notice=engine] [data-dismiss]").click()
    # Whoever needs the engine finds the way to start it, though the notice was closed.
    network.page.locator("button[data-sample=koala]").click()
    network.page.locator("button[data-restart]").click()
    network.wait_until_restarted(2)
    network.seen.wait_until_picture("koala")
    network.says_nothing()
    # The check of the first picture's values is left out, and said to be.
    check.wait_until_restarted(2)
    check.say(
        HAD_DIED
        + " It was started again without checking the first picture's values, at which it had stopped twice."
    )
    expect(check.seen.notice("network")).to_contain_text("could not be checked")
    check.seen.choose("koala")


def test_a_worker_that_really_loops_is_told_of_and_replaced(held):
    one = held()
    seen, page = one.seen, one.page
    (worker,) = page.workers
    worker.evaluate("void setTimeout(() => { for (;;); })")
    page.locator("button[data-sample=koala]").click()
    one.wait_until_asked("show")
    one.run(2.5)
    one.say("Sending the picture through the network …")
    one.run(8)
    one.say(SILENT)
    one.run(20)
    assert one.restarts() == 1
    one.wait_until_restarted(1)
    seen.wait_until_picture("koala")
    one.say(WAS_SILENT)
    eventually(lambda: page.wait_for_timeout(50) or len(page.workers) == 1)
    # What was said of it comes back after long work that took its place.
    one.meets("open", "nothing")
    seen.unit("conv_1_1", 3).click()
    one.wait_until_asked("open")
    one.run(2.5)
    one.say("Computing the view …")
    # A sentence that counts is read out now and then only.
    changes = """() => {
      window.changes = 0;
      const says = document.querySelector("[data-notice=engine] [data-says]");
      new MutationObserver(() => (window.changes += 1)).observe(says, { childList: true });
    }"""
    page.evaluate(changes)
    for step in range(1, 13):
        one.tell("view", f"conv_{step}", step, 12)
        one.run(0.5)
    assert 1 <= page.evaluate("changes") <= 2
    page.evaluate("engine.all.at(-1).hear({ id: [...engine.all.at(-1).open][0], broken: 'MemoryError' })")
    one.say(WAS_SILENT)
    expect(seen.notice("page")).to_contain_text("the browser has no memory left for it")


def test_the_visitor_s_own_picture_and_all_else_comes_back_from_a_real_engine(held, network):
    one = held(clock=False)
    seen, page = one.seen, one.page
    pixels = np.random.default_rng(3).integers(0, 256, (64, 64, 3), np.uint8)
    page.locator("#sharing").select_option("network")
    seen.upload("mine.png", encoded(Image.fromarray(pixels)))
    seen.wait_until_picture("upload-1")
    page.get_by_label("Theme").select_option("dark")
    seen.paste(picture="upload-1", step="3", layer="conv_1_2", unit="4", y="10", x="12")
    seen.wait_until_view("conv_1_2", 4)
    page.locator("#decimals").select_option("all")
    one.wait_until_idle()
    before, path = seen.everything(), page.locator("#path").inner_text()
    (worker,) = page.workers
    told = {
        "setTimeout(() => { throw new Error('out of memory'); })": "the browser has no memory left for it",
        "void Promise.reject(new Error('no more'))": "the program came upon a fault of its own",
    }
    for times, (fault, reason) in enumerate(told.items(), 1):
        (worker,) = page.workers
        worker.evaluate(fault)
        page.locator(f"html[data-restarts='{times}'][data-engine=starting]").wait_for(state="attached")
        # What was drawn stays meanwhile, and the view that is opened says what it waits for.
        assert seen.everything() == before
        if times == 2:
            page.locator(".to.down").click()
            expect(page.locator("#view-sentence")).to_have_text(RESTARTING)
            seen.paste(picture="upload-1", step="3", layer="conv_1_2", unit="4", y="10", x="12")
        one.wait_until_restarted(times)
        expect(one.notice).to_contain_text(
            f"The engine had stopped by itself: {reason}. It was started again,"
        )
    seen.wait_until_view("conv_1_2", 4)
    assert seen.everything() == before
    assert page.locator("#path").inner_text() == path
    native = Native(network, pixels)
    for shown, probability in zip(
        seen.probabilities(), native.classified.probabilities.values(), strict=True
    ):
        assert equal(shown, probability, 5e-7)
    value = page.locator("#view-body [data-value]").evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.value))"
    )
    assert any(equal(one, float(native.values("conv_1_2")[4, 10, 12])) for one in value)
    # A worker that ends says nothing at all; one that is asked meanwhile says so in time.
    (worker,) = page.workers
    worker.evaluate("self.close()")
    page.locator("button[data-sample=pizza]").click()
    page.locator("button[data-stop]").click(timeout=PATIENCE)
    one.wait_until_restarted(3)
    assert seen.everything()["picture"] == "upload-1"
    assert len(page.workers) == 1


MEMORY = 3_000_000  # bytes that the page may have more of after the last restarts


def test_a_hundred_restarts_leave_nothing_behind(held):
    one = held(fragment="#picture=koala&layer=conv_1_2&unit=4&y=10&x=12", clock=False)
    page = one.page
    one.seen.wait_until_view("conv_1_2", 4)
    one.wait_until_idle()
    one.replay()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def counted():
        session.send("HeapProfiler.collectGarbage")
        metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return [metrics[name] for name in ("Nodes", "JSEventListeners", "JSHeapUsedSize")]

    def restart(times):
        for _ in range(times):
            number = one.restarts() + 1
            one.fail()
            one.wait_until_restarted(number)
        one.say(DIED)
        page.evaluate("engine.all.splice(0, engine.all.length - 1)")

    restart(20)
    before = counted()
    restart(80)
    after = counted()
    assert after[0] <= before[0] + 50
    assert after[1] <= before[1]
    assert after[2] <= before[2] + MEMORY
    assert len(page.workers) == 0  # the first one, which was real, was ended
    one.replay(False)
    one.fail()
    one.wait_until_restarted(101)
    eventually(lambda: len(page.workers) == 1)
    assert one.restarts() == 101
