"""Whatever is done while something is on its way, numbers and colours are those of the picture shown."""

import pytest
from playwright.sync_api import expect

from tests.page.faulty import fail, hold, release, visit_faulty
from tests.page.native import Native, equal
from tests.page.visit import START, eventually

PATIENCE = 20  # seconds; how long what takes no time may take on a busy machine

VIEW = "#picture=koala&layer=conv_1_2&unit=4&y=10&x=12"
COMPUTING = "The numbers come as soon as the picture is computed."
RESTARTING = "The engine is being started again. The numbers come as soon as it has started."


@pytest.fixture
def seen(visit, address):
    return visit_faulty(visit, address, VIEW, reduced_motion="reduce")


def wait_until_held(seen, count=1):
    eventually(lambda: seen.page.evaluate("faulty.waiting.length") == count, PATIENCE)


def colours(seen):
    """Of maps that differ however their scales are shared."""
    layers = "conv_1_1", "conv_1_2", "conv_2_1", "conv_2_2"
    return b"".join(seen.unit_pixels(layer, 0).tobytes() for layer in layers)


def wait_for_request(page, held):
    """Until a route has put a request into this list."""
    eventually(lambda: page.wait_for_timeout(20) or held, PATIENCE)


def wait_until_value(seen, value):
    """Until the open view says that this is the output at its cursor."""
    result = seen.page.locator("#view .addends .result")
    eventually(lambda: equal(float(result.get_attribute("data-value")), float(value)), PATIENCE)


def test_a_picture_that_was_given_up_leaves_none_of_its_numbers(seen, network):
    page = seen.page
    seen.wait_until_view("conv_1_2", 4)
    native = Native(network, seen.picture())
    held = []
    page.route("**/samples/sport_car.zip", lambda route: held.append(route))

    # It is computed after all, then the next one fails, and meanwhile another view is opened.
    hold(seen, "show")
    page.locator("button[data-sample=pizza]").click()
    wait_until_held(seen)
    page.locator("button[data-sample=sport_car]").click()
    wait_for_request(page, held)
    release(seen)
    page.locator(".to.down").click()
    expect(page.locator("#view-sentence")).to_have_text(COMPUTING)
    held.pop().fulfill(status=404, body="gone")
    expect(seen.notice("picture")).to_contain_text("samples/sport_car.zip", timeout=START)
    seen.wait_until_view("conv_1_2", 5)
    wait_until_value(seen, native.values("conv_1_2")[5][seen.cursor()])
    assert seen.fragment()["picture"] == "koala"

    # The next one fails, and then it is computed after all.
    hold(seen, "show")
    page.locator("button[data-sample=pizza]").click()
    wait_until_held(seen)
    page.locator("button[data-sample=sport_car]").click()
    wait_for_request(page, held)
    held.pop().fulfill(status=404, body="gone")
    expect(seen.notice("picture")).to_contain_text("samples/sport_car.zip", timeout=START)
    release(seen)
    page.locator(".to.down").click()
    seen.wait_until_view("conv_1_2", 6)
    seen.expect_quiet_for(0.3)
    wait_until_value(seen, native.values("conv_1_2")[6][seen.cursor()])
    assert page.locator("html").get_attribute("data-picture") == "koala"


def test_what_is_done_while_the_engine_is_started_again_holds_when_it_is_back(seen, network):
    page = seen.page
    seen.wait_until_view("conv_1_2", 4)
    native = Native(network, seen.picture())
    scale = page.locator("#sharing")
    seen.paste(picture="koala")
    seen.wait_until_overview()
    coloured = {}
    for sharing in ("block", "network", "layer"):  # ends as it began
        before = colours(seen)
        scale.select_option(sharing)
        eventually(lambda before=before: colours(seen) != before)
        coloured[sharing] = colours(seen)
    assert len(set(coloured.values())) == 3

    hold(seen, "describe")
    (worker,) = page.workers
    worker.evaluate("setTimeout(() => { throw new Error('out of memory'); })")
    page.locator("html[data-restarts='1'][data-engine=starting]").wait_for(state="attached", timeout=START)
    # Quickly from view to view, back and forth, and to another picture and back.
    for unit in (1, 2, 3):
        seen.unit("conv_1_1", unit).click()
        expect(page.locator("#view-sentence")).to_have_text(RESTARTING)
        page.keyboard.press("Escape")
    for _ in range(5):
        page.go_back()
    for _ in range(3):
        page.go_forward()
    page.locator("button[data-sample=pizza]").click()
    page.locator("button[data-sample=koala]").click()
    scale.select_option("network")
    wait_until_held(seen)
    page.keyboard.press("Escape")
    seen.unit("conv_1_2", 7).click()

    # And while the picture is computed.
    page.evaluate(
        "() => { faulty.held = new Set(['show']); for (const send of faulty.waiting.splice(0)) send(); }"
    )
    wait_until_held(seen)
    expect(page.locator("#view-sentence")).to_have_text(COMPUTING)
    scale.select_option("block")
    release(seen)
    seen.wait_until_view("conv_1_2", 7)
    wait_until_value(seen, native.values("conv_1_2")[7][seen.cursor()])
    eventually(lambda: colours(seen) == coloured["block"])
    expect(scale).to_have_value("block")
    assert page.locator("html").get_attribute("data-picture") == "koala"
    assert page.locator("html").get_attribute("data-restarts") == "1"

    # Scales that were changed while a picture is fetched are that picture's.
    held = []
    page.route("**/samples/orange.zip", lambda route: held.append(route))
    page.locator("button[data-sample=orange]").click()
    wait_for_request(page, held)
    scale.select_option("network")
    eventually(lambda: colours(seen) == coloured["network"])
    held.pop().continue_()
    seen.wait_until_picture("orange")
    fail(seen, "recolour")  # what it is asked for is that picture in these colours
    orange = colours(seen)
    scale.select_option("layer")
    expect(scale).to_have_value("network")
    fail(seen)
    for sharing in ("layer", "network"):
        scale.select_option(sharing)
        eventually(lambda s=sharing: (colours(seen) == orange) == (s == "network"))


def test_views_that_come_late_hold_up_nothing_else(visit, address, network):
    seen = visit("about:blank", at="", wait=None, reduced_motion="reduce")
    page, sentence = seen.page, seen.page.locator("#view-sentence")
    seen.take_away("later.zip")
    seen.address = address
    page.goto(address + VIEW)
    seen.wait_until_picture("koala")
    expect(sentence).to_contain_text("The views and the guided path are not here yet")
    seen.choose("pizza")

    # It hangs, and meanwhile the engine is started again.
    seen.give_back("later.zip")
    held = []
    page.route("**/later.zip", lambda route: held.append(route))
    seen.notice("page").locator("button[data-retry]").click()
    wait_for_request(page, held)
    (worker,) = page.workers
    worker.evaluate("setTimeout(() => { throw new Error('out of memory'); })")
    expect(seen.notice("engine")).to_contain_text("everything is as you left it", timeout=START)
    assert page.locator("html").get_attribute("data-restarts") == "1"
    seen.choose("orange")

    held.pop().continue_()
    seen.wait_until_view("conv_1_2", 4)
    wait_until_value(seen, Native(network, seen.picture()).values("conv_1_2")[4, 10, 12])
    expect(seen.notice("page")).to_be_hidden()
