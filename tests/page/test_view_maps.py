"""The views of the picture, of ReLU, of pooling, and of layers that have none of their own."""

import itertools
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from builder.archive import deflated, only, pack, unpack
from builder.version import files_of
from tests.browser import served
from tests.packed import renew
from tests.page.native import diverging, tinted
from tests.page.networks import make_grey, write_site
from tests.page.opened import (
    CHOICES,
    FIND_CUT_OFF,
    FIND_SMALL_TEXT,
    Opened,
    check_figure,
    check_figures,
    corners_and_more,
    inside,
    rounding,
    seen,
)
from tests.page.visit import eventually

VIEWS = Path(__file__).parents[2] / "web/engine/views.py"
WAYS = ("click", "keyboard")
PICTURES = ("espresso", "koala")


@pytest.fixture(scope="module")
def here(browser, address, network):
    made = Opened(browser, address, network)
    yield made
    made.close()


@pytest.fixture(scope="module")
def there(browser, elsewhere, other):
    made = Opened(browser, elsewhere, other)
    yield made
    made.close()


@pytest.fixture(scope="module")
def grey(browser, tmp_path_factory):
    """A network of a grey picture, whose windows overlap, hang over into padding, or leave gaps."""
    network = make_grey()
    site = tmp_path_factory.mktemp("grey") / "site"
    write_site(network, site)
    with served(site) as address:
        made = Opened(browser, address, network)
        yield made
        made.close()


@pytest.fixture(scope="module")
def strange(browser, other, tmp_path_factory):
    """The other network, but to the engine none of its layers is of a kind that has a view of its own."""
    site = tmp_path_factory.mktemp("strange") / "site"
    write_site(other, site)
    forget_own_views(site)
    with served(site) as address:
        made = Opened(browser, address, other)
        yield made
        made.close()


def forget_own_views(site):
    """Put the source of the engine's views, with this one change, in place of what was compiled from it."""
    packed = files_of(site) / "engine/python.zip"
    files = unpack(only(packed.read_bytes()))
    del files["engine/views.pyc"]
    views = VIEWS.read_text()
    assert views.count("_OWN_VIEWS = {") == 1
    files["engine/views.py"] = f"{views}\n_OWN_VIEWS = {{}}\n".encode()
    packed.write_bytes(deflated("engine.zip", pack(files)))
    renew(site)


def layer_of(opened, name):
    (layer,) = (one for one in opened.network.layers if one.name == name)
    return layer


def before(opened, name):
    names = ["input", *(one.name for one in opened.network.layers)]
    return names[names.index(name) - 1]


def group_limit(native, layer):
    """Where the overview's scale per layer ends: a convolution or dense layer shares it with what follows."""
    groups = [[]]
    for one in native.network.layers:
        if one.kind in ("convolution", "dense") and groups[-1]:
            groups.append([])
        groups[-1].append(one.name)
    (names,) = (group for group in groups if layer in group)
    return native.largest(names)


def colours(native, layer, unit):
    """The colours of a unit's map as the overview has them."""
    values = native.maps(layer)[unit]
    if layer != "input":
        return diverging(values, group_limit(native, layer))
    return tinted(values, unit) if len(native.input) == 3 else values[..., np.newaxis] * np.full(3, 255)


def check_map(opened, selector, expected):
    shown = opened.visit.pixels(f"#view-body {selector} canvas")[..., :3]
    assert shown.shape == expected.shape
    assert np.abs(shown - expected).max() <= 1, selector


def check_place(locator, part, row, column, tall, wide, rows, columns):
    """A part of a map lies on these cells of a map of `rows` x `columns`."""
    place = [column / columns, row / rows, (column + wide) / columns, (row + tall) / rows]
    assert inside(locator, part) == pytest.approx(place, abs=1e-3)


def rgb(css):
    return [int(number) for number in re.findall(r"\d+", css)[:3]]


def background(locator):
    return rgb(locator.evaluate("(one) => getComputedStyle(one).backgroundColor"))


# The picture


