"""Arrays in an .npz file: a zip with one .npy member for each of them."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pycnn import limits
from pycnn.steps import News, counted, silent

_PIECE = 2**18  # bytes
MAX_DIRECTORY = 4 * 2**20  # bytes of a zip's directory: room for MAX_ARRAYS with names of some length

# What a program that unpacks a zip could take for another place than one in its folder, or not as a name
# at all: control characters, backslash, colon, halves of characters, a slash or an end where a name is
# missing, names of nothing but dots and spaces. And a "%" that looks like an escape.
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\\:\ud800-\udfff]|^/|(?<=/)/|(?<![^/])[. ]+(?![^/])|%(?=[0-9A-Fa-f]{2})"
)


def member_name(name: str) -> str:
    """An array's name as that of a file: unsafe characters become %XX, different names stay different."""
    return _UNSAFE.sub(lambda found: "".join(map(_escaped, found[0])), name)


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def npz_bytes(arrays: Mapping[str, NDArray[Any]], *, compressed: bool = False, news: News = silent) -> bytes:
    """The arrays as an .npz file's bytes, which are the same for the same arrays.

    news(name, done, total) is called after each piece that is written of an array.
    Not by np.savez: there a layer named "file" would collide with an argument.
    """
    tell = counted(news, sum(len(_pieces(array)) for array in arrays.values()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in arrays.items():
            member = member_name(name)
            if name.endswith(".npy") and name.removesuffix(".npy") in arrays:
                # NumPy would take it for that other array, whose member has this name.
                member = f"{member.removesuffix('.npy')}%2Enpy"
            info = zipfile.ZipInfo(f"{member}.npy")  # of its own, since it has a fixed date
            info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            with archive.open(info, "w") as file:
                _write(file, array, partial(tell, name))
    return packed.getvalue()


def _pieces(array: NDArray[Any]) -> range:
    """Where each piece of so many bytes of an array's values begins."""
    return range(0, array.nbytes, _PIECE)


def _write(file: IO[bytes], array: NDArray[Any], told: Callable[[], object]) -> None:
    """Write an array as an .npy file, and tell of each piece."""
    header = np.lib.format.header_data_from_array_1_0(array)
    np.lib.format.write_array_header_1_0(file, header)
    values = (array.T if header["fortran_order"] else array).reshape(-1).view(np.uint8)
    for start in _pieces(array):
        file.write(values[start : start + _PIECE].data)
        told()


class NpzReader:
    """The arrays of an .npz file, of which none is read before it is asked for.

    All methods raise ValueError for what is not a whole .npz file of plain arrays, or too large.
    """

    def __init__(self, data: bytes) -> None:
        with _whole():
            self._archive = zipfile.ZipFile(_Zip(data))
        members = self._archive.infolist()
        if len(members) > limits.MAX_ARRAYS:
            raise ValueError(f"it holds {len(members)} arrays, more than {limits.MAX_ARRAYS}.")
        if sum(member.file_size for member in members) > limits.MAX_BYTES:
            raise ValueError(f"it unpacks to more than {limits.megabytes(limits.MAX_BYTES)}.")
        self.files = [member.filename for member in members]
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            name = member.filename.removesuffix(".npy")
            if name in self._members:
                raise ValueError(f"it holds {name!r} twice.")
            self._members[name] = member

    @property
    def names(self) -> list[str]:
        """Names of the arrays that were not taken yet, as in the file."""
        return list(self._members)

    def take_text(self, name: str, most: int) -> str | None:
        """The text of at most so many characters in an array of this name; None if there is none."""
        member = self._members.pop(name, None)
        if member is None:
            return None
        with self._open(member) as (file, header):
            if header.shape != () or header.dtype.kind != "U":
                return None
            length = header.dtype.itemsize // 4
            if length > most:
                raise ValueError(f"its {name} has {length} characters, more than {most}.")
            return str(_read(file, header))

    def take_float32(self, name: str) -> NDArray[np.float32]:
        """The array of this name, read-only, since nobody else has it."""
        # As it stands, too: files of before names were escaped.
        found = [known for known in (member_name(name), name) if known in self._members]
        if not found:
            raise ValueError(f"the array {name!r} is missing.")
        with self._open(self._members.pop(found[0])) as (file, header):
            if header.dtype != np.float32:
                raise ValueError(f"the array {name!r} must hold float32, not {header.dtype}.")
            return _read(file, header)

    @contextmanager
    def _open(self, member: zipfile.ZipInfo) -> Iterator[tuple[IO[bytes], _Header]]:
        """An array's values, still to be read, and its header, which gives the size that the member has."""
        with _whole():
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError("it is compressed in another way than NumPy does")  # without end, perhaps
            file = self._archive.open(member)
        with file:
            with _whole():
                if np.lib.format.read_magic(file) != (1, 0):
                    raise ValueError(f"{member.filename} is of another version than 1.0")
                header = _Header(*np.lib.format.read_array_header_1_0(file))
                if header.dtype.hasobject:
                    raise ValueError(f"{member.filename} holds Python objects, which are never unpickled")
                if file.tell() + header.size != member.file_size:
                    raise ValueError(f"{member.filename} does not have the size of its shape {header.shape}")
            yield file, header


class _Header(NamedTuple):
    """What an .npy file says of its array."""

    shape: tuple[int, ...]
    columns_first: bool
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        """Bytes of all values."""
        return math.prod(self.shape) * self.dtype.itemsize


def _read(file: IO[bytes], header: _Header) -> NDArray[Any]:
    """The values that follow an array's header, read in pieces so that they are never there twice."""
    array = np.empty(header.shape, header.dtype)
    values = (array.T if header.columns_first else array).flat  # in the file's order
    with _whole():
        at = 0
        while at < array.size:
            count = min(array.size - at, max(1, _PIECE // header.dtype.itemsize))
            values[at : at + count] = np.frombuffer(file.read(count * header.dtype.itemsize), header.dtype)
            at += count
    array.flags.writeable = False
    return array


class _Zip(io.BytesIO):
    """A zip's bytes. Its directory is read at once, and refused if millions of members could be in it."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > MAX_DIRECTORY:
            raise ValueError("its directory is too large")
        return super().read(size)


@contextmanager
def _whole() -> Iterator[None]:
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:  # damaged files make zipfile and NumPy raise errors of many kinds
        raise ValueError(f"it is not a whole .npz file of plain arrays ({error}).") from error
