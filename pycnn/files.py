"""Models as files: one .npz holds parameters, architecture, class names, input shape and provenance.

An .npz is a zip of arrays. Here it holds "LAYER/PARAMETER" arrays of float32 and one text,
"architecture", whose JSON lists the layers with their hyperparameters. Whatever a file holds, reading
it runs no code of its own, and a file that is not a model gives a ModelError, never another error.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np
from numpy.typing import NDArray

from pycnn.layers import KINDS, Layer
from pycnn.network import Network
from pycnn.tfjs import read_tfjs, shard_paths

FORMAT, VERSION = "pycnn", 1
# Hyperparameters that older files do not name; their defaults are what those files mean.
ADDED_LATER = {"dilation"}
MAX_BYTES = 256 * 2**20  # of a model's file, unpacked too, and of what its layers give for one picture

Source = str | os.PathLike[str] | BinaryIO


class ModelError(ValueError):
    """A file that is not a model that pycnn can read; the sentence names it and what is wrong."""


def default_path() -> Path:
    """Where the network that comes with pycnn lies: in an installed package, else in weights/ beside it."""
    package = Path(__file__).parent
    installed = package / "tiny_vgg.npz"
    return installed if installed.exists() else package.parent / "weights" / "tiny_vgg.npz"


def default_model() -> Network:
    """The network that comes with pycnn."""
    return load_model(default_path())


def load_model(source: Source) -> Network:
    """The network in a pycnn .npz or a TF.js model.json, told apart by what the file holds.

    source is a path or an open binary file; a TF.js model needs a path, since its weights lie in files
    beside it. Raises ModelError.
    """
    path = Path(source) if isinstance(source, str | os.PathLike) else None
    name = path if path is not None else getattr(source, "name", "the model")
    try:
        data = _read_bytes(source)
        if data.startswith(b"PK"):
            network = _network_from_npz(data)
        elif data.lstrip().startswith(b"{"):
            if path is None:
                raise ValueError("a TF.js model has to be read from its path, with its weights beside it.")
            network = read_tfjs(parse_json(data), path.parent, MAX_BYTES)
        else:
            raise ValueError("it is neither an .npz file nor a TF.js model.json.")
        _check_size(network)
    except OSError as error:
        raise ModelError(f"Cannot read {name}: {error.strerror or error}.") from error
    except MemoryError as error:
        raise ModelError(f"Cannot read {name}: it needs more memory than there is.") from error
    except ValueError as error:
        raise ModelError(f"Cannot read {name}: {error}") from error
    return network


def model_files(path: Path) -> list[Path]:
    """The files of a model that load_model has read: the one at the path, and a TF.js model's shards."""
    data = _read_bytes(path) if path.is_file() else b""  # a pipe can be read only once
    shards = shard_paths(parse_json(data)) if data.lstrip().startswith(b"{") else []
    return [path, *(path.parent / shard for shard in shards)]


def save_model(network: Network, path: str | os.PathLike[str]) -> None:
    """Writes the network as an .npz. The same network always gives the same bytes."""
    architecture = {
        "format": FORMAT,
        "version": VERSION,
        "input_shape": list(network.input_shape),
        "classes": list(network.classes),
        "layers": [
            {"kind": layer.kind, "name": layer.name, **layer.hyperparameters()} for layer in network.layers
        ],
        "provenance": network.provenance,
    }
    arrays: dict[str, NDArray[Any]] = {"architecture": np.array(json.dumps(architecture, allow_nan=False))}
    for layer in network.layers:
        for name, array in layer.parameters().items():
            arrays[f"{layer.name}/{name}"] = array
    Path(path).write_bytes(npz_bytes(arrays))


def npz_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The arrays as an .npz file's bytes.

    Not by np.savez: there a layer named "file" would collide with an argument.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in arrays.items():
            # A ZipInfo of its own has a fixed date, so that equal arrays give equal bytes.
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w") as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    return packed.getvalue()


def parse_json(data: str | bytes) -> Any:
    """JSON as Python data; raises ValueError for what is no JSON, NaN and Infinity included."""

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(data, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"its JSON is broken ({error}).") from error


def _read_bytes(source: Source) -> bytes:
    if isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    else:
        data = source.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES // 2**20} MB.")
    return data


def _network_from_npz(data: bytes) -> Network:
    arrays = _unpack(data)
    text = arrays.pop("architecture", None)
    if text is None or text.shape != () or text.dtype.kind != "U":
        raise ValueError('it holds no text named "architecture".')
    architecture = parse_json(str(text))
    if not isinstance(architecture, dict) or architecture.get("format") != FORMAT:
        raise ValueError("its architecture is not one of pycnn's.")
    if architecture.get("version") != VERSION:
        raise ValueError(f"its version is {architecture.get('version')!r}, but only {VERSION} can be read.")
    expected = {"layers": list, "input_shape": list, "classes": list, "provenance": dict}
    for key, wanted in expected.items():
        if not isinstance(architecture.get(key), wanted):
            raise ValueError(f"its architecture needs {key!r}, a {wanted.__name__}.")
    layers = [_layer(description, arrays) for description in architecture["layers"]]
    if arrays:
        raise ValueError(f"it holds arrays that no layer uses: {', '.join(map(repr, sorted(arrays)))}.")
    return Network(layers, architecture["input_shape"], architecture["classes"], architecture["provenance"])


def _unpack(data: bytes) -> dict[str, NDArray[Any]]:
    """All arrays of an .npz; raises ValueError for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_BYTES:
                raise ValueError(f"it unpacks to more than {MAX_BYTES // 2**20} MB")
            arrays = {}
            for member in archive.infolist():
                key = member.filename.removesuffix(".npy")
                if key in arrays:
                    raise ValueError(f"it holds {key!r} twice")
                with archive.open(member) as file:
                    arrays[key] = np.lib.format.read_array(file, allow_pickle=False)
            return arrays
    except Exception as error:  # damaged files make zipfile and NumPy raise errors of many kinds
        raise ValueError(f"it is not a whole .npz file of plain arrays ({error}).") from error


def _layer(description: object, arrays: dict[str, NDArray[Any]]) -> Layer:
    """A layer from its description; takes its parameters out of the arrays."""
    if not isinstance(description, dict):
        raise ValueError(f"a layer is described by {description!r}.")
    hyperparameters = dict(description)
    kind, name = hyperparameters.pop("kind", None), hyperparameters.pop("name", None)
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"layer {name!r} is of the unknown kind {kind!r}.")
    layer_class = KINDS[kind]
    names = set(layer_class.hyperparameter_names)
    if not names - ADDED_LATER <= set(hyperparameters) <= names:
        wanted = ", ".join(layer_class.hyperparameter_names) or "no hyperparameters"
        raise ValueError(
            f"layer {name!r} ({kind}) needs {wanted}, but has {', '.join(hyperparameters) or 'none'}."
        )
    parameters = {}
    for parameter in layer_class.parameter_names:
        key = f"{name}/{parameter}"
        array = arrays.pop(key, None)
        if array is None:
            raise ValueError(f"the array {key!r} is missing.")
        if array.dtype != np.float32:
            raise ValueError(f"the array {key!r} must hold float32, not {array.dtype}.")
        parameters[parameter] = array
    return layer_class(name, **parameters, **hyperparameters)


def _check_size(network: Network) -> None:
    """Refuses a network whose layers would give more for one picture than memory should hold."""
    values = sum(int(np.prod(shape, dtype=object)) for shape in network.output_shapes.values())
    if 4 * values > MAX_BYTES:
        raise ValueError(f"its layers give {values} values, more than {MAX_BYTES // 2**20} MB hold.")