def check_picture(opened, native, unit, y, x, decimals=2):
    channels, rows, columns = native.input.shape
    check_figures(opened.figures(".pixel > .figure"), native.input[:, y, x], decimals)
    assert opened.figure_count() == channels
    for channel in range(channels):
        chip = opened.body.locator(".pixel > .figure").nth(channel)
        assert np.abs(background(chip) - colours(native, "input", channel)[y, x]).max() <= 1
    for one in opened.map("output").all():
        check_place(one, ".window", y, x, 1, 1, rows, columns)
    pixel = opened.visit.picture()[y, x].tolist()
    levels = opened.body.locator(".byte").all_inner_texts()
    if channels == 3:
        assert levels == [f"{level} of 255" for level in pixel]
        assert background(opened.body.locator(".swatch")) == pixel
        assert rgb(opened.body.locator(".mixed").inner_text()) == pixel
    else:
        (luma,) = native.input[:, y, x] * 255
        assert abs(float(levels[0].removesuffix(" of 255")) - luma) <= 0.051
        assert opened.body.locator(".swatch").count() == 0  # grey alone does not make the picture's colours
    opened_names = opened.body.locator(".opened .name").all_inner_texts()
    assert opened_names == [opened.page.locator("#view-title").inner_text().removeprefix("input, ")]
    assert opened.body.locator(".opened .map").get_attribute("data-source") == str(unit)


def check_picture_maps(opened, native):
    channels = len(native.input)
    for channel in range(channels):
        check_map(opened, f".map[data-source='{channel}']", colours(native, "input", channel))
    check_map(opened, f".map[data-source='{channels}']", opened.visit.picture().astype(float))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("picture", "unit"), [("espresso", 0), ("koala", 1), ("koala", 2)])
def test_the_picture_opens_from_any_channel(here, picture, unit, way):
    native = here.open_by_hand(picture, "input", unit, way)
    check_picture(here, native, unit, 0, 0)
    check_picture_maps(here, native)


@pytest.mark.parametrize("choice", CHOICES)
def test_the_pixel_under_the_cursor(here, choice):
    native = here.go("koala", "input", 0)
    here.choose_decimals(choice)
    for y, x in corners_and_more((64, 64)):
        here.go("koala", "input", 0, y, x)
        check_picture(here, native, 0, y, x, CHOICES[choice])
    here.choose_decimals("2")


def test_the_picture_of_other_networks(there, grey):
    for y, x in corners_and_more((48, 40)):
        check_picture(there, there.go("koala", "input", 2, y, x), 2, y, x)
    check_picture_maps(there, there.go("koala", "input", 2))
    assert there.body.locator(".channels + .note").inner_text().startswith("3×48×40 = 5,760 numbers")
    for y, x in corners_and_more((28, 32)):
        check_picture(grey, grey.go("koala", "input", 0, y, x), 0, y, x)
    check_picture_maps(grey, grey.go("koala", "input", 0))
    assert "one channel of 28×32" in grey.page.locator("#view-sentence").inner_text()


def test_one_cursor_on_the_picture_and_all_channels(here):
    native = here.go("espresso", "input", 0)
    for source, (y, x) in enumerate([(5, 60), (63, 0), (20, 31), (40, 40)]):
        here.point(here.map("output", source), y, x, 64, 64)
        here.arrived(y, x)
        check_picture(here, native, 0, y, x)
    here.map("output", 3).focus()
    here.page.keyboard.press("Shift+ArrowRight")
    here.arrived(40, 50)
    check_picture(here, native, 0, 40, 50)


def test_the_pictures_shape_is_spelled_out_and_its_pixels_are_said(here):
    native = here.go("koala", "input", 1, 3, 9)
    note = here.body.locator(".channels + .note").inner_text()
    assert note == "3×64×64 = 12,288 numbers: channels × height × width"
    red = rounding(native.input[0, 3, 9], 2)
    level = here.visit.picture()[3, 9, 0]
    eventually(lambda: here.said()[:2] == ["row 3, column 9", f"red channel: {red} ({level} of 255)"])
    assert len(here.said()) == 4


def test_a_channels_name_leads_to_the_channel(here):
    here.go("koala", "input", 1)
    here.body.get_by_role("button", name="blue channel").click()
    check_picture(here, here.shown("koala", "input", 2, 0, 0), 2, 0, 0)


