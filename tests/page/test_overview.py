"""Units and classes: what pointing, focusing and choosing them brings out, and what the address says."""

import re

import pytest
from playwright.sync_api import expect

from tests.page.native import Native
from tests.page.visit import eventually

# A unit, the layer it reads, and the units there that it reads.
READS = [
    (("conv_1_1", 3), ("input", [0, 1, 2])),
    (("relu_1_1", 7), ("conv_1_1", [7])),
    (("conv_1_2", 0), ("relu_1_1", list(range(10)))),
    (("max_pool_2", 9), ("relu_2_2", [9])),
    (("flatten", 0), ("max_pool_2", list(range(10)))),
    (("output", 5), ("flatten", [0])),
]


@pytest.fixture(scope="module")
def native(drawn, network):
    return Native(network, drawn.picture())


def roles(seen):
    """Which units are brought out: the (layer, unit) of the target, and those of its sources."""
    found = {"target": [], "source": []}
    for role in found:
        units = seen.page.locator(f"[data-role={role}]")
        found[role] = units.evaluate_all(
            "(all) => all.map((one) => [one.dataset.layer, Number(one.dataset.unit)])"
        )
    return [tuple(unit) for unit in found["target"]], [tuple(unit) for unit in found["source"]]


def rounded(value):
    return f"{value:.2f}".replace("-", "\u2212").replace("\u22120.00", "0.00")


def test_every_layer_and_unit_is_there(drawn, network):
    shapes = {"input": network.input_shape, **network.output_shapes}
    del shapes["output/logits"]
    for layer, shape in shapes.items():
        units = 1 if layer == "flatten" else shape[0]
        assert drawn.page.locator(f"button[data-layer='{layer}'][data-unit]").count() == units
        head = drawn.page.locator(".head", has=drawn.page.get_by_text(layer, exact=True))
        assert "×".join(map(str, shape)) in head.inner_text()
    classes = drawn.page.locator("[data-class]").evaluate_all("(all) => all.map((one) => one.dataset.class)")
    assert classes == [name.replace(" ", "_") for name in network.classes]


@pytest.mark.parametrize("way", ["pointer", "focus"])
@pytest.mark.parametrize(("unit", "sources"), READS)
def test_pointing_at_a_unit_brings_out_what_it_reads(drawn, unit, sources, way):
    button = drawn.unit(*unit)
    if way == "pointer":
        button.hover()
    else:
        drawn.page.mouse.move(2, 2)
        button.focus()
    eventually(lambda: roles(drawn)[0] == [unit])
    layer, units = sources
    assert roles(drawn)[1] == [(layer, source) for source in units]
    curves = drawn.page.locator("#active-connections").get_attribute("d").count("M")
    assert curves == len(units)
    quiet = drawn.page.locator(".unit:not([data-role])").first
    eventually(lambda: float(quiet.evaluate("(one) => getComputedStyle(one).opacity")) < 0.5)
    drawn.page.mouse.move(2, 2)
    button.blur()
    eventually(lambda: roles(drawn) == ([], []))


def test_a_units_sentence_says_its_name_shape_and_range(drawn, native):
    for layer, units in [("input", [0, 2]), ("conv_1_1", [0, 9]), ("relu_2_1", [4]), ("max_pool_2", [1])]:
        for unit in units:
            values = native.values(layer)[unit]
            low, high = rounded(values.min()), rounded(values.max())
            height, width = values.shape
            drawn.unit(layer, unit).hover()
            name = ["red", "green", "blue"][unit] + " channel" if layer == "input" else f"unit {unit}"
            sentence = f"{layer}, {name}: {height}×{width}, values from {low} to {high}"
            eventually(lambda sentence=sentence: drawn.facts() == sentence)
            assert drawn.unit(layer, unit).get_attribute("aria-label") == sentence
    values = native.values("flatten")
    drawn.unit("flatten", 0).hover()
    sentence = f"flatten, all values: {values.size}, values from 0.00 to {rounded(values.max())}"
    eventually(lambda: drawn.facts().replace("from 0 ", "from 0.00 ") == sentence)


def test_a_classs_sentence_says_its_probability_and_logit(drawn, native, network):
    drawn.unit("output", 6).hover()
    name = network.classes[6]
    logit = rounded(native.classified.logits[name])
    eventually(lambda: f"output, {name}: probability" in drawn.facts())
    assert drawn.facts().endswith(f"logit {logit}")


