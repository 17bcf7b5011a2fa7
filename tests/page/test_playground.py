"""The playground in the article: its numbers are pycnn's, and no input breaks it."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from ui.playground.kernels import EDGES, PRESETS, START, Weights, pattern
from ui.playground.sizes import RANGES

from pycnn import Convolution
from tests.page.opened import rounding, seen
from tests.page.visit import START as PATIENCE
from tests.page.visit import Visit, eventually

NAMES = [name for name, _, _ in RANGES]


def equal(found, exact):
    return bool((np.abs(found - exact) <= 1e-5 * np.maximum(1, np.abs(exact))).all())


class Played:
    """A visit at the playground; what it shows is compared with pycnn."""

    def __init__(self, visit, computed=True):
        self.visit, self.page = visit, visit.page
        self.stage = self.page.locator("#try-stage")
        self.trouble = self.page.locator("#try-trouble")
        self.offer = self.page.locator("#try-offer")
        self.go_there()
        self.page.locator("#try-sizes input:enabled").first.wait_for(timeout=PATIENCE)
        if computed:
            self.page.locator("#playground[data-computed=true]").wait_for(timeout=PATIENCE)

    def go_there(self):
        # The sections before it get their real heights as it comes near.
        for _ in range(3):
            self.stage.evaluate("(stage) => stage.scrollIntoView({ block: 'center' })")
            self.page.wait_for_timeout(50)

    def field(self, name):
        return self.page.locator(f"#try-sizes input[type=number][data-key={name}]")

    def slider(self, name):
        return self.page.locator(f"#try-sizes input[type=range][data-key={name}]")

    def weight(self, row, column):
        return self.page.locator(f"#try-kernel [data-key=weight-{row}-{column}]")

    def choose(self, setting):
        """Type a setting; those on the way to it may be impossible."""
        for name in NAMES:
            self.field(name).fill(str(getattr(setting, name)))

    def values(self, grid):
        """The numbers of a grid as a square array, NaN where there is none."""
        found = self.page.locator(f"#{grid} span").evaluate_all(
            "(all) => all.map((one) => one.dataset.value)"
        )
        side = round(len(found) ** 0.5)
        return np.array([np.nan if one is None else float(one) for one in found]).reshape(side, side)

    def shows(self, setting, weights, values=None):
        """Wait until all shows this setting, as pycnn computes it."""
        kernel = np.array(weights.kernel(setting.kernel), np.float32)
        values = np.array(pattern(setting.size) if values is None else values, np.float32)
        layer = Convolution(
            "any", kernel[np.newaxis, np.newaxis], [0], setting.stride, setting.padding, setting.dilation
        )
        output = layer.forward(values[np.newaxis])[0]
        padded = np.pad(values, setting.padding)

        def there():
            found, inputs = self.values("try-output"), self.values("try-input")
            return found.shape == output.shape and inputs.shape == padded.shape and equal(found, output)

        eventually(there)
        assert equal(self.values("try-input"), padded)
        numbers = self.page.locator("#try-formula [data-is]").evaluate_all(
            "(all) => Object.fromEntries(all.map((one) => [one.dataset.is, Number(one.textContent)]))"
        )
        assert numbers == {**{name: getattr(setting, name) for name in NAMES}, "output": setting.places}
        side = setting.places
        assert f"{side}×{side}" in self.page.locator("#try-summary").text_content()
        for name in NAMES:
            assert self.field(name).input_value() == self.slider(name).input_value()
            assert self.field(name).input_value() == str(getattr(setting, name))
        fields = self.page.locator("#try-kernel input").evaluate_all("(all) => all.map((one) => +one.value)")
        assert equal(np.array(fields), kernel.ravel())
        self.setting, self.kernel, self.padded, self.output = setting, kernel, padded, output
        self.check_window()

    def read(self, grid):
        """Rows and columns of the cells that the window covers."""
        side = len(self.values(grid))
        cells = self.page.locator(f"#{grid} span").evaluate_all(
            "(all) => all.flatMap((one, index) => one.hasAttribute('data-read') ? [index] : [])"
        )
        return [divmod(cell, side) for cell in cells]

    def cursor(self):
        (place,) = self.read("try-output")
        return place

    def check_window(self):
        """Cells, products and sum are those of the cursor's place."""
        y, x = self.cursor()
        rows, columns = self.setting.cells(y), self.setting.cells(x)
        assert self.read("try-input") == [(row, column) for row in rows for column in columns]
        window = self.padded[np.ix_(rows, columns)].ravel()
        factors = self.figures("#try-factors .figure")
        *products, result = self.figures("#try-sum .figure")
        assert equal(np.array([value for value, _ in factors[::2]]), window)
        assert equal(np.array([value for value, _ in factors[1::2]]), self.kernel.ravel())
        assert equal(np.array([value for value, _ in products]), window * self.kernel.ravel())
        assert equal(np.array(result[0]), self.output[y, x])
        for value, text in [*factors, *products, result]:
            shortened = rounding(value, 4).rstrip("0").rstrip(".") if value % 1 else rounding(value, 0)
            assert text.strip("()") == shortened
        signs = self.page.locator("#try-sum .relation").all_text_contents()
        exact = all(
            rounding(float(seen(a[1].strip("()")) * seen(b[1].strip("()"))), 4) == rounding(product[0], 4)
            for a, b, product in zip(factors[::2], factors[1::2], products, strict=True)
        )
        added = sum(seen(text.strip("()")) for _, text in products)
        summed = rounding(float(added), 4) == rounding(result[0], 4)
        assert signs == ["=" if exact else "≈", "=" if summed else "≈"]

    def figures(self, selector):
        found = self.page.locator(selector).evaluate_all(
            "(all) => all.map((one) => [Number(one.dataset.value), one.textContent])"
        )
        return [tuple(one) for one in found]

    def box(self, grid, row, column):
        cell = self.page.locator(f"#{grid} span").nth(row * len(self.values(grid)) + column)
        cell.scroll_into_view_if_needed()
        box = cell.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def is_playing(self):
        return self.page.locator("#try-play").get_attribute("data-playing") == "true"


