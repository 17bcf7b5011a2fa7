"""Units and classes: what pointing, focusing and choosing them brings out, and what the address says."""

import re
import shutil

import numpy as np
import pytest
from playwright.sync_api import expect

from builder.page_packs import START
from tests.browser import SITE, served
from tests.packed import change_pack
from tests.page.native import Native, diverging
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
    assert curves == (10 if layer == "flatten" else len(units))  # a strip has a curve for each tenth
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
    picture, flatten, classes = 3, 10, 100
    assert curves == picture + 30 + 10 + 100 + 10 + 10 + 100 + 10 + 100 + 10 + 10 + flatten + classes


def test_a_channel_reads_the_picture(drawn):
    drawn.unit("input", 1).hover()
    eventually(lambda: roles(drawn)[0] == [("input", 1)])
    assert drawn.page.locator("#picture").get_attribute("data-role") == "source"
    assert drawn.page.locator("#active-connections").get_attribute("d").count("M") == 1


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [
        (("input", 2), "from 0 to 1."),
        (("conv_1_1", 0), "Reads all 3 channels of the picture."),
        (("conv_2_1", 3), "Reads all 10 maps of max_pool_1."),
        (("relu_2_2", 8), "turns negative ones into 0. Reads unit 8 of conv_2_2."),
        (("max_pool_1", 5), "keeps the largest value of each small window, so the map shrinks."),
        (("flatten", 0), "Reads all 10 maps of max_pool_2."),
        (("output", 1), "Reads all values of flatten."),
    ],
)
def test_a_unit_is_explained(drawn, unit, sentence):
    drawn.unit(*unit).hover()
    expect(drawn.page.locator("#explanation")).to_contain_text(sentence)


def test_the_page_says_how_often_the_network_is_right(visit, network):
    seen = visit(wait="ready")
    accuracy = network.provenance["held_out_accuracy"]
    photos = network.provenance["held_out_photos"]
    said = f"The network gets {accuracy * 100:.1f}\u2009% of {photos} held-out photos right."
    expect(seen.page.locator("#explanation")).to_contain_text(said)


def test_between_two_units_nothing_flashes_and_focus_outlasts_the_pointer(drawn):
    drawn.unit("conv_1_2", 2).focus()
    drawn.unit("relu_1_1", 0).hover()
    drawn.page.evaluate(
        """() => {
          window.flashes = 0;
          const network = document.querySelector("#network");
          new MutationObserver((all) => {
            for (const one of all) if (!network.dataset.pointing) window.flashes += 1;
          }).observe(network, { attributes: true, attributeFilter: ["data-pointing"] });
        }"""
    )
    start, end = (drawn.unit("relu_1_1", unit).bounding_box() for unit in (0, 1))
    x = start["x"] + start["width"] / 2
    for step in range(11):
        drawn.page.mouse.move(x, start["y"] + 20 + step / 10 * (end["y"] - start["y"]))
    eventually(lambda: roles(drawn)[0] == [("relu_1_1", 1)])
    drawn.page.mouse.move(2, 2)
    eventually(lambda: roles(drawn)[0] == [("conv_1_2", 2)])
    assert drawn.facts().startswith("conv_1_2, unit 2")


def test_the_result_is_told_to_those_who_do_not_see_it(visit, network):
    seen = visit()
    result = seen.page.locator("#result[role=status]")
    seen.choose("koala")
    probabilities = Native(network, seen.picture()).classified.probabilities
    best = sorted(probabilities, key=probabilities.get, reverse=True)[:3]
    said = ", ".join(f"{name} {probabilities[name] * 100:.1f}\u2009%" for name in best)
    expect(result).to_have_text(f"Koala: {said}")
    assert seen.page.locator("#picture").get_attribute("aria-label").startswith("Koala, 64 by 64 pixels")


def test_the_skip_link_leads_into_the_network_and_keeps_the_state(visit):
    seen = visit("#picture=koala")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.id") == "skip"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.dataset.layer") == "input"
    assert seen.page.evaluate("location.hash") == "#picture=koala"


def test_the_browsers_own_shortcuts_are_left_alone(visit):
    seen = visit()
    seen.unit("conv_1_1", 3).focus()
    seen.page.evaluate(
        "addEventListener('keydown', (event) => { window.prevented = event.defaultPrevented; })"
    )
    for keys in ("Control+Home", "Meta+ArrowRight", "Control+ArrowDown"):
        seen.page.keyboard.press(keys)
        assert seen.page.evaluate("window.prevented") is False
        assert seen.page.evaluate("document.activeElement.dataset.unit") == "3"
    seen.page.keyboard.press("ArrowDown")
    assert seen.page.evaluate("window.prevented") is True


def test_tab_stops_at_the_network_and_at_the_classes(visit):
    seen = visit()
    stops = seen.page.locator("#network [tabindex='0']")
    assert stops.count() == 2
    seen.unit("input", 0).focus()
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.dataset.class") == "lifeboat"


