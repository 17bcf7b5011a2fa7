"""Make the gallery pictures, samples.json and CREDITS.md from freely licensed originals.

The originals come from packages of Debian 12 and from scikit-image's wheel, unpacked into one folder:

    mkdir originals && cd originals
    apt-get download tuxpaint-stamps-default mate-backgrounds openclipart-svg gcompris-qt-data
    for package in *.deb; do dpkg-deb -x "$package" .; done
    pip download --no-deps scikit-image==0.26.0 && python3 -m zipfile -e scikit_image-*.whl .
    cd .. && python3 web/samples/prepare.py originals

Needs Pillow, and rsvg-convert (Debian's librsvg2-bin) for drawings. A photo is cropped to a square; a subject
without background is laid on a soft gradient. Nothing else is done to the pixels but resizing.
"""

import argparse
import io
import json
import struct
import subprocess
import zlib
from pathlib import Path
from typing import NamedTuple

from PIL import Image

SIZE = 192
QUALITY = 88
DRAWING_WIDTH = 1000
HERE = Path(__file__).parent

Colour = tuple[int, int, int]


class Ground(NamedTuple):
    """What a subject without background is laid on: a gradient between two colours."""

    top: Colour
    bottom: Colour


class Crop(NamedTuple):
    """A square of the original: its left and top edge and its side, in the original's pixels."""

    left: int
    top: int
    side: int


class CutOut(NamedTuple):
    """The whole subject in the middle; fill is the share of the square that its longer side takes."""

    fill: float


WHITE = Ground((255, 255, 255), (255, 255, 255))
GREY = Ground((228, 230, 233), (196, 198, 202))
WOOD = Ground((214, 190, 160), (150, 110, 75))
ROAD = Ground((205, 218, 230), (128, 128, 130))


class Sample(NamedTuple):
    """One picture of the gallery and where it comes from; source is the package that brings the file.

    An instructive picture is one that the network gets wrong, and the page says so.
    """

    name: str
    class_name: str
    source: str
    file: str
    licence: str
    credit: str
    framing: Crop | CutOut
    ground: Ground = WHITE
    instructive: bool = False


def stamp(
    name: str,
    class_name: str,
    file: str,
    framing: Crop | CutOut,
    ground: Ground,
    instructive: bool = False,
) -> Sample:
    """A picture from Tux Paint's stamps, which all have one licence."""
    path = f"usr/share/tuxpaint/stamps/{file}"
    credit = "Bill Kendrick and contributors to Tux Paint's stamps"
    licence = "GPL-2.0-or-later"
    return Sample(
        name, class_name, "tuxpaint-stamps-default", path, licence, credit, framing, ground, instructive
    )


# In the order of the gallery. A colon stands between a Qt resource file and the file inside it.
SAMPLES = [
    Sample(
        "espresso",
        "espresso",
        "scikit-image",
        "skimage/data/coffee.png",
        "CC0-1.0",
        "Rachel Michetti, courtesy of Pikolo Espresso Bar",
        Crop(80, 0, 400),
    ),
    Sample(
        "ladybug",
        "ladybug",
        "mate-backgrounds",
        "usr/share/backgrounds/mate/nature/LadyBird.jpg",
        "GPL-2.0-or-later",
        "Charles Barbin",
        Crop(1550, 580, 500),
    ),
    Sample(
        "koala",
        "koala",
        "gcompris-qt-data",
        "usr/share/gcompris-qt/rcc/explore_world_animals.rcc:"
        "gcompris/src/activities/explore_world_animals/resource/animals/koala.webp",
        "public domain",
        "BurningWell, Wikimedia Commons (Koala Perth Zoo)",
        Crop(194, 244, 489),
    ),
    stamp("orange", "orange", "food/fruit/mandarine.png", CutOut(0.9), WOOD),
    stamp("school_bus", "school bus", "vehicles/masstransit/cartoon/schoolbus.svg", CutOut(0.94), ROAD),
    Sample(
        "red_panda",
        "red panda",
        "gcompris-qt-data",
        "usr/share/gcompris-qt/rcc/erase.rcc:gcompris/src/activities/erase/resource/red_panda.webp",
        "CC0-1.0",
        "Mathias Appel, Wikimedia Commons (Red Panda 30324056733)",
        Crop(493, 72, 972),
    ),
    stamp("bell_pepper", "bell pepper", "food/vegetables/pepper.png", CutOut(0.9), GREY),
    stamp("sport_car", "sport car", "vehicles/auto/sportscar3.svg", CutOut(0.96), ROAD),
    Sample(
        "pizza",
        "pizza",
        "openclipart-svg",
        "usr/share/openclipart/svg/food/pizza_slice_01.svg",
        "public domain",
        "ringe, Open Clip Art Library",
        Crop(436, 268, 240),
        WOOD,
    ),
    stamp("orange_half", "orange", "food/fruit/sliced_orange.png", CutOut(0.94), GREY),
    stamp("blue_sport_car", "sport car", "vehicles/auto/sportscar.svg", CutOut(0.96), ROAD),
    stamp(
        "yellow_pepper",
        "bell pepper",
        "food/vegetables/yellowpepper.png",
        CutOut(0.9),
        WHITE,
        instructive=True,
    ),
    Sample(
        "golden_ladybug",
        "ladybug",
        "openclipart-svg",
        "usr/share/openclipart/svg/animals/bugs/coccinelle_tanguy_jacq_01.svg",
        "public domain",
        "Tanguy Jacq, Open Clip Art Library",
        CutOut(0.9),
        WHITE,
        instructive=True,
    ),
]


