"""The one thing that a picture's EXIF data are asked for: how to turn it upright."""

import struct

_BYTE_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_ORIENTATION, _SHORT = 0x0112, 3


def orientation(exif: bytes) -> int:
    """Which of the eight ways the picture is stored in, from 1, upright, to 8, by its TIFF-like EXIF data.

    Only this tag is looked at, so a damaged one elsewhere hides nothing. As in browsers one of another type
    does not count, and of several the first good one does.
    """
    order = _BYTE_ORDERS.get(exif[:4])
    if order and len(exif) >= 8:
        (start,) = struct.unpack_from(order + "I", exif, 4)
        for entry in _entries(exif, order, start):
            *kind, value = struct.unpack(order + "HHIHxx", entry)
            if kind == [_ORIENTATION, _SHORT, 1] and 1 <= value <= 8:
                return int(value)
    return 1


def _entries(exif: bytes, order: str, start: int) -> list[bytes]:
    """The tags of the list at `start`, 12 bytes each, as many as there are."""
    if start + 2 > len(exif):
        return []
    (count,) = struct.unpack_from(order + "H", exif, start)
    end = min(start + 2 + 12 * count, len(exif))
    return [exif[at : at + 12] for at in range(start + 2, end - 11, 12)]
