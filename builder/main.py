"""The command line of build.py."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from builder.assemble import FORGETTER, assemble, check_sources
from builder.environment import Environment
from builder.errors import BuildError
from builder.fetch import Cache, fetch_all
from builder.folders import locked, replace
from builder.languages import read_languages
from builder.manifest import Manifest, read_manifest
from builder.packs import PackMaker
from builder.report import print_sizes
from builder.serve import FreshHandler, Handler, serve
from builder.sources import CarrierSource, CdnSource, NpmSource, Source

ROOT = Path(__file__).parents[1]
LAST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, and serve if asked to. Returns the exit status: 0, 1 after an error, 130 after Ctrl-C."""
    options = parse(arguments)
    site = ROOT / "build/site"
    try:
        with locked(site.parent):
            make_site(ROOT, site, options.offline, FORGETTER if options.forget else None)
            print_sizes(site, options.verbose)
        if options.serve:
            serve(site, options.port, Handler if options.forget else FreshHandler)
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"build.py: {machine_error(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        kept = "; build/site/ has the last site that was finished" if site.is_dir() else ""
        print(f"\nbuild.py: interrupted{kept}", file=sys.stderr)
        return 130
    return 0


def machine_error(error: OSError) -> str:
    """What this machine refused, for people: the file, when the system names one, and the reason."""
    reason = error.strerror or str(error)
    # Where a file was to be renamed, the second name is the one that a person knows.
    name = error.filename2 or error.filename
    return reason if name is None else f"cannot read or write {name}: {reason}"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="build.py", description="Fetch the runtime (once) and assemble the site in build/site/."
    )
    parser.add_argument("--serve", action="store_true", help="then serve the site on this machine")
    parser.add_argument("--port", type=port_number, help="serve there (default: 8000 or the next free port)")
    parser.add_argument("--offline", action="store_true", help="forbid the network; say what is missing")
    parser.add_argument(
        "--forget",
        action="store_true",
        help="have the site empty what browsers keep of it, until it is built without --forget again:"
        " for when visitors are stuck with what was kept, or when the site is to give up its address",
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="list every file of the site")
    options = parser.parse_args(arguments)
    if options.port is not None and not options.serve:
        parser.error("--port needs --serve")
    return options


def port_number(text: str) -> int:
    if text.isdecimal() and int(text) <= LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"a port is a whole number from 0 to {LAST_PORT}, not {text!r}")


def make_site(root: Path, site: Path, offline: bool, keeper: Path | None = None) -> None:
    """Make the site of the source tree `root` in the folder `site`, with a cache beside it.

    `keeper`: a service worker in place of the tree's own.
    """
    check_sources(root)
    check_languages(root / "web/words")
    manifest = read_manifest()
    cache = Cache(site.with_name("cache") / "files")
    environment = Environment(site.with_name("cache") / "venv")
    if offline:
        check_offline(cache, manifest, environment)
    else:
        environment.make()
        fetch_runtime(cache, manifest, environment)
    packs = PackMaker(site.with_name("cache") / "packs", environment)
    replace(site, lambda new: assemble(root, new, cache, manifest, environment, packs, keeper))


def check_languages(folder: Path) -> None:
    """Say how much is still to be translated. Raises BuildError for a catalogue that cannot be used."""
    for language in read_languages(folder):
        if language.missing:
            print(
                f"{language.code}.json lacks {language.missing} of {len(language.words)} texts;"
                " English ones stand in for them",
                flush=True,
            )


def fetch_runtime(cache: Cache, manifest: Manifest, environment: Environment) -> None:
    """Bring all of the manifest's files into the cache."""
    with tempfile.TemporaryDirectory() as folder:
        cdn = CdnSource()
        npm: Sequence[Source] = (cdn, NpmSource(Path(folder)))
        carrier: Sequence[Source] = (cdn, CarrierSource(manifest.carrier, environment))
        wanted = [(file, npm) for file in manifest.npm_files] + [(file, carrier) for file in manifest.wheels]
        fetch_all(cache, wanted)


def check_offline(cache: Cache, manifest: Manifest, environment: Environment) -> None:
    """Raise BuildError, naming all that is missing, when the network would be needed."""
    missing = [file.label for file in manifest.files if cache.read(file) is None]
    if not environment.is_ready():
        missing.append("the build's private Python environment with NumPy and Pillow")
    if missing:
        listed = "\n".join(f"  {item}" for item in missing)
        raise BuildError(f"These have to be fetched first, by a run without --offline:\n{listed}")
