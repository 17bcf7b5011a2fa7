"""From a picture's file to pixels: whatever the file holds, upright, on white, cut square and resized."""

from __future__ import annotations

import os
import warnings
from io import BytesIO
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from pycnn.sources import read_file

# Of FORMATS Pillow itself knows all but this one, and to find it would import every format there is.
from PIL import WebPImagePlugin  # noqa: F401 isort: skip

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 50_000_000

_CHOOSE = "Choose a PNG, JPEG, WebP, GIF or BMP picture."
_TOO_MANY_PIXELS = f"This picture has more than {MAX_PIXELS // 10**6} million pixels. Choose a smaller one."
_DAMAGED = "This picture is damaged or cut short. Try another copy of it."


class PictureError(ValueError):
    """A file that gives no picture; the sentence says what is wrong and what to do.

    reason is the same in one word, for a program that has words of its own: "missing", "folder",
    "unreadable", "empty", "large", "pixels", "unknown" or "damaged".
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def read_picture(
    source: str | os.PathLike[str] | bytes | BinaryIO, size: tuple[int, int]
) -> NDArray[np.uint8]:
    """The picture in a file as uint8 pixels (height, width, 3), where (height, width) is the size.

    source is a path, the file's bytes or an open binary file. Of an animation the first frame is taken.
    EXIF orientation is applied, transparency is laid on white, and the largest centred part of the
    size's proportions is resized; a picture that has the size already comes through unchanged.
    A limit: Pillow reads PNGs of 16-bit colour as 8-bit ones, so in those a single colour declared
    transparent (tRNS) cannot be told apart; an alpha channel can.
    Raises PictureError.
    """
    data = _read_bytes(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of oddities in files that it reads well
        image = _open(data)
        try:
            image.load()
            upright = _upright(image)
            height, width = size
            cut = _on_white(upright.crop(_centre(upright, height, width)))
            return np.array(cut.resize((width, height), Image.Resampling.LANCZOS))
        except Exception as error:  # damaged files make Pillow's decoders raise errors of many kinds
            raise PictureError("damaged", _DAMAGED) from error


def _read_bytes(source: str | os.PathLike[str] | bytes | BinaryIO) -> bytes:
    try:
        if isinstance(source, bytes):
            data = source
        elif isinstance(source, str | os.PathLike):
            data = read_file(source, MAX_BYTES + 1)
        else:
            data = source.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise PictureError("missing", "There is no such file. Check its name.") from error
    except IsADirectoryError as error:
        raise PictureError("folder", f"This is a folder, not a picture. {_CHOOSE}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PictureError("unreadable", f"This file cannot be read ({reason}). {_CHOOSE}") from error
    if not data:
        raise PictureError("empty", f"This file is empty. {_CHOOSE}")
    if len(data) > MAX_BYTES:
        raise PictureError(
            "large", f"This file is larger than {MAX_BYTES // 2**20} MB. Choose a smaller one."
        )
    return data


def _open(data: bytes) -> Image.Image:
    """The picture, not decoded yet, so that a small file cannot unpack into a huge picture."""
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise PictureError(
            "unknown", f"This file is not a picture that can be read here. {_CHOOSE}"
        ) from error
    except Image.DecompressionBombError as error:
        raise PictureError("pixels", _TOO_MANY_PIXELS) from error
    except Exception as error:  # as above
        raise PictureError("damaged", _DAMAGED) from error
    if image.width * image.height > MAX_PIXELS:
        raise PictureError("pixels", _TOO_MANY_PIXELS)
    return image


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # damaged EXIF data: the picture itself is whole
        return image


def _centre(image: Image.Image, height: int, width: int) -> tuple[int, int, int, int]:
    """The largest centred box (left, top, right, bottom) with the proportions of height and width."""
    scale = min(image.height / height, image.width / width)
    box_height, box_width = max(1, round(height * scale)), max(1, round(width * scale))
    top, left = (image.height - box_height) // 2, (image.width - box_width) // 2
    return left, top, left + box_width, top + box_height


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in RGB; where it is transparent, white shows through."""
    if image.mode.startswith("I"):
        image = _eight_bits(image)
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit grey as 8-bit grey: Pillow's own conversion would cut off what exceeds 255."""
    values = np.asarray(image).astype(np.int64)
    grey = Image.fromarray((np.clip(values, 0, 65535) / 257).round().astype(np.uint8))
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):  # this value of grey stands for transparency
        grey.putalpha(Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8)))
    return grey
