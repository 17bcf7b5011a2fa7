"""The guided path, walked from first to last step; every number in it is pycnn's."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.page.test_layout import PHONE, box
from tests.page.visit import START, eventually
from tests.page.walk import Walk

GALLERY = Path(__file__).parents[2] / "web/samples/samples.json"
TRUTHS = {sample["name"]: sample["class"] for sample in json.loads(GALLERY.read_text(encoding="utf-8"))}
CALM = {"reduced_motion": "reduce"}
ASKED = {"window", "size", "relu", "second", "pooling", "flatten", "picture"}


def verdict(walk):
    return walk.page.locator("#path-verdict")


def typed(walk, text):
    """Answer by pointer: type into the field, or click at the choice."""
    field = walk.page.locator("#path-guess")
    if field.is_visible():
        field.fill(text)
    else:
        walk.page.locator("#path-options label").get_by_text(text, exact=True).click()


def test_the_path_is_walked_by_pointer_with_right_answers(visit, network):
    seen = visit(**CALM)
    walk, page = Walk(seen, network), seen.page
    page.locator("#path-start").click()
    asked, numbers, places = set(), 0, set()
    count = None
    number = 1
    while True:
        step = walk.arrived(number)
        count = count or walk.count()
        assert seen.focus()["id"] == "path-title"
        expect(page.locator("#path-live")).to_contain_text(page.locator("#path-says").inner_text()[:40])
        if step == "relu":  # once with another picture: the numbers follow it
            numbers += walk.check(step)
            seen.choose("koala")
            expect(page.locator("#path-live")).to_contain_text("ReLU")
        numbers += walk.check(step)
        places.add(tuple(sorted(seen.fragment().items())))
        if page.locator("#path-question").is_visible():
            asked.add(step)
            typed(walk, walk.right_answer(step, TRUTHS["espresso"]))
            page.locator("#path-check").click()
            expect(verdict(walk)).to_have_attribute("data-verdict", "right")
            assert seen.focus()["id"] == "path-check"
            if step == "picture":
                seen.wait_until_picture("espresso")
            numbers += walk.check(step)
        if number == count:
            break
        page.locator("#path-next").click()
        number += 1
    assert asked == ASKED
    assert 12 <= count <= 16
    assert len(places) == count
    assert numbers > 60
    expect(page.locator("#path-next")).to_have_text("Finish")
    page.locator("#path-next").click()
    expect(page.locator("#path")).to_be_hidden()
    assert "step" not in seen.fragment()
    assert seen.focus()["id"] == "path-start"
    # It is done: next time it begins anew.
    page.locator("#path-start").click()
    walk.arrived(1)


def test_the_path_is_walked_by_keyboard_with_wrong_answers(visit, network):
    seen = visit(**CALM)
    walk, page = Walk(seen, network), seen.page

    def tab_to(name):
        for _ in range(30):
            if page.evaluate("document.activeElement.id || document.activeElement.name") == name:
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {name}")

    page.locator("#path-start").focus()
    page.keyboard.press("Enter")
    number = 1
    count = None
    while True:
        step = walk.arrived(number)
        count = count or walk.count()
        assert seen.focus()["id"] == "path-title"
        assert not seen.is_playing()
        if step in ASKED:
            if page.locator("#path-guess").is_visible():
                tab_to("path-guess")
                page.keyboard.type("31.5")
                page.keyboard.press("Enter")
            else:
                answer = walk.right_answer(step, TRUTHS["ladybug"])
                texts = page.locator("#path-options label").all_inner_texts()
                wrong = next(at for at, text in enumerate(texts) if text.strip() != answer)
                tab_to("path-option")
                page.keyboard.press("Space")
                for _ in range(wrong):
                    page.keyboard.press("ArrowDown")
                page.keyboard.press("Enter")
            expect(verdict(walk)).to_have_attribute("data-verdict", "wrong")
            if step == "picture":
                seen.wait_until_picture("ladybug")
            walk.check(step)
        if number == count:
            break
        tab_to("path-next")
        page.keyboard.press("Enter")
        number += 1
    tab_to("path-back")
    page.keyboard.press("Enter")
    walk.arrived(count - 1)


@pytest.fixture
def walk(visit, network):
    """A walk that has come to the fourth step by the fragment."""
    seen = visit(**CALM)
    seen.page.locator("#path-start").click()
    made = Walk(seen, network)
    for number in (1, 2, 3):
        made.arrived(number)
        seen.page.locator("#path-next").click()
    made.arrived(4)
    return made


def test_it_can_be_left_reloaded_and_gone_on_with(walk):
    seen, page = walk.visit, walk.page
    eventually(lambda: "channel" in seen.fragment())
    before = seen.fragment()
    assert (before["layer"], before["channel"], before["step"]) == ("conv_1_1", "0", "4")
    # Back and forth in the history go from step to step.
    page.go_back()
    walk.arrived(3)
    walk.shows("input", "0")
    page.go_forward()
    walk.arrived(4)
    walk.check("addition")
    # A reload comes back to the same step.
    page.reload()
    seen.wait_until_drawn()
    walk.arrived(4)
    walk.check("addition")
    # The visitor looks elsewhere, and comes back to the step's place; its number stays.
    seen.page.locator("#view-close").click()
    seen.wait_until_overview()
    assert seen.fragment()["step"] == "4"
    page.locator("#path-return").click()
    walk.shows("conv_1_1", before["unit"])
    # Escape in the view closes it, Escape in the panel leaves the path.
    page.locator("#view-title").focus()
    page.keyboard.press("Escape")
    seen.wait_until_overview()
    expect(page.locator("#path")).to_be_visible()
    page.locator("#path-return").click()
    walk.shows("conv_1_1", before["unit"])
    page.locator("#path-title").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#path")).to_be_hidden()
    expect(page.locator("#view")).to_be_visible()
    assert "step" not in seen.fragment()
    assert page.locator("html").get_attribute("data-path") is None
    page.go_back()  # leaving was a step of the history, too
    walk.arrived(4)
    page.locator("#path-leave").click()
    # Whoever comes back may go on.
    page.goto(seen.address.split("#")[0])
    seen.wait_until_drawn()
    page.locator("#path-start").click()
    expect(page.locator("#path-offered")).to_contain_text("step 4")
    page.locator("#path-continue").click()
    walk.arrived(4)
    page.locator("#path-leave").click()
    page.locator("#path-start").click()
    page.locator("#path-anew").click()
    walk.arrived(1)
    # The list leads to any step.
    page.locator("#path-at").click()
    page.locator("#path-steps button").nth(6).click()
    walk.arrived(7)


def test_a_step_that_there_is_not_is_ignored(visit):
    seen = visit("#picture=koala&layer=conv_1_1&unit=2&y=3&x=4&step=99", **CALM)
    seen.wait_until_view("conv_1_1", 2)
    expect(seen.page.locator("#path-start")).to_be_enabled()
    expect(seen.page.locator("#path")).to_be_hidden()
    for bad in ("0", "-1", "two", "17", ""):
        seen.paste(picture="koala", layer="conv_1_1", unit=3, y=3, x=4, step=bad)
        seen.paste(picture="koala", layer="conv_1_1", unit=2, y=3, x=4, step=bad)
        seen.wait_until_view("conv_1_1", 2)
        expect(seen.page.locator("#path")).to_be_hidden()
    seen.paste(picture="koala", step=2)
    expect(seen.page.locator("#path-title")).to_have_text("Three channels")


def test_an_answer_that_is_none_is_asked_for_again_and_the_right_one_is_shown(walk):
    page = walk.page
    page.locator("#path-next").click()
    walk.arrived(5)
    page.locator("#path-next").click()
    walk.arrived(6)
    page.locator("#path-check").click()
    expect(verdict(walk)).to_have_text("Type a number first.")
    page.locator("#path-guess").fill("a lot")
    page.locator("#path-check").click()
    expect(verdict(walk)).to_have_text("Type a number first.")
    assert walk.visit.fragment()["layer"] == "conv_1_1"
    page.locator("#path-reveal").click()
    expect(verdict(walk)).to_have_attribute("data-verdict", "shown")
    expect(verdict(walk)).to_contain_text("It is 60.")
    walk.shows("conv_1_2", "3")
    walk.check("size")
    page.go_back()  # showing the answer was no step of its own
    walk.arrived(5)


def test_numbers_come_when_the_engine_is_ready(visit, network):
    seen = visit(wait=None, **CALM)
    held = []
    seen.page.route("**/pyodide.js", lambda route: held.append(route))
    seen.page.goto(seen.address + "#picture=espresso&step=1&layer=input&unit=0&y=25&x=25")
    seen.page.reload()
    expect(seen.page.locator("#path-waiting")).to_contain_text("as soon as the engine", timeout=START)
    expect(seen.page.locator("#path-says")).to_contain_text("…")
    assert seen.page.locator("#path [data-value]").count() == 0
    eventually(lambda: held)
    for route in held:
        route.continue_()
    walk = Walk(seen, network)
    walk.arrived(1)
    expect(seen.page.locator("#path-waiting")).to_be_empty()
    assert walk.check("numbers") == 4


def test_another_network_has_its_own_steps(visit, other, elsewhere):
    seen = visit(at=elsewhere, **CALM)
    walk, page = Walk(seen, other), seen.page
    page.locator("#path-start").click()
    steps = []
    for number in range(1, 20):
        steps.append(walk.arrived(number))
        if steps[-1] != "deep":  # whose field is known for the shipped network only
            walk.check(steps[-1])
        if page.locator("#path-question").is_visible():
            page.locator("#path-reveal").click()
            expect(verdict(walk)).to_have_attribute("data-verdict", "shown")
            if steps[-1] != "picture":  # the other picture comes later
                walk.check(steps[-1])
        if number == walk.count():
            break
        page.locator("#path-next").click()
    assert set(steps) == ASKED | {"numbers", "channels", "addition", "map", "deep", "logit", "softmax", "own"}


def overlap(one, other):
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return max(across, 0) * max(down, 0)


def test_the_panel_covers_nothing_and_the_page_never_scrolls_sideways(walk):
    seen, page = walk.visit, walk.page
    for width, height in ((1280, 720), (1600, 1000)):
        page.set_viewport_size({"width": width, "height": height})
        panel = box(seen, "#path")
        for part in ("#view", "header", ".controls"):
            assert overlap(panel, box(seen, part)) == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("#view-close").click()
        seen.wait_until_overview()
        for part in ("#stage", "#classes-column", "#picture-column"):
            assert overlap(panel, box(seen, part)) == 0
        assert page.locator("#scroller").evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0
        page.locator("#path-return").click()
        walk.shows("conv_1_1", "7")
    for width in (1000, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(page.locator("#path-next")).to_be_in_viewport(ratio=1)
    page.locator("#path-fold").click()
    expect(page.locator("#path-says")).to_be_hidden()
    expect(page.locator("#path-fold")).to_have_attribute("aria-expanded", "false")
    assert box(seen, "#path")["height"] < 120
    page.locator("#path-next").click()
    walk.arrived(5)
    expect(page.locator("#path-says")).to_be_visible()


def test_on_a_phone_what_a_step_speaks_of_is_above_the_sheet(visit, network):
    seen = visit(**PHONE, **CALM)
    walk, page = Walk(seen, network), seen.page
    page.locator("#path-start").tap()
    for number in (1, 2, 3):
        walk.arrived(number)
        page.locator("#path-next").tap()
    assert walk.arrived(4) == "addition"
    formula = page.locator("#view-body .formula")
    panel = page.locator("#path")
    top = "(one) => one.getBoundingClientRect().top"
    eventually(lambda: formula.is_visible() and 0 <= formula.evaluate(top) < panel.evaluate(top))
    # Whatever the sheet covers can be scrolled out from under it.
    page.locator(".addends").scroll_into_view_if_needed()
    eventually(lambda: overlap(box(seen, ".addends"), box(seen, "#path")) == 0)