def test_layers_are_groups_and_legends_have_names(drawn):
    group = drawn.page.get_by_role("group", name="conv_1_2, 10×60×60")
    assert group.get_by_role("button").count() == 10
    legend = drawn.page.get_by_role("img", name="Colour scale of conv_1_1, relu_1_1: from \u2212")
    assert legend.count() == 1
    assert drawn.page.locator("#screen").get_by_role("heading").all_inner_texts() == [
        "PyCNN Explainer",
        "The network",
        "Classes",
    ]


def test_a_map_is_drawn_on_the_button_that_is_called_so_wherever_it_stands(visit, address, network):
    seen = visit("about:blank", at="", wait=None)

    def exchange(route):
        page = route.fetch().text()
        for one, other in (("3", "none"), ("8", "3"), ("none", "8")):
            page = page.replace(
                f'data-layer="conv_1_1" data-unit="{one}"', f'data-layer="conv_1_1" data-unit="{other}"'
            )
        route.fulfill(body=page, content_type="text/html")

    seen.page.route(address, exchange)
    seen.address = address
    seen.page.goto(address)
    seen.wait_until_drawn()
    native = Native(network, seen.picture())
    limit = native.largest(["conv_1_1", "relu_1_1"])
    for unit in (3, 8, 9):
        shown = seen.unit_pixels("conv_1_1", unit)[..., :3]
        assert np.abs(shown - diverging(native.values("conv_1_1")[unit], limit)).max() <= 1
    seen.unit("conv_1_2", 0).hover()
    eventually(lambda: roles(seen) == ([("conv_1_2", 0)], [("relu_1_1", unit) for unit in range(10)]))


@pytest.mark.parametrize("more", [1, -1])
def test_a_page_that_was_built_for_another_network_does_not_start_and_says_why(
    visit, network, more, tmp_path
):
    described = network.describe()
    described["classes"] = [*described["classes"], "another one"][: len(described["classes"]) + more]
    site = tmp_path / "site"
    shutil.copytree(SITE, site)
    change_pack(site, START, {"network.json": described})
    with served(site) as address:
        seen = visit("about:blank", at="", wait=None)
        seen.misses_a_file = True  # the page complains, as it should
        seen.address = address
        seen.page.goto(address)
        seen.page.locator("html[data-page=failed]").wait_for(state="attached", timeout=60_000)
        expect(seen.notice("page")).to_be_visible()
        expect(seen.notice("page")).to_contain_text("not built for its network: of")


def test_arrow_keys_lead_through_the_network(visit):
    seen = visit()
    seen.page.locator("#path-start").focus()
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


def test_opened_units_are_in_the_history_and_their_connections_come_back_with_the_pointer(visit):
    seen = visit()
    opened = lambda: (seen.fragment().get("layer"), seen.fragment().get("unit"))  # noqa: E731
    seen.choose("koala")
    seen.open("conv_1_2", 4)
    assert opened() == ("conv_1_2", "4")
    seen.page.go_back()
    seen.wait_until_overview()
    assert seen.page.evaluate("location.hash") == "#picture=koala"
    # The focus is on the unit again, which is brought out with all that it reads.
    seen.page.mouse.move(2, 2)
    eventually(lambda: roles(seen)[0] == [("conv_1_2", 4)])
    assert len(roles(seen)[1]) == 10
    seen.open("output", 2)
    assert opened() == ("output", "2")
    seen.page.go_back()
    seen.wait_until_overview()
    seen.page.go_forward()
    seen.wait_until_view("output", 2)
    seen.page.keyboard.press("Escape")
    seen.wait_until_overview()
    assert seen.page.evaluate("location.hash") == "#picture=koala"


def test_a_fragment_restores_picture_and_unit(visit):
    seen = visit("#picture=pizza&layer=max_pool_1&unit=7")
    assert seen.page.evaluate("document.documentElement.dataset.picture") == "pizza"
    seen.wait_until_view("max_pool_1", 7)
    # An edited address is followed at once.
    seen.page.evaluate("location.hash = '#picture=ladybug&layer=conv_2_2&unit=0'")
    seen.wait_until_picture("ladybug")
    seen.wait_until_view("conv_2_2", 0)


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
    ],
)
def test_unknown_and_impossible_parts_of_a_fragment_are_ignored(visit, fragment):
    seen = visit(fragment)
    assert seen.page.evaluate("document.documentElement.dataset.picture") == "espresso"
    expect(seen.page.locator("#network")).to_be_visible()
    expect(seen.page.locator("#view")).to_be_hidden()


def test_units_and_classes_are_named_buttons(drawn):
    names = drawn.page.get_by_role("button").evaluate_all(
        "(all) => all.filter((one) => one.dataset.unit).map((one) => one.ariaLabel)"
    )
    assert len(names) == 3 + 10 * 10 + 1 + 10
    assert all(re.fullmatch(r"[a-z_0-9]+, .+", name) for name in names)
    assert len(set(names)) == len(names)
