"""The page in windows of several sizes, its switches, and the policy that it carries."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser import SITE, served
from tests.page.visit import eventually

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def box(seen, selector):
    return seen.page.locator(selector).first.bounding_box()


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000), (1920, 1080)])
def test_the_whole_network_fits_a_window(visit, size):
    width, height = size
    seen = visit(viewport={"width": width, "height": height})
    screen = box(seen, "#screen")
    assert screen["y"] == 0
    assert screen["height"] <= height
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    hidden = seen.page.locator("#scroller").evaluate("(one) => one.scrollWidth - one.clientWidth")
    assert hidden <= 0
    boxes = seen.page.locator("button[data-unit], .head, .legend").evaluate_all(
        """(all) => all.filter((one) => one.checkVisibility()).map((one) => {
          const { left, top, right, bottom } = one.getBoundingClientRect();
          return [left, top, right, bottom, one.className + " " + one.textContent];
        })"""
    )
    assert len(boxes) > 130
    for left, top, right, bottom, _ in boxes:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (one, other)


def test_a_larger_window_shows_larger_maps_and_resizing_follows(visit):
    seen = visit()
    before = box(seen, "[data-layer=conv_1_1][data-unit='0']")["width"]
    seen.page.set_viewport_size({"width": 1600, "height": 1000})
    eventually(lambda: box(seen, "[data-layer=conv_1_1][data-unit='0']")["width"] > before * 1.2)
    seen.page.set_viewport_size({"width": 1280, "height": 720})
    eventually(lambda: box(seen, "[data-layer=conv_1_1][data-unit='0']")["width"] == before)


def test_columns_of_a_block_stand_closer_than_blocks(visit):
    seen = visit()
    names = ["input", "conv_1_1", "relu_1_1", "conv_1_2", "relu_1_2", "max_pool_1", "conv_2_1", "relu_2_1"]
    boxes = [box(seen, f"[data-layer={name}]") for name in names]
    gaps = [b["x"] - a["x"] - a["width"] for a, b in pairwise(boxes)]
    between_blocks = [gaps[0], gaps[5]]
    inside = gaps[1:5] + gaps[6:]
    assert min(between_blocks) > max(inside) + 5


def test_on_a_phone_the_network_scrolls_sideways_and_picture_and_result_stay(visit):
    seen = visit(**PHONE)
    page = seen.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    scroller = page.locator("#scroller")
    assert scroller.evaluate("(one) => one.scrollWidth") > 600
    for unit in [("conv_1_1", 0), ("max_pool_2", 9), ("flatten", 0)]:
        seen.unit(*unit).scroll_into_view_if_needed()
        expect(seen.unit(*unit)).to_be_in_viewport()
        expect(page.locator("#picture")).to_be_in_viewport(ratio=1)
        for row in page.locator("[data-class]").all():
            expect(row).to_be_in_viewport(ratio=1)
    page.evaluate("document.querySelector('#screen').scrollIntoView({ block: 'end' })")
    expect(page.locator("#picture")).to_be_in_viewport(ratio=1)
    seen.unit("conv_2_1", 3).tap()
    seen.wait_until_view("conv_2_1", 3)
    assert "layer=conv_2_1&unit=3" in page.evaluate("location.hash")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("size", [(1280, 600), (1150, 800), (1024, 768), (800, 600)])
def test_in_lower_and_narrower_windows_nothing_is_cut_without_a_way_to_it(visit, size):
    width, height = size
    seen = visit(viewport={"width": width, "height": height})
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    scroller = seen.page.locator("#scroller")
    if width >= 1280:
        assert scroller.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0
    network = seen.page.locator("#network")
    assert network.evaluate("(one) => one.scrollHeight - one.clientHeight") <= 0
    last = seen.unit("flatten", 0)
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport(ratio=0.99)


def test_at_320_pixels_the_page_does_not_scroll_sideways(visit):
    seen = visit(viewport={"width": 320, "height": 568})
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320
    heights = seen.page.locator(".percent").evaluate_all("(all) => all.map((one) => one.offsetHeight)")
    assert max(heights) < 24


def test_a_long_file_name_does_not_widen_the_phones_page(visit):
    seen = visit(**PHONE)
    seen.upload("IMG_" + "x" * 120 + ".jpg", b"")
    seen.page.locator("#message", has_text="is empty").wait_for()
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_notice_does_not_move_the_network(visit):
    seen = visit()
    before = box(seen, "[data-layer=conv_1_1][data-unit='0']")
    seen.upload("nothing.png", b"")
    seen.page.locator("#message", has_text="is empty").wait_for()
    assert box(seen, "[data-layer=conv_1_1][data-unit='0']") == before


def test_only_maps_that_are_shown_smaller_than_they_are_get_smoothed(visit):
    seen = visit()
    rendering = lambda layer: seen.page.locator(f"[data-layer={layer}] canvas").first.evaluate(  # noqa: E731
        "(one) => getComputedStyle(one).imageRendering"
    )
    assert rendering("conv_1_1") == "auto"
    assert rendering("max_pool_1") == "pixelated"


def test_the_details_switch_hides_names_shapes_and_legends(visit):
    seen = visit()
    switch = seen.page.get_by_role("switch", name="Names and scales")
    assert switch.get_attribute("aria-checked") == "true"
    before = box(seen, "[data-layer=conv_1_1][data-unit='0']")["width"]
    switch.click()
    assert switch.get_attribute("aria-checked") == "false"
    for part in (".head", ".legend"):
        for one in seen.page.locator(part).all():
            expect(one).to_be_hidden()
    assert box(seen, "[data-layer=conv_1_1][data-unit='0']")["width"] > before
    # The choice is kept for the next visit.
    seen.page.reload()
    seen.wait_until_ready()
    expect(seen.page.locator(".head").first).to_be_hidden()
    seen.page.keyboard.press("Tab")
    seen.page.get_by_role("switch", name="Names and scales").press("Space")
    expect(seen.page.locator(".head .name", has_text="conv_1_1")).to_be_visible()


def background(seen):
    colour = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


@pytest.mark.parametrize(("system", "light"), [("light", True), ("dark", False)])
def test_the_theme_follows_the_system_and_can_be_switched(visit, system, light):
    seen = visit(color_scheme=system, wait="ready")
    assert (background(seen) > 128) is light
    seen.page.get_by_label("Theme").select_option("dark" if light else "light")
    assert (background(seen) > 128) is not light
    seen.page.reload()
    seen.wait_until_ready()
    assert (background(seen) > 128) is not light
    seen.page.get_by_label("Theme").select_option("system")
    assert (background(seen) > 128) is light


def test_the_site_works_below_any_path_and_without_a_server_of_its_own(visit, tmp_path):
    (tmp_path / "any/sub").mkdir(parents=True)
    (tmp_path / "any/sub/path").symlink_to(SITE)
    (tmp_path / "index.html").write_text("")
    with served(tmp_path) as address:
        seen = visit("any/sub/path/", at=address)
        assert max(seen.probabilities()) > 0.5
        seen.context.close()


def test_the_policy_is_strict_and_nothing_stands_inline():
    page = (SITE / "index.html").read_text()
    policy = re.search(r'http-equiv="Content-Security-Policy"\s+content="([^"]+)"', page)[1]
    assert policy == "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    assert scripts
    assert all("src=" in attributes and not body.strip() for attributes, body in scripts)
