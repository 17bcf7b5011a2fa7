"""The view of a convolution: every number, sign and colour in it, for this network and another one."""

import re
from decimal import Decimal
from functools import cached_property

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.page.native import Native, diverging, equal, tinted
from tests.page.opened import (
    CHOICES,
    FIND_CUT_OFF,
    FIND_SMALL_TEXT,
    Opened,
    check_figure,
    corners_and_more,
    inside,
    rounding,
    seen,
)
from tests.page.visit import eventually

# Everything the view says, in one look.
READ = """() => {
  const body = document.getElementById("view-body");
  const all = (root, selector) => [...root.querySelectorAll(selector)];
  const figure = (element) => {
    const style = getComputedStyle(element);
    const { value, padding } = element.dataset;
    return { value, padding, text: element.textContent, background: style.backgroundColor };
  };
  const one = (root, selector) => figure(root.querySelector(selector));
  const channel = (element) => Number(element.closest("[data-source]").dataset.source);
  return {
    figures: document.querySelectorAll("#view [data-value]").length,
    cursor: ["--y", "--x"].map((name) => Number(body.style.getPropertyValue(name))),
    chosen: all(body, ".pair[data-chosen=true]").map(channel),
    pressed: all(body, ".pick[aria-pressed=true]").map(channel),
    big: all(body, ".map.big").map((map) => [map.dataset.map, channel(map)]),
    kernels: all(body, ".kernel").map((kernel) => [...kernel.children].map(figure)),
    terms: all(body, ".term").map((term) => ({
      value: one(term, ".value"),
      weight: one(term, ".weight"),
      sign: term.querySelector(".relation").textContent,
      product: one(term, ".equals .figure"),
    })),
    sum: { sign: body.querySelector(".sum .relation").textContent, total: one(body, ".sum .figure") },
    addends: all(body, ".addend[data-channel] .figure").map(figure),
    bias: one(body, ".bias .figure"),
    sign: body.querySelector(".addends > .relation").textContent,
    result: one(body, ".result"),
  };
}"""


class Explained:
    """A unit of a convolution, computed with plain sums over padded maps; nothing of pycnn's explanations."""

    def __init__(self, native, layer, unit):
        names = [one.name for one in native.network.layers]
        self.layer = native.network.layers[names.index(layer)]
        self.before = names[names.index(layer) - 1] if names.index(layer) else "input"
        self.native, self.name, self.unit = native, layer, unit
        self.inputs = native.values(self.before).astype(np.float64)
        self.kernel = self.layer.kernel[unit].astype(np.float64)
        self.bias = float(self.layer.bias[unit])
        self.output = native.layers[layer][unit]
        top, bottom, left, right = self.layer.padding
        around = ((0, 0), (top, bottom), (left, right))
        self.padded = np.pad(self.inputs, around)
        self.outside = np.pad(np.zeros(self.inputs.shape, bool), around, constant_values=True)[0]

    @property
    def channels(self):
        return len(self.inputs)

    @property
    def strongest(self):
        """The input map with the largest weights, whose products are spelled out at first."""
        return int(np.abs(self.kernel).sum(axis=(1, 2)).argmax())

    def window(self, maps, y, x):
        """What lies under the kernel's cells, of each map."""
        (down, right), (rows, columns) = self.layer.dilation, self.kernel.shape[1:]
        row, column = y * self.layer.stride[0], x * self.layer.stride[1]
        return maps[..., row : row + rows * down : down, column : column + columns * right : right]

    def middle(self, y, x):
        """The cell of the inputs in the middle of the window, counted without padding."""
        (down, right), (top, _, left, _) = self.layer.stride, self.layer.padding
        rows, columns = self.layer.extent
        return y * down - top + (rows - 1) // 2, x * right - left + (columns - 1) // 2

    @cached_property
    def intermediate(self):
        rows, columns = self.output.shape
        sums = np.empty((self.channels, rows, columns))
        for y in range(rows):
            for x in range(columns):
                sums[:, y, x] = (self.window(self.padded, y, x) * self.kernel).sum(axis=(1, 2))
        return sums

    def group_limit(self, layer):
        """Where the overview's scale per layer ends: a convolution shares it with what follows it."""
        group, groups = [], []
        for one in self.native.network.layers:
            if one.kind in ("convolution", "dense") and group:
                groups.append(group)
                group = []
            group.append(one.name)
        (names,) = (found for found in [*groups, group] if layer in found)
        return self.native.largest(names)

    def input_colours(self, channel):
        if self.before == "input":
            return tinted(self.inputs[channel], channel)
        return diverging(self.inputs[channel], self.group_limit(self.before))


