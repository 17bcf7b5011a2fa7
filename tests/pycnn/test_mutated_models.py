"""A thousand models, each changed at random: a network that works comes out, or a ModelError."""

import io
import json
import random
import tracemalloc

import numpy as np
import oracle
import pytest
from tfjs_models import Model

from pycnn import ModelError, load_model, save_model
from pycnn.memory import Memory
from pycnn.npz import npz_bytes

HOSTILE = [
    *(None, True, False, 0, -1, 1, 2, 3, 7, 64, 1.5, -0.0, 1e308, 2**31, 2**63, 10**30, 10**400, 20_000),
    *("", "x", "relu", "softmax", "same", "../x", "/etc/passwd", "a\0b", "\ud800", "x" * 10_000, "\x1b[31m"),
    *(
        [],
        {},
        [[]],
        [None],
        [1, 1],
        [2, 3],
        [0, 0, 0, 0],
        [1, 2, 3, 4],
        [5000, 5000],
        {"a": 1},
        {"name": "x"},
    ),
]
DEEP = json.loads("[" * 300 + "]" * 300)
SMALL = 100 * 10**6  # bytes: what needs more is not computed here


def copied(value):
    return json.loads(json.dumps(value))


def places(value, path=()):
    """Where parsed JSON holds values, by the keys that lead there."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


def change_json(value, rng):
    """The value with one to three of its parts replaced, taken out, or there twice."""
    value = copied(value)
    for _ in range(rng.randint(1, 3)):
        *way, key = rng.choice([path for path in places(value) if path])
        holder = value
        for step in way:
            holder = holder[step]
        action = rng.random()
        if action < 0.2:
            del holder[key]
        elif action < 0.3 and isinstance(holder, list):
            holder.insert(key, copied(holder[key]))
        elif action < 0.5:
            other = rng.choice([path for path in places(value) if path])
            part = value
            for step in other:
                part = part[step]
            holder[key] = copied(part)
        else:
            holder[key] = copied(rng.choice([*HOSTILE, DEEP]))
    return value


def change_bytes(data, rng):
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    if rng.random() < 0.3:
        del data[rng.randrange(len(data)) :]
    if rng.random() < 0.1:
        at = rng.randrange(len(data) + 1)
        data[at:at] = rng.randbytes(rng.randint(1, 1000))
    return bytes(data)


def change_arrays(arrays, rng):
    name = rng.choice(sorted(arrays))
    array = arrays[name]
    changes = [
        lambda: array.astype(rng.choice(["f8", ">f4", "f2", "i4", "U5", "?", "c8"])),
        lambda: array[: rng.randrange(len(array) + 1)],
        lambda: array.T,
        lambda: array.ravel(),
        lambda: array[np.newaxis],
        lambda: np.full_like(array, rng.choice([np.nan, np.inf, -np.inf, 3e38, -3e38, 1e-45, 0])),
        lambda: np.zeros((2, 0, 3), np.float32),
        lambda: np.float32(1),
        lambda: np.zeros((1,) * rng.randrange(30), np.float32),
    ]
    arrays[rng.choice([name, name, "x/../y", "architecture.npy"])] = rng.choice(changes)()
    if rng.random() < 0.1:
        del arrays[rng.choice(sorted(arrays))]


def works(network):
    """A picture of zeros goes through, in as much memory as was told."""
    memory = Memory(network.input_shape)
    for layer in network.layers:
        memory.add(layer)
    memory.check()
    json.dumps(network.describe(), allow_nan=False)
    if memory.needed > SMALL:
        return
    picture = np.zeros(network.input_shape, np.float32)
    tracemalloc.start()
    try:
        outputs, refusal = network.forward(picture), ""
    except ValueError as error:
        outputs, refusal = {}, str(error)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < memory.needed + 200_000
    if refusal:
        assert "overflowed" in refusal
    else:
        assert {name: output.shape for name, output in outputs.items()} == network.output_shapes


def read(source):
    """The network that came out of it, which works then, or None: the ModelError is a sentence."""
    try:
        network, refusal = load_model(source), ""
    except ModelError as error:
        network, refusal = None, str(error)
    if network:
        works(network)
    else:
        assert refusal.startswith("Cannot read ")
        assert len(refusal) < 1000
    return network


def survives(network, folder):
    save_model(network, folder / "again.npz")
    assert load_model(folder / "again.npz").describe() == network.describe()


@pytest.mark.parametrize("seed", range(4))
def test_npz_files(seed, tmp_path):
    rng = random.Random(seed)
    network, _ = oracle.random_network(seed + 4)
    network.provenance["notes"] = ["one", {"two": 2.5}]
    path = tmp_path / "model.npz"
    save_model(network, path)
    data = path.read_bytes()
    with np.load(path) as saved:
        arrays = dict(saved)
    architecture = json.loads(str(arrays.pop("architecture")))
    networks = 0
    for turn in range(125):
        changed, members = architecture, dict(arrays)
        if turn % 3 == 0:
            path.write_bytes(change_bytes(data, rng))
        else:
            if turn % 3 == 1:
                changed = change_json(architecture, rng)
            else:
                change_arrays(members, rng)
            text = np.array(json.dumps(changed))
            path.write_bytes(npz_bytes({"architecture": text, **members}, compressed=rng.random() < 0.5))
        found = read(io.BytesIO(path.read_bytes()) if turn % 2 else path)
        if found:
            networks += 1
            survives(found, tmp_path)
    assert 2 <= networks <= 60, "the changes are not all harmless, and not all deadly"


@pytest.mark.parametrize("seed", range(4))
def test_tfjs_models(seed, tmp_path):
    rng = random.Random(seed)
    whole = Model(tmp_path)
    path = whole.write()
    model = json.loads(path.read_text(encoding="utf-8"))
    networks = 0
    for turn in range(125):
        whole.write()
        if turn % 3 == 0:
            shard = tmp_path / rng.choice(list(whole.shards))
            shard.write_bytes(change_bytes(shard.read_bytes(), rng))
        elif turn % 3 == 1:
            path.write_text(json.dumps(change_json(model, rng)), encoding="utf-8")
        else:
            part = rng.choice(["modelTopology", "weightsManifest"])
            changed = {**model, part: change_json(model[part], rng)}
            path.write_text(json.dumps(changed), encoding=rng.choice(["utf-8", "utf-8-sig", "utf-16"]))
        found = read(path)
        if found:
            networks += 1
            survives(found, tmp_path)
    assert 10 <= networks <= 90, "the changes are not all harmless, and not all deadly"