@pytest.fixture(scope="module")
def visited(browser, address):
    """One visit without motion for the tests that begin with a preset."""
    made = Visit(browser, address, reduced_motion="reduce")
    made.wait_until_drawn()
    yield Played(made)
    made.close()


@pytest.fixture
def played(visited):
    visited.page.locator("[data-preset=edges]").click()
    visited.page.locator("#try-source").select_option("pattern")
    visited.shows(START, Weights(EDGES))
    expect(visited.trouble).to_be_hidden()
    return visited


def test_without_motion_it_waits_and_shows_the_first_setting(played):
    assert not played.is_playing()
    assert played.page.locator("#try-status").text_content() == ""
    legends = played.page.locator("#try-legends .legend p").all_inner_texts()
    assert [legend.split() for legend in legends] == [
        ["0", "1.00"],
        ["−8.00", "0", "8.00"],
        ["−5.00", "0", "5.00"],
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"size": 16, "padding": 4, "kernel": 1},
        {"size": 7, "padding": 3, "kernel": 7, "stride": 3},
        {"size": 9, "padding": 2, "kernel": 4, "stride": 2, "dilation": 3},
        {"size": 1, "kernel": 1, "stride": 8},
    ],
    ids=str,
)
def test_any_setting_shows_what_pycnn_computes(played, changes):
    setting = START
    for name, value in changes.items():
        setting = setting.changed(name, value)
    played.choose(setting)
    played.shows(setting, Weights(EDGES))
    expect(played.trouble).to_be_hidden()


