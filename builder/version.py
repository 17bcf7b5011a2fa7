"""The site's version: a hash of all it holds, and the name of the folder with everything but the pages.

What a page asks for thus belongs to the page's own version, whatever is deployed or kept beside it.
"""

import hashlib
import json
from base64 import b64encode
from pathlib import Path

from builder.folders import files_in
from builder.inline import allow_inline, without_hashes
from builder.manifest import sha256
from builder.page_packs import SCRIPTS, START, read_pack

# The folder's name while the site is being made.
UNSEALED = "v-" + "0" * 16
# What lies beside the folder and the pages: the service worker, the list of what it keeps, and what tells
# GitHub Pages to serve the site as it is.
WORKER = "sw.js"
KEPT = "files.js"
AS_IT_IS = ".nojekyll"


def files_of(site: Path) -> Path:
    """The folder with all files of the site but the pages."""
    (folder,) = site.glob("v-*")
    return folder


def pages_of(site: Path) -> list[Path]:
    return sorted(site.glob("*.html"))


def seal(site: Path) -> None:
    """Name the folder by the site's version, in the pages, too, and list what the service worker keeps.

    May be done again after a change.
    """
    folder = files_of(site)
    version = version_of(site, folder)
    packed = read_pack(folder / START)
    scripts = [packed[name] for name in SCRIPTS]
    for page in pages_of(site):
        text = page.read_text(encoding="utf-8")
        page.write_text(allow_inline(text.replace(folder.name, version), scripts), encoding="utf-8")
    sealed = folder.rename(site / version)
    kept = {
        "version": version,
        "pages": [page.name for page in pages_of(site)],
        "files": {path.relative_to(site).as_posix(): integrity(path) for path in files_in(sealed)},
    }
    (site / KEPT).write_text(f"self.site = {json.dumps(kept, indent=1)};\n", encoding="utf-8")


def integrity(path: Path) -> str:
    """A file's SHA-256 in the form in which browsers check it."""
    return f"sha256-{b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()}"


def version_of(site: Path, folder: Path) -> str:
    """A name that follows the content of all files, and not the folder's present name."""
    lines = [f"{WORKER} {sha256((site / WORKER).read_bytes())}"]
    for page in pages_of(site):
        text = without_hashes(page.read_text(encoding="utf-8").replace(folder.name, UNSEALED))
        lines.append(f"{page.name} {sha256(text.encode())}")
    for path in files_in(folder):
        lines.append(f"{path.relative_to(folder).as_posix()} {sha256(path.read_bytes())}")
    return f"v-{sha256(chr(10).join(lines).encode())[:16]}"
