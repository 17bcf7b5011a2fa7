"""The weights of a TF.js layers model: shards beside its model.json, cut into arrays as it lists them."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from pycnn import limits
from pycnn.layer import LARGEST, Array
from pycnn.sources import read_regular_file
from pycnn.steps import Shape

# Bytes of a value. Only float32 becomes parameters; of the others it is known how many to skip.
_SIZES = {"float32": 4, "int32": 4, "complex64": 8, "float16": 2, "uint16": 2, "uint8": 1, "bool": 1}
_MOST_DIMENSIONS = 8
_LONGEST_NAME, _MOST_PARTS = 1_000, 16  # parts are what slashes part
# With these begins what an optimizer keeps for a layer's weights, unless it is listed as a group of its own.
_OPTIMIZERS = {
    *("adadelta", "adafactor", "adagrad", "adam", "adamax", "adamw", "ftrl", "lamb", "lion", "loss_scale"),
    *("momentum", "muon", "nadam", "optimizer", "rmsprop", "sgd", "training"),
}


@dataclass(frozen=True)
class _Entry:
    """One array that a weightsManifest lists."""

    name: str
    shape: Shape
    dtype: str
    size: int  # bytes
    is_optimizers: bool


class Weights:
    """Arrays by name, each of which a layer takes."""

    def __init__(self) -> None:
        self._arrays: dict[str, tuple[_Entry, memoryview]] = {}
        self._by_end: dict[str, list[str]] = {}  # names by what is left of them without their first parts
        self._taken: set[str] = set()

    def add(self, entry: _Entry, data: memoryview) -> None:
        if entry.name in self._arrays:
            raise ValueError(f"its weightsManifest lists {entry.name!r} twice.")
        self._arrays[entry.name] = entry, data
        for end in _ends(entry.name):
            self._by_end.setdefault(end, []).append(entry.name)

    def take(self, key: str, shape: tuple[Any, ...]) -> Array:
        """A parameter as LAYER/PARAMETER, which must have this shape. Raises ValueError."""
        found = self._find(key)
        if len(found) != 1:
            raise ValueError(f"its weightsManifest lists {len(found)} arrays {key!r} where one is needed.")
        self._taken.add(key)
        entry, data = self._arrays.pop(found[0])
        if entry.dtype != "float32":
            raise ValueError(f"its weights {entry.name!r} are {entry.dtype}; only float32 can be read.")
        if entry.shape != shape:
            raise ValueError(f"the array {key!r} should have the shape {shape}, but has {entry.shape}.")
        return np.frombuffer(data, dtype="<f4").reshape(entry.shape)

    def _find(self, key: str) -> list[str]:
        if key in self._arrays:
            return [key]
        # Some converters put the model's name before the layer's, which may have slashes itself.
        found = [name for name in self._by_end.get(key, []) if name in self._arrays]
        if len(found) > 1:  # a model's name may begin like an optimizer's
            found = [name for name in found if not self._arrays[name][0].is_optimizers]
        fewest = min((name.count("/") for name in found), default=0)
        return [name for name in found if name.count("/") == fewest]

    def check_rest(self, layers: Collection[str]) -> None:
        """Refuses what is a parameter of these layers and was not taken; the rest is of no layer.

        That rest may be an optimizer's, a metric's, or another copy of a parameter.
        """
        unused = []
        for name, (entry, _) in self._arrays.items():
            owned = [key for key in (name, *_ends(name)) if key.rpartition("/")[0] in layers]
            if owned and not entry.is_optimizers and not self._taken.intersection(owned):
                unused.append(name)
        if unused:
            raise ValueError(f"its weights {', '.join(map(repr, unused))} belong to no layer.")


def read_weights(model: dict[str, Any], folder: Path) -> Weights:
    """All arrays of a model's weightsManifest. A group's shards follow one another, so do its arrays in them.

    Raises ValueError for what is missing, too large, or does not lie in the folder.
    """
    try:
        manifest = [(group["paths"], group["weights"]) for group in model["weightsManifest"]]
        _check_count("shards", sum(len(paths) for paths, _ in manifest), limits.MAX_SHARDS)
        _check_count("arrays", sum(len(weights) for _, weights in manifest), limits.MAX_ARRAYS)
        groups = [
            ([_shard_path(path) for path in paths], [_entry(entry) for entry in listed])
            for paths, listed in manifest
        ]
    except (KeyError, TypeError) as error:
        raise ValueError("its weightsManifest is not one of a TF.js layers model.") from error
    total = sum(entry.size for _, entries in groups for entry in entries)
    if total > limits.MAX_BYTES:
        raise ValueError(
            f"its weights are too large: {limits.gigabytes(total)}, "
            f"more than {limits.megabytes(limits.MAX_BYTES)}."
        )
    weights = Weights()
    for paths, entries in groups:
        data = memoryview(_read_shards(folder, paths, sum(entry.size for entry in entries)))
        for entry in entries:
            weights.add(entry, data[: entry.size])
            data = data[entry.size :]
    return weights


def _check_count(what: str, count: int, most: int) -> None:
    if count > most:
        raise ValueError(f"its weightsManifest lists {count} {what}, more than {most}.")


def shard_paths(model: Any) -> list[str]:
    """The files that a parsed model.json has its weights in, by their paths from its folder."""
    return [_shard_path(path) for group in model["weightsManifest"] for path in group["paths"]]


def _read_shards(folder: Path, paths: list[str], size: int) -> bytearray:
    data = bytearray()
    for path in paths:
        try:
            data += read_regular_file(folder / path, size + 1 - len(data))
        except (OSError, ValueError) as error:  # ValueError: no file can have such a name
            reason = getattr(error, "strerror", None) or error
            raise ValueError(f"its shard {path!r} cannot be read ({reason}).") from error
    if len(data) != size:
        raise ValueError(
            f"its shards {', '.join(paths)} hold {'more' if len(data) > size else 'less'} "
            f"than the {size} bytes that the weightsManifest lists."
        )
    return data


def _shard_path(path: Any) -> str:
    """The path of a shard, refused if it could lead out of the model's folder."""
    relative = PurePosixPath(path)
    inside = relative.parts and not relative.is_absolute() and ".." not in relative.parts
    if not inside or "\\" in path or ":" in path:  # as Windows writes paths
        raise ValueError(f"its shard {path!r} does not lie in the model's folder.")
    return str(path)


