"""The page in windows of several sizes, its switches, and the policy that it carries."""

import base64
import hashlib
import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from builder.page_packs import SCRIPTS, START, read_pack
from builder.version import pages_of
from tests.browser import FILES, SITE, served
from tests.page.networks import write_site
from tests.page.visit import eventually
from tests.ui.networks import ALL

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
    seen.notice("picture").filter(has_text="is empty").wait_for()
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390


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


# Any network, before any Python


class Frame:
    """A page as the build wrote it, without scripts. Boxes are (left, top, right, bottom) on the stage."""

    def __init__(self, page):
        found = page.evaluate(
            """() => {
              const stage = document.querySelector("#stage").getBoundingClientRect();
              const boxes = (selector, root = document) =>
                [...root.querySelectorAll(selector)].filter((one) => one.checkVisibility()).map((one) => {
                  const { left, top, right, bottom } = one.getBoundingClientRect();
                  return [left - stage.left, top - stage.top, right - stage.left, bottom - stage.top];
                });
              const columns = [...document.querySelectorAll(".column")].map((column) => ({
                ...column.dataset, units: boxes(".unit", column), head: boxes(".head", column)[0] }));
              const scroller = document.querySelector("#scroller");
              return { columns, classes: boxes("#classes li"), stage: [stage.width, stage.height],
                room: [scroller.clientWidth, scroller.clientHeight],
                scrolled: [scroller.scrollWidth, scroller.scrollHeight] };
            }"""
        )
        self.columns, self.classes = found["columns"], found["classes"]
        self.stage, self.room, self.scrolled = found["stage"], found["room"], found["scrolled"]
        self.units = [box for column in self.columns for box in column["units"]]
        self.heads = [column["head"] for column in self.columns if column["head"]]
        self.maps = [column["units"] for column in self.columns if column["form"] == "maps"]
        self.strips = [column["units"] for column in self.columns if column["form"] == "strip"]
        self.unit = self.maps[0][0][2] - self.maps[0][0][0]

    def gaps(self):
        """(kind, pixels) of every gap, from the stage's left edge to its right edge."""
        edges = [(0, 0), *((units[0][0], units[0][2]) for units in (one["units"] for one in self.columns))]
        edges.append((self.stage[0], 0))
        kinds = [*(column["before"] for column in self.columns), "edge"]
        return [
            (kind, after[0] - before[1]) for kind, (before, after) in zip(kinds, pairwise(edges), strict=True)
        ]


SHARES = {"one": 1, "all": 1.7, "block": 2.3}


def spread(kinds, free, smallest):
    """Gaps that fill `free` pixels in proportion to their shares, but for those that are at their least."""
    least = {share: smallest + 10 * (share - 1) for share in SHARES.values()}
    shares = [SHARES[kind] for kind in kinds]
    wide = set(shares)
    while wide:
        scale = (free - sum(least[share] for share in shares if share not in wide)) / sum(
            share for share in shares if share in wide
        )
        narrow = {share for share in wide if scale * share < least[share]}
        if not narrow:
            break
        wide -= narrow
    return [scale * share if share in wide else least[share] for share in shares]


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    """The address of folders, each with the site of a network of tests/ui/networks.py."""
    root = tmp_path_factory.mktemp("frames")
    (root / "index.html").touch()
    for name, maker in ALL.items():
        write_site(maker(), root / name)
    with served(root) as address:
        yield address


@pytest.mark.parametrize("name", ALL)
def test_any_network_stands_in_place_before_any_python(visit, frames, name):
    seen = visit(f"{name}/", at=frames, wait=None, java_script_enabled=False)
    # At the last width only the gaps between the blocks of tiny_vgg are wider than their least.
    for width, height in [(1280, 720), (1600, 1000), (800, 600), (390, 844), (1180, 720)]:
        seen.page.set_viewport_size({"width": width, "height": height})
        beside = width >= 760
        frame = {}
        for details in ("on", "off"):
            seen.page.evaluate("(details) => { document.documentElement.dataset.details = details }", details)
            frame[details] = Frame(seen.page)
            check_places(frame[details], beside)
            check_gaps(
                frame[details], beside, smallest=max(12, 68 - frame[details].unit if details == "on" else 0)
            )
        with_names, without = frame["on"], frame["off"]
        check_names(with_names)
        assert without.heads == []
        assert without.unit >= with_names.unit
        assert without.units[0][1] < with_names.units[0][1]
        if beside:
            check_classes(with_names)


