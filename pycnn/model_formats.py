"""Which format a model's file has that pycnn does not read, and what its owner can do."""

from __future__ import annotations

import re
from typing import Any

_CONVERTER = "Convert {} with `tensorflowjs_converter --input_format={}`"
_CONVERT = _CONVERTER.format("the Keras model", "keras")
_REBUILD = "Build the network out of pycnn's layers and write it with `pycnn.save_model`"
_UNPACK = "Unpack it, and choose the model's own file"
_ANOTHER = "Choose a model's file"

_SAVED_MODEL = "a TensorFlow SavedModel (.pb)"
_PYTORCH, _EXPORT = "a PyTorch file (.pt or .pth)", "a PyTorch export (.pt2)"

# A name to be found in a zip's list of members, what the zip then is, and what to do.
_MEMBERS = (
    (r"(^|/)model\.weights\.h5$", "a Keras file (.keras)", _CONVERTER.format("it", "keras_keras")),
    (r"(^|/)(archive_format|serialized_exported_program\.json)$", _EXPORT, _REBUILD),
    (r"(^|/)data\.pkl$", _PYTORCH, _REBUILD),
    (
        r"(^|/)saved_model\.pb$",
        f"a zip of {_SAVED_MODEL}",
        _CONVERTER.format("its folder", "keras_saved_model"),
    ),
    (r"\.mlmodel$", "a Core ML package (.mlpackage)", _REBUILD),
    (r"(^|/)model\.json$", "a zip of a TF.js model", _UNPACK),
)

# How a file begins, as a regular expression over its first bytes; what it then is; what to do.
_BEGINNINGS = (
    (rb"\x89HDF\r\n\x1a\n", "an HDF5 file (.h5), as Keras writes", _CONVERTER.format("it", "keras")),
    (rb"\x80[\x01-\x05]", f"a Python pickle, as {_PYTORCH} of an old release is", _REBUILD),
    (rb".{4}TFL3", "a TensorFlow Lite file (.tflite)", _REBUILD),
    (rb".{5}\x00{3}\{", "a safetensors file (.safetensors)", _REBUILD),
    (rb"\x08\x01\x12", _SAVED_MODEL, _CONVERTER.format("its folder", "keras_saved_model")),
    (rb"\x08[\x02-\x20][\x12\x1a\x22\x2a\x32\x3a\x42]", "an ONNX file (.onnx)", _REBUILD),
    (rb"\x0a.{0,200}(Placeholder|Const)", "a frozen TensorFlow graph (.pb)", _CONVERT),
    (rb"\x93NUMPY", "a single NumPy array (.npy)", _REBUILD),
    (rb"\x1f\x8b", "a gzip archive (.gz)", _UNPACK),
    (rb"BZh|\xfd7zXZ\x00|7z\xbc\xaf\x27\x1c|Rar!|.{257}ustar", "an archive", _UNPACK),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|BM|RIFF.{4}WEBP", "a picture", _ANOTHER),
    (rb"%PDF", "a PDF file", _ANOTHER),
    (rb"version https://git-lfs", "what Git LFS leaves in a file's place", "Fetch it with `git lfs pull`"),
    (rb"\s*<", "a page of HTML or XML, perhaps what a server answered in a model's place", _ANOTHER),
)


def refusal(data: bytes) -> str:
    """Why a file that is neither a zip nor a JSON object is not read: a sentence without the file's name."""
    if not data:
        return "it is empty, neither an .npz file nor a TF.js model.json."
    for beginning, what, advice in _BEGINNINGS:
        if re.match(beginning, data[:512], re.DOTALL):
            return _sentence(what, advice)
    return "it is neither an .npz file nor a TF.js model.json."


def zip_refusal(members: list[str]) -> str:
    """The same for a zip that holds no pycnn model, from the names of its members."""
    for name, what, advice in _MEMBERS:
        if any(re.search(name, member) for member in members):
            return _sentence(what, advice)
    if any(member.endswith(".npy") for member in members):
        return 'it holds no text named "architecture", as an .npz of pycnn does.'
    return _sentence("a zip archive, but no .npz file", _UNPACK)


def folder_refusal(names: list[str]) -> str:
    """The same for a folder, from the names of what lies in it."""
    if "saved_model.pb" in names:
        advice = f"It holds {_SAVED_MODEL}. {_CONVERTER.format('it', 'keras_saved_model')}"
    else:
        advice = "Choose the model.json in it" if "model.json" in names else _ANOTHER
    return f"Is a directory. {advice}."


def json_refusal(model: dict[str, Any]) -> str | None:
    """The same for a JSON object, None if it may be a TF.js layers model."""
    topology, kind = model.get("modelTopology"), model.get("format", "layers-model")
    if isinstance(topology, dict) and "node" in topology:
        kind = "graph-model"
    if kind not in ("layers-model", None):
        return f"it is a TF.js {kind}; only layers models can be read. {_CONVERT}."
    if topology is None and "class_name" in model:
        return f"it is the architecture of a Keras model without weights. {_CONVERT}."
    return None


def _sentence(what: str, advice: str) -> str:
    return f"it is {what}; pycnn reads its own .npz files and TF.js layers models. {advice}."
