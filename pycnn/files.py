"""Models as files: one .npz holds parameters, architecture, class names, input shape and provenance.

An .npz is a zip of arrays. Here it holds "LAYER/PARAMETER" arrays of float32 and one text,
"architecture", whose JSON lists the layers with their hyperparameters. Whatever a file holds, reading
it runs no code of its own, and a file that is not a model gives a ModelError, never another error.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from pycnn import limits, model_formats
from pycnn.layer import Layer
from pycnn.layers import KINDS
from pycnn.memory import Memory
from pycnn.network import Network
from pycnn.npz import NpzReader, npz_bytes
from pycnn.plain_json import is_json_object, is_small, parse_json
from pycnn.sources import read_file
from pycnn.tfjs import read_tfjs
from pycnn.tfjs_weights import shard_paths

FORMAT, VERSION = "pycnn", 1
# Hyperparameters that older files do not name; their defaults are what those files mean.
ADDED_LATER = {"dilation"}
LONGEST_SENTENCE = 600  # characters of a refusal, which may quote what the file holds

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
        network = _network(_read_bytes(source), path)
    except OSError as error:
        raise ModelError(f"Cannot read {name}: {error.strerror or error}.") from error
    except MemoryError as error:
        raise ModelError(f"Cannot read {name}: it needs more memory than there is.") from error
    except RecursionError as error:
        raise ModelError(f"Cannot read {name}: its lists lie in one another too deeply.") from error
    except ValueError as error:
        raise ModelError(f"Cannot read {name}: {_shortened(str(error))}") from error
    return network


def _network(data: bytes, path: Path | None) -> Network:
    if data.startswith(b"PK"):
        return _network_from_npz(data)
    if not is_json_object(data):
        raise ValueError(model_formats.refusal(data))
    model = parse_json(data)
    refusal = model_formats.json_refusal(model)
    if refusal:
        raise ValueError(refusal)
    if path is None:
        raise ValueError("a TF.js model has to be read from its path, with its weights beside it.")
    return read_tfjs(model, path.parent)


def _shortened(sentence: str) -> str:
    """Without the middle of what is too long to be read."""
    half = LONGEST_SENTENCE // 2
    return sentence if len(sentence) <= LONGEST_SENTENCE else f"{sentence[:half]} ... {sentence[-half:]}"


def model_files(path: Path) -> list[Path]:
    """The files of a model that load_model has read: the one at the path, and a TF.js model's shards."""
    data = _read_bytes(path) if path.is_file() else b""  # a pipe can be read only once
    shards = shard_paths(parse_json(data)) if is_json_object(data) else []
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


def _read_bytes(source: Source) -> bytes:
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.is_dir():
            raise ValueError(model_formats.folder_refusal([entry.name for entry in path.iterdir()]))
        size = path.stat().st_size  # so that nothing of a huge file is read; a pipe has none
        data = read_file(path, limits.MAX_BYTES + 1) if size <= limits.MAX_BYTES else b""
    else:
        data = source.read(limits.MAX_BYTES + 1)
        size = len(data)
    if max(size, len(data)) > limits.MAX_BYTES:
        raise ValueError(f"it is larger than {limits.megabytes(limits.MAX_BYTES)}.")
    return data


def _network_from_npz(data: bytes) -> Network:
    arrays = NpzReader(data)
    text = arrays.take_text("architecture", limits.MAX_JSON_BYTES)
    if text is None:
        raise ValueError(model_formats.zip_refusal(arrays.files))
    architecture = parse_json(text)
    if not isinstance(architecture, dict) or architecture.get("format") != FORMAT:
        raise ValueError("its architecture is not one of pycnn's.")
    if architecture.get("version") != VERSION:
        raise ValueError(f"its version is {architecture.get('version')!r}, but only {VERSION} can be read.")
    expected = {"layers": list, "input_shape": list, "classes": list, "provenance": dict}
    for key, wanted in expected.items():
        if not isinstance(architecture.get(key), wanted):
            raise ValueError(f"its architecture needs {key!r}, a {wanted.__name__}.")
    if len(architecture["layers"]) > limits.MAX_LAYERS:
        raise ValueError(f"it has {len(architecture['layers'])} layers, more than {limits.MAX_LAYERS}.")
    if not is_small(architecture["provenance"]):
        raise ValueError(
            f"its provenance holds more than {limits.MAX_VALUES} values, or lists in one another more than "
            f"{limits.MAX_DEPTH} deep."
        )
    layers = [_layer(description, arrays) for description in architecture["layers"]]
    if arrays.names:
        raise ValueError(f"it holds arrays that no layer uses: {', '.join(map(repr, sorted(arrays.names)))}.")
    network = Network(
        layers, architecture["input_shape"], architecture["classes"], architecture["provenance"]
    )
    memory = Memory(network.input_shape)
    for layer in layers:
        memory.add(layer)
    memory.check()
    return network


def _layer(description: object, arrays: NpzReader) -> Layer:
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
    parameters = {
        parameter: arrays.take_float32(f"{name}/{parameter}") for parameter in layer_class.parameter_names
    }
    return layer_class(name, **parameters, **hyperparameters)
