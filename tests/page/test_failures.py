"""What fails in a running page is said in a sentence, can be tried again, and leaves nothing waiting."""

import io
import json
import re

from PIL import Image
from playwright.sync_api import expect

from builder.archive import deflated, pack
from builder.page_packs import LATER, MODULES, read_pack
from tests.browser import FILES
from tests.page.faulty import fail, hold, release, visit_faulty
from tests.page.visit import START, eventually

FILE = io.BytesIO()
Image.new("RGB", (40, 30), "teal").save(FILE, "PNG")
PNG = FILE.getvalue()
FAULT = "the program came upon a fault of its own"

SMALL_MAPS_DIFFERING = """() => [...document.querySelectorAll("#article canvas[data-of]")].filter((small) => {
  const { of, map } = small.dataset;
  const drawn = document.querySelector(`[data-layer="${of}"][data-unit="${map}"] canvas`);
  return small.toDataURL() !== drawn.toDataURL();
}).length"""


def says(seen, kind, *parts):
    """Wait until a notice says this, in words that a visitor understands."""
    notice = seen.notice(kind)
    for part in parts:
        expect(notice.locator("[data-says]")).to_contain_text(part, timeout=START)
    expect(notice).to_be_visible()
    assert not re.search(r"JsProxy|Error|Traceback", seen.page.locator("body").inner_text())
    return notice


def retry(notice):
    notice.locator("button[data-retry]").click()


def test_what_the_engine_fails_at_is_said_and_can_be_tried_again(visit, address):
    seen = visit_faulty(visit, address, reduced_motion="reduce")
    page = seen.page

    # A view that cannot be opened says so itself, too, and shows nothing of another one.
    fail(seen, "open")
    seen.unit("conv_1_2", 4).click()
    notice = says(seen, "page", "The view could not be computed", FAULT)
    expect(page.locator("#view-sentence")).to_contain_text("The view could not be computed")
    seen.choose("koala")
    says(seen, "page", "The view could not be computed")
    fail(seen)
    retry(notice)
    seen.wait_until_view("conv_1_2", 4)
    expect(notice).to_be_hidden()
    expect(page.locator("#view-sentence")).to_contain_text("Slides a 3×3 kernel")

    # Another picture, of which the view cannot be computed: it does not go on to show the old one's numbers.
    fail(seen, "open")
    seen.choose("pizza")
    says(seen, "page", "The view could not be computed")
    expect(page.locator("#view-body")).to_be_hidden()
    page.keyboard.press("Escape")
    seen.wait_until_overview()
    expect(notice).to_be_hidden()
    fail(seen)
    seen.open("conv_1_2", 4)

    # Colours stay what they were, and the setting says so.
    scale = page.locator("#sharing")
    before = seen.unit_pixels("conv_1_1", 0).tobytes()
    fail(seen, "recolour")
    scale.select_option("network")
    says(seen, "page", "The maps could not be coloured anew", FAULT)
    expect(scale).to_have_value("layer")
    assert page.evaluate("localStorage.getItem('sharing')") == "layer"
    assert seen.unit_pixels("conv_1_1", 0).tobytes() == before
    fail(seen)
    retry(notice)
    expect(scale).to_have_value("network")
    eventually(lambda: seen.unit_pixels("conv_1_1", 0).tobytes() != before)
    # The article's small maps have the same colours as the network's.
    eventually(lambda: page.evaluate(SMALL_MAPS_DIFFERING) == 0)

    # A file that cannot be made.
    fail(seen, "save", "csv")
    for action, file in (("activations", "pycnn-pizza.npz"), ("map", "pycnn-pizza-conv_1_2-4.csv")):
        page.locator("#taking summary").click()
        page.locator(f"[data-take={action}]").click()
        notice = says(seen, "page", f"{file} could not be made", FAULT)
        expect(page.locator("#taking-news")).to_have_text("")
    fail(seen)
    with page.expect_download() as download:
        retry(notice)
    assert download.value.suggested_filename == "pycnn-pizza-conv_1_2-4.csv"
    expect(notice).to_be_hidden()

    # The visitor's own picture.
    before = seen.everything()
    fail(seen, "decode")
    seen.upload("mine.png", PNG)
    notice = says(seen, "picture", "mine.png could not be read", FAULT)
    assert seen.everything() == before
    fail(seen)
    retry(notice)
    seen.wait_until_picture("upload-1")
    expect(notice).to_be_hidden()

    # Of a file that is out of date by now, nothing is said.
    hold(seen, "decode")
    seen.upload("late.png", PNG)
    says(seen, "picture", "Reading late.png")
    seen.choose("koala")
    fail(seen, "decode")
    release(seen)
    seen.expect_quiet_for(0.3)
    expect(seen.notice("picture")).to_be_hidden()
    fail(seen)

    # A picture that the engine fails at: the one on the page stays, also in the engine.
    before = seen.everything()
    fail(seen, "show")
    page.locator("button[data-sample=orange]").click()
    notice = says(seen, "picture", "The picture could not be computed", FAULT)
    assert seen.everything() == before
    fail(seen)
    retry(notice)
    seen.wait_until_picture("orange")
    expect(notice).to_be_hidden()

    # Of two pictures in a hurry only the second counts, and the first one's failure is not told.
    hold(seen, "show")
    page.locator("button[data-sample=koala]").click()
    fail(seen, "show")
    release(seen)
    fail(seen)
    seen.choose("pizza")
    seen.expect_quiet_for(0.3)
    expect(seen.notice("picture")).to_be_hidden()


