"""What a visitor takes along from a view: its link, its numbers, its picture, and values as files."""

import base64
import csv
import io
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import wait_for_mark
from tests.page.native import Native, diverging
from tests.page.visit import Visit

SVG = "{http://www.w3.org/2000/svg}"
UNIT = "#picture=koala&layer=conv_1_2&unit=4&y=10&x=12"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
ACTIONS = ["link", "picture", "numbers", "activations", "map"]  # in the menu's order
REFUSING = "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"
MISSING = "delete Navigator.prototype.clipboard;"
WAYS = ["pointer", "keyboard"]


@pytest.fixture
def opened(visit):
    """Opens the site with a view in it."""

    def open_view(fragment=UNIT, **options):
        seen = visit(fragment, **(CLIPBOARD | options))
        wait_for_mark(seen.page, "view-opened")
        return seen

    return open_view


@pytest.fixture(scope="module")
def taken(browser, address, tmp_path_factory):
    """One visit, and the files of the view that it takes along."""
    seen = Visit(browser, address + UNIT, **CLIPBOARD)
    wait_for_mark(seen.page, "view-opened")
    folder = tmp_path_factory.mktemp("taken")
    files = {action: save(seen, action, folder) for action in ("picture", "activations", "map")}
    yield seen, files
    seen.close()


def take(seen, action, way="pointer"):
    """Choose an entry of the menu."""
    if way == "pointer":
        seen.page.locator("#taking summary").click()
        seen.page.locator(f"[data-take={action}]").click()
    else:
        seen.page.locator("#taking summary").focus()
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("[data-take]").first).to_be_focused()
        for _ in range(ACTIONS.index(action)):
            seen.page.keyboard.press("ArrowDown")
        seen.page.keyboard.press("Enter")


def save(seen, action, folder: Path, way="pointer") -> Path:
    with seen.page.expect_download() as download:
        take(seen, action, way)
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    expect(seen.page.locator("#taking-news")).to_have_text(f"Saved as {file.name}")
    return file


def clipboard(seen) -> str:
    return seen.page.evaluate("navigator.clipboard.readText()")


def expect_closed(seen):
    """The menu is closed, its view is not, and the focus is where it was."""
    expect(seen.page.locator("#taking-menu")).to_be_hidden()
    expect(seen.page.locator("#view")).to_be_visible()
    expect(seen.page.locator("#taking summary")).to_be_focused()


# Copying


@pytest.mark.parametrize("way", WAYS)
def test_the_link_leads_to_exactly_this_state(opened, visit, way):
    seen = opened()
    seen.page.locator(".map.big[data-map=output]").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        seen.page.keyboard.press(key)
    take(seen, "link", way)
    expect(seen.page.locator("#taking-news")).to_have_text("Link copied")
    expect_closed(seen)
    link = clipboard(seen)
    assert link == seen.page.evaluate("location.href")
    assert link == seen.address.partition("#")[0] + "#picture=koala&layer=conv_1_2&unit=4&y=9&x=14"
    again = visit("", at=link, wait="drawn")
    wait_for_mark(again.page, "view-opened")
    result = "#view .addends .result"
    shown = again.page.locator(result).get_attribute("data-value")
    assert shown == seen.page.locator(result).get_attribute("data-value")


@pytest.mark.parametrize("way", WAYS)
def test_the_numbers_at_the_cursor_are_copied_as_text(opened, network, way):
    seen = opened()
    take(seen, "numbers", way)
    expect(seen.page.locator("#taking-news")).to_have_text("Numbers copied")
    expect_closed(seen)
    lines = clipboard(seen).splitlines()
    assert lines[:2] == ["conv_1_2, unit 4", "row 10, column 12"]
    value = Native(network, seen.picture()).values("conv_1_2")[4, 10, 12]
    shown = f"{value:.2f}".replace("-", "\u2212")
    assert lines[-1].endswith((f" = {shown}", f" \u2248 {shown}"))
    assert lines[-1].count(" + ") == 10  # ten maps and the bias


