"""How large the site is."""

import gzip
from pathlib import Path

from builder.progress import amount


def print_sizes(site: Path, every_file: bool) -> None:
    """Print the site's size, raw and as a server that compresses sends it; file by file if asked to."""
    sizes = {}
    for path in sorted(site.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            sizes[path.relative_to(site).as_posix()] = (len(content), len(gzip.compress(content, 6)))
    if every_file:
        print(f"{'bytes':>10} {'gzipped':>10}")
        for name, (raw, gzipped) in sizes.items():
            print(f"{raw:>10} {gzipped:>10}  {name}")
    raw, gzipped = (sum(column) for column in zip(*sizes.values(), strict=True))
    print(f"{site}: {len(sizes)} files, {amount(raw)}, gzipped {amount(gzipped)}")
