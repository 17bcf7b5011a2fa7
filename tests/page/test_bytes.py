"""A first visit does not cost many bytes."""

import pytest

from tests.browser import FILES, SITE
from tests.weight import Traffic, weight

BUDGETS = {"overview-drawn": 630_000, "engine-ready": 6_060_000}


@pytest.fixture(scope="module")
def sent(browser, address):
    """Bytes until each mark, by path, all of one visit."""
    context = browser.new_context()
    traffic = Traffic(context, address)
    page = context.new_page()
    page.goto(address)
    yield {mark: traffic.until(page, mark) for mark in BUDGETS}
    context.close()


@pytest.mark.parametrize("mark", BUDGETS)
def test_a_first_visit_keeps_to_its_budget(sent, mark):
    heaviest = sorted(sent[mark].items(), key=lambda item: -item[1])
    assert sum(sent[mark].values()) <= BUDGETS[mark], heaviest


def test_all_that_is_sent_is_counted(sent):
    """What the page asks for and what the engine's worker does, and each file once."""
    runtime = "runtime/pyodide/pyodide.asm.wasm"
    page = sent["engine-ready"].pop("index.html")
    assert page == weight(SITE / "index.html")
    assert {"start.zip", "later.zip", runtime} <= set(sent["engine-ready"])
    assert sent["engine-ready"] == {path: weight(FILES / path) for path in sent["engine-ready"]}
    assert weight(FILES / runtime) < (FILES / runtime).stat().st_size / 2
