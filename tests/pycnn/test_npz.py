"""Arrays in an .npz: names that are no paths, and files that claim what they do not hold."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from pycnn import Dense, Flatten, ModelError, Network, ReLU, Softmax, limits, load_model, save_model
from pycnn.npz import member_name, npz_bytes

ORDINARY = [
    "conv",
    "conv2d/relu",
    "block_1/conv/kernel",
    "file",
    "architecture",
    "畳み込み 1",
    "a.b",
    "100%",
    "…",
]
ODD = [
    *("../../x", "..", ".", "a/../b", "a/..", "/abs", "//abs", "a//b", "a/", "/", "a\\b", "..\\x", "C:x"),
    *("C:\\x", "nul\0", "nul\0/x", "a\nb", "\x1b[31m", "\ud800", ". .", ".. /x", "x.npy", "x", "x.npy.npy"),
    *("%41", "A", "%2E%2E", "%", "%%", "%2", "~", "con", "\x85"),
]


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_names_stay(name):
    assert member_name(name) == name


@pytest.mark.parametrize("name", ODD)
def test_no_name_is_a_path_out_of_the_folder(name, tmp_path):
    """As programs on any system take them, here those that join parts as Windows does."""
    for written in (member_name(name), member_name(f"{name}/kernel")):
        assert not {"\\", ":", "\0"}.intersection(written)
        assert written.isprintable()
        parts = written.split("/")
        assert not any(part.strip(". ") == "" for part in parts[:-1]), "empty, dot or dot-dot"
        assert parts[-1] + ".npy" == Path(f"{parts[-1]}.npy").name
    folder = tmp_path / "deep" / "folder"
    with zipfile.ZipFile(io.BytesIO(npz_bytes({name: np.zeros(1)}))) as archive:
        archive.extractall(folder)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert file.is_relative_to(folder)


def test_different_names_stay_different():
    names = [*ORDINARY, *ODD]
    assert len({member_name(name) for name in names}) == len(set(names))
    arrays = {name: np.full(1, i, np.float32) for i, name in enumerate(dict.fromkeys(names))}
    with np.load(io.BytesIO(npz_bytes(arrays))) as loaded:
        assert [loaded[name].item() for name in loaded.files] == list(range(len(arrays)))


@pytest.mark.parametrize("compressed", [False, True])
def test_numpy_finds_arrays_by_their_layers_names(compressed):
    names = [*ORDINARY, "alone.npy"]
    arrays = {name: np.full((2, 3), i, np.float32) for i, name in enumerate(names)}
    written = npz_bytes(arrays, compressed=compressed)
    assert written == npz_bytes(arrays, compressed=compressed)
    with np.load(io.BytesIO(written)) as loaded:
        for name, values in arrays.items():
            np.testing.assert_array_equal(loaded[name], values)


def test_numpy_takes_no_array_for_another_one():
    """Where there is "x", NumPy finds it under "x.npy", too."""
    arrays = {name: np.full(1, i, np.float32) for i, name in enumerate(["x", "x.npy", "x.npy.npy", "y.npy"])}
    with np.load(io.BytesIO(npz_bytes(arrays))) as loaded:
        assert loaded.files == ["x", "x%2Enpy", "x.npy%2Enpy", "y.npy"]
        assert [loaded[name].tolist() for name in loaded.files] == [[0], [1], [2], [3]]


def test_a_network_with_odd_names_comes_back(tmp_path):
    names = [name for name in dict.fromkeys([*ODD, *ORDINARY]) if not {"\0", "\ud800"}.intersection(name)]
    dense = [Dense(name, [[i]], [1]) for i, name in enumerate(names)]
    ending = [Dense("logits", [[1], [2]], [0, 0]), Softmax("output")]
    network = Network([Flatten("flatten"), *dense, *ending], (1, 1, 1), ["one", "two"])
    save_model(network, tmp_path / "odd.npz")
    back = load_model(tmp_path / "odd.npz")
    assert back.describe() == network.describe()
    assert [layer.weights[0, 0] for layer in back.layers[1:-2]] == list(range(len(names)))


def test_files_of_before_names_were_escaped(tmp_path):
    layers = [Flatten("flatten"), Dense("a:0", [[7], [8]], [1, 2]), Softmax("output")]
    save_model(Network(layers, (1, 1, 1), ["one", "two"]), tmp_path / "new.npz")
    with (
        zipfile.ZipFile(tmp_path / "new.npz") as new,
        zipfile.ZipFile(tmp_path / "old.npz", "w") as old,
    ):
        for member in new.infolist():
            old.writestr(member.filename.replace("%3A", ":"), new.read(member))
        assert "a:0/weights.npy" in old.namelist()
    assert load_model(tmp_path / "old.npz").layers[1].weights.tolist() == [[7], [8]]


def test_a_layers_name_is_not_longer_than_any_file_can_take():
    assert ReLU("/" * 500).name == "/" * 500
    assert len(member_name("\ud800" * 500 + "/kernel.npy").encode()) < 65_535
    with pytest.raises(ValueError, match="at most 500 characters, but got 501"):
        ReLU("x" * 501)


# Files


@pytest.fixture
def path(tmp_path):
    layers = [Flatten("flatten"), Dense("logits", np.ones((2, 12)), [0, 1]), Softmax("output")]
    save_model(Network(layers, (3, 2, 2), ["cat", "dog"]), tmp_path / "model.npz")
    return tmp_path / "model.npz"


def with_member(path, name, content, **zip_options):
    """The file with another content in one of its members, compressed as the options say."""
    with zipfile.ZipFile(path) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    with zipfile.ZipFile(path, "w", **zip_options) as archive:
        for member, data in {**members, name: content}.items():
            archive.writestr(member, data)
    return path


def header(version=1, values=b"", **fields):
    file = io.BytesIO()
    write = getattr(np.lib.format, f"write_array_header_{version}_0")
    write(file, {"descr": "<f4", "fortran_order": False, "shape": (2, 12), **fields})
    return file.getvalue() + values


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (header(shape=(2**60,)), "does not have the size of its shape (1152921504606846976,)"),
        (header(shape=(10**600, 10**600)), "does not have the size of its shape"),
        (header(shape=(-1, 12)), "does not have the size"),
        (header(values=bytes(95)), "does not have the size"),
        (header(values=bytes(97)), "does not have the size"),
        (header(2, bytes(96)), "of another version"),
        (header(descr="|O"), "Python objects, which are never unpickled"),
        (header(descr="<f8", values=bytes(192)), "must hold float32, not float64"),
        (header(descr="<f4", shape=(0, 12)), "expects a weights of (out, in)"),
        (b"\x93NUMPY\x02\x00" + (2**31).to_bytes(4, "little"), "not a whole .npz"),
        (b"", "not a whole .npz"),
    ],
)
def test_headers_that_claim_too_much(path, content, reason):
    with pytest.raises(ModelError) as refusal:
        load_model(with_member(path, "logits/weights.npy", content))
    assert reason in str(refusal.value)


def test_an_array_in_the_order_of_columns(path):
    weights = np.asfortranarray(np.arange(24, dtype=np.float32).reshape(2, 12))
    content = header(fortran_order=True, values=weights.tobytes("F"))
    layer = load_model(with_member(path, "logits/weights.npy", content)).layers[1]
    np.testing.assert_array_equal(layer.weights, weights)
    assert layer.weights.flags.c_contiguous


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_to_compress_that_may_unpack_without_bounds(path, method):
    values = header(values=bytes(96))
    with pytest.raises(ModelError, match="compressed in another way than NumPy does"):
        load_model(with_member(path, "logits/weights.npy", values, compression=method))


def test_a_member_that_unpacks_to_more_than_it_claims(path):
    """zipfile stops where the directory says; what is there then has another checksum."""
    with_member(path, "logits/weights.npy", header(values=bytes(1096)), compression=zipfile.ZIP_DEFLATED)
    claimed = len(header()) + 96
    data = path.read_bytes().replace(
        (len(header()) + 1096).to_bytes(4, "little"), claimed.to_bytes(4, "little")
    )
    with pytest.raises(ModelError, match=r"not a whole \.npz"):
        load_model(io.BytesIO(data))


def test_more_arrays_than_can_be_read_in_time(path, monkeypatch):
    load_model(path)
    monkeypatch.setattr(limits, "MAX_ARRAYS", 3)  # the architecture is one
    load_model(path)
    monkeypatch.setattr(limits, "MAX_ARRAYS", 2)
    with pytest.raises(ModelError, match="it holds 3 arrays, more than 2"):
        load_model(path)


def test_a_directory_without_end():
    entry = b"PK\x01\x02" + bytes(42)
    count = 100_000
    end = b"PK\x05\x06" + bytes(8) + (count * len(entry)).to_bytes(4, "little") + bytes(6)
    with pytest.raises(ModelError, match="its directory is too large"):
        load_model(io.BytesIO(entry * count + end))


def test_unpacked_files_may_be_as_large_as_the_limit(path, monkeypatch):
    with zipfile.ZipFile(path) as archive:
        size = sum(member.file_size for member in archive.infolist())
    with np.load(path) as arrays:
        path.write_bytes(npz_bytes(dict(arrays), compressed=True))
    assert path.stat().st_size < size
    monkeypatch.setattr(limits, "MAX_BYTES", size)
    load_model(path)
    monkeypatch.setattr(limits, "MAX_BYTES", size - 1)
    with pytest.raises(ModelError, match="it unpacks to more than 0 MB"):
        load_model(path)


def test_a_text_that_is_no_text(path):
    for content in (header(), header(descr="<U3", shape=(2,), values=bytes(24)), b"text"):
        with pytest.raises(ModelError):
            load_model(with_member(path, "architecture.npy", content))
    text = json.dumps({"format": "other"})
    file = io.BytesIO()
    np.lib.format.write_array(file, np.array(text))
    with pytest.raises(ModelError, match="not one of pycnn's"):
        load_model(with_member(path, "architecture.npy", file.getvalue()))
