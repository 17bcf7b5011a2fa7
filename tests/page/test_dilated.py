"""Where kernels read cells that are apart, article, path and views quote just these cells."""

import pytest
from playwright.sync_api import expect

from tests.browser import served
from tests.page.native import Native
from tests.page.networks import make_dilated, write_site
from tests.page.test_article_live import check_quotes, quotes
from tests.page.walk import Walk


@pytest.fixture
def dilated(tmp_path):
    """(network, address of a site with it)."""
    network = make_dilated()
    write_site(network, tmp_path / "site")
    with served(tmp_path / "site") as address:
        yield network, address


def test_article_and_path_quote_what_a_dilated_kernel_reads(visit, dilated):
    network, address = dilated
    seen = visit(at=address, reduced_motion="reduce")
    check_quotes(seen, Native(network, seen.picture()), 40)
    assert {"window", "products", "partial"} <= {question[0] for question, *_ in quotes(seen)}
    walk, page = Walk(seen, network), seen.page
    page.locator("#path-start").click()
    steps = {}
    for number in range(1, 20):
        step = walk.arrived(number)
        # The field is counted by hand for the shipped network only.
        steps[step] = walk.check(step) if step != "deep" else 0
        if page.locator("#path-question").is_visible() and step != "picture":
            page.locator("#path-reveal").click()
            expect(page.locator("#path-verdict")).to_have_attribute("data-verdict", "shown")
            walk.check(step)
        if number == walk.count():
            break
        page.locator("#path-next").click()
    assert {"window", "addition", "size", "second", "pooling"} <= set(steps)
