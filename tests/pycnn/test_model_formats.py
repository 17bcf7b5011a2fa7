"""Files of other formats, and texts in other encodings: each by its name, with what to do."""

import gzip
import io
import json
import pickle
import zipfile

import numpy as np
import pytest
from tfjs_models import Model

from pycnn import ModelError, load_model
from pycnn.npz import npz_bytes


def zipped(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"content")
    return file.getvalue()


def npy():
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


def safetensors():
    header = json.dumps({"weight": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(4)


def as_json(**content):
    return json.dumps(content).encode()


CONVERTED, REBUILT, UNPACKED = "tensorflowjs_converter", "pycnn.save_model", "Unpack it"

FILES = {
    "keras": (zipped("metadata.json", "config.json", "model.weights.h5"), "a Keras file (.keras)", CONVERTED),
    "h5": (b"\x89HDF\r\n\x1a\n" + bytes(500), "an HDF5 file (.h5)", CONVERTED),
    "saved model": (b"\x08\x01\x12\xa0\x1f\x0a" + bytes(100), "SavedModel (.pb)", CONVERTED),
    "zipped saved model": (
        zipped("m/saved_model.pb", "m/variables/x.index"),
        "SavedModel",
        CONVERTED,
    ),
    "frozen graph": (b"\x0a\x1f\x0a\x05input\x12\x0bPlaceholder", "a frozen TensorFlow graph", CONVERTED),
    "onnx": (b"\x08\x08\x12\x07pytorch\x1a\x052.0.0", "an ONNX file (.onnx)", REBUILT),
    "onnx of tf2onnx": (b"\x08\x07\x12\x06tf2onn", "an ONNX file (.onnx)", REBUILT),
    "pth": (
        zipped("archive/data.pkl", "archive/data/0", "archive/version"),
        "a PyTorch file (.pt or",
        REBUILT,
    ),
    "old pth": (pickle.dumps(119547037146038801333356, 2), "a Python pickle", REBUILT),
    "pickle": (pickle.dumps({"a": 1}), "a Python pickle", REBUILT),
    "pt2": (zipped("m/archive_format", "m/models/model.json", "m/data/weights/0"), "export (.pt2)", REBUILT),
    "safetensors": (safetensors(), "a safetensors file", REBUILT),
    "tflite": (b"\x1c\x00\x00\x00TFL3" + bytes(100), "a TensorFlow Lite file", REBUILT),
    "npy": (npy(), "a single NumPy array (.npy)", REBUILT),
    "other npz": (npz_bytes({"a": np.zeros(3)}), 'no text named "architecture"', ""),
    "core ml": (zipped("Data/com.apple.CoreML/model.mlmodel"), "a Core ML package", REBUILT),
    "zipped tfjs": (
        zipped("model/model.json", "model/group1-shard1of1.bin"),
        "zip of a TF.js model",
        UNPACKED,
    ),
    "zip": (zipped("holiday.jpg"), "a zip archive, but no .npz file", UNPACKED),
    "gzip": (gzip.compress(b"model"), "a gzip archive", UNPACKED),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture", "Choose a model"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(100), "a picture", "Choose a model"),
    "pdf": (b"%PDF-1.7\n", "a PDF file", "Choose a model"),
    "html": (b"\n<!DOCTYPE html><title>404</title>", "a page of HTML or XML", "Choose a model"),
    "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:1", "Git LFS", "git lfs pull"),
    "graph model": (
        as_json(format="graph-model", modelTopology={"node": []}),
        "TF.js graph-model",
        CONVERTED,
    ),
    "old graph model": (as_json(modelTopology={"node": [], "versions": {}}), "TF.js graph-model", CONVERTED),
    "architecture": (as_json(class_name="Sequential", config={"layers": []}), "without weights", CONVERTED),
    "shard": (np.linspace(0.1, 1, 50, dtype="<f4").tobytes(), "neither an .npz file nor a TF.js", ""),
    "nothing": (b"", "it is empty", ""),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_other_formats(name, tmp_path):
    content, what, advice = FILES[name]
    path = tmp_path / "model"  # never told by the name
    path.write_bytes(content)
    for source in (path, io.BytesIO(content)):
        with pytest.raises(ModelError) as refusal:
            load_model(source)
        assert what in str(refusal.value)
        assert advice in str(refusal.value)
        assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("saved_model.pb", "It holds a TensorFlow SavedModel (.pb). Convert it with `tensorflowjs_converter"),
        ("model.json", "Choose the model.json in it."),
        ("holiday.jpg", "Choose a model's file."),
    ],
)
def test_folders(name, advice, tmp_path):
    (tmp_path / name).touch()
    with pytest.raises(ModelError) as refusal:
        load_model(tmp_path)
    assert f"Cannot read {tmp_path}: Is a directory. {advice}" in str(refusal.value)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"], ids=lambda encoding: encoding
)
@pytest.mark.parametrize("before", ["", "\n\t  "])
def test_a_text_in_any_unicode_encoding(encoding, before, tmp_path):
    model = Model(tmp_path)
    model.layers[0]["config"]["name"] = name = "畳み込み"
    for entry in model.groups[0]["weights"]:
        entry["name"] = entry["name"].replace("conv_a", name)
    path = model.write()
    text = before + json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
    mark = "\ufeff" if encoding.endswith(("le", "be")) else ""
    path.write_bytes((mark + text).encode(encoding))
    assert load_model(path).layers[0].name == name


def test_a_text_in_another_encoding(tmp_path):
    (tmp_path / "model.json").write_bytes('{"modelTopology": "é"}'.encode("latin-1"))
    with pytest.raises(ModelError, match="its JSON is broken"):
        load_model(tmp_path / "model.json")
