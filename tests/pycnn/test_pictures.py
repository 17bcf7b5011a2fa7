"""Pictures of every format and mode, and files that give none."""

import contextlib
import io
import struct

import numpy as np
import pytest
from PIL import Image

from pycnn import pictures
from pycnn.pictures import PictureError, read_picture
from tests.picture_cases import encoded, png, transparent

SIZE = (24, 24)
CHOOSE = "Choose a PNG, JPEG, WebP, GIF or BMP picture."


@pytest.fixture
def pixels():
    return np.random.default_rng(0).integers(0, 256, (*SIZE, 3), dtype=np.uint8)


@pytest.fixture
def image(pixels):
    return Image.fromarray(pixels)


@pytest.mark.parametrize(("file_format", "options"), [("PNG", {}), ("BMP", {}), ("WEBP", {"lossless": True})])
def test_a_picture_of_the_size_comes_through_unchanged(file_format, options, image, pixels):
    picture = read_picture(encoded(image, file_format, **options), SIZE)
    assert picture.dtype == np.uint8
    np.testing.assert_array_equal(picture, pixels)


@pytest.mark.parametrize("file_format", ["JPEG", "WEBP"])
def test_lossy_formats_come_close(file_format):
    y, x = np.mgrid[:24, :24].astype(np.uint8) * 10
    smooth = np.stack([x, y, (x // 2 + y // 2)], axis=-1)
    picture = read_picture(encoded(Image.fromarray(smooth), file_format, quality=95), SIZE)
    assert np.abs(picture.astype(int) - smooth).mean() < 4


def test_sources_are_a_path_a_text_bytes_or_an_open_file(image, pixels, tmp_path):
    path = tmp_path / "no suffix"
    path.write_bytes(encoded(image))
    with path.open("rb") as file:
        for source in (path, str(path), path.read_bytes(), file):
            np.testing.assert_array_equal(read_picture(source, SIZE), pixels)


def test_of_an_animation_the_first_frame_is_taken():
    frames = [Image.new("RGB", SIZE, colour) for colour in ("red", "lime", "blue")]
    for file_format in ("GIF", "WEBP", "PNG"):
        data = encoded(frames[0], file_format, save_all=True, append_images=frames[1:], duration=50)
        np.testing.assert_allclose(read_picture(data, SIZE)[5, 5], [255, 0, 0], atol=3)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
def test_other_modes(mode, image):
    converted = image.convert(mode)
    data = encoded(converted, "JPEG", quality=95) if mode == "CMYK" else encoded(converted)
    expected = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    np.testing.assert_array_equal(read_picture(data, SIZE), expected)


def test_cmyk_looks_as_it_should():
    red = Image.new("CMYK", SIZE, (0, 255, 255, 0))
    np.testing.assert_allclose(read_picture(encoded(red, "JPEG"), SIZE)[5, 5], [255, 0, 0], atol=3)


def test_grey_of_16_bits_keeps_its_range():
    values = np.linspace(0, 65535, SIZE[0] * SIZE[1]).astype(np.uint16).reshape(SIZE)
    picture = read_picture(encoded(Image.fromarray(values)), SIZE)
    expected = (values / 257).round().astype(np.uint8)
    for c in range(3):
        np.testing.assert_array_equal(picture[..., c], expected)


def test_16_bits_with_colour_or_transparency():
    grey = png((2, 1, 16, 0), b"\0" + struct.pack(">HH", 0x8080, 0x1234), transparent(0x1234))
    np.testing.assert_array_equal(read_picture(grey, (1, 2)), [[[128] * 3, [255] * 3]])
    colour = png((1, 1, 16, 2), b"\0" + struct.pack(">HHH", 0xFFFF, 0x8080, 0))
    np.testing.assert_array_equal(read_picture(colour, (1, 1)), [[[255, 128, 0]]])
    grey_alpha = png((1, 1, 16, 4), b"\0" + struct.pack(">HH", 0, 0x8080))
    np.testing.assert_array_equal(read_picture(grey_alpha, (1, 1)), [[[127] * 3]])


def test_transparency_is_laid_on_white():
    rng = np.random.default_rng(1)
    rgba = rng.integers(0, 256, (*SIZE, 4), dtype=np.uint8)
    rgba[0, :, 3], rgba[1, :, 3] = 0, 255
    alpha = rgba[..., 3:] / 255
    expected = rgba[..., :3] * alpha + 255 * (1 - alpha)
    picture = read_picture(encoded(Image.fromarray(rgba)), SIZE)
    assert np.abs(picture - expected).max() <= 1
    assert (picture[0] == 255).all()
    np.testing.assert_array_equal(picture[1], rgba[1, :, :3])
    grey = Image.fromarray(rgba[..., :2])
    assert grey.mode == "LA"
    alpha = rgba[..., 1] / 255
    expected = rgba[..., 0] * alpha + 255 * (1 - alpha)
    assert np.abs(read_picture(encoded(grey), SIZE)[..., 1] - expected).max() <= 1


@pytest.mark.parametrize("file_format", ["PNG", "GIF"])
def test_a_transparent_palette_entry(file_format):
    image = Image.new("P", SIZE, 1)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(0, (0, 0, 12, 24))
    picture = read_picture(encoded(image, file_format, transparency=0), SIZE)
    assert (picture[:, :12] == 255).all()
    assert (picture[:, 12:] == [0, 0, 255]).all()


def test_a_palette_with_degrees_of_transparency():
    image = Image.new("P", SIZE, 1)
    image.putpalette([255, 0, 0, 0, 0, 255])
    picture = read_picture(encoded(image, transparency=bytes([0, 128])), SIZE)
    np.testing.assert_allclose(picture[3, 3], [127, 127, 255], atol=1)


@pytest.mark.parametrize(("mode", "colour", "key"), [("RGB", (9, 8, 7), (9, 8, 7)), ("L", 9, 9), ("1", 0, 0)])
def test_a_transparent_colour(mode, colour, key):
    image = Image.new(mode, SIZE, colour)
    assert (read_picture(encoded(image, transparency=key), SIZE) == 255).all()


def test_transparency_is_laid_on_white_before_resizing():
    """Else the colour under transparent pixels would bleed into the picture."""
    rgba = np.zeros((48, 48, 4), np.uint8)
    rgba[:, ::2] = 255
    picture = read_picture(encoded(Image.fromarray(rgba)), SIZE)
    assert (picture == 255).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG"])
def test_exif_orientation(orientation, file_format):
    # The quarters of the upright picture, and how a camera held in each way would store them.
    upright = np.repeat(np.repeat([[0, 80], [160, 240]], 12, axis=0), 12, axis=1).astype(np.uint8)
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.T,
        6: np.rot90(upright),
        7: upright[::-1, ::-1].T,
        8: np.rot90(upright, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(stored), file_format, exif=exif.tobytes(), quality=95)
    picture = read_picture(data, SIZE)[..., 0].astype(int)
    for row, column in np.ndindex(2, 2):
        quarter = picture[row * 12 : row * 12 + 12, column * 12 : column * 12 + 12]
        assert abs(quarter.mean() - upright[row * 12, column * 12]) < 5


def test_damaged_exif_data_do_no_harm(image):
    for exif in (b"Exif\0\0garbage", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12\0\x03" * 20):
        assert read_picture(encoded(image, "JPEG", exif=exif), SIZE).shape == (*SIZE, 3)


def test_the_centre_square_is_resized():
    wide = Image.new("RGB", (300, 100), "red")
    wide.paste("blue", (100, 0, 200, 100))
    # The filter looks three of the smaller pixels beyond the square's edge.
    assert (read_picture(encoded(wide), SIZE)[:, 3:-3] == [0, 0, 255]).all()
    tall = wide.rotate(90, expand=True)
    assert (read_picture(encoded(tall), SIZE)[3:-3] == [0, 0, 255]).all()
    # A network's input need not be square: then the largest centred part of its proportions.
    assert read_picture(encoded(wide), (10, 30)).shape == (10, 30, 3)
    assert (read_picture(encoded(wide), (10, 30))[:, 0] == [255, 0, 0]).all()


def test_resizing_averages_what_it_leaves_out():
    fine = np.zeros((96, 96, 3), np.uint8)
    fine[:, ::2] = 255
    assert np.abs(read_picture(encoded(Image.fromarray(fine)), SIZE).astype(int) - 127).max() < 12


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (2, 3)])
def test_tiny_and_thin_pictures(shape):
    picture = read_picture(encoded(Image.new("RGB", shape, "red")), SIZE)
    assert (picture == [255, 0, 0]).all()


def refused(source):
    with pytest.raises(PictureError) as refusal:
        read_picture(source, SIZE)
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_files_that_cannot_be_opened(tmp_path):
    assert refused(tmp_path / "missing.png") == "There is no such file. Check its name."
    assert refused(tmp_path) == f"This is a folder, not a picture. {CHOOSE}"
    assert "cannot be read" in refused("a\0b")
    assert "cannot be read" in refused("x" * 5000)


def test_files_that_are_no_pictures(image, tmp_path):
    assert refused(b"") == f"This file is empty. {CHOOSE}"
    text = tmp_path / "text.jpg"
    text.write_text("This is not a picture.")
    not_a_picture = f"This file is not a picture that can be read here. {CHOOSE}"
    assert refused(text) == not_a_picture
    assert refused(encoded(image, "TGA")) == not_a_picture
    assert refused(b"\x89PNG") == not_a_picture
    named = {"TIFF": "TIFF", "ICO": "ICO", "PPM": "Netpbm", "PDF": "PDF"}
    for file_format, name in named.items():
        assert f"format is {name}, which cannot be read here." in refused(encoded(image, file_format))
    assert "format is SVG" in refused(b"<svg xmlns='http://www.w3.org/2000/svg'/>")


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "BMP"])
def test_pictures_cut_short(file_format):
    noise = np.random.default_rng(2).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), file_format)
    assert refused(data[: len(data) // 2]) == "This picture is damaged or cut short. Try another copy of it."


def test_any_damage_gives_a_picture_or_a_sentence(image):
    rng = np.random.default_rng(3)
    for file_format in ("PNG", "JPEG", "WEBP", "GIF", "BMP"):
        data = encoded(image.convert("P") if file_format == "GIF" else image, file_format)
        for _ in range(150):
            damaged = bytearray(data)
            for position in rng.integers(0, len(data), rng.integers(1, 6)):
                damaged[position] = rng.integers(256)
            if rng.random() < 0.3:
                del damaged[rng.integers(1, len(damaged)) :]
            with contextlib.suppress(PictureError):
                assert read_picture(bytes(damaged), SIZE).shape == (*SIZE, 3)


TOO_MANY_PIXELS = "This picture has more than 50 million pixels. Choose a smaller one."


@pytest.mark.parametrize("side", [8000, 10_000, 20_000, 2**31 - 1])
def test_too_many_pixels_are_refused_before_they_are_decoded(side):
    # Only the header is there: who decoded it would find it cut short.
    assert refused(png((side, side, 8, 2), b"")) == TOO_MANY_PIXELS


def test_a_whole_picture_with_too_many_pixels():
    assert refused(encoded(Image.new("1", (20_000, 20_000)))) == TOO_MANY_PIXELS


def test_a_picture_without_pixels():
    assert refused(png((0, 0, 8, 2), b"")) is not None


def test_too_many_bytes(image, monkeypatch, tmp_path):
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(pictures.MAX_BYTES + 1)
    assert refused(path) == "This file is larger than 64 MB. Choose a smaller one."
    monkeypatch.setattr(pictures, "MAX_BYTES", 100)
    assert "larger" in refused(encoded(image))
    assert "larger" in refused(io.BytesIO(encoded(image)))