# ReLU


def check_relu(opened, native, layer, unit, y, x, decimals=2):
    source = before(opened, layer)
    inputs, output = native.values(source)[unit], native.layers[layer][unit]
    rows, columns = output.shape
    value = inputs[y, x]
    (given,), (result,) = opened.figures(".rule .given"), opened.figures(".rule .result")
    check_figure(given, value, decimals)
    check_figure(result, max(value, 0), decimals)
    check_figure(result, output[y, x], decimals)
    assert opened.body.locator(".rule").inner_text() == f"max(0, {given[1]}) = {result[1]}"
    for name, values, layer_shown in ((".given", inputs, source), (".result", output, layer)):
        shown = background(opened.body.locator(".rule " + name))
        limit = group_limit(native, layer_shown)
        assert np.abs(shown - diverging(values[y, x], limit)).max() <= 1
    reach = float(np.abs(inputs).max())
    check_figures(opened.figures(".graph .figure"), [-reach, reach, reach], decimals)
    assert opened.figure_count() == 5
    for role in ("inputs", "output"):
        check_place(opened.map(role), ".window", y, x, 1, 1, rows, columns)

    # The point lies on the curve: at the value, on the scale that the ticks of the axes give.
    point = opened.body.locator(".graph .point").evaluate(
        "(one) => [one.cx.baseVal.value, one.cy.baseVal.value]"
    )
    at = np.array([160 + 140 * value / reach, 168 - 140 * max(value, 0) / reach])
    assert point == pytest.approx(at, abs=0.01)
    on_curve = """([x, y]) => {
      const curve = document.querySelector(".graph .curve");
      const length = curve.getTotalLength();
      let near = Infinity;
      for (let step = 0; step <= 2000; step += 1) {
        const at = curve.getPointAtLength(step / 2000 * length);
        near = Math.min(near, Math.hypot(at.x - x, at.y - y));
      }
      return near;
    }"""
    assert opened.page.evaluate(on_curve, point) < 0.2

    cut = int((inputs < 0).sum())
    said = f"{cut:,} of {inputs.size:,} values ("
    note = opened.body.locator(".note").inner_text()
    assert note.startswith(said)
    assert note.endswith("are below zero and become 0.")
    part = opened.body.locator(".share > i").evaluate(
        "(one) => one.getBoundingClientRect().width / one.parentElement.getBoundingClientRect().width"
    )
    assert part == pytest.approx(cut / inputs.size, abs=0.01)
    return value


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("picture", "layer", "unit"),
    [("espresso", "relu_1_1", 3), ("koala", "relu_1_2", 4), ("koala", "relu_2_2", 9)],
)
def test_a_relu_opens(here, picture, layer, unit, way):
    native = here.open_by_hand(picture, layer, unit, way)
    check_relu(here, native, layer, unit, 0, 0)
    check_map(here, ".map[data-map=inputs]", colours(native, before(here, layer), unit))
    check_map(here, ".map[data-map=output]", colours(native, layer, unit))


@pytest.mark.parametrize("choice", CHOICES)
def test_a_relu_at_many_places(here, choice):
    native = here.go("koala", "relu_1_2", 4)
    here.choose_decimals(choice)
    values = []
    for y, x in corners_and_more((60, 60), count=8):
        here.go("koala", "relu_1_2", 4, y, x)
        values.append(check_relu(here, native, "relu_1_2", 4, y, x, CHOICES[choice]))
    assert min(values) < 0 < max(values)
    here.choose_decimals("2")


def test_a_relu_of_another_network(there, grey):
    native = there.go("espresso", "stem/relu", 5)
    for y, x in corners_and_more((23, 19)):
        there.go("espresso", "stem/relu", 5, y, x)
        check_relu(there, native, "stem/relu", 5, y, x)
    # Of values that are not negative, none is cut.
    native = grey.go("koala", "nothing_cut", 0, 13, 15)
    check_relu(grey, native, "nothing_cut", 0, 13, 15)
    assert grey.body.locator(".note").inner_text().startswith("0 of 224 values")