class Convolutions(Opened):
    """A visit on which units of convolutions are opened."""

    def go(self, picture, layer, unit, y=0, x=0, channel=0):
        """Open a unit by the address, with the products of this channel spelled out."""
        parts = {"picture": picture, "layer": layer, "unit": unit, "y": y, "x": x, "channel": channel}
        fragment = "&".join(f"{name}={value}" for name, value in parts.items())
        # The address may hold an older place, maybe this very one, until the cursor has rested.
        self.page.evaluate(
            "(hash) => { history.replaceState(null, '', '#'); location.hash = hash }", fragment
        )
        return self.shown(picture, layer, unit, y, x, channel)

    def shown(self, picture, layer, unit, y=0, x=0, channel=None):
        """Wait until the unit is shown, without a channel with its strongest; gives what it has to say."""
        view = f"#view[data-view=convolution][data-layer='{layer}'][data-unit='{unit}']"
        expect(self.page.locator(view)).to_be_visible()
        self.visit.wait_until_picture(picture)
        explained = Explained(Native(self.network, self.visit.picture()), layer, unit)
        self.arrived(y, x, explained.strongest if channel is None else channel)
        return explained

    def read(self):
        return self.page.evaluate(READ)

    def arrived(self, y, x, channel=0):
        """Wait until the cursor is there."""

        def is_there():
            said = self.read()
            return said["cursor"] == [y, x] and said["chosen"] == [channel]

        eventually(is_there)

    def rested(self, y, x, channel):
        """Wait until the address says so, too, with a channel that is not the strongest."""
        place = f"&y={y}&x={x}&channel={channel}"
        eventually(lambda: self.page.evaluate("location.hash").endswith(place))

    def point(self, target, row, column, rows, columns, press=False):
        target.scroll_into_view_if_needed()
        super().point(target, row, column, rows, columns)
        if press:
            self.page.mouse.down()
            self.page.mouse.up()

    def sentence(self):
        return self.page.locator("#view-sentence").inner_text()

    def big(self, role):
        return self.body.locator(f".stages .map[data-map={role}]")

    def small(self, role, channel):
        return self.body.locator(f".pair[data-source='{channel}'] .map[data-map={role}]")


@pytest.fixture(scope="module")
def here(browser, address, network):
    made = Convolutions(browser, address, network)
    yield made
    made.close()


@pytest.fixture(scope="module")
def there(browser, elsewhere, other):
    """On the other network: stride 2, padding on all sides or on some, a 5x5 kernel and a dilated one."""
    made = Convolutions(browser, elsewhere, other)
    yield made
    made.close()


# What a view has to say, checked number by number


def check_number(figure, exact, decimals):
    check_figure((figure["value"], figure["text"]), exact, decimals)


def check_sign(sign, result_of_seen, shown, decimals):
    """= where what is seen gives the result that is seen, else ≈; half-way between two, either will do."""
    if decimals is None:
        same = rounding(float(result_of_seen), None) == shown
    else:
        off = abs(result_of_seen - seen(shown)) * 10**decimals
        if off == Decimal("0.5"):
            assert sign in ("=", "≈")
            return
        same = off < Decimal("0.5")
    assert sign == ("=" if same else "≈"), (result_of_seen, shown)


def rgb(css):
    return np.array(re.findall(r"\d+", css)[:3], int)


