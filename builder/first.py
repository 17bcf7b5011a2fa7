"""The first picture's way through the network, computed before the page is served.

The page paints it before any Python has started; the engine then computes it anew, and the page compares.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from engine.painting import STRIP_ROWS
from engine.session import Session
from numpy.typing import NDArray
from PIL import Image

from builder.page_packs import FACTS, RAMPS
from pycnn import Network

Bytes = NDArray[np.uint8]
SHARING = "layer"  # of the colour scales, until the visitor chooses another
TALLEST = STRIP_ROWS  # pixels of a sprite; no vector is drawn longer


class Column:
    """Where one layer's maps stand in the sprite: `rows` of them below each other, then on to the right."""

    def __init__(self, x: int, units: int, height: int, width: int) -> None:
        self.x = x
        self.units = units
        self.height = height
        self.width = width
        self.rows = min(units, max(1, TALLEST // height))

    @property
    def right(self) -> int:
        return self.x + -(-self.units // self.rows) * self.width

    def place(self, unit: int) -> tuple[int, int]:
        """Left and top of a unit's map."""
        return self.x + unit // self.rows * self.width, unit % self.rows * self.height


# By layer; the picture's own, which is no layer's, by None.
Columns = dict[str | None, Column]


def arrange(places: dict[str | None, Any], size: int) -> Columns:
    """Put picture and layers side by side; `places` and `size`, in bytes, are the session's colours'."""
    columns: Columns = {}
    x = 0
    offsets = [place["offset"] for place in places.values()]
    for (name, place), end in zip(places.items(), [*offsets[1:], size], strict=True):
        height, width = place["height"], place["width"]
        columns[name] = Column(x, (end - place["offset"]) // (height * width * 4), height, width)
        x = columns[name].right
    return columns


def sprite(columns: Columns, places: dict[str | None, Any], colours: Bytes) -> Image.Image:
    """All maps of the session's colours in one picture, where `columns` have them."""
    height = max(column.rows * column.height for column in columns.values())
    picture = Image.new("RGB", (max(column.right for column in columns.values()), height))
    for name, column in columns.items():
        start = places[name]["offset"]
        maps = colours[start:].ravel()[: column.units * column.height * column.width * 4]
        for unit, pixels in enumerate(maps.reshape(column.units, column.height, column.width, 4)):
            picture.paste(Image.fromarray(pixels[..., :3]), column.place(unit))
    return picture


def write_first(
    network: Network, name: str, pixels: Bytes, folder: Path
) -> tuple[dict[str, Any], Columns, dict[str, bytes], bytes]:
    """Write into `folder` the maps of the page's first picture, `pixels` (height, width, 3), as maps.webp.

    Returns the facts: what `Session.show` says of the picture, its `name`, and each ramp's bytes as `ramps`;
    where in maps.webp the picture and each layer's maps are; what the page starts with by its name in the
    pack, the facts as JSON and the ramps of the legends one after the other; and, as JSON, what the engine's
    own activations are compared with.
    """
    session = Session(network)
    ramps = session.ramps()
    facts, (colours,) = session.show(pixels, SHARING)
    del facts["forward_ms"]
    facts = {"name": name, "ramps": [ramp.size for ramp in ramps], **facts}
    summary = session.summary(pixels)
    places = {None: facts["picture"], **facts["places"]}
    columns = arrange(places, colours.size)
    folder.mkdir(parents=True, exist_ok=True)
    sprite(columns, places, colours).save(folder / "maps.webp", lossless=True, quality=100, method=6)
    packed = {FACTS: _json(facts), RAMPS: b"".join(ramp.tobytes() for ramp in ramps)}
    return facts, columns, packed, _json(summary)


def _json(data: object) -> bytes:
    # The page's JSON knows neither NaN nor signs that are written as two escapes.
    return json.dumps(data, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()
