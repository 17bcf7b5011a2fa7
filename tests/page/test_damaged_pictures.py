"""Pictures of the gallery that come damaged are not kept, and fetched anew when the visitor tries again."""

import io
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser import FILES, SITE
from tests.faulty import KINDS, Faulty, served_badly
from tests.page.visit import START
from tests.picture_cases import drawing, encoded

HTML = b"<!doctype html><title>Please log in to this network</title>"


def file_of(name):
    """A picture's file in the built site."""
    return next(SITE.rglob(f"samples/{name}.zip")).read_bytes()


def damaged():
    """By picture, how its file is answered: status and body, None for a connection that breaks."""
    other_size = io.BytesIO()
    with zipfile.ZipFile(other_size, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pixels", bytes(64 * 64 * 3 + 3))
    orange = file_of("orange")
    return {
        "pizza": (404, b"gone"),
        "ladybug": (500, b""),
        "koala": (200, HTML),
        "orange": (200, orange[: len(orange) // 3]),
        "school_bus": (200, other_size.getvalue()),
        "red_panda": (200, b""),
        "bell_pepper": None,
    }


def spoil(seen, name, answer):
    def handle(route):
        if answer:
            status, body = answer
            route.fulfill(status=status, body=body, headers={"Cache-Control": "max-age=600"})
        else:
            route.abort()

    seen.misses_a_file = True
    seen.page.route(f"**/samples/{name}.zip", handle)


def test_a_damaged_picture_is_told_and_fetched_anew(visit):
    seen = visit("#picture=sport_car&layer=conv_1_2&unit=4&y=3&x=2")
    seen.wait_until_view("conv_1_2", 4)
    notice = seen.notice("picture")
    for name, answer in damaged().items():
        spoil(seen, name, answer)
        before = seen.everything()
        seen.page.locator(f"button[data-sample={name}]").click()
        expect(notice).to_contain_text(f"its file samples/{name}.zip", timeout=START)
        expect(notice).to_contain_text("The one on the page is unchanged.")
        assert seen.everything() == before, name
        # The setting of the scales still reaches the picture that is drawn.
        seen.page.locator("#sharing").select_option("network")
        seen.page.locator("#sharing").select_option("layer")
        seen.page.unroute_all()
        notice.locator("button[data-retry]").click()
        seen.wait_until_picture(name)
        expect(notice).to_be_hidden()
    # Choosing it once more does the same.
    spoil(seen, "yellow_pepper", (200, HTML))
    seen.page.locator("button[data-sample=yellow_pepper]").click()
    expect(notice).to_contain_text("samples/yellow_pepper.zip", timeout=START)
    seen.page.unroute_all()
    seen.choose("yellow_pepper")


@pytest.mark.parametrize("first_too", [False, True])
def test_a_damaged_picture_of_the_address_leaves_the_first_one(visit, address, first_too):
    seen = visit("about:blank", at="", wait=None)
    spoil(seen, "pizza", (200, HTML))
    if first_too:
        spoil(seen, "espresso", (404, b""))
    seen.address = address
    seen.page.goto(address + "#picture=pizza&layer=conv_1_2&unit=4")
    notice = seen.notice("picture")
    if first_too:  # there is no picture to show numbers of, and the view says so
        expect(notice).to_contain_text("samples/espresso.zip", timeout=START)
        expect(seen.page.locator("#view-sentence")).to_contain_text("There are no numbers")
        seen.page.unroute_all()
        notice.locator("button[data-retry]").click()
    else:
        expect(notice).to_contain_text("samples/pizza.zip", timeout=START)
    seen.wait_until_view("conv_1_2", 4)
    seen.wait_until_picture("espresso")
    assert seen.fragment()["picture"] == "espresso"
    assert seen.page.locator("#gallery [aria-pressed=true]").get_attribute("data-sample") == "espresso"


def test_what_reads_files_is_named_however_it_does_not_come_and_fetched_anew(visit):
    """One page for each fault that takes its time, all at once; the others in turn on the first of them."""
    pillow = f"{FILES.name}/runtime/pillow/pillow.zip"
    slow = ("silent", "stuck", "dripping")
    with served_badly() as host:
        pages = [visit(at=f"{host}{case}/") for case in slow]
        for kind in [kind for kind in KINDS if kind not in slow]:
            Faulty.faults[slow[0], pillow] = kind
            upload(pages[0], kind)
            check_said(pages[0], kind)
        for seen, kind in zip(pages, slow, strict=True):
            Faulty.faults[kind, pillow] = kind
            upload(seen, kind)
        for seen, kind in zip(pages, slow, strict=True):
            check_said(seen, kind)
        Faulty.faults.clear()
        for seen in pages:
            assert seen.page.locator("html").get_attribute("data-restarts") == "0"
            seen.notice("picture").locator("button[data-retry]").click()
        for seen in pages:
            seen.wait_until_picture("upload-1")
            expect(seen.notice("picture")).to_be_hidden()


def upload(seen, kind):
    seen.misses_a_file = True
    seen.upload(f"{kind}.png", encoded(drawing()))


def check_said(seen, kind):
    notice = seen.notice("picture").filter(has_text=f"{kind}.png could not be read")
    expect(notice).to_contain_text("its file runtime/pillow/pillow.zip", timeout=START)
    expect(notice).to_contain_text("The picture on the page is unchanged.")
