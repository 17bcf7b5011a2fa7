"""What the built site holds in its packs, and a site with something else in them."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.assemble import worker
from builder.page_packs import ENGINE_WORKER, START, add_to_pack, read_pack
from builder.version import files_of, pages_of, seal
from tests.browser import FILES

WEB = Path(__file__).parents[1] / "web"
SIZES = re.compile(r'(?<="sizes":)\{.*?\}')


def in_start(name: str, files: Path = FILES) -> Any:
    """The data of a JSON file that the page starts with."""
    return json.loads(read_pack(files / START)[name])


def engine_sizes(files: Path = FILES) -> dict[str, int]:
    """Bytes of what the engine fetches to start, as its script knows them."""
    first = (files / ENGINE_WORKER).read_text(encoding="utf-8").splitlines()[0]
    return json.loads(first.removeprefix("const sizes = ").removesuffix(";"))


def change_pack(site: Path, pack: str, members: Mapping[str, object]) -> None:
    """Put other JSON files into one of a site's packs."""
    add_to_pack(files_of(site) / pack, {name: json.dumps(data).encode() for name, data in members.items()})
    renew(site)


def renew(site: Path) -> None:
    """Let a site whose files were changed know how large they are, and seal it."""
    files = files_of(site)
    (files / ENGINE_WORKER).write_bytes(worker(WEB, files))
    for page in pages_of(site):
        text = page.read_text(encoding="utf-8")
        known = json.loads(SIZES.search(text)[0])
        sizes = json.dumps({path: (files / path).stat().st_size for path in known})
        page.write_text(SIZES.sub(lambda _, sizes=sizes: sizes, text), encoding="utf-8")
    seal(site)