def check(opened, explained, y, x, channel=0, decimals=2):
    """Every number, sign and colour of the formula and the kernels, with the cursor at (y, x)."""
    said = opened.read()
    channels, rows, columns = explained.kernel.shape
    cells = rows * columns
    assert said["figures"] == (channels + 3) * cells + channels + 3  # each of them is checked here
    assert said["cursor"] == [y, x]
    assert said["chosen"] == said["pressed"] == [channel]
    assert said["big"] == [["inputs", channel], ["intermediate", channel], ["output", 0]]

    limit = np.abs(explained.kernel).max()
    assert len(said["kernels"]) == channels
    for shown, kernel in zip(said["kernels"], explained.kernel, strict=True):
        for weight, exact in zip(shown, kernel.ravel(), strict=True):
            assert np.float32(weight["value"]) == exact
            assert weight["text"] == rounding(exact, 2)  # small, so always with two decimals
            assert np.abs(rgb(weight["background"]) - diverging(exact, limit)).max() <= 1

    window = explained.window(explained.padded, y, x)[channel].ravel()
    outside = explained.window(explained.outside, y, x).ravel()
    weights = explained.kernel[channel].ravel()
    products = explained.window(explained.padded, y, x)[channel].ravel() * weights
    assert len(said["terms"]) == cells
    for term, value, weight, product, padding in zip(
        said["terms"], window, weights, products, outside, strict=True
    ):
        check_number(term["value"], value, decimals)
        check_number(term["weight"], weight, decimals)
        check_number(term["product"], product, decimals)
        assert np.abs(rgb(term["weight"]["background"]) - diverging(weight, limit)).max() <= 1
        assert term["value"].get("padding") == ("true" if padding else None)
        if not padding:
            if explained.before == "input":
                expected = tinted(value, channel)
            else:
                expected = diverging(value, explained.group_limit(explained.before))
            assert np.abs(rgb(term["value"]["background"]) - expected).max() <= 1
        shown = seen(term["value"]["text"]) * seen(term["weight"]["text"])
        check_sign(term["sign"], shown, term["product"]["text"], decimals)

    total = said["sum"]["total"]
    check_number(total, explained.intermediate[channel, y, x], decimals)
    assert equal(sum(float(term["product"]["value"]) for term in said["terms"]), float(total["value"]))
    shown = sum(seen(term["product"]["text"]) for term in said["terms"])
    check_sign(said["sum"]["sign"], shown, total["text"], decimals)

    assert len(said["addends"]) == channels
    for addend, exact in zip(said["addends"], explained.intermediate[:, y, x], strict=True):
        check_number(addend, exact, decimals)
    check_number(said["bias"], explained.bias, decimals)
    check_number(said["result"], explained.output[y, x], decimals)
    parts = [*said["addends"], said["bias"]]
    assert equal(sum(float(part["value"]) for part in parts), float(said["result"]["value"]))
    check_sign(said["sign"], sum(seen(part["text"]) for part in parts), said["result"]["text"], decimals)
    return said


def check_maps(opened, explained, channel=0):
    """The pixels of every map, small and big."""
    limit = np.abs(explained.intermediate).max()
    small = ".pairs .map[data-map={}][data-source='{}'] canvas"
    big = ".stages .map[data-map={}] canvas"
    wanted = {big.format("output"): diverging(explained.output, explained.group_limit(explained.name))}
    for one in range(explained.channels):
        wanted[small.format("inputs", one)] = explained.input_colours(one)
        wanted[small.format("intermediate", one)] = diverging(explained.intermediate[one], limit)
    wanted[big.format("inputs")] = explained.input_colours(channel)
    wanted[big.format("intermediate")] = diverging(explained.intermediate[channel], limit)
    assert opened.page.locator("#view-body canvas").count() == len(wanted)
    for selector, colours in wanted.items():
        shown = opened.visit.pixels("#view-body " + selector)[..., :3]
        assert shown.shape == colours.shape, selector
        assert np.abs(shown - colours).max() <= 1, selector


# Opening

UNITS = [("espresso", "conv_1_1", 0), ("koala", "conv_1_2", 4), ("koala", "conv_2_2", 9)]
OTHER_UNITS = [("espresso", "stem", 5), ("koala", "stem", 0), ("koala", "body", 11)]


