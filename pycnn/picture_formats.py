"""The names of formats of pictures that Pillow is not asked to read, by how a file of them begins."""

from __future__ import annotations

import re

_ISO_BRANDS = {  # of files that begin with a box of kind `ftyp`
    "AVIF": (b"avif", b"avis"),
    "HEIC": (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"),
    "CR3": (b"crx ",),
}
_SIGNATURES = {
    "TIFF": rb"II(\*\0|\+\0|RO|U\0)|MM(\0\*|\0\+|OR)",  # and most formats of raw photos
    "JPEG XL": rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n",
    "JPEG 2000": rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51",
    "SVG": rb"(\xef\xbb\xbf)?\s*(<svg\b|(<\?xml|<!--|<!DOCTYPE svg).*?<svg\b)",
    "PDF": rb"%PDF-",
    "PostScript": rb"%!PS|\xc5\xd0\xd3\xc6",
    "Photoshop": rb"8BPS",
    "GIMP": rb"gimp xcf",
    "ICO": rb"\0\0[\x01\x02]\0[^\0]\0",
    "RAF": rb"FUJIFILMCCD-RAW",
    "OpenEXR": rb"\x76\x2f\x31\x01",
    "Radiance HDR": rb"#\?R",
    "DDS": rb"DDS ",
    "QOI": rb"qoif",
    "Netpbm": rb"P[1-7]\s",
    "WMF": rb"\xd7\xcd\xc6\x9a",
    "EMF": rb"\x01\0\0\0.{36} EMF",
    "MP4 video": rb"....ftyp",
    "WebM video": rb"\x1a\x45\xdf\xa3",
}
_HEAD = 4096  # bytes that are looked at


def format_of(data: bytes) -> str | None:
    """The name of the format that a file's first bytes tell of; None if it is none of those known here."""
    head = data[:_HEAD]
    if head[4:8] == b"ftyp":
        brands = head[8 : max(16, int.from_bytes(head[:4]))]
        first = _brand(brands[:4])
        # An image that needs no more than the general format names its codec among the further brands.
        others = [_brand(brands[at : at + 4]) for at in range(8, len(brands), 4)]
        if "AVIF" in (first, *others):
            return "AVIF"
        if first:
            return first
    found = (name for name, sign in _SIGNATURES.items() if re.match(sign, head, re.DOTALL))
    return next(found, None)


def _brand(brand: bytes) -> str | None:
    return next((name for name, brands in _ISO_BRANDS.items() if brand in brands), None)