def test_pointing_at_either_map_of_a_relu(here):
    native = here.go("koala", "relu_2_1", 0)
    for role, (y, x) in itertools.product(("inputs", "output"), [(0, 27), (27, 0), (11, 13)]):
        here.point(here.map(role), y, x, 28, 28)
        here.arrived(y, x)
        check_relu(here, native, "relu_2_1", 0, y, x)
    value = native.layers["conv_2_1"][0, 11, 13]
    result = native.layers["relu_2_1"][0, 11, 13]
    said = ["row 11, column 13", f"max(0, {rounding(value, 2)}) = {rounding(result, 2)}"]
    eventually(lambda: here.said() == said)


def test_a_relus_input_leads_to_the_convolution_at_the_same_place(here):
    here.go("koala", "relu_1_1", 6, 17, 40)
    here.body.get_by_role("button", name="conv_1_1, unit 6").click()
    here.shown("koala", "conv_1_1", 6, 17, 40)
    assert here.page.locator("#view").get_attribute("data-view") == "convolution"


# Pooling


def window(opened, native, layer, unit, y, x):
    """(row, column, value) of every cell of the window; the value of padding is None."""
    pooling, inputs = layer_of(opened, layer), native.values(before(opened, layer))[unit]
    (down, right), (top, _, left, _) = pooling.stride, pooling.padding
    cells = []
    for row in range(y * down - top, y * down - top + pooling.size[0]):
        for column in range(x * right - left, x * right - left + pooling.size[1]):
            within = 0 <= row < inputs.shape[0] and 0 <= column < inputs.shape[1]
            cells.append((row, column, inputs[row, column] if within else None))
    return cells


READ_POOLING = """() => {
  const body = document.getElementById("view-body");
  const figure = (one) => [one.dataset.value, one.textContent];
  return {
    cells: [...body.querySelectorAll(".cell")].map((cell) => ({
      value: cell.querySelector(".figure").dataset.value,
      text: cell.querySelector(".figure").textContent,
      padding: cell.dataset.padding === "true",
      winner: cell.dataset.winner === "true",
      badge: cell.querySelector(".badge").checkVisibility(),
    })),
    operands: [...body.querySelectorAll(".operand:not([hidden]) .figure")].map(figure),
    rule: body.querySelector(".rule").innerText,
    sign: body.querySelector(".rule .relation").innerText,
    result: figure(body.querySelector(".rule .result")),
    figures: document.querySelectorAll("#view [data-value]").length,
  };
}"""


def check_pooling(opened, native, layer, unit, y, x, decimals=2):
    pooling, output = layer_of(opened, layer), native.layers[layer][unit]
    inputs = native.values(before(opened, layer))[unit]
    top, bottom, left, right = pooling.padding
    sizes = inputs.shape[0] + top + bottom, inputs.shape[1] + left + right
    cells = window(opened, native, layer, unit, y, x)
    values = [value for _, _, value in cells if value is not None]

    said = opened.page.evaluate(READ_POOLING)
    assert [cell["padding"] for cell in said["cells"]] == [value is None for _, _, value in cells]
    assert {cell["text"] for cell in said["cells"] if cell["padding"]} <= {"padding"}
    shown = [(cell["value"], cell["text"]) for cell in said["cells"] if not cell["padding"]]
    check_figures(shown, values, decimals)
    assert said["operands"] == [list(figure) for figure in shown]
    result, sign = said["result"], said["sign"]
    check_figure(result, output[y, x], decimals)
    assert said["figures"] == 2 * len(values) + 1
    texts = [text for _, text in shown]
    if pooling.kind == "max_pooling":
        assert said["rule"] == f"max({', '.join(texts)}) = {result[1]}"
        first = next(i for i, (_, _, value) in enumerate(cells) if value is not None and value == max(values))
        for mark in ("winner", "badge"):
            assert [cell[mark] for cell in said["cells"]] == [index == first for index in range(len(cells))]
        row, column, _ = cells[first]
        check_place(opened.map("inputs"), ".winner", row + top, column + left, 1, 1, *sizes)
        check_figure(result, max(values), decimals)
    else:
        assert said["rule"] == f"({' + '.join(texts)}) / {len(values)} {sign} {result[1]}"
        assert sign in signs_of_mean(texts, result[1], decimals)
        assert not any(cell["winner"] or cell["badge"] for cell in said["cells"])
        expect(opened.map("inputs").locator(".winner")).to_be_hidden()
        check_figure(result, np.mean(values, dtype=np.float64), decimals)
    tall, wide = pooling.size
    place = y * pooling.stride[0], x * pooling.stride[1]
    check_place(opened.map("inputs"), ".window", *place, tall, wide, *sizes)
    check_place(opened.map("output"), ".window", y, x, 1, 1, *output.shape)