def test_connections_are_all_to_all_or_one_to_one(drawn):
    curves = drawn.page.locator("#mesh").get_attribute("d").count("M")
    picture, flatten, classes = 3, 10, 10
    assert curves == picture + 30 + 10 + 100 + 10 + 10 + 100 + 10 + 100 + 10 + 10 + flatten + classes


def test_arrow_keys_lead_through_the_network(visit):
    seen = visit()
    seen.page.locator("input[data-upload]").focus()
    seen.page.keyboard.press("Tab")
    focused = lambda: seen.page.evaluate(  # noqa: E731
        "[document.activeElement.dataset.layer, Number(document.activeElement.dataset.unit)]"
    )
    assert focused() == ["input", 0]
    for key, there in [
        ("ArrowDown", ["input", 1]),
        ("ArrowRight", ["conv_1_1", 5]),
        ("ArrowUp", ["conv_1_1", 4]),
        ("ArrowRight", ["relu_1_1", 4]),
        ("Home", ["relu_1_1", 0]),
        ("ArrowUp", ["relu_1_1", 0]),
        ("End", ["relu_1_1", 9]),
    ]:
        seen.page.keyboard.press(key)
        assert focused() == there
    for _ in range(9):
        seen.page.keyboard.press("ArrowRight")
    assert focused()[0] == "flatten"
    seen.page.keyboard.press("ArrowRight")
    assert focused()[0] == "output"
    # Tab leaves the network, and comes back to where it was left.
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.dataset.unit") is None
    seen.page.keyboard.press("Shift+Tab")
    assert focused()[0] == "output"


def test_a_chosen_unit_is_kept_in_the_address_and_the_history(visit):
    seen = visit()
    fragment = lambda: seen.page.evaluate("location.hash")  # noqa: E731
    kept = seen.page.locator("[aria-current=true]")
    seen.choose("koala")
    seen.unit("conv_1_2", 4).click()
    assert fragment() == "#picture=koala&layer=conv_1_2&unit=4"
    seen.page.mouse.move(2, 2)
    eventually(lambda: roles(seen)[0] == [("conv_1_2", 4)])
    assert len(roles(seen)[1]) == 10
    seen.unit("output", 2).click()
    assert fragment() == "#picture=koala&layer=output&unit=2"
    seen.page.go_back()
    eventually(lambda: kept.get_attribute("data-layer") == "conv_1_2")
    assert kept.count() == 1
    seen.page.go_back()
    expect(kept).to_have_count(0)
    assert fragment() == "#picture=koala"
    seen.page.go_forward()
    expect(kept).to_have_count(1)
    seen.page.keyboard.press("Escape")
    expect(kept).to_have_count(0)
    assert fragment() == "#picture=koala"
    seen.unit("relu_1_1", 1).focus()
    seen.page.keyboard.press("Enter")
    assert fragment() == "#picture=koala&layer=relu_1_1&unit=1"
    seen.page.keyboard.press("Enter")
    assert fragment() == "#picture=koala"


def test_a_fragment_restores_picture_and_unit(visit):
    seen = visit("#picture=pizza&layer=max_pool_1&unit=7")
    assert seen.page.evaluate("document.documentElement.dataset.picture") == "pizza"
    kept = seen.page.locator("[aria-current=true]")
    assert (kept.get_attribute("data-layer"), kept.get_attribute("data-unit")) == ("max_pool_1", "7")
    # An edited address is followed at once.
    seen.page.evaluate("location.hash = '#picture=ladybug&layer=conv_2_2&unit=0'")
    seen.wait_until_picture("ladybug")
    assert kept.get_attribute("data-layer") == "conv_2_2"


@pytest.mark.parametrize(
    "fragment",
    [
        "#picture=unicorn",
        "#picture=espresso&layer=conv_9_9&unit=1",
        "#layer=conv_1_1&unit=10",
        "#layer=conv_1_1&unit=-1",
        "#layer=conv_1_1&unit=one",
        "#unit=3",
        "#%%%&&==",
        "#picture=upload-1",
    ],
)
def test_unknown_and_impossible_parts_of_a_fragment_are_ignored(visit, fragment):
    seen = visit(fragment)
    assert seen.page.evaluate("document.documentElement.dataset.picture") == "espresso"
    assert seen.page.locator("[aria-current]").count() == 0


def test_units_and_classes_are_named_buttons(drawn):
    names = drawn.page.get_by_role("button").evaluate_all(
        "(all) => all.filter((one) => one.dataset.unit).map((one) => one.ariaLabel)"
    )
    assert len(names) == 3 + 10 * 10 + 1 + 10
    assert all(re.fullmatch(r"[a-z_0-9]+, .+", name) for name in names)
    assert len(set(names)) == len(names)