@pytest.mark.parametrize("way", ["click", "keyboard"])
@pytest.mark.parametrize(("picture", "layer", "unit"), UNITS)
def test_a_unit_opens_with_all_its_numbers_and_maps(here, picture, layer, unit, way):
    explained = here.open_by_hand(picture, layer, unit, way)
    check(here, explained, 0, 0, explained.strongest)
    check_maps(here, explained, explained.strongest)
    here.page.keyboard.press("ArrowRight")  # the address leaves the strongest one out
    eventually(lambda: here.page.evaluate("location.hash").endswith("&y=0&x=1"))


@pytest.mark.parametrize("way", ["click", "keyboard"])
@pytest.mark.parametrize(("picture", "layer", "unit"), OTHER_UNITS)
def test_a_unit_of_another_network_opens_with_all_its_numbers_and_maps(there, picture, layer, unit, way):
    explained = there.open_by_hand(picture, layer, unit, way)
    check(there, explained, 0, 0, explained.strongest)
    check_maps(there, explained, explained.strongest)


def test_the_articles_example(here):
    explained = here.go("koala", "conv_1_1", 0, 61, 61)
    said = check(here, explained, 61, 61)
    assert len(said["terms"]) == 9
    assert here.page.locator("#view-title").inner_text() == "conv_1_1, unit 0"
    sentence = here.sentence()
    assert all(part in sentence for part in ("3×3 kernel", "64×64", "62×62", "3 "))
    shapes = here.page.locator(".stages .shape").all_inner_texts()
    assert shapes == ["64×64", "62×62", "62×62"]
    # Stride 1: the window of the last place covers the last three rows and columns.
    values = [float(term["value"]["value"]) for term in said["terms"]]
    assert np.allclose(values, explained.inputs[0, 61:, 61:].ravel(), atol=1e-5)
    here.page.keyboard.press("ArrowLeft")
    here.arrived(61, 60)
    check(here, explained, 61, 60)


# The cursor


@pytest.mark.parametrize(("picture", "layer", "unit"), UNITS)
def test_the_address_moves_the_cursor(here, picture, layer, unit):
    explained = here.go(picture, layer, unit)
    for y, x in corners_and_more(explained.output.shape):
        here.go(picture, layer, unit, y, x)
        check(here, explained, y, x)


@pytest.mark.parametrize(("picture", "layer", "unit"), OTHER_UNITS)
def test_the_address_moves_the_cursor_on_another_network(there, picture, layer, unit):
    explained = there.go(picture, layer, unit)
    channel = explained.channels - 1
    for y, x in corners_and_more(explained.output.shape):
        there.go(picture, layer, unit, y, x, channel=channel)
        check(there, explained, y, x, channel)


def point_everywhere(opened, picture, layer, unit):
    """Move the pointer to places of each of the big maps, and press it on a small one."""
    opened.page.keyboard.press("Escape")  # so that no press of before holds the cursor
    explained = opened.go(picture, layer, unit, 0, 0)
    rows, columns = explained.output.shape
    _, in_rows, in_columns = explained.padded.shape
    top, _, left, _ = explained.layer.padding
    last = explained.channels - 1
    for y, x in corners_and_more(explained.output.shape, count=2):
        row, column = explained.middle(y, x)
        for role, cell, size in [
            ("output", (y, x), (rows, columns)),
            ("inputs", (row + top, column + left), (in_rows, in_columns)),
            ("intermediate", (y, x), (rows, columns)),
        ]:
            opened.page.keyboard.press("Shift+Home" if (y, x) != (0, 0) else "Shift+End")
            opened.point(opened.big(role), *cell, *size)
            opened.arrived(y, x)
            check(opened, explained, y, x)
    y, x = rows // 2, columns // 3
    row, column = explained.middle(y, x)
    opened.point(opened.small("inputs", last), row + top, column + left, in_rows, in_columns, press=True)
    eventually(lambda: opened.read()["chosen"] == [last])
    cursor = opened.read()["cursor"]
    assert np.abs(np.subtract(cursor, (y, x))).max() <= 1  # its cells may be smaller than a pixel
    check(opened, explained, *cursor, last)