def signs_of_mean(texts, result, decimals):
    """The signs that may stand between the mean of what is seen and the result that is seen."""
    if decimals is None:
        return "=≈"
    off = abs(sum(map(seen, texts)) / len(texts) - seen(result)) * 10**decimals
    if abs(off - Decimal("0.5")) < Decimal("1e-6"):  # exactly between two roundings either will do
        return "=≈"
    return "=" if off < Decimal("0.5") else "≈"


POOLED = [("espresso", "max_pool_1", 0), ("koala", "max_pool_1", 4), ("koala", "max_pool_2", 9)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("picture", "layer", "unit"), POOLED)
def test_a_pooling_opens(here, picture, layer, unit, way):
    native = here.open_by_hand(picture, layer, unit, way)
    check_pooling(here, native, layer, unit, 0, 0)
    check_map(here, ".map[data-map=inputs]", colours(native, before(here, layer), unit))
    check_map(here, ".map[data-map=output]", colours(native, layer, unit))


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize(("picture", "layer", "unit"), POOLED)
def test_a_pooling_at_many_places(here, picture, layer, unit, choice):
    native = here.go(picture, layer, unit)
    here.choose_decimals(choice)
    for y, x in corners_and_more(native.layers[layer].shape[1:]):
        here.go(picture, layer, unit, y, x)
        check_pooling(here, native, layer, unit, y, x, CHOICES[choice])
    here.choose_decimals("2")


def test_poolings_of_another_network(there):
    for layer, unit in [("shrink", 0), ("shrink", 5), ("pick", 11)]:
        native = there.go("koala", layer, unit)
        for y, x in corners_and_more(native.layers[layer].shape[1:]):
            there.go("koala", layer, unit, y, x)
            check_pooling(there, native, layer, unit, y, x)


@pytest.mark.parametrize("sign", ["=", "≈"])
def test_a_mean_of_rounded_values_is_called_equal_only_where_it_is(grey, sign):
    native = grey.go("koala", "mean", 0)
    output = native.layers["mean"]
    for unit, y, x in np.ndindex(output.shape):
        values = [value for _, _, value in window(grey, native, "mean", unit, y, x) if value is not None]
        texts = [rounding(value, 2) for value in values]
        if len(set(texts)) > 1 and signs_of_mean(texts, rounding(output[unit, y, x], 2), 2) == sign:
            grey.go("koala", "mean", unit, y, x)
            check_pooling(grey, native, "mean", unit, y, x)
            assert grey.page.evaluate(READ_POOLING)["sign"] == sign
            return
    raise AssertionError(f"no mean of this layer is to be called {sign}")


@pytest.mark.parametrize("layer", ["overlap", "mean", "gaps"])
def test_windows_that_overlap_hang_over_or_leave_gaps(grey, layer):
    native = grey.go("espresso", layer, 0)
    check_map(grey, ".map[data-map=inputs]", colours(native, before(grey, layer), 0))
    check_map(grey, ".map[data-map=output]", colours(native, layer, 0))
    for y, x in corners_and_more(native.layers[layer].shape[1:]):
        grey.go("espresso", layer, 0, y, x)
        check_pooling(grey, native, layer, 0, y, x)


