"""Pictures look as in a browser. The colours are Chromium's; tests/page compares with Chromium itself."""

import contextlib
import struct
import sys
import time

import numpy as np
import pytest
from PIL import Image

from pycnn import pictures
from pycnn.colours import colours_of_profile
from pycnn.pictures import PictureError, fit_pixels, read_picture
from tests.picture_cases import (
    P3,
    SIZE,
    SRGB,
    SRGB_CURVE,
    XMP6,
    as_in_the_browser,
    drawing,
    encoded,
    mutated,
    parametric,
    rgb_profile,
    with_segment,
)

CASES = as_in_the_browser()
WHOLE = (SIZE, SIZE)
RED = (30, 30)  # a place in the red square
PLAIN = np.asarray(drawing())


def read(name):
    return read_picture(CASES[name], WHOLE).astype(int)


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("p3.png", (240, 0, 0)),
        ("p3.jpg", (242, 0, 0)),
        ("p3.webp", (240, 0, 0)),
        ("cicp-p3.png", (240, 0, 0)),
        ("profile-1.5-MB.png", (240, 0, 0)),
        ("swapped.png", (30, 220, 30)),
        ("swapped.bmp", (30, 220, 30)),
        ("swapped-palette.png", (30, 220, 30)),
        ("profile-in-two.jpg", (29, 222, 30)),
        ("profile-in-one-of-two.jpg", (222, 29, 30)),
        ("linear.png", (239, 96, 96)),
        ("power.png", (227, 40, 40)),
        ("table.png", (235, 0, 0)),
        ("refused-curve.png", (220, 30, 30)),
        ("grey-linear.png", (158, 158, 158)),
        ("grey-with-rgb-profile.png", (158, 158, 158)),
        ("rgb-with-grey-profile.png", (220, 30, 30)),
        ("gamma-1.png", (239, 96, 96)),
        ("gamma-and-chromaticities.png", (24, 221, 24)),
        ("chromaticities-alone.png", (220, 30, 30)),
        ("srgb-wins-over-gamma.png", (220, 30, 30)),
        ("profile-wins-over-srgb.png", (30, 220, 30)),
        ("gamma-after-a-bad-profile.png", (239, 96, 96)),
        ("cicp-wins.png", (220, 30, 30)),
        ("profile-checksum.png", (220, 30, 30)),
    ],
)
def test_colours_are_converted_to_srgb(name, colour):
    assert np.abs(read(name)[RED] - colour).max() <= 2


def test_a_profile_of_srgb_changes_nothing():
    own = encoded(drawing(), icc_profile=rgb_profile(SRGB, SRGB_CURVE))
    np.testing.assert_array_equal(read_picture(own, WHOLE), PLAIN)


def test_colours_are_converted_before_pixels_are_mixed():
    fine = np.zeros((96, 96, 3), np.uint8)
    fine[:, ::2] = 255
    linear = encoded(Image.fromarray(fine), icc_profile=rgb_profile(SRGB, parametric(0, 1.0)))
    assert np.abs(read_picture(linear, (24, 24)).astype(int) - 127).max() < 12


def test_a_large_picture_of_another_colour_space_is_converted_in_parts(monkeypatch):
    pixels = np.random.default_rng(0).integers(0, 256, (150, 40, 4), dtype=np.uint8)
    file = encoded(Image.fromarray(pixels), icc_profile=rgb_profile(P3, SRGB_CURVE))
    at_once = read_picture(file, (30, 8))
    monkeypatch.setattr(pictures, "_AT_ONCE", 1)
    np.testing.assert_array_equal(read_picture(file, (30, 8)), at_once)


def test_a_profile_cut_anywhere_is_left_out():
    whole = rgb_profile(P3, SRGB_CURVE)
    assert colours_of_profile(whole)
    for length in range(len(whole)):
        assert colours_of_profile(whole[:length]) is None


