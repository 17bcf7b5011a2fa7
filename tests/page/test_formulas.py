"""Formulas are set in the page's own font, which is fetched when they come near, on every kind of page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import wait_for_mark

FILE = "stix-two-math.woff2"
NARROW = {"width": 320, "height": 568}
# What of a formula is beyond its box, or beyond the window's edge.
BEYOND = """(all) => Math.max(...all.map((one) => {
  const ends = [...one.children].map((child) => child.getBoundingClientRect().right);
  const window = document.documentElement.clientWidth;
  return Math.max(one.scrollWidth - one.clientWidth, Math.max(...ends) - window);
}))"""
BOX = "(one) => one.getBoundingClientRect().toJSON()"


def boxes(seen, *selectors):
    return [seen.page.locator(selector).first.evaluate(BOX) for selector in selectors]


@pytest.mark.parametrize(("page", "look"), [("?lang=en", "light"), ("ja.html", "dark")])
def test_formulas_have_their_font_and_fit_the_narrowest_phone(visit, page, look):
    seen = visit(page, viewport=NARROW, color_scheme=look, wait=None)
    fetched = []
    seen.page.on("request", lambda request: fetched.append(request.url.rsplit("/", 1)[1]))
    wait_for_mark(seen.page, "engine-ready")
    assert FILE not in fetched
    assert not seen.page.locator("html[data-formulas]").count()

    with seen.page.expect_response(f"**/{FILE}"):
        seen.page.locator("#article-hyperparameters").scroll_into_view_if_needed()
    seen.page.evaluate("document.fonts.ready.then(() => true)")
    formulas = seen.page.locator("math")
    families = formulas.evaluate_all("(all) => all.map((one) => getComputedStyle(one).fontFamily)")
    assert set(families) == {'"STIX Two Math", math'}
    assert len(families) > 30
    assert formulas.evaluate_all(BEYOND) <= 0
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    for place in ("#article-hyperparameters", "#article-playground"):
        floor, fraction, name = boxes(
            seen, f"{place} mo:text-is('⌊')", f"{place} mfrac", f"{place} math[display] mi"
        )
        assert floor["height"] > 2 * name["height"]
        assert floor["top"] <= fraction["top"] + 1
        assert floor["bottom"] >= fraction["bottom"] - 1
    base, lowered = boxes(seen, "#article-dense msub > :first-child", "#article-dense msub > :last-child")
    assert lowered["bottom"] > base["bottom"] + 2
    assert fetched.count(FILE) == 1

    # A network of larger sizes
    numbers = seen.page.locator("#article-hyperparameters math[display] mn").filter(
        has_text=re.compile("^6[24]$")
    )
    assert numbers.count() == 2
    numbers.evaluate_all("(all) => all.forEach((one) => { one.textContent = 1024; })")
    assert formulas.evaluate_all(BEYOND) <= 0


@pytest.mark.parametrize("scripts", [True, False])
def test_formulas_are_printed_in_their_font(visit, scripts):
    seen = visit("#picture=koala", wait="ready" if scripts else None, java_script_enabled=scripts)
    expect(seen.page.locator("#article")).to_be_attached()
    printed = seen.page.pdf()
    assert re.search(rb"/FontName /\w+\+STIXTwoMath", printed)