def test_the_pointer_moves_the_cursor_on_every_map(here):
    point_everywhere(here, "koala", "conv_1_2", 4)


@pytest.mark.parametrize(("layer", "unit"), [("stem", 2), ("body", 7)])
def test_the_pointer_moves_the_cursor_on_every_map_of_another_network(there, layer, unit):
    point_everywhere(there, "espresso", layer, unit)


def test_pointing_at_the_very_edge_leads_to_the_outermost_window(here, there):
    explained = here.go("koala", "conv_2_2", 9, 5, 5)
    here.point(here.big("inputs"), 0, 0, *explained.padded.shape[1:])
    here.arrived(0, 0)
    here.point(here.big("inputs"), 27, 27, *explained.padded.shape[1:])
    here.arrived(25, 25)
    explained = there.go("koala", "stem", 0, 5, 5)
    there.point(there.big("inputs"), 49, 41, *explained.padded.shape[1:])
    there.arrived(22, 18)
    check(there, explained, 22, 18)


def test_keys_move_the_cursor(here):
    explained = here.go("koala", "conv_2_2", 9, 12, 20)
    here.big("output").focus()
    y, x = 12, 20
    for key, place in [
        ("ArrowUp", (11, 20)),
        ("ArrowLeft", (11, 19)),
        ("Shift+ArrowRight", (11, 25)),
        ("Shift+ArrowDown", (21, 25)),
        ("Home", (21, 0)),
        ("ArrowDown", (22, 0)),
        ("ArrowLeft", (22, 0)),
        ("End", (22, 25)),
        ("Shift+Home", (0, 0)),
        ("Shift+End", (25, 25)),
    ]:
        here.page.keyboard.press(key)
        y, x = place
        here.arrived(y, x)
        check(here, explained, y, x)


# Decimals


@pytest.mark.parametrize("choice", CHOICES)
def test_decimals(here, there, choice):
    for opened, unit in ((here, ("koala", "conv_1_2", 4)), (there, ("koala", "stem", 3))):
        explained = opened.go(*unit)
        opened.choose_decimals(choice)
        try:
            for y, x in corners_and_more(explained.output.shape):
                opened.go(*unit, y, x, channel=2)
                check(opened, explained, y, x, 2, CHOICES[choice])
        finally:
            opened.choose_decimals("2")


def test_both_signs_occur_so_that_neither_is_a_habit(here):
    explained = here.go("koala", "conv_1_2", 4)
    signs = {"term": set(), "sum": set(), "result": set()}
    for y, x in corners_and_more(explained.output.shape, count=12):
        here.go("koala", "conv_1_2", 4, y, x)
        said = here.read()
        signs["term"] |= {term["sign"] for term in said["terms"]}
        signs["sum"].add(said["sum"]["sign"])
        signs["result"].add(said["sign"])
    assert signs == {"term": {"=", "≈"}, "sum": {"=", "≈"}, "result": {"=", "≈"}}


# The channel


def test_a_channel_is_chosen_by_its_button(here):
    explained = here.go("koala", "conv_1_2", 4, 30, 17)
    for channel in (9, 3, 0):
        here.page.locator(f".pair[data-source='{channel}'] .pick").click()
        here.arrived(30, 17, channel)
        check(here, explained, 30, 17, channel)
    here.page.locator(".pair[data-source='6'] .pick").focus()
    here.page.keyboard.press("Enter")
    here.arrived(30, 17, 6)
    check(here, explained, 30, 17, 6)
    check_maps(here, explained, 6)
    assert here.page.locator(".chosen").inner_text() == "relu_1_1, unit 6: window × kernel"
    here.rested(30, 17, 6)


@pytest.mark.parametrize("role", ["inputs", "intermediate"])
def test_a_channel_is_chosen_by_its_maps(there, role):
    explained = there.go("koala", "body", 3, 4, 4)
    size = explained.padded.shape[1:] if role == "inputs" else explained.output.shape
    (top, _, left, _) = explained.layer.padding
    row, column = explained.middle(6, 2)
    cell = (row + top, column + left) if role == "inputs" else (6, 2)
    there.point(there.small(role, 5), *cell, *size, press=True)
    there.arrived(6, 2, 5)
    check(there, explained, 6, 2, 5)
    # At the place where the cursor is already, only the channel changes.
    there.point(there.small(role, 1), *cell, *size, press=True)
    eventually(lambda: there.read()["chosen"] == [1])
    there.rested(6, 2, 1)
    check(there, explained, 6, 2, 1)


