"""Networks with names, values and a provenance that could break a page: all is shown, and as it is."""

import csv
import io
import zipfile

import numpy as np
import pytest
from playwright.sync_api import expect

from pycnn import AveragePooling, Convolution, Dense, Flatten, MaxPooling, Network, ReLU, Sigmoid, Softmax
from tests.browser import served
from tests.page.native import Native, equal
from tests.page.networks import write_site
from tests.page.opened import Opened, check_figure
from tests.page.visit import eventually
from tests.ui.networks import overflowing

MARKUP = "<b>\"'&"
LAYERS = [
    "picture",
    MARKUP,
    '<i id="odd">{x} {0} {{title}} \\</i>',
    "__proto__",
    "new\nline\ttab\r",
    " around ",
    "pixels",
    "legend",
    "\u05e9\u05dc\u05d5\u05dd \U0001f40d \u202eabc",
    "long " * 100,
    "logits",
    "constructor",
]
CLASSES = [
    "legend",
    MARKUP,
    "bell pepper",
    "bell_pepper",
    "__proto__",
    '<i id="odd">{x} {{!shares}} {0} \\</i>',
    "new\nline\ttab\r",
    " around ",
    "\u05e9\u05dc\u05d5\u05dd \U0001f40d \u202eabc",
    "long " * 100,
]
# What a view cannot do without, however long a name is.
NEEDED = "#view-close, #view-ways .to, #taking, #play, #view-legends .legend, .list tbody .figure"
PROVENANCE = {"held_out_accuracy": "high", "held_out_photos": None, "notes": [[{"a": None}], MARKUP, 10**30]}


def make_odd() -> Network:
    random = np.random.default_rng(6)

    def values(*shape: int) -> np.ndarray:
        return random.normal(size=shape) / np.sqrt(np.prod(shape[1:]))

    names = iter(LAYERS)
    return Network(
        [
            Convolution(next(names), values(3, 3, 3, 3), values(3)),
            ReLU(next(names)),
            MaxPooling(next(names)),
            Convolution(next(names), values(2, 3, 3, 3), values(2), padding=1),
            Sigmoid(next(names)),
            AveragePooling(next(names), 1, padding=0),
            ReLU(next(names)),
            Flatten(next(names)),
            Dense(next(names), values(9, 98), values(9)),
            ReLU(next(names)),
            Dense(next(names), values(10, 9), values(10)),
            Softmax(next(names)),
        ],
        (3, 16, 16),
        CLASSES,
        PROVENANCE,
    )


def open_site(browser, network, folder):
    write_site(network, folder / "site")
    with served(folder / "site") as address:
        opened = Opened(browser, address, network)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def odd(browser, tmp_path_factory):
    yield from open_site(browser, make_odd(), tmp_path_factory.mktemp("odd"))


@pytest.fixture(scope="module")
def bursting(browser, tmp_path_factory):
    yield from open_site(browser, overflowing(), tmp_path_factory.mktemp("bursting"))


def go(opened, layer, unit, **more):
    """Open a unit by the address, whatever its layer is called; wait until it is shown."""
    parts = {"picture": "koala", "layer": layer, "unit": unit, **more}
    opened.page.evaluate("(parts) => { location.hash = new URLSearchParams(parts) }", parts)
    section = opened.page.locator("#view[data-view]")
    eventually(
        lambda: (
            section.count()
            and section.evaluate("(v) => [v.dataset.layer, Number(v.dataset.unit)]") == [layer, unit]
        )
    )
    assert opened.page.locator("[data-notice]:visible").count() == 0


def columns_of(network):
    """(layer, units) of every column."""
    shapes = {"input": network.input_shape, **network.output_shapes}
    *names, last = [name for name in shapes if name != network.logits_layer]
    found = [(name, shapes[name][0] if len(shapes[name]) == 3 else 1) for name in names]
    return [*found, (last, len(network.classes))]


