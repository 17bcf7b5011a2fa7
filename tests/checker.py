"""The Nu HTML checker, which the W3C's validator runs, for tests.

python -m tests.checker brings it into the cache.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from builder.fetch import Cache, fetch_all
from builder.manifest import RuntimeFile
from builder.sources import CdnSource, NpmSource

PATH = "build/dist/vnu.jar"
JAR = RuntimeFile(
    package="vnu-jar",
    version="26.9.27",
    path=PATH,
    size=32445413,
    sha256="22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47",
    cdn_path=f"npm/vnu-jar@26.9.27/{PATH}",
)
CACHE = Cache(Path(__file__).parents[1] / "build/cache/checker")
# To the checker, which reads files, the site has no origin that could be 'self'. The browser keeps to the
# policy in every test of the page. The style sheets, which stand in the pages, use CSS that is newer than it.
NOT_ASKED = "CSS: .*|.*violates Content Security Policy.*"


def fetch() -> None:
    with tempfile.TemporaryDirectory() as folder:
        fetch_all(CACHE, [(JAR, [CdnSource(), NpmSource(Path(folder))])])


def complaints(pages: list[Path]) -> list[str]:
    """Every error and warning of the checker about these pages, each with its file, line and column."""
    assert CACHE.read(JAR), "the Nu HTML checker is not in the cache: `make checker` brings it"
    java = shutil.which("java")
    assert java, "the Nu HTML checker needs Java: `make checker` installs it"
    command = [java, "-jar", str(CACHE.path(JAR)), "--filterpattern", NOT_ASKED, *map(str, pages)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode in (0, 1), result.stderr
    return result.stderr.splitlines()


if __name__ == "__main__":
    fetch()