def test_sliders_and_weights_answer_to_the_keyboard(played):
    weights = Weights(EDGES)
    played.slider("padding").focus()
    played.page.keyboard.press("ArrowRight")
    setting = START.changed("padding", 1)
    played.shows(setting, weights)
    played.weight(0, 2).focus()
    played.page.keyboard.press("ArrowUp")
    weights.put(3, 0, 2, 0)
    played.shows(setting, weights)
    played.page.keyboard.press("Tab")
    assert played.visit.focus()["key"] == "weight-1-0"
    played.page.keyboard.type("-0.375")
    weights.put(3, 1, 0, -0.375)
    played.shows(setting, weights)
    # A larger kernel has them in its middle.
    played.field("kernel").fill("5")
    played.shows(setting.changed("kernel", 5), weights)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_set_all_that_they_are_called(played, name):
    played.choose(START.changed("size", 11).changed("padding", 2))
    played.page.locator(f"[data-preset={name}]").click()
    setting, rows = PRESETS[name]
    played.shows(setting, Weights(rows or EDGES))


def test_pointer_and_keys_move_the_window_on_either_grid(played):
    page = played.page
    page.mouse.move(*played.box("try-output", 2, 4))
    eventually(lambda: played.cursor() == (2, 4))
    played.check_window()
    page.mouse.move(*played.box("try-input", 6, 2))
    eventually(lambda: played.cursor() == (5, 1))
    played.check_window()
    # A press holds it, a second one lets it go.
    page.mouse.move(*played.box("try-output", 3, 3))
    for held in (True, False):
        page.mouse.down()
        page.mouse.up()
        eventually(lambda held=held: ("held" in page.locator("#try-play-at").text_content()) == held)
        page.mouse.move(*played.box("try-output", 0, 0))
        eventually(lambda held=held: played.cursor() == ((3, 3) if held else (0, 0)))
        page.mouse.move(*played.box("try-output", 3, 3))
    page.mouse.move(2, 2)
    for grid in ("try-input", "try-output"):
        page.locator(f"#{grid}").focus()
        for key, place in (
            ("Shift+Home", (0, 0)),
            ("ArrowDown", (1, 0)),
            ("End", (1, 5)),
            ("ArrowLeft", (1, 4)),
        ):
            page.keyboard.press(key)
            eventually(lambda place=place: played.cursor() == place)
        played.check_window()
    said = page.locator("#try-live")
    expect(said).to_contain_text("row 1, column 4:")
    assert said.text_content().endswith(page.locator("#try-sum").text_content())


def test_playback_steps_scrubs_plays_and_pauses(played):
    page = played.page
    page.locator("#try-output").focus()
    page.keyboard.press("Shift+Home")
    page.locator("#try-play-on").click()
    eventually(lambda: played.cursor() == (0, 1))
    page.locator("#try-play-back").click()
    eventually(lambda: played.cursor() == (0, 0))
    page.locator("#try-play-place").fill("20")
    eventually(lambda: played.cursor() == (3, 2))
    played.check_window()
    page.locator("#try-play-speed").select_option("medium")
    page.locator("#try-play").click()
    eventually(lambda: played.cursor() > (3, 3))
    page.locator("#try-play").click()
    assert not played.is_playing()
    paused = played.cursor()
    played.visit.expect_quiet_for(0.4)
    assert played.cursor() == paused
    # A smaller output takes the window along, and it plays to the end.
    played.field("size").fill("4")
    played.shows(START.changed("size", 4), Weights(EDGES))
    page.locator("#try-output").focus()
    page.keyboard.press("Shift+Home")
    page.locator("#try-play").click()
    eventually(lambda: played.cursor() == (1, 1) and not played.is_playing())
    page.locator("#try-play-speed").select_option("slow")


def test_rows_that_no_window_reads_are_hatched_and_named(played):
    told = played.page.locator("#try-uncovered")
    expect(told).to_be_hidden()
    setting = START.changed("size", 12).changed("padding", 1).changed("kernel", 2).changed("stride", 4)
    played.choose(setting)
    played.shows(setting, Weights(EDGES))
    expect(told).to_contain_text("hatched: 1, 2, 5, 6, 9, 10.")
    hatched = played.page.locator("#try-input span").evaluate_all(
        "(all) => all.map((one) => one.dataset.kind)"
    )
    missed = np.isin(np.arange(12), [1, 2, 5, 6, 9, 10])
    expected = np.full((14, 14), "padding", object)
    expected[1:-1, 1:-1] = np.where(missed[:, np.newaxis] | missed, "uncovered", "")
    assert hatched == expected.ravel().tolist()


