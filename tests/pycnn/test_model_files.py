"""Models as .npz: what is written comes back, and whatever is wrong with a file gets its sentence."""

import io
import json
import zipfile

import numpy as np
import oracle
import pytest

from pycnn import (
    Convolution,
    Dense,
    Flatten,
    Identity,
    ModelError,
    Network,
    ReLU,
    Softmax,
    limits,
    load_model,
    save_model,
)
from pycnn.npz import npz_bytes


@pytest.fixture
def network():
    return oracle.random_network(8)[0]


@pytest.fixture
def path(network, tmp_path):
    path = tmp_path / "model.npz"
    save_model(network, path)
    return path


@pytest.mark.parametrize("seed", range(10))
def test_a_saved_network_comes_back_the_same(seed, tmp_path):
    network, picture = oracle.random_network(seed)
    save_model(network, tmp_path / "no suffix")
    back = load_model(tmp_path / "no suffix")
    assert back.describe() == network.describe()
    for name, output in network.forward(picture).items():
        np.testing.assert_array_equal(back.forward(picture)[name], output)


def test_a_file_without_dilation_has_none(tmp_path):
    """Files were written so before convolutions could be dilated."""
    network, picture = oracle.random_network(1)
    save_model(network, tmp_path / "old.npz")
    rewrite(tmp_path / "old.npz", of("conv_0", dilation=None))
    old = load_model(tmp_path / "old.npz")
    assert old.describe() == network.describe()
    assert old.layers[0].dilation == (1, 1)
    np.testing.assert_array_equal(old.forward(picture)["output"], network.forward(picture)["output"])


def test_dilation_is_saved_and_read(tmp_path):
    layers = [
        Convolution("conv", np.ones((1, 3, 3, 2)), [0], dilation=(2, 3)),
        Flatten("flatten"),
        Dense("output/logits", np.ones((2, 24)), [0, 1]),
        Softmax("output"),
    ]
    save_model(Network(layers, (3, 8, 9), ["cat", "dog"]), tmp_path / "dilated.npz")
    back = load_model(tmp_path / "dilated.npz").layers[0]
    assert (back.dilation, back.extent) == ((2, 3), (5, 4))


def test_a_model_is_read_from_a_path_a_text_and_an_open_file(network, path):
    for source in (path, str(path), io.BytesIO(path.read_bytes())):
        assert load_model(source).describe() == network.describe()


