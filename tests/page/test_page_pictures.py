"""Pictures on their way through the network: the page's numbers and colours against pycnn run natively."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pycnn.pictures import read_picture
from tests.packed import in_start
from tests.page.native import Native, diverging, equal, tinted
from tests.page.networks import WEB
from tests.page.visit import Visit, eventually

SAMPLES = in_start("samples.json")
NAMES = [sample["name"] for sample in SAMPLES]
LAYER_GROUPS = [
    ["conv_1_1", "relu_1_1"],
    ["conv_1_2", "relu_1_2", "max_pool_1"],
    ["conv_2_1", "relu_2_1"],
    ["conv_2_2", "relu_2_2", "max_pool_2", "flatten"],
]


def check_probabilities(visit: Visit, native: Native) -> None:
    shown = visit.probabilities()
    assert len(shown) == len(native.classified.probabilities)
    for value, exact in zip(shown, native.classified.probabilities.values(), strict=True):
        assert equal(value, exact, rounding=5e-7)
    assert sum(shown) == pytest.approx(1, abs=1e-5)
    best = visit.page.locator("[data-class][data-best=true]")
    assert best.get_attribute("data-class") == native.classified.label.replace(" ", "_")


def check_maps(visit: Visit, native: Native, groups: list[list[str]]) -> None:
    """Every pixel of every map against the colour of the native activation there."""
    for channel, values in enumerate(native.input):
        shown = visit.unit_pixels("input", channel)
        assert np.abs(shown[..., :3] - tinted(values, channel)).max() <= 1
    for group in groups:
        limit = native.largest(group)
        for layer in group:
            for unit, values in enumerate(native.maps(layer)):
                shown = visit.unit_pixels(layer, unit)
                assert shown.shape[:2] == values.shape, (layer, unit)
                assert (shown[..., 3] == 255).all()
                assert np.abs(shown[..., :3] - diverging(values, limit)).max() <= 1, (layer, unit)


@pytest.mark.parametrize("name", NAMES)
def test_a_gallery_picture_is_classified_as_natively(drawn, network, name):
    drawn.choose(name)
    file = next(sample["file"] for sample in SAMPLES if sample["name"] == name)
    height, width = network.input_shape[1:]
    pixels = read_picture(WEB / "samples" / file, (height, width))
    assert np.array_equal(drawn.picture(), pixels)
    check_probabilities(drawn, Native(network, pixels))


def test_a_gallery_picture_that_is_taken_for_something_else_is_labelled_as_a_mistake(drawn, network):
    mistakes = set()
    for sample in SAMPLES:
        drawn.choose(sample["name"])
        label = Native(network, drawn.picture()).classified.label
        sentence = f"this picture shows a {sample['class']}, but the network takes it for {label}."
        shown = drawn.page.locator("#explanation").inner_text()
        assert (sentence in shown) == (label != sample["class"])
        if label != sample["class"]:
            mistakes.add(sample["name"])
    marked = drawn.page.locator("[data-sample][data-instructive=true]")
    assert mistakes == set(marked.evaluate_all("(all) => all.map((one) => one.dataset.sample)"))
    for one in marked.all():
        assert one.get_attribute("title").endswith("one that the network gets wrong")


@pytest.mark.parametrize("name", NAMES[:3])
def test_every_map_has_the_colours_of_its_activations(drawn, network, name):
    drawn.choose(name)
    check_maps(drawn, Native(network, drawn.picture()), LAYER_GROUPS)


@pytest.mark.parametrize(
    ("sharing", "groups"),
    [
        ("layer", LAYER_GROUPS),
        ("block", [LAYER_GROUPS[0] + LAYER_GROUPS[1], LAYER_GROUPS[2] + LAYER_GROUPS[3]]),
        ("network", [[layer for group in LAYER_GROUPS for layer in group]]),
    ],
)
def test_scales_are_shared_as_chosen(visit, network, sharing, groups):
    seen = visit()
    seen.page.locator("#sharing").select_option(sharing)
    eventually(lambda: seen.page.locator("#legends .legend").count() == 1 + len(groups))
    native = Native(network, seen.picture())
    check_maps(seen, native, groups)
    # After another picture the choice still holds, and the legends say its own limits.
    seen.choose(NAMES[1])
    native = Native(network, seen.picture())
    check_maps(seen, native, groups)
    texts = seen.page.locator("#legends .legend p").all_inner_texts()
    ends = [text.split() for text in texts]
    assert ends[0] == ["0", "1"]
    for (low, zero, high), group in zip(ends[1:], groups, strict=True):
        limit = f"{native.largest(group):.2f}"
        assert (low, zero, high) == ("\u2212" + limit, "0", limit)


def drawing(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """A picture with edges, gradients and colours, larger than the network's input and not square."""
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width]
    image = np.stack([columns * 255 // width, rows * 255 // height, (columns + rows) % 256], axis=2)
    picture = Image.fromarray(image.astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width // 4, height // 5, width * 3 // 4, height * 4 // 5), fill=(200, 120, 20))
    draw.line((0, 0, width, height), fill="white", width=5)
    return picture.convert(mode)


def encoded(picture: Image.Image, kind: str, **options) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "tolerance"),
    [
        ("wide.png", encoded(drawing((300, 200)), "PNG"), 0),
        ("clear.png", encoded(drawing((90, 160), "RGBA"), "PNG"), 0),
        ("palette.gif", encoded(drawing((120, 120), "P"), "GIF"), 0),
        ("lossy.webp", encoded(drawing((200, 260)), "WEBP", quality=80), 0),
        ("lossless.webp", encoded(drawing((64, 64)), "WEBP", lossless=True), 0),
        ("photo.jpg", encoded(drawing((640, 480)), "JPEG", quality=90), 4),
        (
            "turned.jpg",
            encoded(
                drawing((300, 200)),
                "JPEG",
                exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
            ),
            4,
        ),
        ("print.jpg", encoded(drawing((200, 200), "CMYK"), "JPEG"), 4),
        ("old.bmp", encoded(drawing((70, 80)), "BMP"), 0),
    ],
)
def test_an_uploaded_picture_is_decoded_and_classified_as_natively(drawn, network, name, data, tolerance):
    before = drawn.page.evaluate("document.documentElement.dataset.picture")
    drawn.upload(name, data)
    eventually(
        lambda: drawn.page.evaluate("document.documentElement.dataset.picture") not in (before, None), 60
    )
    assert drawn.page.evaluate("document.documentElement.dataset.picture").startswith("upload-")
    native_pixels = read_picture(data, network.input_shape[1:])
    pixels = drawn.picture()
    difference = np.abs(pixels.astype(int) - native_pixels)
    assert difference.mean() <= tolerance
    native = Native(network, pixels)
    check_probabilities(drawn, native)
    check_maps(drawn, native, LAYER_GROUPS[:1])
    pressed = drawn.page.locator("[data-sample][aria-pressed=true]")
    assert pressed.get_attribute("aria-label") == f"Your picture: {name}"


def test_uploads_are_counted_and_can_be_chosen_twice(visit):
    seen = visit()
    data = encoded(drawing((100, 100)), "PNG")
    for number in (1, 2):
        seen.upload("same.png", data)
        seen.wait_until_picture(f"upload-{number}")
    assert "picture=upload-2" in seen.page.evaluate("location.hash")


def test_an_uploaded_picture_can_be_chosen_again_but_is_not_kept_between_visits(visit, network):
    seen = visit()
    data = encoded(drawing((100, 80)), "PNG")
    seen.upload("mine.png", data)
    seen.wait_until_picture("upload-1")
    pixels = seen.picture()
    thumbnail = seen.pixels("button[data-sample='upload-1'] canvas")
    assert np.array_equal(thumbnail[..., :3], pixels)
    seen.choose("pizza")
    seen.choose("upload-1")
    assert np.array_equal(seen.picture(), pixels)
    check_probabilities(seen, Native(network, pixels))
    seen.page.reload()
    seen.wait_until_drawn()
    seen.expect_message("Your own picture is not kept between visits. Choose its file again.")
    assert seen.page.evaluate("location.hash") == "#picture=espresso"


def test_a_picture_can_be_dropped_on_the_page(visit, network):
    seen = visit()
    data = encoded(drawing((128, 128)), "PNG")
    seen.page.evaluate(
        """(bytes) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], "dropped.png"));
          for (const type of ["dragover", "drop"])
            document.body.dispatchEvent(
              new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }""",
        list(data),
    )
    seen.wait_until_picture("upload-1")
    assert np.array_equal(seen.picture(), read_picture(data, network.input_shape[1:]))


def test_a_picture_chosen_after_a_file_is_the_one_that_stays(visit):
    seen = visit()
    seen.upload("slow.png", encoded(drawing((2000, 2000)), "PNG"))
    seen.page.locator("button[data-sample='pizza']").click()
    seen.wait_until_picture("pizza")
    seen.upload("slow.png", encoded(drawing((2000, 2000)), "PNG"))
    seen.upload("quick.png", encoded(drawing((80, 80)), "PNG"))
    seen.wait_until_picture("upload-1")
    assert seen.page.locator("[aria-pressed=true]").get_attribute("aria-label") == "Your picture: quick.png"


def test_a_gallery_picture_that_cannot_be_fetched_leaves_the_last_one(visit):
    seen = visit()
    seen.choose("koala")
    before = seen.everything()
    seen.take_away("samples/pizza.zip")
    seen.page.locator("button[data-sample='pizza']").click()
    seen.notice("picture").filter(has_text="The picture could not be computed").wait_for()
    assert seen.everything() == before
    seen.give_back("samples/pizza.zip")
    seen.choose("pizza")


def test_of_many_pictures_chosen_in_a_hurry_the_last_is_drawn(visit, network):
    seen = visit()
    for name in NAMES[1:]:
        seen.page.locator(f"button[data-sample='{name}']").click()
    seen.wait_until_picture(NAMES[-1])
    seen.expect_quiet_for(0.5)
    assert seen.page.evaluate("document.documentElement.dataset.picture") == NAMES[-1]
    check_probabilities(seen, Native(network, seen.picture()))
