"""The first picture: painted before any Python, exact when it answers, checked when the engine is there."""

import json
import shutil

import pytest
from playwright.sync_api import expect

from builder.page_packs import LATER, read_pack
from tests.browser import FILES, SITE, served, wait_for_mark
from tests.packed import change_pack
from tests.page.native import Native
from tests.page.test_page_pictures import LAYER_GROUPS, NAMES, check_maps, check_probabilities
from tests.page.visit import START, eventually


@pytest.fixture
def waiting(visit, address):
    """Opens the site while some of its files have not come yet; gives the visit and lets them come."""

    def open_site(*files, fragment=""):
        seen = visit("about:blank", at="", wait=None)
        held, let = [], []
        for file in files:
            seen.page.route(f"**/{file}", lambda route: route.continue_() if let else held.append(route))
        seen.address = address
        seen.page.goto(address + fragment, wait_until="domcontentloaded")

        def come():
            let.append(True)
            for route in held:
                route.continue_()

        return seen, come

    return open_site


def numbers_of(seen):
    """The labels of all units and classes, and the classes' probabilities."""
    labels = seen.page.locator("[data-unit]").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
    return labels, seen.probabilities()


def test_without_python_the_first_picture_is_there_as_natively(waiting, network):
    seen, come = waiting("micropython.wasm", "engine/worker.js")
    eventually(lambda: seen.pixels("#picture").any())
    assert seen.page.locator("html").get_attribute("data-page") == "starting"
    native = Native(network, seen.picture())
    check_maps(seen, native, LAYER_GROUPS)
    check_probabilities(seen, native)
    numbers = numbers_of(seen)
    widths = seen.page.locator(".bar > span").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().width / one.parentElement.clientWidth)"
    )
    assert widths == pytest.approx(seen.probabilities(), abs=0.02)
    come()
    seen.wait_until_drawn()
    wait_for_mark(seen.page, "first-checked")
    assert numbers_of(seen) == numbers
    check_maps(seen, native, LAYER_GROUPS)


def test_before_the_engine_is_ready_units_answer_to_pointer_and_keyboard(waiting, network):
    seen, come = waiting("engine/worker.js")
    wait_for_mark(seen.page, "overview-drawn")
    assert seen.page.locator("html").get_attribute("data-engine") == "starting"
    assert seen.page.locator("html").get_attribute("data-picture") == NAMES[0]
    native = Native(network, seen.picture())
    for layer, unit in (("conv_1_2", 4), ("max_pool_2", 1)):
        low, high = native.values(layer)[unit].min(), native.values(layer)[unit].max()
        expected = f"values from {low:.2f} to {high:.2f}".replace("-", "\u2212")
        seen.unit(layer, unit).hover()
        eventually(lambda expected=expected: seen.facts().endswith(expected))
        seen.page.mouse.move(2, 2)
        seen.unit(layer, unit).focus()
        eventually(lambda expected=expected: seen.facts().endswith(expected))
        seen.unit(layer, unit).blur()
    assert seen.page.locator("#legends .legend").count() == 1 + len(LAYER_GROUPS)
    expect(seen.page.locator("#result")).to_contain_text(f"{max(seen.probabilities()) * 100:.1f}")
    # A view waits for the engine, which computes what it shows.
    seen.unit("relu_1_1", 2).click()
    expect(seen.page.locator("#view-sentence")).to_contain_text("engine")
    come()
    seen.page.locator("#view-body .map").first.wait_for(timeout=START)


def test_the_first_picture_shows_until_the_engine_has_the_one_that_the_address_names(waiting):
    seen, come = waiting("engine/worker.js", fragment="#picture=pizza")
    wait_for_mark(seen.page, "overview-drawn")
    assert seen.page.locator("html").get_attribute("data-picture") == NAMES[0]
    assert seen.page.locator("[aria-pressed=true]").get_attribute("data-sample") == "pizza"
    first = seen.probabilities()
    come()
    seen.wait_until_picture("pizza")
    assert seen.probabilities() != first
    wait_for_mark(seen.page, "first-checked")


def test_a_click_before_python_answers_is_not_lost(waiting):
    seen, come = waiting("micropython.wasm")
    seen.unit("conv_1_1", 2).click()
    come()
    seen.wait_until_view("conv_1_1", 2)


def test_another_networks_first_picture_is_its_own(visit, other, elsewhere):
    seen = visit(at=elsewhere)
    wait_for_mark(seen.page, "first-checked")
    marks = dict(
        seen.page.evaluate("performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime])")
    )
    assert marks["overview-drawn"] < marks["picture-drawn"]
    check_probabilities(seen, Native(other, seen.picture()))


def test_without_its_maps_the_page_waits_for_the_engine(visit, address, network):
    seen = visit("about:blank", at="", wait=None)
    seen.take_away("first/maps.webp")
    seen.address = address
    seen.page.goto(address)
    seen.wait_until_ready()
    assert seen.page.locator("html").get_attribute("data-picture") is None
    assert seen.page.evaluate("performance.getEntriesByName('overview-drawn').length") == 0
    seen.wait_until_drawn()
    wait_for_mark(seen.page, "overview-drawn")
    check_maps(seen, Native(network, seen.picture()), LAYER_GROUPS[:1])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda summary: summary["conv_2_1"][3].__setitem__(1, summary["conv_2_1"][3][1] * 1.01),
            "in conv_2_1.",
        ),
        (lambda summary: summary.clear(), "in input, conv_1_1, relu_1_1"),
    ],
    ids=["one layer", "all"],
)
def test_a_build_that_computed_something_else_is_an_error(visit, tmp_path, network, change, sentence):
    site = tmp_path / "site"
    shutil.copytree(SITE, site)
    summary = json.loads(read_pack(FILES / LATER)["summary.json"])
    change(summary)
    change_pack(site, LATER, {"summary.json": summary})
    with served(site) as address:
        seen = visit(at=address)
        alert = seen.page.get_by_role("alert").filter(has_text="computes other values")
        alert.wait_for(timeout=START)
        assert sentence in alert.inner_text()
        assert seen.page.evaluate("performance.getEntriesByName('first-checked').length") == 0
        check_probabilities(seen, Native(network, seen.picture()))
