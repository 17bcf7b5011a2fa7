"""What the page's Python is made of, in two files: what it starts with, and what a visitor may ask for later.

Each is a zip in which nothing is compressed, deflated as the one file of another, as the engine's packs are:
its checksum tells a damaged file, and one file is missing less often than ten.
"""

from collections.abc import Mapping
from pathlib import Path

from builder.archive import deflated, only, pack, unpack

START = "start.zip"
LATER = "later.zip"
INTERPRETER = "runtime/micropython/micropython.wasm"  # beside START all that the page's Python needs
# The engine's script, which can say nothing of itself where it does not come.
ENGINE_WORKER = "engine/worker.js"
MODULES = "modules.json"  # the modules of web/ui, path -> source, in either of them
# In START: the scripts that the page runs, in their order, and what it shows first.
SCRIPTS = ("micropython.js", "core.js")
NETWORK = "network.json"
SAMPLES = "samples.json"
FACTS = "first.json"
RAMPS = "ramps.rgba"
# In LATER: what the engine's own values are compared with.
SUMMARY = "summary.json"


def read_pack(path: Path) -> dict[str, bytes]:
    """The files of a pack: name -> content."""
    return unpack(only(path.read_bytes()))


def add_to_pack(path: Path, members: Mapping[str, bytes]) -> None:
    """Put these files into a pack, in place of those of the same name; begins the pack if there is none."""
    there = read_pack(path) if path.exists() else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(deflated(path.with_suffix("").name, pack({**there, **members})))