def read_original(folder: Path, file: str) -> Image.Image:
    """An original as an RGBA picture; drawings are rasterised, files inside Qt resources are taken out."""
    container, _, inner = file.partition(":")
    path = folder / container
    if inner:
        return Image.open(io.BytesIO(read_qt_resource(path.read_bytes(), inner))).convert("RGBA")
    if path.suffix == ".svg":
        command = ["rsvg-convert", "--width", str(DRAWING_WIDTH), "--keep-aspect-ratio", str(path)]
        drawn = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        return Image.open(io.BytesIO(drawn)).convert("RGBA")
    return Image.open(path).convert("RGBA")


def read_qt_resource(data: bytes, file: str) -> bytes:
    """A file out of a Qt binary resource (.rcc), by the format that Qt's own reader, QResource, takes."""
    magic, version, tree, contents, names = struct.unpack_from(">4s4I", data)
    if magic != b"qres" or version not in (2, 3):
        raise ValueError("This is not a Qt binary resource of version 2 or 3.")
    node_size, compressed = 22, 1

    def name_of(node: int) -> str:
        start = names + struct.unpack_from(">I", data, tree + node * node_size)[0]
        length = struct.unpack_from(">H", data, start)[0]
        return data[start + 6 : start + 6 + 2 * length].decode("utf-16-be")

    node = 0
    for part in file.split("/"):
        count, first = struct.unpack_from(">II", data, tree + node * node_size + 6)
        node = next(child for child in range(first, first + count) if name_of(child) == part)
    flags, _country, _language, offset = struct.unpack_from(">HHHI", data, tree + node * node_size + 4)
    start = contents + offset + 4
    content = data[start : start + struct.unpack_from(">I", data, contents + offset)[0]]
    # A compressed file's first four bytes are its size.
    return zlib.decompress(content[4:]) if flags & compressed else content


def frame(original: Image.Image, framing: Crop | CutOut, ground: Ground) -> Image.Image:
    """The square picture of the gallery."""
    if isinstance(framing, Crop):
        left, top, side = framing
        subject, scale = original.crop((left, top, left + side, top + side)), SIZE / side
    else:
        subject = original.crop(original.getchannel("A").getbbox())
        scale = framing.fill * SIZE / max(subject.size)
    width, height = round(subject.width * scale), round(subject.height * scale)
    # Premultiplied alpha, so that the colour of transparent pixels does not bleed into the edges.
    subject = subject.convert("RGBa").resize((width, height), Image.Resampling.LANCZOS).convert("RGBA")
    square = gradient(ground)
    square.paste(subject, ((SIZE - width) // 2, (SIZE - height) // 2), subject)
    return square


def gradient(ground: Ground) -> Image.Image:
    """An empty square, shaded from top to bottom."""
    top, bottom = (Image.new("RGB", (SIZE, SIZE), colour) for colour in ground)
    return Image.composite(bottom, top, Image.linear_gradient("L").resize((SIZE, SIZE)))


def credits_page() -> str:
    """CREDITS.md: every picture with its origin and licence."""
    lines = [
        "# Credits of the gallery pictures",
        "",
        "Made by `prepare.py` from these originals, each cropped or laid on a plain ground, and resized.",
        "The page shows them smaller still, at 88 by 88 pixels.",
        "",
        "| picture | package | file | by | licence |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {sample.name}.webp | {sample.source} | `{sample.file}` | {sample.credit} | {sample.licence} |"
        for sample in SAMPLES
    ]
    lines += ["", "The text of the GNU General Public License, version 2: [GPL-2.txt](GPL-2.txt)."]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the gallery pictures from their originals.")
    parser.add_argument("originals", type=Path, help="folder with the unpacked packages")
    originals = parser.parse_args().originals
    for sample in SAMPLES:
        picture = frame(read_original(originals, sample.file), sample.framing, sample.ground)
        picture.save(HERE / f"{sample.name}.webp", quality=QUALITY, method=6)
    listing = [
        {
            "name": sample.name,
            "class": sample.class_name,
            "file": f"{sample.name}.webp",
            "licence": sample.licence,
            "credit": sample.credit,
            "instructive": sample.instructive,
        }
        for sample in SAMPLES
    ]
    (HERE / "samples.json").write_text(json.dumps(listing, indent=2) + "\n", encoding="utf-8")
    (HERE / "CREDITS.md").write_text(credits_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