def test_a_channel_is_chosen_by_the_address(here):
    explained = here.go("koala", "conv_1_2", 4, 7, 8, channel=7)
    check(here, explained, 7, 8, 7)
    check_maps(here, explained, 7)
    for impossible in ("10", "-1", "x", ""):
        here.page.evaluate(
            "(hash) => { location.hash = hash }",
            f"picture=koala&layer=conv_1_2&unit=4&y=9&x=9&channel={impossible}",
        )
        here.arrived(9, 9, explained.strongest)
        here.go("koala", "conv_1_2", 4, 7, 8, channel=7)


def test_another_picture_keeps_unit_cursor_and_channel(here):
    here.go("koala", "conv_1_2", 4, 7, 8, channel=3)
    here.page.locator("button[data-sample=orange]").click()
    here.visit.wait_until_picture("orange")
    explained = here.shown("orange", "conv_1_2", 4, 7, 8, 3)
    check(here, explained, 7, 8, 3)
    check_maps(here, explained, 3)


# How it is drawn


@pytest.mark.parametrize(("layer", "unit"), [("stem", 0), ("body", 0)])
def test_padding_is_drawn_around_the_maps_and_the_window_lies_over_it(there, layer, unit):
    explained = there.go("koala", layer, unit)
    top, bottom, left, right = explained.layer.padding
    _, rows, columns = explained.padded.shape
    down, across = explained.layer.stride
    tall, wide = explained.layer.extent
    canvas = [left / columns, top / rows, 1 - right / columns, 1 - bottom / rows]
    for place in corners_and_more(explained.output.shape):
        there.go("koala", layer, unit, *place)
        y, x = place[0] * down, place[1] * across
        window = [x / columns, y / rows, (x + wide) / columns, (y + tall) / rows]
        pixel = np.divide([place[1], place[0], place[1] + 1, place[0] + 1], explained.output.shape[::-1] * 2)
        for target in (there.big("inputs"), there.small("inputs", 1)):
            assert inside(target, "canvas") == pytest.approx(canvas, abs=1e-3)
            assert inside(target, ".window") == pytest.approx(window, abs=1e-3)
        for target in (there.big("output"), there.big("intermediate"), there.small("intermediate", 1)):
            assert inside(target, "canvas") == pytest.approx([0, 0, 1, 1], abs=1e-3)
            assert inside(target, ".window") == pytest.approx(pixel, abs=1e-3)


MARKS = """(map) => {
  const outer = map.getBoundingClientRect();
  return [...map.querySelectorAll(".window b")].map((mark) => {
    const box = mark.getBoundingClientRect();
    return [
      (box.left - outer.left) / outer.width, (box.top - outer.top) / outer.height,
      box.width / outer.width, box.height / outer.height,
    ];
  });
}"""


def test_the_cells_that_a_dilated_kernel_reads_are_marked(there):
    explained = there.go("koala", "body", 0)
    _, rows, columns = explained.padded.shape
    # A map that says of each cell where it lies, so that what the products read tells where they read it.
    lies = np.arange(rows * columns).reshape(rows, columns)
    for y, x in corners_and_more(explained.output.shape):
        there.go("koala", "body", 0, y, x)
        row, column = np.divmod(explained.window(lies, y, x).ravel(), columns)
        wide, tall = np.full(9, 1 / columns), np.full(9, 1 / rows)
        cells = np.stack([column / columns, row / rows, wide, tall], axis=1)
        assert there.big("inputs").evaluate(MARKS) == pytest.approx(cells, abs=1e-3)
    assert there.body.locator(".window b").count() == 9
    assert there.sentence().startswith(
        "Slides a 3×3 kernel, spread over 7×5 by its dilation, over each of the 6"
    )
    there.go("koala", "stem", 0)
    assert there.body.locator(".window b").count() == 0
    assert "dilation" not in there.sentence()


