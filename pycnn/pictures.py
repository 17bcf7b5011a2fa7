"""From a picture's file to pixels: as a browser shows it, upright, on white, cut square and resized."""

from __future__ import annotations

import os
import warnings
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pycnn.decoding import Decoded, TooManyPixelsError, UnknownPictureError, decode
from pycnn.picture_formats import format_of
from pycnn.sources import read_file
from pycnn.steps import News, silent

MAX_BYTES = 64 * 2**20
MAX_PIXELS = 50_000_000
# What is told of while a picture is read: its file's parts are looked through, then decoded, and the pixels
# are brought to sRGB, laid on white and resized.
STAGES = ("open", "decode", "fit")
_AT_ONCE = 2**18  # pixels that are brought to sRGB at a time, so that a huge picture takes no huge memory

_CHOOSE = "Choose a PNG, JPEG, WebP, GIF or BMP picture."
_TOO_MANY_PIXELS = f"This picture has more than {MAX_PIXELS // 10**6} million pixels. Choose a smaller one."
_DAMAGED = "This picture is damaged or cut short. Try another copy of it."


class PictureError(ValueError):
    """A file that gives no picture; the sentence says what is wrong and what to do.

    reason is the same in one word, for a program that has words of its own: "missing", "folder",
    "unreadable", "empty", "large", "pixels", "unknown", "format" or "damaged". With "format" it is a
    picture, but of a format that cannot be read, whose name is in file_format.
    """

    def __init__(self, reason: str, sentence: str, file_format: str | None = None) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.file_format = file_format


def read_picture(
    source: str | os.PathLike[str] | bytes | BinaryIO, size: tuple[int, int], news: News = silent
) -> NDArray[np.uint8]:
    """The picture in a file as uint8 pixels (height, width, 3), where (height, width) is the size.

    source is a path, the file's bytes or an open binary file: PNG, JPEG, WebP, GIF or BMP, and AVIF where
    Pillow can read it. Of an animation the first frame is taken. The picture is what a browser shows of the
    file: its colours are converted to sRGB, EXIF orientation is applied, and transparency is laid on white.
    The largest centred part of the size's proportions is resized; a picture that has the size already
    comes through unchanged.
    Limits: colour profiles made of tables or for CMYK and PNG's curves of high dynamic range are not
    applied. Pillow reads PNGs of 16-bit colour as 8-bit ones, so in those a single colour declared
    transparent (tRNS) cannot be told apart; an alpha channel can.
    news(stage, done, total) is called again and again while that goes on: one of STAGES, and how many bytes
    or rows are done of how many.
    Raises PictureError.
    """
    data = _read_bytes(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of oddities in files that it reads well
        try:
            return _fit(decode(data, MAX_PIXELS, news), size, news)
        except TooManyPixelsError as error:
            raise PictureError("pixels", _TOO_MANY_PIXELS) from error
        except UnknownPictureError as error:
            raise _unknown(data) from error
        except Exception as error:  # damaged files make Pillow's decoders raise errors of many kinds
            raise PictureError("damaged", _DAMAGED) from error


def fit_pixels(rgba: NDArray[np.uint8], size: tuple[int, int], news: News = silent) -> NDArray[np.uint8]:
    """The same for a picture that another decoder has read: sRGB and alpha, upright (height, width, 4).

    Raises PictureError if there are too many pixels.
    """
    height, width, _ = rgba.shape
    if height * width > MAX_PIXELS:
        raise PictureError("pixels", _TOO_MANY_PIXELS)
    return _fit(Decoded(Image.fromarray(rgba)), size, news)


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


def _unknown(data: bytes) -> PictureError:
    name = format_of(data)
    if name is None:
        return PictureError("unknown", f"This file is not a picture that can be read here. {_CHOOSE}")
    sentence = f"This file's format is {name}, which cannot be read here. Save it as PNG or JPEG first."
    return PictureError("format", sentence, name)


def _fit(decoded: Decoded, size: tuple[int, int], news: News) -> NDArray[np.uint8]:
    """Cut out the largest centred part of the size's proportions, lay it on white and resize it.

    Rows are made narrower first, some at a time, and then all columns shorter: so a picture of many pixels is
    never there a second time.
    """
    height, width = size
    left, top, right, bottom = _centre(decoded.image, height, width)
    resized = Image.new("RGB", (width, bottom - top))
    count = max(1, _AT_ONCE // (right - left))
    for start in range(top, bottom, count):
        end = min(start + count, bottom)
        rows = decoded.on_white((left, start, right, end))
        resized.paste(rows.resize((width, end - start), Image.Resampling.LANCZOS), (0, start - top))
        news("fit", end - top, bottom - top)
    return np.array(resized.resize((width, height), Image.Resampling.LANCZOS))


def _centre(image: Image.Image, height: int, width: int) -> tuple[int, int, int, int]:
    """The largest centred box (left, top, right, bottom) with the proportions of height and width."""
    scale = min(image.height / height, image.width / width)
    box_height, box_width = max(1, round(height * scale)), max(1, round(width * scale))
    top, left = (image.height - box_height) // 2, (image.width - box_width) // 2
    return left, top, left + box_width, top + box_height