def test_odd_names_are_shown_as_they_are(odd):
    page = odd.page
    odd.visit.choose("koala")
    native = Native(odd.network, odd.visit.picture())
    heads = page.locator("#units .head .name").evaluate_all("(all) => all.map((one) => one.textContent)")
    assert heads == ["input", *LAYERS[:10]]
    assert page.locator("#classes-title, #classes-column .head").first.text_content()
    shown = page.locator(".class-name").evaluate_all("(all) => all.map((one) => one.textContent)")
    assert shown == CLASSES
    fragments = page.locator("[data-class]").evaluate_all("(all) => all.map((one) => one.dataset.class)")
    assert fragments[2:4] == ["bell pepper", "bell_pepper"]
    assert len({*fragments}) == len(CLASSES)
    for seen, exact in zip(odd.visit.probabilities(), native.classified.probabilities.values(), strict=True):
        assert equal(seen, exact, rounding=5e-7)
    # What is said of every unit, for the eye and for screen readers.
    for layer, units in columns_of(odd.network):
        for unit in {0, units - 1}:
            buttons = page.locator(f"button[data-unit='{unit}']").evaluate_all(
                "(all, name) => all.filter((one) => one.dataset.layer === name).map((one) => one.ariaLabel)",
                layer,
            )
            assert len(buttons) == 1
            assert buttons[0].startswith(layer + ", ")
    assert page.locator("#explanation").inner_text().startswith("Purple values")  # and nothing of photos
    assert page.locator("#odd").count() == 0


def test_every_view_of_a_network_with_odd_names_opens_by_its_address(odd):
    page = odd.page
    for layer, units in columns_of(odd.network):
        for unit in {0, units - 1}:
            go(odd, layer, unit)
            assert page.locator("#view-title").text_content().startswith(layer + ", ")
            assert odd.figure_count() > 0
            assert odd.visit.fragment()["layer"] == layer
            eventually(lambda: page.locator("#view-live").text_content() != "")
    for unit, name in enumerate(CLASSES):
        go(odd, LAYERS[-1], unit, view="softmax")
        assert page.locator("#view-title").text_content() == f"{LAYERS[-1]}, {name}: the probability"
        rows = odd.body.locator(".list tbody th").evaluate_all("(all) => all.map((one) => one.textContent)")
        assert rows == CLASSES
    assert page.locator("#odd").count() == 0


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_long_names_leave_room_for_what_else_a_view_shows(odd, size):
    page, last = odd.page, len(CLASSES) - 1
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for layer, unit, view in (
        ("long " * 100, 0, "general"),
        (LAYERS[-1], last, "dense"),
        (LAYERS[-1], last, "softmax"),
    ):
        go(odd, layer, unit, **({"view": view} if view == "softmax" else {}))
        expect(page.locator(f"#view[data-view={view}]")).to_be_visible()
        for shown in page.locator(NEEDED).all():
            box = shown.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size[0]
        assert page.locator("#play").bounding_box()["width"] == 36
        assert page.locator("#play-at").bounding_box()["height"] <= 48
        assert page.evaluate("[scrollX, document.documentElement.scrollWidth <= innerWidth]") == [0, True]
    page.set_viewport_size({"width": 1280, "height": 720})


def test_numbers_of_a_layer_called_picture_are_native(odd):
    go(odd, "picture", 2)
    native = Native(odd.network, odd.visit.picture())
    check_figure(odd.figures(".addends .result")[0], native.layers["picture"][2, 0, 0], 2)
    limit = native.largest(LAYERS[:3])
    legends = [
        float(end.replace("−", "-")) for end in odd.page.locator("#view-legends p span").all_inner_texts()
    ]
    assert max(legends) == pytest.approx(limit, abs=0.006)


def test_a_neighbour_with_an_odd_name_is_reached_by_its_button(odd):
    go(odd, LAYERS[1], 0)
    section = odd.page.locator("#view[data-view]")
    for layer in LAYERS[2:9]:
        odd.page.locator("#view-ways .right").click()
        eventually(lambda layer=layer: section.count() and section.get_attribute("data-layer") == layer)


