"""The command line of build.py."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from builder.assemble import assemble, check_sources
from builder.environment import Environment
from builder.errors import BuildError
from builder.fetch import Cache, fetch_all
from builder.manifest import Manifest, read_manifest
from builder.report import print_sizes
from builder.serve import serve
from builder.sources import CarrierSource, CdnSource, NpmSource

ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, and serve if asked to. Returns the exit status: 0, 1 after an error, 130 after Ctrl-C."""
    options = parse(arguments)
    build = ROOT / "build"
    site = build / "site"
    try:
        make_site(build / "cache", site, options.offline)
        print_sizes(site, options.verbose)
        if options.serve:
            serve(site, options.port)
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nbuild.py: interrupted", file=sys.stderr)
        return 130
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="build.py", description="Fetch the runtime (once) and assemble the site in build/site/."
    )
    parser.add_argument("--serve", action="store_true", help="then serve the site on this machine")
    parser.add_argument("--port", type=int, help="serve on this port (default: 8000 or the next free one)")
    parser.add_argument("--offline", action="store_true", help="forbid the network; say what is missing")
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="list every file of the site with its size"
    )
    return parser.parse_args(arguments)


def make_site(cache_folder: Path, site: Path, offline: bool) -> None:
    manifest = read_manifest()
    cache = Cache(cache_folder / "files")
    environment = Environment(cache_folder / "venv")
    check_sources(ROOT)
    if offline:
        check_offline(cache, manifest, environment)
    else:
        fetch_runtime(cache, manifest, environment)
        environment.make()
    assemble(ROOT, site, cache, manifest, environment)


def fetch_runtime(cache: Cache, manifest: Manifest, environment: Environment) -> None:
    with tempfile.TemporaryDirectory(prefix="npm-") as folder:
        cdn = CdnSource()
        npm = NpmSource(Path(folder))
        carrier = CarrierSource(manifest.carrier, environment)
        wanted = [(file, (cdn, npm)) for file in manifest.npm_files]
        fetch_all(cache, [*wanted, *((file, (cdn, carrier)) for file in manifest.wheels)])


def check_offline(cache: Cache, manifest: Manifest, environment: Environment) -> None:
    """Raise BuildError, naming everything, when the network would be needed."""
    missing = [file.label for file in manifest.files if cache.read(file) is None]
    if not environment.is_ready():
        missing.append("the build's private Python environment (NumPy and Pillow)")
    if missing:
        listed = "\n".join(f"  {item}" for item in missing)
        raise BuildError(
            f"Offline, and these have to be fetched first (run build.py without --offline):\n{listed}"
        )