@pytest.mark.parametrize("clipboards", [REFUSING, MISSING], ids=["refusing", "missing"])
@pytest.mark.parametrize("action", ["link", "numbers"])
def test_what_the_browser_does_not_copy_is_shown_and_selected(browser, address, clipboards, action):
    seen = Visit(browser, "about:blank")
    seen.address = address
    seen.page.add_init_script(clipboards)
    seen.page.goto(address + UNIT)
    wait_for_mark(seen.page, "view-opened")
    take(seen, action)
    field = seen.page.locator("#taking-text")
    expect(field).to_be_focused()
    text = field.input_value()
    if action == "link":
        assert text == seen.page.evaluate("location.href") == address + UNIT
    else:
        assert text.startswith("conv_1_2, unit 4\nrow 10, column 12\n")
    selected = field.evaluate("(one) => one.value.slice(one.selectionStart, one.selectionEnd)")
    assert selected == text
    expect(seen.page.get_by_label("The browser does not let the page copy")).to_be_visible()
    seen.page.keyboard.press("Escape")
    expect_closed(seen)
    seen.page.locator("#taking summary").click()
    expect(field).to_be_hidden()
    seen.close()


# Files


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("picture", "pycnn-koala-conv_1_2-4.svg"),
        ("activations", "pycnn-koala.npz"),
        ("map", "pycnn-koala-conv_1_2-4.csv"),
    ],
)
def test_files_are_called_after_what_is_in_them(taken, tmp_path, action, name, way):
    seen, _ = taken
    assert save(seen, action, tmp_path, way).name == name
    expect_closed(seen)


def test_names_of_layers_and_uploads_make_names_of_files(opened, elsewhere, tmp_path):
    seen = opened("#picture=koala&layer=stem%2Frelu&unit=5", at=elsewhere)
    assert save(seen, "map", tmp_path).name == "pycnn-koala-stem_relu-5.csv"
    drawing = io.BytesIO()
    Image.effect_mandelbrot((80, 80), (-2, -1, 1, 1), 50).save(drawing, "PNG")
    seen.upload("mine.png", drawing.getvalue())
    seen.wait_until_picture("upload-1")
    assert save(seen, "picture", tmp_path).name == "pycnn-upload-1-stem_relu-5.svg"
    assert save(seen, "activations", tmp_path).name == "pycnn-upload-1.npz"
    with np.load(tmp_path / "pycnn-upload-1.npz") as saved:
        assert np.array_equal(saved["pixels"], seen.picture())
        assert "stem/relu" in saved


def test_a_view_that_is_not_the_first_one_is_in_the_files_name(opened, tmp_path):
    seen = opened("#picture=koala&layer=output&unit=5&view=softmax")
    assert save(seen, "picture", tmp_path).name == "pycnn-koala-output-5-softmax.svg"


def test_the_npz_holds_every_activation(taken, network):
    seen, files = taken
    native = Native(network, seen.picture())
    with np.load(files["activations"]) as saved:
        assert set(saved) == {"pixels", "input", *native.layers}
        assert np.array_equal(saved["pixels"], seen.picture())
        for layer in ("input", *native.layers):
            exact = native.values(layer)
            assert saved[layer].dtype == np.float32
            assert saved[layer].shape == exact.shape
            assert (np.abs(saved[layer] - exact) <= 1e-5 * np.maximum(1, np.abs(exact))).all(), layer


def test_the_csv_is_the_map_to_the_last_digit(taken):
    _, files = taken
    with files["map"].open(newline="") as file:
        rows = np.array(list(csv.reader(file)), np.float32)
    with np.load(files["activations"]) as saved:
        assert np.array_equal(rows, saved["conv_1_2"][4])


def test_nothing_is_saved_of_a_picture_that_is_still_on_its_way(opened, tmp_path):
    seen = opened()
    held = []
    seen.page.route("**/samples/pizza.zip", lambda route: held.append(route))
    seen.page.locator("button[data-sample=pizza]").click()
    seen.page.locator("button[data-sample=pizza][aria-pressed=true]").wait_for()
    downloads = []
    seen.page.on("download", lambda download: downloads.append(download))
    take(seen, "activations")
    expect(seen.page.locator("#taking-news")).to_have_text(
        "The numbers are not there yet. Try again once the view is drawn."
    )
    assert downloads == []
    held[0].continue_()
    seen.wait_until_picture("pizza")
    seen.page.keyboard.press("Escape")
    assert save(seen, "activations", tmp_path).name == "pycnn-pizza.npz"


