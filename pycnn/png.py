"""PNG files, chunk by chunk: what the pixels need is kept, so that faults elsewhere do no harm."""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR_CHUNKS = (b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM")

_ANIMATION = (b"acTL", b"fcTL", b"fdAT")
_GREY, _RGB, _PALETTE, _GREY_ALPHA = 0, 2, 3, 4  # colour types


@dataclass
class Chunks:
    """A PNG file without what only a damaged or oversized chunk could bring.

    `data` is a PNG file again. `colour` holds what its chunks of `COLOUR_CHUNKS` say and `exif` its EXIF
    data, both only as far as they stand before the pixels. `is_grey`: with alpha or without.
    `begins_later`: the first picture of the animation is not the one that viewers without animation show.
    """

    data: bytes = b""
    colour: dict[bytes, bytes] = field(default_factory=dict)
    exif: bytes = b""
    is_grey: bool = False
    begins_later: bool = False


def read_chunks(data: bytes, tell: Callable[[int, int], object]) -> Chunks:
    """The chunks of a PNG file. Of a chunk that stands there twice the first one counts.

    tell(done, total) is called with bytes after each chunk.
    """
    chunks = list(_walk(data, tell))
    pixels = next((i for i, (kind, _, _) in enumerate(chunks) if kind == b"IDAT"), len(chunks))
    ahead: dict[bytes, bytes] = {}
    for kind, body, _ in chunks[:pixels]:
        if kind != b"tRNS" or _names_a_colour(ahead, body):
            ahead.setdefault(kind, body)
    found = Chunks(exif=ahead.get(b"eXIf", b""))
    found.colour = {kind: ahead[kind] for kind in COLOUR_CHUNKS if kind in ahead}
    found.is_grey = _depth_and_type(ahead)[1] in (_GREY, _GREY_ALPHA)
    found.begins_later = (
        len(ahead.get(b"acTL", b"")) == 8
        and b"fcTL" not in ahead
        and any(kind == b"fcTL" for kind, _, _ in chunks)
    )
    transparent = _transparency(ahead)
    parts = [SIGNATURE]
    for i, (kind, _, written) in enumerate(chunks):
        if i == pixels and transparent:
            parts.append(_chunk(b"tRNS", transparent))
        if _is_critical(kind) or (found.begins_later and kind in _ANIMATION):
            parts.append(written)
    found.data = b"".join(parts)
    return found


def _walk(data: bytes, tell: Callable[[int, int], object]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Every chunk's kind, body and all of it as it is written; none that is ancillary and damaged."""
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + size
        if _is_critical(kind):
            yield kind, b"" if kind == b"IDAT" else data[at + 8 : end - 4], data[at:end]
        elif end <= len(data) and zlib.crc32(data[at + 4 : end - 4]) == int.from_bytes(data[end - 4 : end]):
            yield kind, data[at + 8 : end - 4], data[at:end]
        at = end
        tell(at, len(data))


def _is_critical(kind: bytes) -> bool:
    return not kind[0] & 0x20


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _depth_and_type(ahead: dict[bytes, bytes]) -> tuple[int, int]:
    """Bits of a sample, and the colour type."""
    header = ahead.get(b"IHDR", b"")
    return (header[8], header[9]) if len(header) >= 10 else (0, -1)


def _names_a_colour(ahead: dict[bytes, bytes], body: bytes) -> bool:
    """May a tRNS chunk with this body stand after those that are ahead?"""
    kind = _depth_and_type(ahead)[1]
    if kind == _PALETTE:
        return b"PLTE" in ahead and len(body) <= 256
    return len(body) >= {_GREY: 2, _RGB: 6}.get(kind, len(body) + 1)


def _transparency(ahead: dict[bytes, bytes]) -> bytes:
    """The tRNS chunk's body; greys of few bits on the scale of 0 to 255, as Pillow reads such pixels."""
    body = ahead.get(b"tRNS", b"")
    depth, kind = _depth_and_type(ahead)
    if not body or kind == _PALETTE:
        return body
    samples = struct.unpack(">H" if kind == _GREY else ">3H", body[: 2 if kind == _GREY else 6])
    if depth <= 8:
        samples = tuple(sample & 255 for sample in samples)
    if depth in (2, 4):
        scale = 255 // ((1 << depth) - 1)
        samples = tuple(sample * scale for sample in samples)
        if samples[0] > 255:
            return b""  # no pixel has this grey
    return struct.pack(f">{len(samples)}H", *samples)
