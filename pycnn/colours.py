"""From a picture's own colours to sRGB: ICC profiles of matrix and curves, and what PNG files say."""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LEVELS = np.linspace(0, 1, 256)
_STEPS = 4095  # light from 0 to 1 in so many steps is fine enough for 8 bits of sRGB
_LARGEST_PROFILE = 2**24  # bytes; a longer one is not unpacked

# Rows X, Y, Z under the white D50 of profiles; columns red, green, blue of sRGB.
_SRGB = np.array(
    [[0.436066, 0.385147, 0.143066], [0.222488, 0.716873, 0.060608], [0.013916, 0.097076, 0.714096]]
)
_D50 = np.array([0.9642, 1, 0.8249])
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])

# By the numbers that cICP has for them: chromaticities x, y of white, red, green, blue ...
_D65 = (0.3127, 0.329)
_PRIMARIES = {
    1: (*_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06),
    5: (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (*_D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    7: (*_D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    9: (*_D65, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046),
    11: (0.314, 0.351, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    12: (*_D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
}


def _parametric(
    x: Floats, g: float, a: float, b: float, c: float, d: float, e: float = 0, f: float = 0
) -> Floats:
    return np.where(x >= d, np.maximum(a * x + b, 0) ** g + e, c * x + f)


def _decode_srgb(x: Floats) -> Floats:
    return _parametric(x, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


# ... and the powers that turn numbers into light; 13 is sRGB's own curve. High dynamic range (16, 18) is not
# among them.
_POWERS = {1: 2.4, 4: 2.2, 5: 2.8, 6: 2.4, 8: 1.0, 11: 2.4, 14: 2.4, 15: 2.4}


def _encode_srgb(x: Floats) -> Floats:
    return np.where(x > 0.0031308, 1.055 * np.maximum(x, 0) ** (1 / 2.4) - 0.055, 12.92 * x)


_ENCODED = (_encode_srgb(np.linspace(0, 1, _STEPS + 1)) * 255).round().astype(np.uint8)


class Colours:
    """How the levels of a picture, 0 to 255, become sRGB: to light by a curve for each channel, then mixed.

    `curves` (channels, 256) is the light of every level; `matrix` (3, 3) turns light of the picture's red,
    green and blue into that of sRGB's, None if they are the same. With one curve it is a picture of greys.
    """

    def __init__(self, curves: Floats, matrix: Floats | None = None) -> None:
        self.is_grey = len(curves) == 1
        if matrix is not None and np.abs(matrix - np.eye(3)).max() < 2e-3:
            matrix = None
        # Beyond these bounds all is black or white, and no number is too large to count with.
        self._curves = np.clip(np.nan_to_num(curves), -16, 16).astype(np.float32)
        self._matrix = None if matrix is None else (_STEPS * matrix).astype(np.float32)
        steps = np.clip(np.rint(self._curves * _STEPS), 0, _STEPS).astype(np.intp)
        self._levels = np.broadcast_to(_ENCODED[steps], (3, 256))

    @property
    def are_srgb(self) -> bool:
        """Do they change nothing that one could see?"""
        return self._matrix is None and bool(np.abs(self._levels - np.arange(256.0)).max() <= 1)

    def to_srgb(self, pixels: NDArray[np.uint8]) -> None:
        """Convert RGB pixels (height, width, 3) where they are."""
        if self._matrix is None:
            for channel, levels in enumerate(self._levels):
                pixels[..., channel] = levels[pixels[..., channel]]
            return
        light = [curve[pixels[..., channel]] for channel, curve in enumerate(self._curves)]
        for channel, (red, green, blue) in enumerate(self._matrix):
            mixed = red * light[0]
            mixed += green * light[1]
            mixed += blue * light[2]
            mixed += 0.5
            pixels[..., channel] = _ENCODED[np.clip(mixed, 0, _STEPS, out=mixed).astype(np.uint16)]


def colours_of_profile(profile: bytes) -> Colours | None:
    """The colours that an ICC profile tells of; None if it is damaged or of another kind.

    Profiles made of tables (LUT) and those of CMYK are of another kind.
    """
    with contextlib.suppress(struct.error, ValueError, KeyError, OverflowError), np.errstate(all="ignore"):
        return _read_profile(profile)
    return None


def colours_of_png(chunks: Mapping[bytes, bytes]) -> Colours | None:
    """The colours that a PNG file's chunks cICP, iCCP, sRGB, gAMA and cHRM tell of, the first of them first.

    As in browsers cHRM counts only beside gAMA, and a chunk that says nothing sensible not at all.
    """
    colours = _by_numbers(chunks.get(b"cICP", b""))
    if colours:
        return colours
    colours = colours_of_profile(_unpacked(chunks.get(b"iCCP", b"")))
    if colours:
        return colours
    intent = chunks.get(b"sRGB", b"")
    gamma = int.from_bytes(chunks.get(b"gAMA", b"")) if len(chunks.get(b"gAMA", b"")) == 4 else 0
    if (len(intent) == 1 and intent[0] <= 3) or not 0 < gamma < 2**31:
        return None
    curves = np.stack([_LEVELS ** (100_000 / gamma)] * 3)
    primaries = chunks.get(b"cHRM", b"")
    if len(primaries) != 32:
        return None if gamma == 45_455 else Colours(curves)  # which is how files say that they are sRGB
    try:
        return Colours(curves, _matrix_of([value / 100_000 for value in struct.unpack(">8I", primaries)]))
    except ValueError:
        return None


def _by_numbers(cicp: bytes) -> Colours | None:
    """The colours that four numbers stand for (ITU-T H.273): primaries, curve, 0 and 1."""
    if len(cicp) != 4 or cicp[2:] != b"\0\1" or cicp[0] not in _PRIMARIES or cicp[1] not in (13, *_POWERS):
        return None
    curve = _decode_srgb(_LEVELS) if cicp[1] == 13 else _LEVELS ** _POWERS[cicp[1]]
    return Colours(np.stack([curve] * 3), _matrix_of(_PRIMARIES[cicp[0]]))


def _unpacked(iccp: bytes) -> bytes:
    """The profile in an iCCP chunk: a name of 1 to 79 bytes, a zero, the method 0, then compressed."""
    name, _, compressed = iccp.partition(b"\0")
    if not 1 <= len(name) <= 79 or compressed[:1] != b"\0":
        return b""
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(compressed[1:], _LARGEST_PROFILE)
    except zlib.error:
        return b""
    return profile if unpacking.eof else b""


def _read_profile(profile: bytes) -> Colours | None:
    size, version, space, signature, *white = struct.unpack_from(">I4xB7x4s16x4s28x3i", profile)
    if not 132 <= size <= len(profile) or version > 4 or signature != b"acsp":
        return None
    if np.abs(np.array(white) / 65536 - _D50).max() > 0.01:
        return None
    (count,) = struct.unpack_from(">I", profile, 128)
    tags: dict[bytes, bytes] = {}
    if 132 + 12 * count > size:
        return None
    for at in range(132, 132 + 12 * count, 12):
        name, start, length = struct.unpack_from(">4sII", profile, at)
        if length < 4 or start + length > size:
            return None
        tags.setdefault(name, profile[start : start + length])
    if space == b"GRAY":
        return Colours(_curve(tags[b"kTRC"])[np.newaxis])
    if space != b"RGB ":
        return None
    by_numbers = _by_numbers(tags[b"cicp"][8:12]) if tags.get(b"cicp", b"")[:4] == b"cicp" else None
    if by_numbers:  # browsers believe them before the rest
        return by_numbers
    curves = np.stack([_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC")])
    to_xyz = np.stack([_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")], axis=1)
    return Colours(curves, _inverse(_SRGB) @ to_xyz)


def _xyz(tag: bytes) -> Floats:
    kind, *values = struct.unpack_from(">4s4x3i", tag)
    if kind != b"XYZ ":
        raise ValueError("not a colour")
    return np.array(values) / 65536


def _curve(tag: bytes) -> Floats:
    """The light of each of 256 levels, by a tag `curv` or `para`."""
    if tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        if count > (len(tag) - 12) // 2:
            raise ValueError("a curve cut short")
        table = np.frombuffer(tag, ">u2", count, 12) / 65535
        if count < 2:
            return _LEVELS ** (table[0] * 65535 / 256) if count else _LEVELS
        return np.interp(_LEVELS, np.linspace(0, 1, count), table)
    kind, form = struct.unpack_from(">4s4xH", tag)
    if kind != b"para" or form > 4:
        raise ValueError("not a curve")
    numbers = [value / 65536 for value in struct.unpack_from(f">{(1, 3, 4, 5, 7)[form]}i", tag, 12)]
    numbers += [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0][len(numbers) :]
    g, a, b, c, d, e, f = numbers
    if form in (1, 2):  # from where the power begins the curve is flat, and form 2 lifts all of it
        c, d, e, f = 0, -b / a if a else -1, c, c
    if min(g, a, c, d, a * d + b) < 0:
        raise ValueError("a curve that browsers refuse")
    return _parametric(_LEVELS, g, a, b, c, d, e, f)


def _matrix_of(chromaticities: tuple[float, ...] | list[float]) -> Floats:
    """From light of these red, green and blue to that of sRGB; x and y of white come first."""
    points = np.array(chromaticities).reshape(4, 2)
    if not (points[:, 1] > 0).all() or not (points.sum(axis=1) <= 1).all():
        raise ValueError("no colours")
    columns = np.stack([points[:, 0], points[:, 1], 1 - points.sum(axis=1)]) / points[:, 1]
    white, primaries = columns[:, 0], columns[:, 1:]
    primaries = primaries * (_inverse(primaries) @ white)
    cones = _BRADFORD @ _D50 / (_BRADFORD @ white)
    adapt = _inverse(_BRADFORD) @ (cones[:, np.newaxis] * _BRADFORD)
    mixed: Floats = _inverse(_SRGB) @ adapt @ primaries
    return mixed


def _inverse(matrix: Floats) -> Floats:
    """Of a matrix (3, 3), by cross products: the page's NumPy comes without linear algebra."""
    a, b, c = matrix.T
    rows = np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)])
    size = a @ rows[0]
    if abs(size) < 1e-9:
        raise ValueError("colours that do not span a space")
    inverse: Floats = rows / size
    return inverse
