"""What the site needs computed by pycnn; run by the build's private Python, which has NumPy and Pillow.

python -m builder.compute SAMPLES SITE

SAMPLES is the folder with samples.json and the gallery's pictures. Written into the folder SITE are
network.json (the shipped network, described), styles/columns.css (what its layout needs to know of it),
samples.json (the gallery) and samples/NAME.rgb: a picture's pixels at the network's input size, row by row,
one unsigned byte each for red, green and blue.
"""

import json
import sys
from pathlib import Path
from typing import Any

from ui.columns import columns

from builder.markup import column_rules
from pycnn import default_model
from pycnn.pictures import read_picture


def main(samples: Path, site: Path) -> None:
    description = default_model().describe()
    height, width = description["input"]["shape"][1:]
    gallery = json.loads((samples / "samples.json").read_text(encoding="utf-8"))
    write_network(description, site)
    write_json(site / "samples.json", gallery)
    (site / "samples").mkdir(exist_ok=True)
    for sample in gallery:
        pixels = read_picture(samples / sample["file"], (height, width))
        (site / "samples" / f"{sample['name']}.rgb").write_bytes(pixels.tobytes())


def write_network(description: dict[str, Any], site: Path) -> None:
    """Write what the page knows of a network before the engine runs, from what `describe()` says of it."""
    write_json(site / "network.json", description)
    rules = column_rules(columns(description))
    (site / "styles/columns.css").write_text(rules, encoding="utf-8")


def write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
