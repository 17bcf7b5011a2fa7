"""What stands in the pages themselves: scripts and styles, without which nothing can be said of other files.

The pages' policy lets only those run, and the scripts of the pack that the page starts with: by their hashes.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)  # no block of data, which has a type
HASH = re.compile(r" 'sha256-[^']*'")
SOURCES = {"script": "'self' 'wasm-unsafe-eval'", "style": "'self'"}  # in the policy of web/index.html
# In their order; each may use what those before it define. The first is a script by itself.
PAGE_SCRIPTS = ("keeping.js", "fetching.js", "boot.js", "start.js", "browser_picture.js")
WORKER_SCRIPTS = ("fetching.js", "engine/worker.js")


def joined_scripts(web: Path, names: Sequence[str]) -> str:
    """Scripts of the folder `web` as one."""
    return "\n".join((web / name).read_text(encoding="utf-8") for name in names)


def allow_inline(page: str, scripts: Iterable[bytes]) -> str:
    """The page with a policy that knows the hashes of what stands in it, and of `scripts`, and no others."""
    page = without_hashes(page)
    hashes = {"script": [_hash(script) for script in scripts], "style": []}
    for kind, content in INLINE.findall(page):
        hashes[kind].append(_hash(content.encode()))
    for kind, sources in SOURCES.items():
        rule = f"{kind}-src {sources}"
        page = page.replace(f"{rule};", f"{''.join([rule, *hashes[kind]])};", 1)
    return page


def without_hashes(page: str) -> str:
    """The page with a policy that knows of nothing that stands in it."""
    return HASH.sub("", page)


def _hash(content: bytes) -> str:
    return f" 'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'"