def test_the_same_network_gives_the_same_bytes(path, tmp_path):
    save_model(load_model(path), tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_numpy_reads_what_is_written(network, path):
    with np.load(path, allow_pickle=False) as arrays:
        architecture = json.loads(str(arrays["architecture"]))
        assert architecture["format"] == "pycnn"
        assert architecture["version"] == 1
        np.testing.assert_array_equal(arrays["output/logits/weights"], network.layers[-2].weights)


def test_a_layer_may_have_any_name(network, tmp_path):
    odd = Network([ReLU("file"), *network.layers], network.input_shape, network.classes)
    save_model(odd, tmp_path / "odd.npz")
    assert load_model(tmp_path / "odd.npz").layers[0].name == "file"
    unpacked = np.load(io.BytesIO(npz_bytes({"file": np.arange(3)})))
    np.testing.assert_array_equal(unpacked["file"], [0, 1, 2])


def test_compressed_files_are_read_too(network, path, tmp_path):
    with np.load(path) as arrays:
        np.savez_compressed(tmp_path / "small.npz", **arrays)
    assert load_model(tmp_path / "small.npz").describe() == network.describe()


def refused(path):
    """The sentence that a file is refused with; it names the file."""
    with pytest.raises(ModelError) as refusal:
        load_model(path)
    sentence = str(refusal.value)
    assert sentence.startswith(f"Cannot read {path}: ")
    assert sentence.endswith(".")
    return sentence


def test_files_that_are_no_models(tmp_path):
    assert "No such file" in refused(tmp_path / "missing.npz")
    assert "directory" in refused(tmp_path)
    for content, reason in {
        b"": "neither an .npz file nor a TF.js",
        b"hello": "neither an .npz file nor a TF.js",
        b"PK\x03\x04 and so on": "not a whole .npz",
        b"{": "JSON is broken",
        b"{" * 100_000: "JSON is broken",
        b'{"a":' * 100_000: "JSON is broken",
        b'{"a": NaN}': "NaN is not JSON",
        b'{"a": 1}': "modelTopology",
    }.items():
        path = tmp_path / "file"
        path.write_bytes(content)
        assert reason in refused(path)


def test_arrays_of_another_kind_of_file(tmp_path):
    path = tmp_path / "other.npz"
    np.savez(path, a=np.zeros(3))
    assert 'no text named "architecture"' in refused(path)
    np.savez(path, architecture=np.array(7))
    assert 'no text named "architecture"' in refused(path)
    np.savez(path, architecture=np.array([{"a": 1}], dtype=object))
    assert "holds Python objects, which are never unpickled" in refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "a zip archive, but no .npz file" in refused(path)


def rewrite(path, change_architecture=None, change_arrays=None):
    with np.load(path) as loaded:
        arrays = dict(loaded)
    architecture = json.loads(str(arrays.pop("architecture")))
    if change_architecture:
        architecture = change_architecture(architecture) or architecture
    if change_arrays:
        change_arrays(arrays)
    path.write_bytes(npz_bytes({"architecture": np.array(json.dumps(architecture)), **arrays}))


def of(layer_name, **changes):
    """Changes one layer's description; None takes an entry out."""

    def change(architecture):
        layer = next(layer for layer in architecture["layers"] if layer["name"] == layer_name)
        layer.update(changes)
        for key in [key for key, value in changes.items() if value is None]:
            del layer[key]

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda a: [a], "architecture is not one of pycnn's"),
        (lambda a: a.update(format="other"), "architecture is not one of pycnn's"),
        (lambda a: a.update(version=2), "version is 2, but only 1"),
        (lambda a: a.pop("version") and None, "version is None"),
        (lambda a: a.pop("classes") and None, "needs 'classes'"),
        (lambda a: a.update(provenance=[]), "needs 'provenance'"),
        (lambda a: a.update(layers={}), "needs 'layers'"),
        (lambda a: a.update(layers=[]), "arrays that no layer uses"),
        (lambda a: a["layers"].append("relu"), "described by 'relu'"),
        (lambda a: a["layers"].append({"kind": "lstm", "name": "x"}), "'x' is of the unknown kind 'lstm'"),
        (lambda a: a["layers"].append({"kind": ["relu"], "name": "x"}), "unknown kind"),
        (lambda a: a["layers"].append({"kind": "relu"}), "name must be a text"),
        (lambda a: a["layers"].append({"kind": "relu", "name": "r"}), "must end with a softmax"),
        (lambda a: a["layers"].append({"kind": "dense", "name": "d"}), "'d/weights' is missing"),
        (lambda a: a["layers"].append(a["layers"][-1]), "'output' stands there 2 times"),
        (lambda a: a["classes"].append("more"), "classes need"),
        (lambda a: a["classes"].__setitem__(0, a["classes"][1]), "stands there 2 times"),
        (lambda a: a["classes"].__setitem__(0, 3), "classes must be texts"),
        (lambda a: a.update(input_shape=[7, 20, 20]), "'conv_0' (convolution) expects"),
        (lambda a: a.update(input_shape=["a", 20, 20]), "input shape"),
        (lambda a: a.update(input_shape=[True, 20, 20]), "input shape"),
        (of("conv_0", stride=0), "'conv_0' (convolution) expects a stride"),
        (
            of("conv_0", stride=None),
            "'conv_0' (convolution) needs stride, padding, dilation, but has padding, dil",
        ),
        (
            of("conv_0", groups=2),
            "'conv_0' (convolution) needs stride, padding, dilation, but has stride, padd",
        ),
        (of("conv_0", dilation=0), "'conv_0' (convolution) expects a dilation of at least 1"),
        (of("conv_0", dilation=[1, 1.5]), "'conv_0' (convolution) expects a dilation of whole numbers"),
        (of("pool_0", dilation=2), "'pool_0' (max_pooling) needs size, stride, padding, but has size"),
        (of("conv_0", stride=True), "expects a stride of whole numbers, but got True"),
        (of("pool_0", padding=[False] * 4), "expects a padding of whole numbers, but got [False"),
        (of("conv_0", padding=[0, 0, 0, 1e3]), "expects a padding of whole numbers"),
        (of("relu_0", slope=0.1), "'relu_0' (relu) needs no hyperparameters"),
        (of("pool_0", padding=100), "smaller than its window"),
    ],
)
def test_architectures_that_are_refused(change, reason, path):
    rewrite(path, change_architecture=change)
    assert reason in refused(path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda a: a.pop("conv_0/bias"), "'conv_0/bias' is missing"),
        (lambda a: a.update({"conv_9/bias": np.zeros(3, np.float32)}), "no layer uses: 'conv_9/bias'"),
        (
            lambda a: a.update({"conv_0/bias": np.zeros(99, np.float32)}),
            "'conv_0' (convolution) expects a bias",
        ),
        (lambda a: a.update({"conv_0/kernel": np.zeros((2, 3), np.float32)}), "expects a kernel of"),
        (lambda a: a.update({"conv_0/bias": a["conv_0/bias"].astype(float)}), "float32, not float64"),
        (lambda a: a.update({"conv_0/bias": a["conv_0/bias"].astype(">f4")}), "float32, not >f4"),
        (lambda a: a["conv_0/kernel"].__setitem__((0, 0, 0, 0), np.nan), "not finite"),
        (lambda a: a["output/logits/bias"].__setitem__(0, np.inf), "not finite"),
    ],
)
def test_arrays_that_are_refused(change, reason, path):
    rewrite(path, change_arrays=change)
    assert reason in refused(path)