# The picture


def images(root) -> list[np.ndarray]:
    """The pictures in an SVG as RGBA, in the order in which they are painted."""
    found = []
    for image in root.iter(SVG + "image"):
        kind, data = image.get("href").split(",")
        assert kind == "data:image/png;base64"
        with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
            found.append(np.asarray(picture.convert("RGBA")))
    return found


def test_the_picture_has_title_caption_and_everything_it_needs(taken):
    _, files = taken
    text = files["picture"].read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.find(SVG + "title").text == "conv_1_2, unit 4 · Koala"
    texts = [one.text for one in root.iter(SVG + "text")]
    assert "conv_1_2, unit 4 · Koala" in texts
    assert "PyCNN Explainer. Picture: Koala; row 10, column 12" in texts
    width, height = float(root.get("width")), float(root.get("height"))
    assert root.get("viewBox").split()[2:] == [root.get("width"), root.get("height")]
    assert width > 1200
    assert height > 500
    assert text.count("http") == 1  # the namespace
    assert all(part.startswith(('"data:', "#", "&quot;data:")) for part in text.split("url(")[1:])
    assert not any(one.get("style") and "url" in one.get("style") for one in root.iter())
    face = r'font-family: "?([^";]+)"?;[^}]*?url\("data:font/woff2;base64,'
    fonts = re.findall(face, text.replace("&quot;", '"'))
    assert {"Inter", "JetBrains Mono"} <= set(fonts)


def test_the_pictures_maps_have_the_colours_of_their_values(taken, network):
    seen, files = taken
    native = Native(network, seen.picture())
    layers = {layer.name: layer for layer in network.layers}
    inputs = native.values("relu_1_1")
    intermediate = layers["conv_1_2"].intermediate(inputs, 4)
    own, before = (
        native.largest(["conv_1_2", "relu_1_2", "max_pool_1"]),
        native.largest(["conv_1_1", "relu_1_1"]),
    )
    expected = []
    for channel in range(len(inputs)):
        expected.append(diverging(inputs[channel], before))
        expected.append(diverging(intermediate[channel], float(np.abs(intermediate).max())))
    strongest = int(np.abs(layers["conv_1_2"].kernel[4]).sum(axis=(1, 2)).argmax())  # is shown large
    expected += [expected[2 * strongest], expected[2 * strongest + 1]]
    expected += [diverging(native.values("conv_1_2")[4], own)]
    painted = images(ElementTree.parse(files["picture"]).getroot())
    assert len(painted) > len(expected)  # the legends' ramps come after the maps
    for shown, exact in zip(painted, expected, strict=False):
        assert shown.shape[:2] == exact.shape[:2]
        assert (shown[..., 3] == 255).all()
        assert np.abs(shown[..., :3] - exact).max() <= 1


VIEWS = {
    "input": "layer=input&unit=1&y=63&x=0",
    "convolution": "layer=conv_2_1&unit=7&y=27&x=27",
    "relu": "layer=relu_1_1&unit=3&y=30&x=9",
    "pooling": "layer=max_pool_2&unit=2&y=4&x=12",
    "flatten": "layer=flatten&unit=0&y=700&x=0",
    "dense": "layer=output&unit=5&y=80&x=0",
    "softmax": "layer=output&unit=5&view=softmax&y=1&x=0",
}


@pytest.fixture(scope="module", params=["light", "dark"])
def seen_in(request, browser, address):
    """One visit in light, one in dark, for all views."""
    seen = Visit(browser, address + "#picture=bell_pepper", color_scheme=request.param)
    seen.wait_until_drawn()
    yield seen
    seen.close()


