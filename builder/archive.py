"""Zip archives whose bytes depend on nothing but their content."""

import io
import zipfile
from collections.abc import Mapping

# The earliest date that a zip can hold: the day of the build would make every build another.
NO_DATE = (1980, 1, 1, 0, 0, 0)
ORDINARY_FILE = 0o100644 << 16
UNIX = 3


def pack(members: Mapping[str, bytes]) -> bytes:
    """A zip archive of `members` (name in the archive -> content), sorted by name, nothing compressed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(members):
            archive.writestr(_info(name, zipfile.ZIP_STORED), members[name])
    return stream.getvalue()


def _info(name: str, compression: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, NO_DATE)
    info.compress_type = compression
    info.external_attr = ORDINARY_FILE
    info.create_system = UNIX
    return info


def deflated(name: str, content: bytes) -> bytes:
    """A zip archive of one file: what web/fetching.js reads."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(_info(name, zipfile.ZIP_DEFLATED), content, compresslevel=9)
    return stream.getvalue()


def only(content: bytes) -> bytes:
    """The one file of such an archive."""
    (file,) = unpack(content).values()
    return file


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of a zip archive: name -> content."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