def test_the_loupe_marks_the_cells_that_a_dilated_kernel_reads(there):
    explained = there.go("koala", "body", 0, 4, 3)
    there.big("inputs").focus()
    there.page.keyboard.press("ArrowDown")
    there.arrived(5, 3)
    loupe = there.page.locator("#loupe")
    shown = loupe.locator("span").evaluate_all(
        "(cells) => cells.map((cell) => [cell.textContent, cell.className])"
    )
    assert len(shown) == 7 * 5
    part = explained.padded[0, 5 : 5 + 7, 3 : 3 + 5]
    hidden = explained.outside[5 : 5 + 7, 3 : 3 + 5]
    for (row, column), (text, name) in zip(np.ndindex(7, 5), shown, strict=True):
        assert text == ("" if hidden[row, column] else rounding(part[row, column], 2))
        assert name == ("covered" if row % 3 == column % 2 == 0 else "")


def test_padding_cells_are_hatched_not_coloured(there):
    explained = there.go("koala", "stem", 0, 0, 0)
    said = check(there, explained, 0, 0)
    assert sum(term["value"]["padding"] == "true" for term in said["terms"]) == 9
    style = "(cell) => getComputedStyle(cell).backgroundImage"
    for index, term in enumerate(said["terms"]):
        cell = there.page.locator(".term .value").nth(index)
        assert ("gradient" in cell.evaluate(style)) == (term["value"]["padding"] == "true")


FIND_OVERLAPS = """(body) => {
  const numbers = [...body.querySelectorAll(".kernel span, .term .figure")];
  const boxes = numbers.map((one) => one.getBoundingClientRect());
  const apart = (one, other) =>
    one.right <= other.left + 0.5 || other.right <= one.left + 0.5 ||
    one.bottom <= other.top + 0.5 || other.bottom <= one.top + 0.5;
  let overlaps = 0;
  boxes.forEach((one, index) => {
    for (const other of boxes.slice(index + 1)) if (!apart(one, other)) overlaps += 1;
  });
  return overlaps;
}"""


def check_legible(opened):
    """No text is too small, none is cut off or lies over another, and playback is always within reach."""
    view = opened.page.locator("#view")
    assert view.evaluate(FIND_SMALL_TEXT) == []
    assert view.evaluate(FIND_CUT_OFF) == []
    assert opened.body.evaluate(FIND_OVERLAPS) == 0
    says = opened.page.locator("#view-says").bounding_box()
    assert says["y"] + says["height"] <= opened.body.bounding_box()["y"]
    for part in (view, opened.page.locator("#playback")):
        box = part.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        assert box["y"] + box["height"] <= 720
    for size, least in (("big", 260), ("small", 62)):
        for one in opened.body.locator(f".map.{size}").all():
            box = one.bounding_box()
            assert box["width"] >= least, one


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize(
    ("layer", "unit"), [("conv_1_1", 0), ("conv_1_2", 4), ("conv_2_1", 2), ("conv_2_2", 9)]
)
def test_at_1280_by_720_all_can_be_read_and_the_view_does_not_scroll(here, layer, unit, choice):
    here.go("koala", layer, unit, 3, 4, channel=1)
    here.choose_decimals(choice)
    try:
        check_legible(here)
        height, room = here.page.locator("#view").evaluate("(view) => [view.scrollHeight, view.clientHeight]")
        assert height <= room or choice == "all"  # nine digits each need more lines than there are
    finally:
        here.choose_decimals("2")


@pytest.mark.parametrize("choice", ["2", "4"])  # 25 products of nine digits scroll sideways
@pytest.mark.parametrize(("layer", "unit"), [("stem", 0), ("body", 11)])
def test_larger_kernels_can_be_read_as_well(there, layer, unit, choice):
    there.go("koala", layer, unit, 3, 4, channel=1)
    there.choose_decimals(choice)
    try:
        check_legible(there)
    finally:
        there.choose_decimals("2")