def _entry(listed: Any) -> _Entry:
    name, shape, dtype = listed["name"], tuple(listed["shape"]), listed["dtype"]
    if not isinstance(name, str) or len(name) > _LONGEST_NAME or name.count("/") >= _MOST_PARTS:
        raise ValueError(f"its weights {name!r} have no name, or too long a one.")
    sizes = [n for n in shape if type(n) is int and 0 < n <= LARGEST]
    if len(sizes) != len(shape) or len(sizes) > _MOST_DIMENSIONS:
        raise ValueError(f"its weights {name!r} have the impossible shape {shape}.")
    if "quantization" in listed:
        raise ValueError(f"its weights {name!r} are quantized; only float32 can be read.")
    if dtype not in _SIZES:
        raise ValueError(f"its weights {name!r} are {dtype}; only float32 can be read.")
    is_optimizers = listed.get("group") == "optimizer" or _is_optimizers(name)
    return _Entry(name, shape, dtype, _SIZES[dtype] * math.prod(shape), is_optimizers)


def _is_optimizers(name: str) -> bool:
    return name.split("/", 1)[0].lower().split("_", 1)[0] in _OPTIMIZERS


def _ends(name: str) -> list[str]:
    """The name without its first part, without its first two, ..."""
    parts = name.split("/")
    return ["/".join(parts[i:]) for i in range(1, len(parts))]