def test_texts_that_quote_numbers_say_why_they_have_none(visit, address):
    seen = visit_faulty(visit, address)
    page = seen.page
    quoted = page.locator("#article [data-quote]").first
    before = quoted.get_attribute("data-value")
    fail(seen, "quote")
    seen.choose("koala")
    notice = says(seen, "page", "The numbers in the article are still those of another picture", FAULT)
    assert quoted.get_attribute("data-value") == before

    page.locator("#path-start").click()
    expect(page.locator("#path-waiting")).to_contain_text("could not be computed", timeout=START)
    expect(page.locator("#path-retry")).to_be_visible()
    fail(seen)
    page.locator("#path-retry").click()
    expect(page.locator("#path-waiting")).to_be_empty()
    expect(page.locator("#path-retry")).to_be_hidden()
    expect(page.locator("#path-says [data-value]").first).to_be_visible()
    page.locator("#path-leave").click()

    retry(notice)
    expect(notice).to_be_hidden()
    expect(quoted).not_to_have_attribute("data-value", before)

    fail(seen, "play")
    page.locator("#playground").scroll_into_view_if_needed()
    status = page.locator("#try-status")
    expect(status).to_contain_text("The output could not be computed", timeout=START)
    fail(seen)
    page.locator("#try-retry").click()
    expect(status).to_be_empty()
    expect(page.locator("#playground")).to_have_attribute("data-computed", "true")
    expect(page.locator("#try-retry")).to_be_hidden()


def test_modules_that_come_late_and_cannot_be_used_are_told_of(visit, address):
    members = read_pack(FILES / LATER)
    modules = {**json.loads(members[MODULES]), "ui/views/kinds.py": "1 / 0"}
    lacking = "The views and the guided path are not here yet"
    unusable = deflated("later", pack({**members, MODULES: json.dumps(modules).encode()}))
    seen = visit("about:blank", at="", wait=None)
    seen.misses_a_file = True
    seen.page.route(f"**/{LATER}", lambda route: route.fulfill(body=unusable))
    seen.address = address
    seen.page.goto(address + "#picture=koala&layer=conv_1_2&unit=4")
    says(seen, "page", lacking, FAULT)
    seen.wait_until_picture("koala")  # a view that could be computed now says no other thing
    notice = says(seen, "page", lacking, FAULT)
    expect(seen.page.locator("#view-sentence")).to_contain_text(lacking)
    seen.page.unroute_all()
    notice.get_by_role("button", name="Load again").click()
    seen.wait_until_view("conv_1_2", 4)
    expect(notice).to_be_hidden()


def test_an_engine_that_cannot_say_what_it_computes_is_started_anew(visit, address):
    seen = visit_faulty(visit, address, "#picture=koala&layer=conv_1_2&unit=4", ["describe"], wait="ready")
    notice = says(seen, "engine", "The engine is not running")
    assert "came upon a fault" in notice.inner_text()
    assert seen.page.locator("html").get_attribute("data-engine") == "failed"
    expect(seen.page.locator("#view-sentence")).to_contain_text("The engine is not running")
    fail(seen, "compare")
    notice.get_by_role("button", name="Try again").click()
    seen.wait_until_view("conv_1_2", 4)
    expect(notice).to_be_hidden()
    unchecked = says(seen, "network", "could not be checked", FAULT)
    fail(seen)
    retry(unchecked)
    expect(unchecked).to_be_hidden(timeout=START)
    assert seen.page.evaluate("performance.getEntriesByName('first-checked').length") == 1