TURNED = np.rot90(PLAIN, -1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("exif-6.jpg", TURNED),
        ("xmp-6.jpg", PLAIN),
        ("xmp-6-exif-3.jpg", PLAIN[::-1, ::-1]),
        ("exif-after-a-far-tag.jpg", TURNED),
        ("exif-after-a-far-fraction.jpg", TURNED),
        ("exif-after-an-unknown-kind.jpg", TURNED),
        ("exif-after-a-huge-tag.jpg", TURNED),
        ("exif-after-a-lost-list.jpg", TURNED),
        ("exif-twice.jpg", TURNED),
        ("exif-of-another-kind.jpg", PLAIN),
        ("exif-9.jpg", TURNED),
        ("exif-6.png", TURNED),
        ("exif-6-damaged.png", PLAIN),
        ("exif-6-after-its-pixels.png", PLAIN),
        ("xmp-6.png", PLAIN),
        ("exif-6.webp", PLAIN),
    ],
)
def test_only_exif_data_turn_a_picture(name, expected):
    assert np.abs(read(name) - expected).mean() < 3


def test_a_grey_of_few_bits_can_be_transparent():
    values = np.add.outer(np.arange(64), np.arange(64)) // 4
    for bits in (1, 2, 4, 8):
        greys = values % 2**bits
        expected = np.where(greys == 1, 255, greys * (255 // (2**bits - 1)))
        seen = read_picture(CASES[f"grey-{bits}-bits.png"], (64, 64))
        np.testing.assert_array_equal(seen[..., 0], expected)


HARMLESS = [
    *("size-checksum", "gamma-checksum", "profile-checksum", "text-checksum", "transparency-damaged"),
    *("gamma-short", "chromaticities-short", "srgb-empty", "size-short", "animation-short", "no-end"),
    *("text-garbage", "text-2-MB", "text-5-MB", "text-90-MB", "more-after-the-end"),
]


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_not_matter_for_its_pixels_does_a_png_no_harm(name):
    np.testing.assert_array_equal(read(f"{name}.png"), PLAIN)


def test_a_frame_smaller_than_its_canvas_has_white_around_it():
    for name in ("offset.gif", "offset-with-transparency.gif", "offset.webp"):
        seen = read(name)
        frame = np.asarray(drawing(48)).astype(int)
        assert (seen[:24] == 255).all()
        assert (seen[72:] == 255).all()
        assert (seen[:, :24] == 255).all()
        assert np.abs(seen[37:47, 37:47] - frame[13:23, 13:23]).max() < 40, name
    assert (read("tall-canvas.gif")[:, :20] < 255).any()
    assert (read("tall-canvas.gif")[56:] == 255).all()


def test_an_animation_may_begin_with_another_picture_than_it_stands_for():
    seen = read("hidden-first.png")
    np.testing.assert_array_equal(seen, np.asarray(drawing().rotate(90)))


@pytest.mark.parametrize("name", [name for name in CASES if "-without-" in name and name.endswith(".jpg")])
def test_a_jpeg_without_its_end_is_read(name):
    whole = read_picture(encoded(drawing(1200), "JPEG", quality=90), (64, 64)).astype(int)
    seen = read_picture(CASES[name], (64, 64))
    assert np.abs(seen[:60] - whole[:60]).mean() < 1
    assert np.abs(seen - whole).mean() < 6


@pytest.mark.parametrize(
    ("name", "side", "rows"),
    [("small", 208, 200), ("coarse", 208, 190), ("grey", 205, 200)],
)
def test_the_blocks_where_a_jpeg_ends_too_early_are_white_as_in_browsers(name, side, rows):
    seen = read_picture(CASES[f"{name}-ends-early.jpg"], (side, side))
    assert (seen[rows:] == 255).all()
    assert (seen[rows - 1] != 255).any()


@pytest.mark.parametrize("share", [20, 50, 75])
def test_a_jpeg_of_which_much_is_missing_is_refused(share):
    noise = np.random.default_rng(2).integers(0, 256, (300, 200, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), "JPEG")
    with pytest.raises(PictureError, match="damaged or cut short"):
        read_picture(data[: len(data) * share // 100], WHOLE)


def test_pixels_that_another_decoder_read_are_fitted_alike():
    picture = drawing()
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    for size in ((24, 24), (10, 30)):
        np.testing.assert_array_equal(
            fit_pixels(np.asarray(picture), size), read_picture(encoded(picture), size)
        )
    with pytest.raises(PictureError, match="50 million"):
        fit_pixels(np.zeros((1, 50_000_001, 4), np.uint8), (8, 8))


def test_avif_is_read_where_pillow_can():
    data = encoded(drawing(), "AVIF", quality=95)
    assert np.abs(read_picture(data, WHOLE).astype(int) - PLAIN).mean() < 4


def test_avif_is_named_where_pillow_cannot(monkeypatch):
    data = encoded(drawing(), "AVIF")
    monkeypatch.delattr("PIL._avif")
    monkeypatch.setitem(sys.modules, "PIL._avif", None)
    with pytest.raises(PictureError, match="format is AVIF") as refusal:
        read_picture(data, WHOLE)
    assert (refusal.value.reason, refusal.value.file_format) == ("format", "AVIF")


def box(*brands):
    body = b"".join([brands[0], bytes(4), *brands[1:]])
    return (len(body) + 8).to_bytes(4) + b"ftyp" + body + bytes(100)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (box(b"heic", b"mif1", b"heic"), "HEIC"),
        (box(b"mif1", b"mif1", b"heic"), "HEIC"),
        (box(b"crx ", b"isom"), "CR3"),
        (box(b"isom", b"mp42"), "MP4 video"),
        (b"\xff\x0a" + bytes(50), "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(50), "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(50), "JPEG 2000"),
        (b"II*\0" + bytes(50), "TIFF"),
        (b"MM\0*" + bytes(50), "TIFF"),
        (b"8BPS\0\1" + bytes(50), "Photoshop"),
        (b"%PDF-1.7\n", "PDF"),
        (b'<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"\xef\xbb\xbf<svg/>", "SVG"),
        (encoded(drawing(32), "ICO"), "ICO"),
    ],
)
def test_a_picture_of_another_format_is_refused_by_its_name(data, name):
    with pytest.raises(PictureError) as refusal:
        read_picture(data, WHOLE)
    sentence = f"This file's format is {name}, which cannot be read here. Save it as PNG or JPEG first."
    assert str(refusal.value) == sentence
    assert (refusal.value.reason, refusal.value.file_format) == ("format", name)


@pytest.mark.parametrize(
    "data", [b"<!---->" * 600, b"RIFF" + b"\xff" * 4 + b"WAVE" + b"\xff" * 50, b"BM", b"<p>"]
)
def test_what_only_begins_like_a_picture_is_none(data):
    began = time.perf_counter()
    with pytest.raises(PictureError) as refusal:
        read_picture(data, WHOLE)
    assert refusal.value.reason == "unknown"
    assert time.perf_counter() - began < 2


def test_xmp_that_is_damaged_does_no_harm():
    data = with_segment(encoded(drawing(), "JPEG", quality=95), XMP6[:40] + b"\xff\0<" * 9)
    assert np.abs(read_picture(data, WHOLE).astype(int) - PLAIN).mean() < 3


@pytest.mark.parametrize(
    ("name", "at", "sides"),
    [
        ("offset.webp", 24, b"\xff\xff\x3e\xff\xff\0"),
        ("lossless.webp", 21, struct.pack("<I", 8000 | 8000 << 14)),
        ("lossy.webp", 26, struct.pack("<HH", 8000, 8000)),
    ],
)
def test_a_webp_of_too_many_pixels_is_refused_before_there_is_room_for_them(monkeypatch, name, at, sides):
    monkeypatch.setattr("PIL.Image.open", None)
    own = {
        "lossless.webp": encoded(drawing(), "WEBP", lossless=True),
        "lossy.webp": encoded(drawing(), "WEBP"),
    }
    data = {**CASES, **own}[name]
    with pytest.raises(PictureError, match="more than 50 million pixels"):
        read_picture(data[:at] + sides + data[at + len(sides) :], WHOLE)


def test_2000_mutated_pictures_end_in_a_picture_or_a_sentence():
    read_well, began = 0, time.perf_counter()
    for name, data in mutated(2000, seed=11):
        with contextlib.suppress(PictureError):
            assert read_picture(data, (24, 24)).shape == (24, 24, 3), name
            read_well += 1
    assert 200 < read_well < 1800  # else they would test one half of it only
    assert time.perf_counter() - began < 60