def test_a_unit_with_an_odd_name_is_taken_along(odd, tmp_path):
    def save(name):
        odd.page.locator("#taking summary").click()
        with odd.page.expect_download() as download:
            odd.page.locator(f"[data-take={name}]").click()
        download.value.save_as(tmp_path / "file")
        return download.value.suggested_filename, (tmp_path / "file").read_bytes()

    go(odd, LAYERS[2], 1)
    native = Native(odd.network, odd.visit.picture())
    for name in (LAYERS[1], LAYERS[2], LAYERS[4], LAYERS[8], LAYERS[9]):
        go(odd, name, 0)
        file, drawing = save("picture")
        assert len(file.encode()) < 255
        assert not set('\\/:*?"<>|\n\t\r') & set(file)
        assert name[:4].split("\n")[0].replace("<", "&lt;")[:3] in drawing.decode()
    file, data = save("map")
    rows = list(csv.reader(io.StringIO(data.decode())))
    np.testing.assert_allclose(np.float32(rows).ravel(), native.layers[LAYERS[9]], rtol=1e-5, atol=1e-5)
    go(odd, LAYERS[-1], 0)
    file, data = save("map")
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert [row[0] for row in rows[1:]] == CLASSES
    file, data = save("activations")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "pixels_.npy" in archive.namelist()
        assert len({*archive.namelist()}) == len(LAYERS) + 2


def test_the_lesson_of_a_network_with_odd_names(odd):
    page = odd.page
    page.evaluate("location.hash = 'picture=koala'")
    odd.visit.wait_until_overview()
    shares = page.locator("#article-softmax table th[scope=row]")
    assert shares.evaluate_all("(all) => all.map((one) => one.textContent)") == CLASSES
    native = Native(odd.network, odd.visit.picture())
    told = page.locator("#article-softmax td .quote").evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.value))"
    )
    assert told[1::2] == pytest.approx([*native.classified.probabilities.values()], rel=1e-4, abs=1e-6)
    page.locator("#article-convolution a[data-state]").first.click()
    odd.page.locator("#view[data-view=convolution]").wait_for()
    assert odd.visit.fragment()["layer"] == "picture"
    title, number = page.locator("#path-title"), 0
    while title.text_content() != "Now it is your turn":
        number += 1
        before = title.text_content()
        page.evaluate("(n) => { location.hash = `picture=koala&step=${n}` }", number)
        eventually(lambda before=before: title.text_content() != before)
        expect(page.locator("#path-says")).not_to_be_empty()
    page.evaluate("location.hash = 'picture=koala'")
    assert page.locator("#odd").count() == 0


def test_what_is_not_finite_is_drawn_and_told(bursting):
    page = bursting.page
    bursting.visit.choose("koala")
    native = Native(bursting.network, bursting.visit.picture())
    for shown, exact in zip(
        bursting.visit.probabilities(), native.classified.probabilities.values(), strict=True
    ):
        assert equal(shown, exact, rounding=5e-7)
    bursting.visit.unit("burst", 0).hover()
    eventually(lambda: bursting.visit.facts() == "burst, unit 0: 10×10, values from 1.00 to ∞")
    bursting.visit.unit("burst", 1).hover()
    eventually(lambda: bursting.visit.facts() == "burst, unit 1: 10×10, values from −∞ to 2.00")
    bursting.visit.unit("clash/relu", 2).hover()
    eventually(lambda: bursting.visit.facts() == "clash/relu, unit 2: 10×10, values from NaN to NaN")
    colours = bursting.visit.unit_pixels("burst", 0)[..., :3]
    assert (colours[np.isposinf(native.layers["burst"][0])] == [45, 0, 75]).all()
    for layer, units in columns_of(bursting.network):
        for unit in range(units):
            go(bursting, layer, unit, y=0 if "output" in layer or layer == "flatten" else 4, x=0)
            assert bursting.figure_count() > 0
    go(bursting, "burst/relu", 1, y=4, x=4)
    assert native.layers["burst"][1, 4, 4] == -np.inf
    assert bursting.figures(".rule .given") == [("-inf", "−∞")]
    assert [text for _, text in bursting.figures(".rule .result")] == ["0.00"]
    assert "nan" not in bursting.body.locator(".graph").inner_html().lower()
    eventually(lambda: "max(0, −∞) = 0.00" in bursting.said())
    go(bursting, "clash", 2, y=4, x=4)
    assert np.isnan(native.layers["clash"][2, 4, 4])
    assert [text for _, text in bursting.figures(".addends .result")] == ["NaN"]
    page.evaluate("location.hash = 'picture=koala'")
    for link in ("#article-relu", "#article-pooling"):
        assert page.locator(link).inner_text()