def test_how_many_values_are_dropped(here, there, grey):
    notes = lambda opened: opened.body.locator(".note p").all_inner_texts()  # noqa: E731
    native = here.go("koala", "max_pool_1", 4)
    assert notes(here) == ["Of 3,600 values 900 are kept, each the largest of a window; 2,700 are dropped."]
    there.go("koala", "shrink", 1)
    assert notes(there)[0] == "437 values become 99 means; none of them is kept as it is."
    assert notes(there)[1].startswith("41 of them lie in no window")  # the last row and column of 23×19
    native = grey.go("koala", "overlap", 0)
    kept = set()
    for y, x in np.ndindex(14, 16):
        cells = [cell for cell in window(grey, native, "overlap", 0, y, x) if cell[2] is not None]
        kept.add(max(cells, key=lambda cell: cell[2])[:2])
    sentence = (
        f"Of 896 values {len(kept)} are kept, each the largest of a window; {896 - len(kept)} are dropped."
    )
    assert notes(grey) == [sentence, "Cells of the padding around the map do not count."]
    grey.go("koala", "gaps", 2)
    assert notes(grey)[1].startswith("26 of them lie in no window")  # four windows of 2×2 on 6×7


def test_pointing_at_the_input_finds_the_window_and_its_winner_leads_on(here):
    native = here.go("koala", "max_pool_1", 4)
    for row, column in [(0, 0), (59, 59), (21, 38), (40, 7)]:
        here.point(here.map("inputs"), row, column, 60, 60)
        here.arrived(row // 2, column // 2)
        check_pooling(here, native, "max_pool_1", 4, row // 2, column // 2)
    cells = window(here, native, "max_pool_1", 4, 20, 3)
    row, column, value = max(cells, key=lambda cell: cell[2])
    texts = ", ".join(rounding(value, 2) for _, _, value in cells)
    eventually(lambda: here.said() == ["row 20, column 3", f"max({texts}) = {rounding(value, 2)}"])
    here.body.get_by_role("button", name="relu_1_2, unit 4").click()
    here.shown("koala", "relu_1_2", 4, row, column)
    check_relu(here, native, "relu_1_2", 4, row, column)


def test_windows_marks_lie_over_the_values_in_the_cells(grey):
    native = grey.go("koala", "gaps", 1, 1, 1)
    values = grey.map("inputs").locator(".cells > span").all_inner_texts()
    assert values == [rounding(value, 2) for value in native.layers["mean"][1].ravel()]
    for part in (".window", ".winner"):
        above = grey.map("inputs").evaluate(
            """(map, part) => {
              const mark = map.querySelector(part);
              const { left, top, width, height } = mark.getBoundingClientRect();
              mark.style.pointerEvents = "auto";
              const found = document.elementFromPoint(left + width / 2, top + height / 2) === mark;
              mark.style.pointerEvents = "";
              return found;
            }""",
            part,
        )
        # The winner lies over the window, and both over the values.
        assert above or part == ".window"
    grid = grey.map("inputs").locator(".cells + .window")
    expect(grid).to_have_count(1)


# Layers without a view of their own


def check_vector(opened, native, layer, paired, y, decimals=2):
    source = before(opened, layer)
    shown = [layer] if not paired else [source, layer]
    vectors = [native.values(name) for name in shown]
    count = len(vectors[-1])
    rows = opened.body.locator(".near tbody tr")
    listed = min(11, count)
    first = min(max(y - 5, 0), count - listed)
    heads = opened.body.locator(".near tbody th").all_inner_texts()
    assert heads == [str(index) for index in range(first, first + listed)]
    values = [vector[index] for index in range(first, first + listed) for vector in vectors]
    check_figures(opened.figures(".near .figure"), values, decimals)
    assert opened.figure_count() == len(values)
    current = [row.get_attribute("aria-current") == "true" for row in rows.all()]
    assert current == [first + index == y for index in range(listed)]
    for figure, name in zip(
        opened.body.locator(".near tr[aria-current=true] .figure").all(), shown, strict=True
    ):
        expected = diverging(native.values(name)[y], group_limit(native, name))
        assert np.abs(background(figure) - expected).max() <= 1
    roles = ["given", "vector"] if paired else ["vector"]
    for role in roles:
        check_place(opened.map(role), ".window", 0, y, 1, 1, 1, count)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize(("layer", "paired"), [("hidden", False), ("hidden/relu", True)])
def test_a_layer_without_a_view_opens(there, picture, layer, paired, way):
    native = there.open_by_hand(picture, layer, 0, way)
    assert there.page.locator("#view").get_attribute("data-view") == "general"
    check_vector(there, native, layer, paired, 0)
    source = before(there, layer)
    row = lambda name: colours(native, name, 0).reshape(1, -1, 3)  # noqa: E731
    check_map(there, ".map[data-map=vector]", row(layer))
    check_map(there, f".map[data-map={'given' if paired else 'whole'}]", row(source))


@pytest.mark.parametrize("choice", CHOICES)
def test_elements_of_a_vector(there, choice):
    there.choose_decimals(choice)
    for layer, paired in (("hidden", False), ("hidden/relu", True)):
        for y in (0, 1, 6, 13, 18, 19):
            native = there.go("koala", layer, 0, y, 0)
            check_vector(there, native, layer, paired, y, CHOICES[choice])
    there.choose_decimals("2")


def test_pointing_and_keys_move_along_a_vector(there):
    native = there.go("koala", "hidden/relu", 0)
    for role, y in (("given", 17), ("vector", 4)):
        there.point(there.map(role), 0, y, 1, 20)
        there.arrived(y, 0)
        check_vector(there, native, "hidden/relu", True, y)
    there.map("vector").focus()
    for key, y in (("ArrowRight", 5), ("Shift+ArrowRight", 15), ("ArrowLeft", 14), ("End", 19), ("Home", 0)):
        there.page.keyboard.press(key)
        there.arrived(y, 0)
        check_vector(there, native, "hidden/relu", True, y)
    values = [rounding(native.layers[name][0], 2) for name in ("hidden", "hidden/relu")]
    eventually(lambda: there.said() == ["element 0 of 20", " → ".join(values)])
    # What is read as a whole holds no place for the cursor.
    there.go("koala", "hidden", 0, 7, 0)
    there.point(there.map("whole"), 0, 200, 1, 240)
    there.visit.expect_quiet_for(0.2)
    assert there.cursor() == (7, 0)


def test_what_a_layer_is_made_of(there):
    made = lambda: dict(  # noqa: E731
        zip(
            there.body.locator(".made dt").all_inner_texts(),
            there.body.locator(".made dd").all_inner_texts(),
            strict=True,
        )
    )
    there.go("koala", "hidden", 0)
    assert made() == {
        "kind": "dense",
        "reads": "vector, 240",
        "gives": "20",
        "weights": "20×240",
        "bias": "20",
        "parameters in all": "4,820",
    }
    sentence = there.page.locator("#view-sentence").inner_text()
    assert sentence.endswith("Here 240 values of vector become 20 values.")
    there.body.get_by_role("button", name="vector, all values").click()
    there.shown("koala", "vector", 0, 0, 0)


STRANGE = [
    ("stem", 2, False),
    ("stem/relu", 5, True),
    ("shrink", 0, False),
    ("body", 11, False),
    ("pick", 3, False),
]


@pytest.mark.parametrize(("layer", "unit", "paired"), STRANGE)
def test_maps_of_a_kind_without_a_view(strange, layer, unit, paired):
    native = strange.go("koala", layer, unit)
    assert strange.page.locator("#view").get_attribute("data-view") == "general"
    source, output = before(strange, layer), native.layers[layer][unit]
    one_to_one = layer_of(strange, layer).connections == "one"
    units = [unit] if one_to_one else range(len(native.values(source)))
    role = "inputs" if paired else "whole"
    assert strange.map(role).count() == len(units)
    for one in units:
        check_map(strange, f".map[data-map={role}][data-source='{one}']", colours(native, source, one))
    check_map(strange, ".map[data-map=output]", colours(native, layer, unit))
    rows, columns = output.shape
    for y, x in corners_and_more(output.shape):
        strange.point(strange.map("output"), y, x, rows, columns)
        strange.arrived(y, x)
        values = [native.values(source)[unit][y, x]] if paired else []
        check_figures(strange.figures(".rule .figure"), [*values, output[y, x]], 2)
        assert strange.figure_count() == len(values) + 1
        check_place(strange.map("output"), ".window", y, x, 1, 1, rows, columns)
        if paired:
            check_place(strange.map("inputs"), ".window", y, x, 1, 1, rows, columns)
    if not paired:
        strange.map("whole").first.hover()
        strange.visit.expect_quiet_for(0.2)
        assert strange.cursor() == (y, x)
    said = " → ".join(rounding(value, 2) for value in [*values, output[y, x]])
    eventually(lambda: strange.said()[-1:] == [said])
    made = strange.body.locator(".made > div").all_inner_texts()
    for name, value in layer_of(strange, layer).hyperparameters().items():
        assert f"{name}\n{', '.join(map(str, value))}" in made


def test_a_layer_that_passes_its_values_on(grey):
    native = grey.go("koala", "dropout", 2, 1, 1)
    assert grey.page.locator("#view").get_attribute("data-view") == "general"
    sentence = grey.page.locator("#view-sentence").inner_text()
    assert sentence.startswith("Identity: passes every value on as it is. ")
    for role, layer in (("inputs", "gaps"), ("output", "dropout")):
        check_map(grey, f".map[data-map={role}]", colours(native, layer, 2))
    value = native.layers["gaps"][2][1, 1]
    check_figures(grey.figures(".rule .figure"), [value, value], 2)
    assert "kind\nidentity" in grey.body.locator(".made > div").all_inner_texts()


def test_many_maps_that_are_read_as_a_whole_lead_to_their_own_views(strange):
    strange.go("koala", "body", 0)
    strange.body.locator(".whole .to").nth(4).click()
    strange.shown("koala", "shrink", 4, 0, 0)
    # A vector can come from maps, too.
    native = strange.go("koala", "vector", 0, 25, 0)
    assert strange.map("whole").count() == 12
    figures = strange.figures(".near tr[aria-current=true] .figure")
    check_figures(figures, [native.layers["vector"][25]], 2)
    strange.body.locator(".whole .to").nth(11).focus()
    strange.page.keyboard.press("Enter")
    strange.shown("koala", "pick", 11, 0, 0)


# How it is drawn


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000)])
def test_all_is_large_enough_and_nothing_scrolls(here, there, size, choice):
    for opened, layer, unit in [
        (here, "input", 1),
        (here, "relu_1_1", 2),
        (here, "max_pool_2", 9),
        (there, "shrink", 3),
        (there, "hidden", 0),
        (there, "hidden/relu", 0),
    ]:
        opened.page.set_viewport_size({"width": size[0], "height": size[1]})
        opened.go("koala", layer, unit, 3, 0)
        opened.choose_decimals(choice)
        view = opened.page.locator("#view")
        try:
            assert view.evaluate(FIND_SMALL_TEXT) == []
            assert view.evaluate(FIND_CUT_OFF) == [], (layer, choice)
            height, room = view.evaluate("(view) => [view.scrollHeight, view.clientHeight]")
            assert height <= room, layer
            wide, across = opened.body.evaluate("(body) => [body.scrollWidth, body.clientWidth]")
            assert wide <= across, layer
            if layer.startswith("hidden"):
                continue
            for one in opened.body.locator(".map.big").all():
                assert max(one.bounding_box()["width"], one.bounding_box()["height"]) >= 260, layer
        finally:
            opened.choose_decimals("2")
            opened.page.set_viewport_size({"width": 1280, "height": 720})


def test_on_a_phone_nothing_is_cut_off(browser, address, network, elsewhere, other):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    for place, made, layers in [
        (address, network, ["input", "relu_1_1", "max_pool_2"]),
        (elsewhere, other, ["shrink", "hidden", "hidden/relu"]),
    ]:
        opened = Opened(browser, place, made, **phone)
        for layer in layers:
            opened.go("koala", layer, 0, 2, 0)
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
            assert opened.page.locator("#view").evaluate(FIND_CUT_OFF) == []
            boxes = opened.body.locator("*").evaluate_all(
                "(all) => all.map((one) => one.getBoundingClientRect().right)"
            )
            assert max(boxes) <= 390, layer
        opened.close()
