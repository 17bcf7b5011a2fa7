"""Notices: each kind keeps its own, can be closed, and covers nothing."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.page.faulty import fail, visit_faulty

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SIZES = [
    {"viewport": {"width": 1280, "height": 720}},
    {"viewport": {"width": 1600, "height": 1000}, "color_scheme": "dark"},
    {"viewport": {"width": 1280, "height": 720}, "forced_colors": "active"},
    PHONE,
]
# What a notice may not do: lie over anything, be cut, or make the page wider.
STANDS = """() => {
  const box = (one) => one.getBoundingClientRect();
  const notices = document.querySelector("#notices");
  const shown = [...document.querySelectorAll("[data-notice]:not([hidden])")];
  const inside = [...notices.querySelectorAll("[data-notice]:not([hidden]) :is(p, button)")];
  return {
    count: shown.length,
    covered: document.querySelector("#screen").offsetTop - notices.offsetHeight,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    cut: inside.filter((one) => one.scrollWidth > one.clientWidth + 1 || box(one).right > innerWidth).length,
    overlapping: shown.filter((one) => {
      const parts = [...one.children].map(box).filter(({ width, height }) => width && height);
      return parts.some((a, at) => parts.slice(at + 1).some((b) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1));
    }).length,
  };
}"""


def own_picture():
    stream = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(stream, "PNG")
    return stream.getvalue()


def check_stands(seen, count):
    seen.expect_quiet_for(0.3)  # the page makes room
    assert seen.page.evaluate(STANDS) == {"count": count, "covered": 0, "wide": 0, "cut": 0, "overlapping": 0}


def fits(seen, part):
    return seen.page.locator(part).evaluate("(one) => one.scrollHeight - one.clientHeight") <= 0


@pytest.mark.parametrize("options", SIZES, ids=["low", "large-dark", "forced", "phone"])
def test_notices_cover_nothing_and_the_page_makes_room(visit, address, options):
    seen = visit_faulty(visit, address, failing=["compare"], **options)
    network, picture, page = (seen.notice(kind) for kind in ("network", "picture", "page"))
    network.wait_for()
    check_stands(seen, 1)
    low = options["viewport"]["height"] <= 720
    if low:
        # With one notice the whole network still stands there, and what is said of units as well.
        assert fits(seen, "#network")
        expect(seen.unit("conv_1_1", 9)).to_be_in_viewport(ratio=1)
        expect(seen.page.locator("#about")).to_be_in_viewport(ratio=1)
    seen.upload("a long name " * 9 + ".png", b"")
    picture.filter(has_text="is empty").wait_for()
    fail(seen, "recolour")
    seen.page.locator("#sharing").select_option("network")
    page.wait_for()
    check_stands(seen, 3)
    if low:
        expect(seen.unit("conv_1_1", 9)).to_be_visible()
        seen.unit("conv_1_1", 9).click()  # nothing lies over it
    else:
        seen.open("conv_1_1", 9)
    seen.wait_until_view("conv_1_1", 9)
    expect(picture).to_be_hidden()
    check_stands(seen, 2)
    seen.page.locator("#view-close").click(timeout=5_000)
    seen.wait_until_overview()
    if options is not PHONE:
        seen.page.keyboard.press("F2")
        check_stands(seen, 2)
        seen.open("conv_1_2", 3)
        check_stands(seen, 2)
        expect(seen.page.locator("#play")).to_be_in_viewport(ratio=1)
        seen.page.keyboard.press("F2")
    # What the visitor reads further down, a notice stays in sight of.
    seen.page.evaluate("document.querySelector('#article-softmax').scrollIntoView()")
    expect(network).to_be_in_viewport(ratio=1)
    heading = seen.page.locator("#article-softmax")
    bottom = seen.page.locator("#notices").evaluate("(one) => one.getBoundingClientRect().bottom")
    assert heading.evaluate("(one) => one.getBoundingClientRect().top") >= bottom - 1


def test_a_page_that_cannot_start_makes_room_for_its_notice(visit, address):
    seen = visit("about:blank", at="", wait=None)
    seen.take_away("start.zip")
    seen.address = address
    seen.page.goto(address)
    seen.notice("page").wait_for()
    check_stands(seen, 1)
    expect(seen.page.locator("#how")).to_be_in_viewport(ratio=1)


def test_each_kind_of_notice_keeps_its_own_and_can_be_closed(visit, address):
    seen = visit_faulty(visit, address, failing=["compare"])
    network, picture = seen.notice("network"), seen.notice("picture")
    network.wait_for()
    seen.upload("nothing.png", b"")
    picture.filter(has_text="is empty").wait_for()
    for notice in (network, picture):
        expect(notice).to_have_attribute("role", "alert")
        expect(notice.get_by_role("button", name="Close this notice")).to_be_visible()
        expect(notice.locator("[data-actions] button")).to_have_count(1 if notice is network else 0)
    # A picture wipes what was said of another picture, and nothing else.
    seen.choose("koala")
    expect(picture).to_be_hidden()
    expect(network).to_be_visible()
    # Closed by the keyboard, the focus goes back to where it was.
    seen.page.locator("button[data-sample=koala]").focus()
    network.locator("[data-dismiss]").focus()
    seen.page.keyboard.press("Enter")
    expect(network).to_be_hidden()
    assert seen.focus()["sample"] == "koala"
    seen.expect_quiet_for(0.2)
    assert (
        seen.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--notices')")
        == "0px"
    )
    # Where that is gone, to the heading of what is open.
    seen.unit("conv_1_2", 4).focus()
    seen.page.keyboard.press("Enter")
    seen.wait_until_view("conv_1_2", 4)
    seen.page.locator("#view-close").focus()
    seen.upload("nothing.png", b"")
    picture.filter(has_text="is empty").wait_for()
    seen.page.locator("#view-close").focus()
    picture.locator("[data-dismiss]").focus()
    seen.page.evaluate("document.querySelector('#view-close').hidden = true")
    seen.page.keyboard.press("Enter")
    assert seen.focus()["id"] == "view-title"
    # What is said again, stands there again.
    seen.upload("nothing.png", b"")
    picture.filter(has_text="is empty").wait_for()


@pytest.mark.parametrize("options", [SIZES[0], PHONE], ids=["desktop", "phone"])
def test_ones_own_picture_scrolls_the_row_of_pictures_and_nothing_else(visit, options):
    seen = visit(**options)
    own = own_picture()
    for number, (scrolled, is_open) in enumerate([(0, False), (130, False), (130, True), (0, True)], 1):
        if is_open and not seen.page.locator("#view").is_visible():
            seen.page.evaluate("scrollTo(0, 0)")
            seen.open("conv_1_1", 2)
        seen.page.evaluate("(y) => scrollTo(0, y)", scrolled)
        before = seen.page.evaluate("[scrollX, scrollY, document.querySelector('#view').scrollTop]")
        for more in range(8 if number == 1 else 1):  # the row is full after a few
            seen.upload(f"own-{more}.png", own)
            name = f"upload-{more + 1 if number == 1 else 7 + number}"
            seen.wait_until_picture(name)
        assert seen.page.evaluate("[scrollX, scrollY, document.querySelector('#view').scrollTop]") == before
        row, button = seen.page.locator("#gallery"), seen.page.locator(f"button[data-sample={name}]")
        inside, around = (
            one.evaluate(
                "(one) => { const { left, right } = one.getBoundingClientRect(); return [left, right]; }"
            )
            for one in (button, row)
        )
        assert around[0] <= inside[0] < inside[1] <= around[1]
