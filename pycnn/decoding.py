"""What Pillow makes of a picture's file, mended where browsers show more of it: a function a format."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from pycnn.colours import Colours, colours_of_png, colours_of_profile
from pycnn.exif import orientation
from pycnn.picture_formats import format_of
from pycnn.png import SIGNATURE as PNG_SIGNATURE
from pycnn.png import read_chunks
from pycnn.steps import News, now_and_then

# Of these formats Pillow itself knows all but the last one, and to find it would import all there are.
from PIL import WebPImagePlugin  # noqa: F401 isort: skip

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Kinds of a JPEG's segments.
_EXIF, _PROFILE, _PIXELS = 0xE1, 0xE2, 0xDA
_APPLICATIONS = (*range(0xE1, 0xEE), 0xEF)  # without JFIF's and Adobe's, which say how colours are stored
_END_OF_JPEG = b"\xff\xd9"
_FILL = re.compile(b"\xff+")  # ahead of a segment
_PIECE = 2**14  # bytes that are decoded at once; of a plain picture they may be millions of pixels
_UNDECODED = 128  # what JPEG decoders fill in where data are missing
_MAY_MISS = 16  # one row in so many, at the lower edge
_BLOCK = 8  # rows of a JPEG's block


class UnknownPictureError(Exception):
    """The file is of none of the formats that can be read."""


class TooManyPixelsError(Exception):
    """The picture has more pixels than asked for."""


@dataclass
class Decoded:
    """A decoded picture, upright, in any of Pillow's modes.

    Its levels mean `colours`, or sRGB where that is None. Outside of the box `filled` (left, top, right,
    bottom) there is nothing.
    """

    image: Image.Image
    colours: Colours | None = None
    filled: tuple[int, int, int, int] | None = None

    def on_white(self, box: tuple[int, int, int, int]) -> Image.Image:
        """The part in the box as sRGB; where the picture is transparent or has nothing, white shows."""
        if not self.filled:
            return self._part(box)
        white = Image.new("RGB", (box[2] - box[0], box[3] - box[1]), "white")
        left, top = max(box[0], self.filled[0]), max(box[1], self.filled[1])
        right, bottom = min(box[2], self.filled[2]), min(box[3], self.filled[3])
        if left < right and top < bottom:
            white.paste(self._part((left, top, right, bottom)), (left - box[0], top - box[1]))
        return white

    def _part(self, box: tuple[int, int, int, int]) -> Image.Image:
        image = self.image.crop(box)
        if image.mode.startswith("I"):
            image = _eight_bits(image)
        has_profile = self._has_profile_for(image.mode)
        if not image.has_transparency_data:
            return self._in_srgb(image.convert("RGB")) if has_profile else image.convert("RGB")
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        seen = self._in_srgb(image.convert("RGB")) if has_profile else image
        white.paste(seen, mask=image.getchannel("A"))
        return white

    def _has_profile_for(self, mode: str) -> bool:
        """Those of greys are for greys only, and none is for CMYK."""
        if not self.colours or mode == "CMYK":
            return False
        return mode in ("1", "L", "LA") or not self.colours.is_grey

    def _in_srgb(self, image: Image.Image) -> Image.Image:
        assert self.colours
        pixels = np.array(image)
        self.colours.to_srgb(pixels)
        return Image.fromarray(pixels)


def decode(data: bytes, most: int, news: News) -> Decoded:
    """The picture in a file's bytes.

    news("open" or "decode", done, total) is called while its bytes are looked through and decoded.
    Raises TooManyPixelsError before anything is decoded if there are more pixels than `most`,
    UnknownPictureError, and what Pillow raises of a damaged file.
    """
    if format_of(data) == "AVIF":
        return _decode_avif(data, most, news)
    for signature, decode_format in _DECODERS.items():
        if data.startswith(signature):
            return decode_format(data, most, news)
    raise UnknownPictureError


class _File(BytesIO):
    """A file's bytes, which Pillow reads and decodes piece by piece: so it can be told how far it is."""

    def __init__(self, data: bytes | bytearray, news: News) -> None:
        super().__init__(data)
        self._size = len(data)
        self._tell_news = now_and_then(partial(news, "decode"), _PIECE // 2)

    def read(self, size: int | None = -1) -> bytes:
        self._tell_news(self.tell(), self._size)
        return super().read(size)


def _open(data: bytes | bytearray, most: int, news: News, formats: tuple[str, ...] = FORMATS) -> Image.Image:
    """The picture, not decoded yet, so that a small file cannot unpack into a huge picture."""
    try:
        image = Image.open(_File(data, news), formats=formats)
    except UnidentifiedImageError as error:
        raise UnknownPictureError from error
    except Image.DecompressionBombError as error:
        raise TooManyPixelsError from error
    if image.width * image.height > most:
        raise TooManyPixelsError
    image.decodermaxblock = _PIECE
    return image


def _upright(image: Image.Image, turn: int) -> Image.Image:
    image.load()
    return image.transpose(_TURNS[turn]) if turn in _TURNS else image


def _unless_srgb(colours: Colours | None) -> Colours | None:
    return None if colours is None or colours.are_srgb else colours


def _decode_png(data: bytes, most: int, news: News) -> Decoded:
    chunks = read_chunks(data, now_and_then(partial(news, "open"), _PIECE))
    image = _open(chunks.data, most, news)
    if chunks.begins_later:
        image.seek(1)
    image = _upright(image, orientation(chunks.exif))
    if chunks.is_grey and image.mode == "RGBA":  # Pillow's way to read 16 bits of grey with alpha
        image = image.convert("LA")
    return Decoded(image, _unless_srgb(colours_of_png(chunks.colour)))


def _decode_jpeg(data: bytes, most: int, news: News) -> Decoded:
    exif, parts, end = b"", [], 0
    tell = now_and_then(partial(news, "open"), _PIECE)
    plain = bytearray(data)  # without what Pillow would look into and stumble over
    for kind, start, end in _segments(data):
        tell(end, len(data))
        body = data[start:end]
        if kind == _EXIF and body.startswith(b"Exif\0"):
            exif = exif or body[6:]
        if kind == _PROFILE and body.startswith(b"ICC_PROFILE\0"):
            parts.append(body[12:])
        if kind in _APPLICATIONS:
            plain[start : start + len(body[:4])] = bytes(len(body[:4]))
    image = _open(plain, most, news)
    try:
        image.load()
        has_end = plain.find(_END_OF_JPEG, end) >= 0
    except OSError:
        has_end = False
    if not has_end:
        image = _without_its_end(plain, most, news)
    colours = _unless_srgb(colours_of_profile(_joined(parts)))
    return Decoded(_upright(image, orientation(exif)), colours)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of every segment of a JPEG ahead of its pixels."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != _PIXELS:
        if data[at + 1] == 0xFF:  # it fills a gap
            at = _FILL.match(data, at).end() - 1  # type: ignore[union-attr]
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        yield data[at + 1], at + 4, min(end, len(data))
        at = end


def _joined(parts: list[bytes]) -> bytes:
    """The profile in segments that begin with their number, from 1, and how many there are."""
    numbered = {part[0]: part for part in reversed(parts) if len(part) > 2}
    count = len(numbered)
    whole = all(number in numbered and numbered[number][1] == count for number in range(1, count + 1))
    return b"".join(numbered[number][2:] for number in sorted(numbered)) if whole else b""


def _without_its_end(data: bytearray, most: int, news: News) -> Image.Image:
    """A JPEG that ends too early: the decoder is told that this is the end. Rows that are missing are white.

    Raises OSError if the data of more than a few are missing.
    """
    image = _open(data + _END_OF_JPEG, most, news)
    image.load()
    allowed = image.height // _MAY_MISS
    last = np.asarray(image.crop((0, image.height - allowed - 1, image.width, image.height)))
    there = np.flatnonzero((last != _UNDECODED).reshape(allowed + 1, -1).any(axis=1))
    if not there.size:
        raise OSError("too much is missing")
    rows = image.height - allowed + int(there[-1])
    if "progressive" not in image.info:
        rows = _rows_drawn(image, rows)
    white = (0, 0, 0, 0) if image.mode == "CMYK" else (255,) * len(image.getbands())
    image.paste(white, (0, rows, image.width, image.height))
    return image


def _rows_drawn(image: Image.Image, rows: int) -> int:
    """How many rows browsers draw of a JPEG that has data of so many: all above the blocks where these end.

    Where colours have fewer rows than the picture, they leave out two more, which are mixed with those below.
    """
    layers: list[tuple[int, int, int, int]] = image.layer  # type: ignore[attr-defined]
    halves = max(down for _, _, down, _ in layers)
    mixed = halves > 1
    blocks = (rows - 1 - mixed) // (_BLOCK * halves)
    return max(_BLOCK * halves * blocks - 2 * mixed, 0)


def _decode_webp(data: bytes, most: int, news: News) -> Decoded:
    if data[8:12] != b"WEBP":  # RIFF files hold sound and films, too
        raise UnknownPictureError
    if _webp_pixels(data) > most:  # Pillow makes room for all of them before it says how many there are
        raise TooManyPixelsError
    animated = data[12:16] == b"VP8X" and len(data) > 20 and data[20] & 2
    if animated:  # a canvas that its first frame does not fill is transparent
        data = data[:20] + bytes([data[20] | 0x10]) + data[21:]
    image = _open(data, most, news)
    # Browsers turn no WebP pictures, and those of animations keep their colours.
    profile = b"" if animated else image.info.get("icc_profile", b"")
    return Decoded(_upright(image, 1), _unless_srgb(colours_of_profile(profile)))


def _webp_pixels(data: bytes) -> int:
    """Width times height, by the header of any of the three kinds of WebP files."""
    if data[12:16] == b"VP8X":
        return (int.from_bytes(data[24:27], "little") + 1) * (int.from_bytes(data[27:30], "little") + 1)
    if data[12:16] == b"VP8L":
        sides = int.from_bytes(data[21:25], "little")
        return ((sides & 0x3FFF) + 1) * ((sides >> 14 & 0x3FFF) + 1)
    width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return width * height


def _decode_gif(data: bytes, most: int, news: News) -> Decoded:
    image = _open(data, most, news)
    tiles = getattr(image, "tile", [])
    filled = tiles[0][1] if tiles else None
    return Decoded(_upright(image, 1), filled=filled if filled != (0, 0, *image.size) else None)


def _decode_bmp(data: bytes, most: int, news: News) -> Decoded:
    profile = b""
    if len(data) >= 138 and data[70:74] == b"DEBM":  # "MBED", embedded, in the order of its bytes
        start, size = struct.unpack_from("<II", data, 126)
        profile = data[14 + start : 14 + start + size]
    return Decoded(_upright(_open(data, most, news), 1), _unless_srgb(colours_of_profile(profile)))


def _decode_avif(data: bytes, most: int, news: News) -> Decoded:
    try:
        from PIL import _avif  # noqa: F401
    except ImportError as error:
        raise UnknownPictureError from error
    from PIL import AvifImagePlugin  # noqa: F401

    image = _open(data, most, news, ("AVIF",))
    turn = image.getexif().get(0x0112, 1)  # Pillow's own: of the picture's boxes, not of EXIF data
    colours = _unless_srgb(colours_of_profile(image.info.get("icc_profile") or b""))
    return Decoded(_upright(image, turn), colours)


_DECODERS: dict[bytes, Callable[[bytes, int, News], Decoded]] = {
    PNG_SIGNATURE: _decode_png,
    b"\xff\xd8\xff": _decode_jpeg,
    b"RIFF": _decode_webp,
    b"GIF8": _decode_gif,
    b"BM": _decode_bmp,
}


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit grey as 8-bit grey: Pillow's own conversion would cut off what exceeds 255."""
    values = np.asarray(image).astype(np.int64)
    grey = Image.fromarray((np.clip(values, 0, 65535) / 257).round().astype(np.uint8))
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):  # this value of grey stands for transparency
        grey.putalpha(Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8)))
    return grey
