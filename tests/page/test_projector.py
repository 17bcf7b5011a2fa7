"""The projector mode: how it is entered and left, that all fits, and that it can be read from afar."""

import re

import pytest
from playwright.sync_api import expect

from tests.page.visit import Visit

SIZES = [(1280, 720), (1600, 1000), (1024, 768)]
VIEWS = [
    ("input", 1, {}),
    ("conv_1_2", 4, {}),
    ("relu_1_1", 1, {}),
    ("max_pool_1", 2, {}),
    ("flatten", 0, {}),
    ("output", 5, {}),
    ("output", 5, {"view": "softmax"}),
]
FIGURES = """(all) => all.filter((one) => one.checkVisibility())
  .map((one) => [parseFloat(getComputedStyle(one).fontSize), one.outerHTML])"""
CUT = """() => [...document.querySelectorAll("#network, #scroller, #view, html")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
  .map((one) => one.id || one.tagName)"""
CONTRASTS = """() => {
  const rgb = (name) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(${name})`;
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
  return Object.fromEntries(["--text", "--quiet", "--accent", "--ground"].map((name) => [name, rgb(name)]));
}"""


def is_on(seen):
    return seen.page.locator("html").get_attribute("data-projector") == "on"


def luminance(colour):
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(scope="module")
def projected(browser, address):
    """A visit in the projector mode, with a picture chosen there."""
    made = Visit(browser, address, reduced_motion="reduce")
    made.wait_until_drawn()
    made.page.keyboard.press("F2")
    made.choose("koala")
    yield made
    made.close()


def test_a_button_and_a_key_enter_and_leave_it_and_the_focus_is_never_lost(visit):
    seen = visit(wait="ready")
    page = seen.page
    enter, leave = page.locator("#projector"), page.locator("#projector-leave")
    assert not is_on(seen)
    expect(leave).to_be_hidden()
    assert "F2" in enter.get_attribute("title")
    enter.click()
    assert is_on(seen)
    expect(leave).to_be_focused()
    for hidden in ("header", "#article", "#how", "#about", "#upload", "#path-start"):
        expect(page.locator(hidden)).to_be_hidden()
    page.keyboard.press("Enter")
    assert not is_on(seen)
    expect(enter).to_be_focused()
    seen.unit("conv_1_1", 3).focus()
    page.keyboard.press("F2")
    assert is_on(seen)
    expect(seen.unit("conv_1_1", 3)).to_be_focused()
    page.keyboard.press("Shift+F2")
    assert is_on(seen)
    # It is no part of the address and stays with this tab.
    assert "projector" not in page.url
    page.reload()
    seen.wait_until_ready()
    assert is_on(seen)
    another = seen.context.new_page()
    another.goto(seen.address)
    assert another.locator("html").get_attribute("data-projector") == "off"
    page.keyboard.press("F2")
    assert not is_on(seen)
    expect(page.locator("header")).to_be_visible()


def test_without_storage_it_works_and_is_only_forgotten(visit, address):
    seen = visit("about:blank", at="", wait=None)
    seen.address = address
    seen.page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no'); } })"
    )
    seen.page.goto(address)
    seen.wait_until_ready()
    seen.page.keyboard.press("F2")
    assert is_on(seen)


@pytest.mark.parametrize("size", SIZES)
def test_the_network_fits_in_large_type(projected, size):
    page = projected.page
    projected.paste(picture="koala")
    projected.wait_until_overview()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert page.evaluate(CUT) == []
    sizes = page.locator(".class-name, .percent, .head .name, .head .shape, .legend").evaluate_all(FIGURES)
    assert len(sizes) > 40
    assert min(sizes)[0] >= 14
    assert min(page.locator(".class-name").evaluate_all(FIGURES))[0] >= 20
    boxes = page.locator(".column .head").evaluate_all(
        """(all) => all.map((one) => one.getBoundingClientRect())
          .map((box) => [box.left, box.top, box.right, box.bottom])"""
    )
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert one[2] <= other[0] + 1 or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
    cut = page.locator(".column .name").evaluate_all(
        "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    )
    assert cut == []
    # The connections follow the units.
    start = page.locator("#mesh").get_attribute("d").split("M")[1]
    unit = projected.unit("input", 0).bounding_box()
    stage = page.locator("#stage").bounding_box()
    middle = unit["y"] + unit["height"] / 2 - stage["y"]
    assert any(abs(float(number) - middle) < 2 for number in re.findall(r"[\d.]+", start))


@pytest.mark.parametrize(("layer", "unit", "more"), VIEWS)
def test_a_views_numbers_can_be_read_from_the_back_of_a_room(projected, layer, unit, more):
    page = projected.page
    projected.paste(picture="koala", layer=layer, unit=unit, y=0, x=0, **more)
    projected.wait_until_view(layer, unit)
    expect(page.locator("#view-title")).to_be_visible()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(CUT) == [], (width, height)
        figures = page.locator("#view-body .figure:not(svg *):not(:empty)").evaluate_all(FIGURES)
        assert figures
        assert min(figures)[0] >= 18, (width, height, min(figures))


def test_the_keyboard_works_as_before(projected):
    projected.paste(picture="koala")
    projected.wait_until_overview()
    projected.unit("conv_1_2", 4).focus()
    projected.page.keyboard.press("Enter")
    projected.wait_until_view("conv_1_2", 4)
    projected.map("output").focus()
    projected.page.keyboard.press("ArrowDown")
    assert projected.cursor()[0] >= 1
    # The sentence is out of sight, but not out of hearing.
    projected.page.set_viewport_size({"width": 1280, "height": 720})
    sentence = projected.page.locator("#view-sentence")
    assert "kernel" in sentence.inner_text()
    assert sentence.evaluate("(one) => one.checkVisibility()")
    projected.page.keyboard.press("Escape")
    projected.wait_until_overview()
    assert is_on(projected)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_colours_have_more_contrast(projected, theme):
    page = projected.page
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    colours = page.evaluate(CONTRASTS)
    assert contrast(colours["--text"], colours["--ground"]) == pytest.approx(21)
    assert contrast(colours["--quiet"], colours["--ground"]) > 11
    assert contrast(colours["--accent"], colours["--ground"]) > 11