def check_places(frame, beside):
    """Units stand in their columns' order around one axis, apart, whole, and where one can scroll to."""
    most = max(len(units) for units in frame.maps)
    rows = max(most, len(frame.classes)) if beside else most
    assert frame.unit == round(frame.unit)
    assert 30 <= frame.unit <= 72
    for left, top, right, bottom in (box for units in frame.maps for box in units):
        assert (right - left, bottom - top) == pytest.approx((frame.unit, frame.unit), abs=0.1)
    for left, _, right, _ in (box for units in frame.strips for box in units):
        assert right - left == pytest.approx(14, abs=0.1)
    axis = frame.stage[1] / 2
    for units in (column["units"] for column in frame.columns):
        assert {box[0] for box in units} == {units[0][0]}
        steps = [below[1] - above[1] for above, below in pairwise(units)]
        assert steps == pytest.approx(steps[:1] * len(steps), abs=0.1)
        assert all(step > frame.unit for step in steps)
        assert (units[0][1] + units[-1][3]) / 2 == pytest.approx(axis, abs=0.1)
    for left, top, right, bottom in frame.units:
        assert 0 <= left < right <= frame.stage[0]
        assert 0 <= top < bottom <= frame.stage[1]
    # The stage fills its room, or is larger and scrolls.
    assert frame.stage[0] >= frame.room[0]
    assert frame.stage[1] >= frame.room[1] - 1
    assert frame.scrolled == pytest.approx(frame.stage, abs=1)
    assert frame.scrolled[1] <= frame.room[1], "the stage never scrolls up and down in itself"
    assert frame.stage[1] >= rows * 30


def check_gaps(frame, beside, smallest):
    found = [(kind if kind != "edge" else "all" if beside else "one", size) for kind, size in frame.gaps()]
    free = frame.room[0] - 14 * len(frame.strips) - frame.unit * len(frame.maps)
    assert [size for _, size in found] == pytest.approx(
        spread([kind for kind, _ in found], free, smallest), abs=0.5
    )


def check_names(frame):
    """Names stand over their columns, apart from each other."""
    for column, head in zip(frame.columns, frame.heads, strict=True):
        left, top, right, _ = column["units"][0]
        assert (head[0] + head[2]) / 2 == pytest.approx((left + right) / 2, abs=0.1)
        assert 0 <= head[1] < head[3] <= top
        assert head[2] - head[0] > 40
    edges = [0, *(edge for head in frame.heads for edge in (head[0], head[2])), frame.stage[0]]
    assert edges == sorted(edges)


def check_classes(frame):
    """Classes share the height between the margins, beside the stage."""
    heights = [bottom - top for _, top, _, bottom in frame.classes]
    assert heights == pytest.approx(heights[:1] * len(heights), abs=0.1)
    assert heights[0] >= 30
    assert frame.classes[0][1] == pytest.approx(44, abs=0.1)
    assert all(above[3] == pytest.approx(below[1], abs=0.1) for above, below in pairwise(frame.classes))
    assert frame.stage[1] - 44 - 1 <= frame.classes[-1][3] <= frame.stage[1] - 28
    assert all(left >= frame.room[0] for left, _, _, _ in frame.classes)


# Theme, paths and policy


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


@pytest.mark.parametrize("page", pages_of(SITE), ids=lambda page: page.name)
def test_the_policy_is_strict_and_nothing_stands_inline_but_what_it_names(page):
    text = page.read_text()
    policy = re.search(r'http-equiv="Content-Security-Policy"\s+content="([^"]+)"', text)[1]
    rules = {kind: set(sources) for kind, *sources in map(str.split, policy.split(";"))}
    inline = {kind: re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL) for kind in ("script", "style")}
    assert [len(found) for found in inline.values()] == [2, 1]
    started = read_pack(FILES / START)
    scripts = [*(script.encode() for script in inline["script"]), *(started[name] for name in SCRIPTS)]
    assert rules == {
        "default-src": {"'self'"},
        "script-src": {"'self'", "'wasm-unsafe-eval'", *map(hash_of, scripts)},
        "style-src": {"'self'", hash_of(inline["style"][0].encode())},
        "worker-src": {"'self'"},
        "base-uri": {"'none'"},
        "form-action": {"'none'"},
    }
    rest = re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", rest)
    others = re.findall(r"<script([^>]*)>", rest)
    assert others
    assert all('type="application/json"' in attributes for attributes in others)


def hash_of(content):
    """As a policy names what may stand in its page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'"
