"""Bring every runtime file into the cache: verified, whole, and each from the first source that has it."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from builder.errors import BuildError, SourceError, SourceUnavailableError
from builder.manifest import RuntimeFile, sha256
from builder.progress import Progress, amount
from builder.sources import Source

Wanted = Sequence[tuple[RuntimeFile, Sequence[Source]]]


class Cache:
    """Verified files in `folder`: what stands there under its own name is whole and has the pinned hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file: RuntimeFile) -> Path:
        return self._folder / f"{file.package}@{file.version}" / file.path

    def read(self, file: RuntimeFile) -> bytes | None:
        """The file's content, or None when it cannot be read or is no longer what was put there."""
        try:
            content = self.path(file).read_bytes()
        except OSError:
            return None
        return content if file.matches(content) else None

    def get(self, file: RuntimeFile) -> bytes:
        """The file's content; raises BuildError when the cache has not got it."""
        content = self.read(file)
        if content is None:
            raise BuildError(f"{file.label} is not in the cache {self._folder}.")
        return content

    def write(self, file: RuntimeFile, content: bytes) -> None:
        target = self.path(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def fetch_all(cache: Cache, wanted: Wanted) -> None:
    """Fetch the files that the cache lacks, asking each file's sources in their order.

    Raises BuildError when no source has a file, naming the file and what each source said; and at once when a
    source hands over something else than the pinned file, naming both hashes.
    """
    missing = [(file, sources) for file, sources in wanted if cache.read(file) is None]
    if not missing:
        return
    total = sum(file.size for file, _ in missing)
    print(f"Fetching {len(missing)} runtime files, {amount(total)}", flush=True)
    progress = Progress(total)
    unavailable: dict[str, str] = {}
    try:
        for file, sources in missing:
            content, source = _fetch(file, sources, unavailable, progress)
            cache.write(file, content)
            progress.finish(source)
    finally:
        progress.close()


def _fetch(
    file: RuntimeFile, sources: Sequence[Source], unavailable: dict[str, str], progress: Progress
) -> tuple[bytes, str]:
    """The file's verified content and the name of who had it.

    `unavailable` remembers, by name, the sources that are not to be asked again, and why.
    """
    reasons = []
    for source in sources:
        if source.name not in unavailable:
            progress.start(file.label, file.size)
            try:
                content = source.fetch(file, progress.advance)
            except SourceUnavailableError as error:
                unavailable[source.name] = str(error)
            except SourceError as error:
                reasons.append(f"{source.name}: {error}")
            else:
                _verify(file, content, source.name)
                return content, source.name
        if source.name in unavailable:
            reasons.append(f"{source.name}: {unavailable[source.name]}")
    raise BuildError(f"Could not fetch {file.label}.\n" + "\n".join(f"  {reason}" for reason in reasons))


def _verify(file: RuntimeFile, content: bytes, source: str) -> None:
    if not file.matches(content):
        raise BuildError(
            f"{file.label} from {source} is not the pinned file and was thrown away: "
            f"its SHA-256 is {sha256(content)}, expected is {file.sha256}."
        )
