"""Small files that ask for much: each is refused, or read, in little time and little memory."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tfjs_models import layer

from pycnn import Convolution, Dense, Flatten, Network, Softmax, limits, save_model
from pycnn.npz import npz_bytes

SECONDS, BYTES = 2, 300 * 10**6  # the bytes beyond the file's own

ENDING = [Flatten("flatten"), Dense("logits", np.ones((2, 25)), [0, 0]), Softmax("output")]
FLATTEN = layer("Flatten", "flatten", batch_input_shape=[None, 5, 5, 1])
VECTOR = [FLATTEN, layer("Softmax", "output")]


def tfjs(layers=VECTOR, listed=(), shard=b"", paths=("shard",)):
    """A model.json, and a shard beside it."""

    def write(folder):
        topology = {"class_name": "Sequential", "config": {"layers": list(layers)}}
        manifest = [{"paths": list(paths), "weights": list(listed)}]
        (folder / "shard").write_bytes(shard)
        return text(json.dumps({"modelTopology": topology, "weightsManifest": manifest}))(folder)

    return write


def text(content):
    def write(folder):
        (folder / "model.json").write_text(content, encoding="utf-8")
        return folder / "model.json"

    return write


def npz(change=None, arrays=None, network=None, compressed=False):
    """A saved network; `change` gets its architecture and may return JSON in its place."""

    def write(folder):
        path = folder / "model.npz"
        convolution = Convolution("conv", np.ones((1, 1, 1, 1)), [0])
        save_model(network or Network([convolution, *ENDING], (1, 5, 5), ["one", "two"]), path)
        with np.load(path) as saved:
            members = dict(saved)
        architecture = json.loads(str(members["architecture"]))
        changed = change(architecture) if change else None
        members["architecture"] = np.array(changed or json.dumps(architecture))
        path.write_bytes(npz_bytes({**members, **(arrays or {})}, compressed=compressed))
        return path

    return write


def of_convolution(**changes):
    return npz(lambda architecture: architecture["layers"][0].update(changes))


def with_provenance(provenance):
    def change(architecture):
        return json.dumps(architecture).replace('"provenance": {}', f'"provenance": {{"a": {provenance}}}')

    return npz(change, compressed=True)


def many_layers(count):
    convolutions = [Convolution(f"conv_{i}", np.ones((1, 1, 1, 1)), [0]) for i in range(count)]
    return Network([*convolutions, *ENDING], (1, 5, 5), ["one", "two"])


def entries(names):
    return [{"name": name, "shape": [1], "dtype": "float32"} for name in names]


def pipe(folder):
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def pipe_as_shard(folder):
    path = tfjs()(folder)
    (folder / "shard").unlink()
    os.mkfifo(folder / "shard")
    return path


def device_as_shard(folder):
    path = tfjs()(folder)
    (folder / "shard").unlink()
    (folder / "shard").symlink_to("/dev/zero")
    return path


def hole(size):
    def write(folder):
        with (folder / "model.npz").open("wb") as file:
            file.truncate(size)
        return folder / "model.npz"

    return write


def many_members(folder):
    with zipfile.ZipFile(folder / "model.npz", "w") as archive:
        for i in range(60_000):
            archive.writestr(zipfile.ZipInfo(f"{i}.npy"), b"")
    return folder / "model.npz"


JSON_SIZE = limits.MAX_JSON_BYTES - 1000
MANY_ARRAYS = {f"{i}/bias": np.zeros(1, np.float32) for i in range(60_000)}
LARGE = {"logits/weights": np.zeros((2 * 10**6, 25), np.float32)}
COLUMNS = {"logits/weights": np.asfortranarray(LARGE["logits/weights"])}
ZEROS = {"logits/weights": np.zeros((60 * 2**20 // 25, 25), np.float32)}


def _beside_objects(architecture):
    return json.dumps(architecture | {"more": [{} for _ in range(JSON_SIZE // 4 - 1000)]})


# name: (file, words of the refusal or None)
CASES = {
    "flatten": (tfjs([layer("Flatten", "f", batch_input_shape=[None, 5000, 5000, 3])]), "1.2 GB"),
    "padding": (of_convolution(padding=[20_000] * 4, stride=[20_000] * 2), "'logits' (dense) expects"),
    "padding without end": (of_convolution(padding=10**30), "a padding of at most"),
    "dilation without end": (of_convolution(dilation=10**30), "a dilation of at most"),
    "stride without end": (of_convolution(stride=[1, 10**4000]), "a stride of at most"),
    "input without end": (npz(lambda a: a.update(input_shape=[1, 10**4000, 5])), "input shape"),
    "input of many dimensions": (npz(lambda a: a.update(input_shape=[5] * 10**5)), "input shape"),
    "tfjs input without end": (
        tfjs([layer("Flatten", "f", batch_input_shape=[None, 10**4000, 5, 3])]),
        "more than a million GB",
    ),
    "units without end": (tfjs([FLATTEN, layer("Dense", "d", units=10**12, use_bias=False)]), "'d/kernel'"),
    "nested 900 deep": (with_provenance("[" * 900 + "]" * 900), "32 deep"),
    "nested 100,000 deep": (with_provenance("[" * 10**5 + "]" * 10**5), "JSON is broken"),
    "provenance of many lists": (with_provenance("[" + "[]," * 20_000 + "1]"), "10000 values"),
    "provenance of a million lists": (
        with_provenance("[" + "[]," * (JSON_SIZE // 3) + "1]"),
        "JSON holds more than 500000 values",
    ),
    "a number too large": (with_provenance("1e999"), "the number 1e999 is too large"),
    "60,000 arrays": (npz(arrays=MANY_ARRAYS), "more than 20000"),
    "60,000 members": (many_members, "holds 60000 arrays"),
    "20,000 arrays": (npz(arrays=dict(list(MANY_ARRAYS.items())[:19_000])), "that no layer uses"),
    "2,000 layers": (npz(network=many_layers(1997)), None),
    "2,001 layers": (npz(network=many_layers(1998)), "it has 2001 layers, more than 2000"),
    "60,000 TF.js layers": (
        tfjs([*VECTOR, *(layer("ReLU", str(i)) for i in range(60_000))]),
        "has 60002 layers, more than 2000",
    ),
    "60,000 TF.js arrays": (
        tfjs(listed=entries(map(str, range(60_000))), shard=bytes(240_000)),
        "60000 arrays",
    ),
    "20,000 TF.js arrays": (tfjs(listed=entries(map(str, range(20_000))), shard=bytes(80_000)), None),
    "slashes": (tfjs(listed=entries("a/" * 400 + str(i) for i in range(4000))), "too long"),
    "many slashes": (
        tfjs(listed=entries("a/" * 15 + str(i) for i in range(20_000)), shard=bytes(80_000)),
        None,
    ),
    "a shape without end": (
        tfjs(listed=[{"name": "a/b", "shape": [10**4000] * 500, "dtype": "float32"}]),
        "impossible shape",
    ),
    "400,000 shards": (tfjs(paths=["shard"] * 400_000), "400000 shards, more than 2000"),
    "2,000 shards": (tfjs(paths=["shard"] * 2000), None),
    "60 MB of JSON": (text('{"a": [' + "[]," * 20_000_000 + "1]}"), "larger than 4 MB"),
    "lists": (text('{"a": [' + "[]," * (JSON_SIZE // 3) + "1]}"), "500000 values"),
    "objects": (text('{"a": [' + '{"a":1},' * (JSON_SIZE // 8) + "1]}"), "500000 values"),
    "numbers": (text('{"a": [' + "0.1," * (JSON_SIZE // 4) + "1]}"), "500000 values"),
    "a layer of lists": (
        tfjs([*VECTOR, [[] for _ in range(400_000)]]),
        "a layer is described by [[], [], []",
    ),
    "a name of megabytes": (
        tfjs([layer("Flatten", "x" * 3 * 10**6, batch_input_shape=[None, 5, 5, 1])]),
        "500",
    ),
    "2,000 layers of one name": (
        tfjs([FLATTEN, *[layer("Dropout", "d")] * 1990, layer("Softmax", "output")]),
        "stands there too often",
    ),
    "200 MB of zeros beside 4 MB of objects": (npz(_beside_objects, LARGE, compressed=True), "500000 values"),
    "200 MB of zeros, columns first": (npz(arrays=COLUMNS, compressed=True), "expects a bias of shape"),
    "a text of 60 MB": (npz(lambda a: a.update(classes=["x" * 60_000_000]), compressed=True), "characters"),
    "zeros, compressed": (npz(arrays=ZEROS, compressed=True), "expects a bias of shape"),
    "a pipe": (pipe, "it is empty"),
    "a pipe as shard": (pipe_as_shard, "its shard 'shard' cannot be read (Not a regular file)"),
    "a device as shard": (device_as_shard, "its shard 'shard' cannot be read (Not a regular file)"),
    "a device": (lambda _: Path("/dev/zero"), "Is a device, not a file"),
    "a file of a terabyte": (hole(10**12), "larger than 256 MB"),
    "a file of zeros": (hole(200 * 2**20), "neither"),
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """What reading each case's file took, all of them in one run."""
    folder, paths = tmp_path_factory.mktemp("hostile"), {}
    for number, (name, (write, _)) in enumerate(CASES.items()):
        (folder / str(number)).mkdir()
        paths[name] = write(folder / str(number))
    script = Path(__file__).with_name("measured.py")
    run = subprocess.run(
        [sys.executable, script, *paths.values()],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    answers = {answer["path"]: answer for answer in map(json.loads, run.stdout.splitlines())}
    yield {name: (answers.get(str(path)), path) for name, path in paths.items()}, run.stderr
    for path in paths.values():
        if path.is_relative_to(folder):
            path.unlink()  # some are large


@pytest.mark.parametrize("name", CASES)
def test_little_time_little_memory_and_a_sentence(name, measured):
    answers, errors = measured
    answer, path = answers[name]
    assert answer is not None, errors
    assert answer["seconds"] < SECONDS
    assert answer["bytes"] < BYTES + path.stat().st_size
    words = CASES[name][1]
    if words is None:
        assert answer["refusal"] is None
    else:
        assert answer["refusal"].startswith(f"Cannot read {path}: ")
        assert words in answer["refusal"]
        assert len(answer["refusal"]) < len(str(path)) + 700
