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
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, NO_DATE)
            info.external_attr = ORDINARY_FILE
            info.create_system = UNIX
            archive.writestr(info, members[name])
    return stream.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of a zip archive: name -> content."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
