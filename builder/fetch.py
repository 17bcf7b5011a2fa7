"""Bring every runtime file into the cache: verified, whole, and each from the first source that has it."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from builder.errors import BuildError, SourceError, SourceUnavailableError
from builder.manifest import RuntimeFile, sha256
from builder.progress import Progress, megabytes
from builder.sources import Source


class Cache:
    """Verified files in `folder`. A file stands under its own name only once it is whole and its hash is right."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file: RuntimeFile) -> Path:
        return self._folder / f"{file.package}@{file.version}" / file.path

    def read(self, file: RuntimeFile) -> bytes | None:
        """The file's content, or None when it is not there or is no longer what was put there."""
        try:
            content = self.path(file).read_bytes()
        except FileNotFoundError:
            return None
        return content if file.matches(content) else None

    def get(self, file: RuntimeFile) -> bytes:
        """The file's content; raises BuildError when the cache cannot give it."""
        content = self.read(file)
        if content is None:
            raise BuildError(f"{file.label} is missing from the cache.")
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


def fetch_all(
    cache: Cache, wanted: Sequence[tuple[RuntimeFile, Sequence[Source]]], progress: Progress | None = None
) -> None:
    """Fetch the files that the cache lacks, asking each file's sources in their order.

    Raises BuildError, naming the file and what each source said, when no source has it, and at once, naming both
    hashes, when a source hands over something else than the pinned file.
    """
    missing = [(file, sources) for file, sources in wanted if cache.read(file) is None]
    if not missing:
        return
    total = sum(file.size for file, _ in missing)
    print(f"Fetching {len(missing)} runtime files, {megabytes(total)}", flush=True)
    progress = progress or Progress(total)
    unavailable: dict[str, str] = {}
    try:
        for file, sources in missing:
            progress.start(file.label, file.size)
            content, source = _fetch(file, sources, unavailable, progress)
            cache.write(file, content)
            progress.finish(source.name)
    finally:
        progress.close()


def _fetch(
    file: RuntimeFile, sources: Sequence[Source], unavailable: dict[str, str], progress: Progress
) -> tuple[bytes, Source]:
    """The file's verified content and who had it. `unavailable`: by name, sources not to be asked again, and why."""
    reasons = []
    for source in sources:
        if source.name not in unavailable:
            progress.restart()
            try:
                content = source.fetch(file, progress.advance)
            except SourceUnavailableError as error:
                unavailable[source.name] = str(error)
            except SourceError as error:
                reasons.append(f"{source.name}: {error}")
            else:
                if not file.matches(content):
                    raise BuildError(
                        f"{file.label} from {source.name} is not the pinned file, and was thrown away: "
                        f"its SHA-256 is {sha256(content)}, expected is {file.sha256}."
                    )
                return content, source
        if source.name in unavailable:
            reasons.append(f"{source.name}: {unavailable[source.name]}")
    raise BuildError(f"Could not fetch {file.label}.\n" + "\n".join(f"  {reason}" for reason in reasons))