def test_the_same_array_twice(path):
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("conv_0/bias.npy", b"")
    assert "'conv_0/bias' twice" in refused(path)


def test_files_that_are_too_large(tmp_path):
    bomb = tmp_path / "bomb.npz"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.npy", "w") as member:
        for _ in range(257):
            member.write(bytes(2**20))
    assert bomb.stat().st_size < 2**20
    assert "unpacks to more than 256 MB" in refused(bomb)


def test_a_file_may_be_as_large_as_the_limit(path, monkeypatch):
    data = path.read_bytes()
    monkeypatch.setattr(limits, "MAX_BYTES", len(data))
    for source in (path, io.BytesIO(data)):
        load_model(source)
    monkeypatch.setattr(limits, "MAX_BYTES", len(data) - 1)
    for source in (path, io.BytesIO(data)):
        with pytest.raises(ModelError, match="it is larger than 0 MB"):
            load_model(source)


def test_the_limit_is_told_in_megabytes(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 3 * 2**20)
    path = tmp_path / "large"
    for size, reason in ((3 * 2**20, "neither an .npz"), (3 * 2**20 + 1, "it is larger than 3 MB.")):
        path.write_bytes(bytes(size))
        assert reason in refused(path)


def test_an_open_file_is_asked_for_no_more_than_is_read(monkeypatch):
    """One byte more than the limit tells that a file is too large."""

    class Endless:
        asked = 0

        def read(self, most):
            self.asked += most
            return bytes(most)

    monkeypatch.setattr(limits, "MAX_BYTES", 1000)
    source = Endless()
    with pytest.raises(ModelError, match="it is larger than 0 MB"):
        load_model(source)
    assert source.asked == 1001


def test_a_network_of_identity_layers_is_saved_and_read(network, tmp_path):
    picture = np.random.default_rng(0).random(network.input_shape, dtype=np.float32)
    layers = [Identity("first"), *network.layers[:-1], Identity("last"), network.layers[-1]]
    save_model(Network(layers, network.input_shape, network.classes), tmp_path / "model.npz")
    back = load_model(tmp_path / "model.npz")
    outputs, expected = back.forward(picture), network.forward(picture)
    np.testing.assert_array_equal(outputs["first"], picture)
    np.testing.assert_array_equal(outputs["last"], expected["output/logits"])
    np.testing.assert_array_equal(outputs["output"], expected["output"])
    described = back.describe()["layers"]
    assert (described[0]["kind"], described[0]["connections"], described[0]["signed"]) == (
        *("identity", "one"),
        False,
    )
    assert described[-2]["signed"]


def test_any_damage_gives_a_model_error_or_a_network(path):
    data = path.read_bytes()
    rng = np.random.default_rng(0)
    refusals = 0
    for _ in range(400):
        damaged = bytearray(data)
        for position in rng.integers(0, len(data), rng.integers(1, 4)):
            damaged[position] = rng.integers(256)
        if rng.random() < 0.2:
            del damaged[rng.integers(len(damaged)) :]
        try:
            load_model(io.BytesIO(damaged))
        except ModelError:
            refusals += 1
    assert refusals > 300
