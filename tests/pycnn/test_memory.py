"""What a network needs is told before anything is allocated, and it is enough."""

import json
import tracemalloc

import numpy as np
import oracle
import pytest
from tfjs_models import Model, layer

from pycnn import (
    AveragePooling,
    Convolution,
    Dense,
    Flatten,
    Identity,
    MaxPooling,
    ModelError,
    Network,
    ReLU,
    Softmax,
    limits,
    load_model,
    save_model,
    steps,
)
from pycnn import layers as pycnn_layers
from pycnn.memory import Memory


def needed(network):
    memory = Memory(network.input_shape)
    for one in network.layers:
        memory.add(one)
    return memory.needed


def at_work(network):
    """The most bytes that a pass holds at once, with picture and parameters."""
    picture = np.zeros(network.input_shape, np.float32)
    parameters = sum(array.nbytes for one in network.layers for array in one.parameters().values())
    tracemalloc.start()
    try:
        kept = network.forward(picture)
        return tracemalloc.get_traced_memory()[1] + picture.nbytes + parameters
    finally:
        tracemalloc.stop()
        del kept


def around(shape, *layers):
    """A network of these layers, of whose maps it reads the means."""
    memory = Memory(shape)
    for one in layers:
        memory.add(one)
    channels, *size = memory.shape
    ending = [
        AveragePooling("mean", size),
        Flatten("flatten"),
        Dense("logits", np.ones((2, channels)), [0, 0]),
    ]
    return Network([*layers, *ending, Softmax("output")], shape, ["one", "two"])


LARGE = [
    (Convolution("c", np.ones((4, 3, 7, 7)), np.zeros(4)), (3, 120, 130)),
    (Convolution("c", np.ones((4, 3, 7, 7)), np.zeros(4), padding=300), (3, 20, 30)),
    (Convolution("c", np.ones((4, 3, 3, 3)), np.zeros(4), stride=400, padding=500), (3, 20, 30)),
    (Convolution("c", np.ones((4, 3, 5, 5)), np.zeros(4), dilation=20), (3, 200, 200)),
    (Convolution("c", np.ones((64, 3, 1, 1)), np.zeros(64)), (3, 200, 200)),
    (MaxPooling("m", 9, 1, 4), (3, 100, 100)),
    (MaxPooling("m", 90, 1), (3, 100, 100)),
    (AveragePooling("a", 9, 1, 4), (3, 100, 100)),
    (AveragePooling("a", 9, 1, 4), (1, 200, 200)),
    (ReLU("r"), (3, 400, 400)),
    (Identity("i"), (3, 400, 400)),
]


@pytest.mark.parametrize("has_blas", [True, False])
@pytest.mark.parametrize(("one", "shape"), LARGE, ids=lambda one: getattr(one, "kind", str(one)))
def test_a_pass_takes_no_more_than_was_told_and_not_much_less(one, shape, has_blas, monkeypatch):
    monkeypatch.setattr(pycnn_layers, "_HAS_BLAS", has_blas)
    network = around(shape, one)
    told, taken = needed(network), at_work(network)
    assert taken <= told + 50_000  # Python's own objects
    assert told <= 2.5 * taken + Memory(shape).needed


def test_vectors_are_counted_too():
    layers = [Flatten("f"), Dense("d", np.ones((300_000, 3)), np.zeros(300_000)), Softmax("s")]
    network = Network(layers, (3, 1, 1), [str(i) for i in range(300_000)])
    told, taken = needed(network), at_work(network)
    assert taken <= told + 50_000
    assert told <= 1.5 * taken


@pytest.mark.parametrize(
    "one",
    [
        # 3 maps of 120,003 x 120,003 values with their padding, and 41 x 41 places.
        Convolution("c", np.ones((1, 3, 3, 3)), [0], 3000, 60_000),
        Convolution("c", np.ones((1, 3, 1, 1)), [0], 1, 1000),
    ],
    ids=["far apart", "side by side"],
)
def test_padding_is_there_only_where_it_is_read(one):
    network = around((3, 3, 3), one)
    assert at_work(network) <= needed(network) + 50_000 <= 60_000_000


@pytest.mark.parametrize("step", [steps.STEP, 20_000])
@pytest.mark.parametrize("seed", range(10))
def test_random_networks_take_no_more_than_was_told(seed, step, monkeypatch):
    monkeypatch.setattr(steps, "STEP", step)
    network, _ = oracle.random_network(seed)
    assert at_work(network) <= needed(network) + 50_000


