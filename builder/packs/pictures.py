"""Pictures of every kind that a visitor may choose; made by the build's private Python, which has Pillow.

python -m builder.packs.pictures FILE

Into the zip archive FILE go a whole and a broken file of each kind.
"""

import io
import sys
from pathlib import Path

from PIL import Image, ImageCms

from builder.archive import pack

KINDS = [
    *(("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    *(("JPEG", mode) for mode in ("L", "RGB", "CMYK")),
    *(("WEBP", mode) for mode in ("RGB", "RGBA")),
    *(("GIF", mode) for mode in ("L", "P")),
    *(("BMP", mode) for mode in ("1", "L", "P", "RGB")),
    ("MPO", "RGB"),  # what some cameras write and call JPEG
]
ORIENTATION = 0x0112  # in EXIF data
ANIMATED = ("GIF", "MPO", "PNG", "WEBP")


def main(file: Path) -> None:
    pictures = {"text": b"no picture", "nothing": b"", "AVIF": b"\0\0\0\x18ftypavif\0\0\0\0mif1avif"}
    for kind, mode in KINDS:
        for animated in (False, True) if kind in ANIMATED else (False,):
            data = picture(kind, mode, animated)
            name = f"{kind}-{mode}-{animated}"
            pictures |= {name: data, f"{name}-cut": data[: len(data) // 2]}
    file.write_bytes(pack(pictures))


def picture(kind: str, mode: str, animated: bool) -> bytes:
    """A picture's file with a colour profile, to be turned upright, of two frames if it is animated."""
    frame = Image.new(mode, (40, 30))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    stream = io.BytesIO()
    more = {"save_all": True, "append_images": [frame.rotate(90)]} if animated else {}
    frame.save(stream, kind, exif=exif, icc_profile=profile, **more)
    return stream.getvalue()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