@pytest.mark.parametrize("view", VIEWS)
def test_the_picture_looks_like_the_view(seen_in, browser, tmp_path, view):
    seen = seen_in
    seen.page.evaluate("(fragment) => { location.hash = fragment; }", f"picture=bell_pepper&{VIEWS[view]}")
    seen.page.locator(f"#view[data-view={view}]").wait_for()
    file = save(seen, "picture", tmp_path)
    root = ElementTree.parse(file).getroot()

    # Every number that is seen, as often as it is seen.
    figures = seen.page.locator("#view-body .figure").evaluate_all(
        """(all) => all.filter((one) => {
          const box = one.getBoundingClientRect();
          const at = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return one.checkVisibility() && box.width && at.includes(one);
        }).map((one) => one.textContent)"""
    )
    assert figures
    written = Counter(text.text for text in root.iter(SVG + "text"))
    missing = Counter(figures) - written
    assert not missing

    # And drawn by a browser it is the same, but for controls, which are left out.
    place = seen.page.locator("#view-body").bounding_box()
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_timeout(300)
    left, top = map(float, root.get("viewBox").split()[:2])
    clip = {"x": place["x"] - left, "y": place["y"] - top, "width": place["width"]}
    clip["height"] = min(place["height"], 560)
    drawn = page.screenshot(clip=clip)
    context.close()
    seen.page.locator("#taking-news").evaluate("(news) => { news.textContent = ''; }")
    there = seen.page.screenshot(clip={**clip, "x": place["x"], "y": place["y"]})
    (tmp_path / "drawn.png").write_bytes(drawn)
    (tmp_path / "there.png").write_bytes(there)
    one, other = (
        np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.int16) for data in (drawn, there)
    )
    assert np.abs(one - other).mean() < 3


def test_playback_stops_for_the_picture(opened, tmp_path):
    seen = opened()
    seen.page.locator("#play-speed").select_option("fast")
    seen.page.locator("#play").click()
    seen.page.locator("#play[data-playing=true]").wait_for()
    file = save(seen, "picture", tmp_path)
    assert seen.page.locator("#play").get_attribute("data-playing") != "true"
    texts = [one.text for one in ElementTree.parse(file).getroot().iter(SVG + "text")]
    result = seen.page.locator("#view .addends .result").inner_text()
    place = seen.page.locator("#play-at").inner_text()
    assert result in texts
    assert f"PyCNN Explainer. Picture: Koala; {place}" in texts


# The menu


def test_escape_closes_the_menu_and_then_the_view(opened):
    seen = opened()
    seen.page.locator("#taking summary").click()
    expect(seen.page.locator("[data-take=link]")).to_be_focused()
    seen.page.keyboard.press("Escape")
    expect_closed(seen)
    seen.page.keyboard.press("Escape")
    expect(seen.page.locator("#view")).to_be_hidden()


def test_arrows_in_the_menu_leave_the_cursor_where_it_is(opened):
    seen = opened()
    seen.page.locator("#taking summary").click()
    expect(seen.page.locator("[data-take]").first).to_be_focused()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"):
        seen.page.keyboard.press(key)
    expect(seen.page.locator("[data-take]").last).to_be_focused()
    expect(seen.page.locator("#play-at")).to_have_text("row 10, column 12")


def test_the_menu_closes_when_the_visitor_turns_elsewhere(opened):
    seen = opened()
    menu = seen.page.locator("#taking-menu")
    seen.page.locator("#taking summary").click()
    expect(menu).to_be_visible()
    seen.page.locator("#view-title").click()
    expect(menu).to_be_hidden()
    seen.page.locator("#taking summary").click()
    expect(seen.page.locator("[data-take]").first).to_be_focused()
    for _ in ACTIONS:
        seen.page.keyboard.press("Tab")
    expect(menu).to_be_hidden()


@pytest.mark.parametrize("size", [(1280, 720), (390, 844), (320, 568)])
def test_the_menu_fits_into_the_window(opened, size):
    seen = opened(viewport={"width": size[0], "height": size[1]})
    seen.page.locator("#taking summary").scroll_into_view_if_needed()
    seen.page.locator("#taking summary").click()
    for entry in seen.page.locator("[data-take]").all():
        box = entry.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]


def test_what_was_done_is_said_for_a_while(opened):
    seen = opened()
    take(seen, "link")
    news = seen.page.locator("#taking-news[role=status]")
    expect(news).to_have_text("Link copied")
    expect(news).to_be_empty(timeout=10_000)