def test_an_impossible_setting_is_explained_and_mended_by_the_nearest(played):
    page = played.page
    played.field("size").fill("5")
    small = START.changed("size", 5)
    played.shows(small, Weights(EDGES))
    played.field("dilation").fill("4")
    expect(played.trouble).to_contain_text("the window would span 9 cells, but the padded input has only 5")
    expect(played.offer).to_have_text("Kernel size 2")
    # What is shown stays, and can still be looked at.
    assert played.values("try-output").shape == (3, 3)
    page.locator("#try-output").focus()
    page.keyboard.press("End")
    eventually(lambda: played.cursor()[1] == 2)
    played.check_window()
    played.offer.focus()
    page.keyboard.press("Enter")
    played.shows(small.changed("dilation", 4).changed("kernel", 2), Weights(EDGES))
    expect(played.trouble).to_be_hidden()
    assert played.visit.focus() == {"id": "try-kernel-field", "key": "kernel"}


@pytest.mark.parametrize(
    ("name", "typed", "problem", "offered"),
    [
        ("size", "", "Input size is empty", 8),
        ("stride", "-", "Stride is not a number", 1),
        ("size", "50", "Input size is out of range", 16),
        ("stride", "0", "Stride is out of range", 1),
        ("kernel", "2.5", "Kernel size must be a whole number", 3),
    ],
)
def test_what_cannot_be_used_is_explained_and_mended(played, name, typed, problem, offered):
    before = played.page.locator("#try-stage").inner_html()
    field = played.field(name)
    field.fill("")
    if typed == "-":
        played.page.keyboard.type(typed)
    else:
        field.fill(typed)
    expect(played.trouble).to_be_hidden()  # it may be unfinished
    played.page.keyboard.press("Tab")
    expect(played.trouble).to_contain_text(problem)
    expect(field).to_have_attribute("aria-invalid", "true")
    assert played.page.locator("#try-stage").inner_html() == before
    expect(played.offer).to_have_text(f"Take {offered}")
    played.offer.click()
    expect(played.trouble).to_be_hidden()
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    played.shows(START.changed(name, offered), Weights(EDGES))


def test_a_weight_that_cannot_be_used_is_explained_too_and_the_latest_trouble_comes_first(played):
    played.weight(2, 1).fill("")
    played.weight(0, 0).fill("-99")
    played.weight(0, 0).blur()
    expect(played.trouble).to_contain_text("Weight in row 0, column 0 is out of range")
    played.offer.click()
    expect(played.trouble).to_contain_text("Weight in row 2, column 1 is empty")
    # A valid number mends it as well.
    played.weight(2, 1).fill("3")
    expect(played.trouble).to_be_hidden()
    weights = Weights(EDGES)
    weights.put(3, 0, 0, -10)
    weights.put(3, 2, 1, 3)
    played.shows(START, weights)


def test_it_takes_a_patch_of_the_picture(played, network):
    played.page.locator("#try-source").select_option("picture")
    origin = played.page.locator("#try-patch")
    for name in ("pizza", "koala"):
        played.visit.page.locator(f"button[data-sample='{name}']").evaluate("(button) => button.click()")
        played.visit.wait_until_picture(name)
        red = network.picture_from_pixels(played.visit.picture())[0]

        def of_this_picture(red=red):
            row, column = map(int, re.findall(r"\d+", origin.text_content()))
            return row, column, equal(played.values("try-input"), red[row : row + 8, column : column + 8])

        expect(origin).to_contain_text("red channel")
        eventually(lambda check=of_this_picture: check()[2])
        row, column, _ = of_this_picture()
        played.shows(START, Weights(EDGES), red[row : row + 8, column : column + 8])
    played.page.locator("#try-source").select_option("pattern")
    expect(origin).to_be_empty()


