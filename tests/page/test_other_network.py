"""The page follows whatever network it is given: another size, other layers, other classes."""

import numpy as np
from playwright.sync_api import expect

from builder.page_packs import START
from tests.browser import served
from tests.packed import change_pack
from tests.page.native import Native, diverging, equal
from tests.page.networks import CLASSES, write_site
from tests.page.visit import eventually


def test_another_network_is_laid_out_computed_and_coloured(visit, other, elsewhere):
    seen = visit(at=elsewhere)
    pixels = seen.picture()
    assert pixels.shape == (48, 40, 3)
    native = Native(other, pixels)
    for shown, exact in zip(seen.probabilities(), native.classified.probabilities.values(), strict=True):
        assert equal(shown, exact, rounding=5e-7)
    groups = [
        ["stem", "stem/relu", "shrink"],
        ["body", "rectify", "pick", "vector"],
        ["hidden", "hidden/relu"],
    ]
    for group in groups:
        limit = native.largest(group)
        for layer in group:
            for unit, values in enumerate(native.maps(layer)):
                shown = seen.unit_pixels(layer, unit)[..., :3]
                assert np.abs(shown - diverging(values, limit)).max() <= 1, (layer, unit)
    names = seen.page.locator("[data-class] .class-name").all_inner_texts()
    assert names == CLASSES
    seen.unit("body", 11).hover()
    eventually(lambda: seen.page.locator("[data-role=source]").count() == 6)
    assert seen.facts().startswith("body, unit 11: 10×8, values from")
    seen.unit("answer", 6).hover()
    sources = seen.page.locator("[data-role=source]")
    eventually(lambda: sources.count() == 1)
    assert sources.get_attribute("data-layer") == "hidden/relu"
    seen.open("answer", 6)
    fragment = seen.fragment()
    assert (fragment["picture"], fragment["layer"], fragment["unit"]) == ("espresso", "answer", "6")


def test_a_unit_whose_layer_has_a_slash_is_opened_by_its_address(visit, elsewhere):
    seen = visit("#picture=koala&layer=stem%2Frelu&unit=5&y=22&x=18", at=elsewhere)
    seen.wait_until_view("stem/relu", 5)
    expect(seen.page.get_by_role("heading", name="stem/relu, unit 5")).to_be_visible()
    assert seen.cursor() == (22, 18)


def test_an_engine_with_another_network_than_the_page_was_built_for_is_an_error(visit, other, tmp_path):
    described = other.describe()
    described["layers"][0]["parameter_count"] += 1
    site = tmp_path / "site"
    write_site(other, site)
    change_pack(site, START, {"network.json": described})
    with served(site) as address:
        seen = visit(at=address, wait=None)
        seen.page.locator("html[data-engine=failed]").wait_for(state="attached", timeout=60_000)
        reason = seen.notice("engine").locator("[data-reason]")
        assert "not the one this page was built for" in reason.inner_text()