def test_the_picture_is_counted_as_it_is_made_of_pixels():
    network = around((1, 500, 600), ReLU("relu"))
    pixels = np.zeros((500, 600, 3), np.uint8)
    tracemalloc.start()
    network.picture_from_pixels(pixels)
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken <= Memory((1, 500, 600)).needed + 50_000


# Files


def refused(path):
    with pytest.raises(ModelError) as refusal:
        load_model(path)
    return str(refusal.value)


def test_a_network_may_need_as_much_as_the_limit(tmp_path, monkeypatch):
    network, _ = oracle.random_network(3)
    save_model(network, tmp_path / "model.npz")
    monkeypatch.setattr(limits, "MAX_MEMORY", needed(network))
    load_model(tmp_path / "model.npz")
    monkeypatch.setattr(limits, "MAX_MEMORY", needed(network) - 1)
    assert "it needs 0.0 GB of memory for one picture, more than 0.0 GB." in refused(tmp_path / "model.npz")


def test_a_tfjs_model_may_need_as_much_as_the_limit(tmp_path, monkeypatch):
    model = Model(tmp_path)
    path, network = model.write(), model.load()
    monkeypatch.setattr(limits, "MAX_MEMORY", needed(network))
    load_model(path)
    monkeypatch.setattr(limits, "MAX_MEMORY", needed(network) - 1)
    assert "GB of memory for one picture" in refused(path)


@pytest.mark.parametrize(
    ("one", "shape", "figure"),
    [
        # At a single place 3 maps of 120,001 x 120,001 values, with padding between those that are read.
        (Convolution("c", np.ones((1, 3, 3, 3)), [0], 3000, 60_000, 60_000), (3, 3, 3), "172.8 GB"),
        (Convolution("c", np.ones((1, 1, 3, 3)), [0], 20_000, 20_000, 20_000), (1, 64, 64), "6.4 GB"),
        (MaxPooling("m", 2000, 2000), (1, 10_000, 10_000), "2.8 GB"),
        (ReLU("r"), (3, 2**31 - 1, 2**31 - 1), "more than a million GB"),
    ],
)
def test_the_figure_is_in_the_refusal(one, shape, figure, tmp_path):
    save_model(around(shape, one), tmp_path / "model.npz")
    sentence = f"it needs {figure} of memory for one picture, more than 1.0 GB."
    assert sentence in refused(tmp_path / "model.npz")


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        (
            [
                layer("Flatten", "flatten", batch_input_shape=[None, 5000, 5000, 3]),
                layer("Dense", "d", units=1),
            ],
            "layer 'flatten' (Flatten) cannot be read: it needs 1.2 GB of memory",
        ),
        ([layer("Flatten", "f", batch_input_shape=[None, 10**30, 10**30, 3])], "more than a million GB"),
        (
            [
                layer("Flatten", "flatten", batch_input_shape=[None, 5, 5, 1]),
                layer("Dense", "dense", units=10**12, use_bias=False),
            ],
            "lists 0 arrays 'dense/kernel' where one is needed",
        ),
        (
            [layer("Flatten", "f", batch_input_shape=[None, 1000, 1000, 1]), layer("Softmax", "s")],
            "it has 1000000 outputs, more than 100000 classes",
        ),
    ],
)
def test_tfjs_models_that_need_no_weights(layers, reason, tmp_path):
    topology = {"class_name": "Sequential", "config": {"layers": layers}}
    model = {"modelTopology": topology, "weightsManifest": []}
    (tmp_path / "model.json").write_text(json.dumps(model), encoding="utf-8")
    assert reason in refused(tmp_path / "model.json")


@pytest.mark.parametrize("what", ["size", "stride", "padding"])
def test_sizes_that_no_machine_counts_with(what):
    with pytest.raises(ValueError, match=rf"a {what} of at most 2147483647, but got 1000000"):
        MaxPooling("pool", **{"size": 2, "stride": 2, what: 10**30})
    assert MaxPooling("pool", stride=2**31 - 1).output_shape((1, 5, 5)) == (1, 1, 1)
    with pytest.raises(ValueError, match="a dilation of at most 2147483647"):
        Convolution("conv", np.ones((1, 1, 3, 3)), [0], dilation=2**31)