def test_it_plays_in_sight_only(visit):
    playing = Played(visit())
    page = playing.page
    eventually(playing.is_playing)
    eventually(lambda: playing.cursor() > (0, 0))
    page.evaluate("scrollTo(0, 0)")
    eventually(lambda: not playing.is_playing())
    rested = playing.cursor()
    playing.visit.expect_quiet_for(1)
    assert playing.cursor() == rested
    playing.go_there()
    eventually(playing.is_playing)
    # Whoever pauses it finds it so.
    page.locator("#try-play").click()
    page.evaluate("scrollTo(0, 0)")
    playing.visit.expect_quiet_for(0.3)
    playing.go_there()
    playing.visit.expect_quiet_for(0.3)
    assert not playing.is_playing()


def test_before_the_engine_is_ready_it_shows_all_but_the_output(visit):
    seen_early = visit(wait=None, reduced_motion="reduce")
    held = []
    seen_early.page.route("**/engine/model.zip", lambda route: held.append(route))
    seen_early.page.goto("about:blank")  # ends what the first load has asked for
    held.clear()
    seen_early.page.goto(seen_early.address)
    seen_early.wait_until_ready()
    early = Played(seen_early, computed=False)
    status = early.page.locator("#try-status")
    expect(status).to_contain_text("The engine is still starting")
    early.field("stride").fill("3")
    expect(early.page.locator("#try-summary")).to_contain_text("2×2")
    assert equal(early.values("try-input"), np.array(pattern(8)))
    assert np.isnan(early.values("try-output")).all()
    early.page.locator("#try-output").focus()
    early.page.keyboard.press("ArrowRight")
    eventually(lambda: early.cursor() == (0, 1))
    assert early.read("try-input")[0] == (0, 3)
    expect(early.page.locator("#try-sum .result")).to_have_text("…")
    eventually(lambda: seen_early.page.wait_for_timeout(20) or held)
    held[0].continue_()
    early.shows(START.changed("stride", 3), Weights(EDGES))
    expect(status).to_be_empty()


def test_without_an_engine_it_says_so(visit):
    seen_alone = visit(wait=None)
    seen_alone.take_away("engine/model.zip")
    seen_alone.page.reload()
    alone = Played(seen_alone, computed=False)
    expect(alone.page.locator("#try-status")).to_contain_text("The engine is not running", timeout=PATIENCE)
    assert not alone.is_playing()


def test_on_the_narrowest_phone_all_is_large_enough_and_the_window_stays_in_sight(visit):
    small = Played(visit(viewport={"width": 320, "height": 700}, has_touch=True, reduced_motion="reduce"))
    setting = START.changed("size", 16).changed("padding", 4).changed("kernel", 7)
    small.choose(setting)
    small.shows(setting, Weights(EDGES))
    assert small.page.evaluate("document.documentElement.scrollWidth") == 320
    sizes = small.page.locator("#playground :is(button, select, input[type=number])").evaluate_all(
        "(all) => all.filter((one) => one.offsetParent).map((one) => [one.offsetWidth, one.offsetHeight])"
    )
    assert min(height for _, height in sizes) >= 32
    assert min(width for width, _ in sizes) >= 32
    cells = small.page.locator(".try-grid span").evaluate_all("(all) => all.map((one) => one.offsetWidth)")
    assert min(cells) >= 23  # and a line of 1 between them
    small.page.locator("#try-input").focus()
    small.page.keyboard.press("Shift+End")
    last, box = small.page.locator("#try-input span").last, small.page.locator(".try-scroll").first
    right = "(element) => element.getBoundingClientRect().right"
    eventually(lambda: last.evaluate(right) <= box.evaluate(right))
    x, y = small.box("try-output", 0, 0)
    small.page.touchscreen.tap(x, y)
    eventually(lambda: small.cursor() == (0, 0))
