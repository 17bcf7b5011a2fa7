"""TensorFlow.js models as libraries write them: which weights and layers count, what is refused by name."""

import numpy as np
import pytest
from scipy import special
from tfjs_models import INPUT, Model, layer

from pycnn import ModelError, limits, load_model, tfjs, tfjs_weights


@pytest.fixture
def model(tmp_path):
    return Model(tmp_path)


PICTURE = np.random.default_rng(6).random((INPUT[2], *INPUT[:2]), dtype=np.float32)


def outputs(model):
    return model.load().forward(PICTURE)


@pytest.fixture
def expected(tmp_path):
    (tmp_path / "plain").mkdir()
    return outputs(Model(tmp_path / "plain"))


def same_as(expected, found):
    assert list(found) == list(expected)
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values)


# Weights


def add(model, name, shape=(), dtype="float32", size=4, **more):
    """One more array in the first group, before those of the model."""
    model.groups[0]["weights"].insert(0, {"name": name, "shape": list(shape), "dtype": dtype, **more})
    model.shards["a-1.bin"] = b"\xff" * (size * int(np.prod(shape))) + model.shards["a-1.bin"]


@pytest.mark.parametrize(
    ("dtype", "size"),
    [("int32", 4), ("bool", 1), ("uint8", 1), ("uint16", 2), ("float16", 2), ("complex64", 8)],
)
def test_weights_of_no_layer_are_left_out_whatever_they_hold(model, expected, dtype, size):
    add(model, "iter", (), dtype, size)
    add(model, "metrics/count", (3, 5), dtype, size)
    add(model, "conv_a/kernel/m", (3,), dtype, size, group="optimizer")
    add(model, "conv_a/bias_1", (3,), dtype, size, group="optimizer")
    same_as(expected, outputs(model))


@pytest.mark.parametrize(
    "name",
    [
        *("Adam/m/conv_a/kernel", "Adam/conv_a/kernel/v", "optimizer/adam/conv_a_kernel_momentum"),
        *("training/SGD/conv_a/kernel", "RMSprop/conv_a/kernel/rms", "conv_a/kernel/momentum", "total"),
        *("sequential/conv_a/kernel", "learning_rate", "other/conv_a/kernel"),
    ],
)
def test_what_an_optimizer_keeps_beside_the_weights(model, expected, name):
    """The exact name wins over one that ends in it."""
    add(model, name, (3, 2, 3, 4))
    same_as(expected, outputs(model))


def with_prefix(model, prefix):
    for group in model.groups:
        for entry in group["weights"]:
            entry["name"] = f"{prefix}/{entry['name']}"


@pytest.mark.parametrize("prefix", ["sequential", "a/b", "my_model/block_1"])
def test_a_prefix_and_an_optimizer(model, expected, prefix):
    with_prefix(model, prefix)
    add(model, "Adam/m/conv_a/kernel", (3, 2, 3, 4))
    add(model, "Adam/v/conv_a/kernel", (3, 2, 3, 4))
    same_as(expected, outputs(model))


def test_of_two_layers_behind_a_prefix_the_shorter_name_wins(model, expected):
    """A layer `conv_a` beside a layer `block/conv_a`, both behind the model's name."""
    model.layers[3]["config"]["name"] = "block/conv_a"
    for entry in model.groups[0]["weights"]:
        entry["name"] = "sequential/" + entry["name"].replace("conv_b", "block/conv_a")
    np.testing.assert_array_equal(outputs(model)["output"], expected["output"])


def test_two_weights_of_which_neither_is_the_one(model):
    with_prefix(model, "one")
    add(model, "two/conv_a/kernel", (3, 2, 3, 4))
    with pytest.raises(ModelError, match="lists 2 arrays 'conv_a/kernel' where one is needed"):
        model.load()


def test_the_exact_name_wins_where_layers_end_alike(model, expected):
    """A layer `a` beside a layer `b/a`: both their names end in `/a`."""
    model.layers[3]["config"]["name"] = "block/conv_a"
    for entry in model.groups[0]["weights"]:
        entry["name"] = entry["name"].replace("conv_b", "block/conv_a")
    found = outputs(model)
    np.testing.assert_array_equal(found["block/conv_a"], expected["conv_b"])
    np.testing.assert_array_equal(found["output"], expected["output"])


@pytest.mark.parametrize("name", ["conv_b/bias", "sequential/conv_b/bias", "hidden/gamma"])
def test_a_layers_weights_that_are_not_used_are_refused(model, name):
    add(model, name, (5,))
    with pytest.raises(ModelError, match=f"its weights '{name}' belong to no layer"):
        model.load()


def test_what_a_layer_keeps_that_works_only_in_training(model, expected):
    add(model, "drop/StateVar", (3,), "int32")
    add(model, "drop/seed_generator/seed_generator_state", (2,), "int32")
    same_as(expected, outputs(model))


@pytest.mark.parametrize("dtype", ["string", "float64", "", None, ["float32"]])
def test_weights_whose_size_is_not_known(model, dtype):
    add(model, "vocabulary", (3,), dtype)
    with pytest.raises(ModelError, match=r"only float32 can be read|weightsManifest is not one"):
        model.load()


# Shards


def test_shards_are_read_no_further_than_their_weights(model, monkeypatch):
    """One after the other: of a shard that is too long, one byte more than is missing."""
    path = model.write()
    sizes = [len(model.shards[name]) for name in ("a-1.bin", "a-2.bin", "a-3.bin")]
    read = []

    def read_regular_file(path, most):
        read.append(most)
        return path.read_bytes()[:most]

    monkeypatch.setattr(tfjs_weights, "read_regular_file", read_regular_file)
    load_model(path)
    total = sum(sizes)
    assert read[:3] == [total + 1, total + 1 - sizes[0], total + 1 - sizes[0] - sizes[1]]


@pytest.mark.parametrize("shard", ["a-1.bin", "a-2.bin", "a-3.bin"])
def test_a_shard_without_end_is_read_no_further_than_the_others_leave(model, shard):
    path = model.write()
    with (model.folder / shard).open("r+b") as file:
        file.truncate(10**12)
    with pytest.raises(ModelError, match=r"a-1\.bin, a-2\.bin, a-3\.bin hold more than the \d+ bytes"):
        load_model(path)


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 300])
def test_a_shard_with_a_name_that_no_file_has(model, name):
    model.groups[1]["paths"] = [name]
    with pytest.raises(ModelError, match=r"shard .* cannot be read"):
        model.load()


def test_weights_may_be_as_large_as_the_limit(model, monkeypatch):
    path, size = model.write(), sum(map(len, model.shards.values()))
    monkeypatch.setattr(limits, "MAX_BYTES", max(size, path.stat().st_size))
    load_model(path)
    model.extra["padding"] = ""
    monkeypatch.setattr(limits, "MAX_BYTES", max(size, path.stat().st_size) - 1)
    with pytest.raises(ModelError, match=r"too large: 0\.0 GB, more than 0 MB|larger than 0 MB"):
        load_model(path)


# Layers


@pytest.mark.parametrize("class_name", [*tfjs._PASSING, "Activation"])
def test_layers_that_do_nothing_pass_values_on(model, expected, class_name):
    """Before the first layer, among maps, behind a flatten, and before the softmax."""
    shape = model.layers[0]["config"].pop("batch_input_shape")
    model.layers[-1]["config"]["activation"] = "linear"
    model.layers.append(layer("Softmax", "probabilities"))
    places = {0: "first", 4: "maps", 8: "vector", 10: "last"}
    for at, name in places.items():
        model.layers.insert(at, layer(class_name, name))
    model.layers[0]["config"]["batch_input_shape"] = shape
    network = model.load()
    kinds = {one.name: one.kind for one in network.layers}
    assert [kinds[name] for name in places.values()] == ["identity"] * 4
    found = network.forward(PICTURE)
    np.testing.assert_array_equal(found["first"], PICTURE)
    for name in ("mean", "flatten", "hidden"):
        np.testing.assert_array_equal(found[name], expected[name])
    np.testing.assert_array_equal(found["probabilities"], expected["output"])


@pytest.mark.parametrize("axis", [-1, 1, [1], [-1], None])
def test_softmax_along_the_only_axis_of_a_vector(model, expected, axis):
    model.layers[-1]["config"]["activation"] = "linear"
    model.layers.append(layer("Softmax", "probabilities", axis=axis))
    np.testing.assert_array_equal(outputs(model)["probabilities"], expected["output"])


@pytest.mark.parametrize("axis", [0, 2, [0, 1], "1"])
def test_softmax_along_another_axis(model, axis):
    model.layers.append(layer("Softmax", "probabilities", axis=axis))
    with pytest.raises(ModelError, match=r"layer 'probabilities' \(Softmax\) has axis"):
        model.load()


def test_a_flatten_of_a_vector_changes_nothing(model, expected):
    for at, name in ((6, "again"), (7, "and again"), (9, "hidden again")):
        model.layers.insert(at, layer("Flatten", name))
    network = model.load()
    assert [one.kind for one in network.layers if "again" in one.name] == ["identity"] * 3
    found = network.forward(PICTURE)
    np.testing.assert_array_equal(found["and again"], expected["flatten"])
    np.testing.assert_array_equal(found["output"], expected["output"])


# Refusals name what stands in the file


@pytest.mark.parametrize(
    ("class_name", "name"),
    [
        ("LSTM", "lstm_1"),
        ("BatchNormalization", "bn"),
        ("MyLayer", "畳"),
        ("Conv3D", "c"),
        ("RandomCrop", "r"),
    ],
)
@pytest.mark.parametrize("at", [0, 3])
def test_classes_that_pycnn_does_not_have(model, class_name, name, at):
    model.layers.insert(at, layer(class_name, name))
    with pytest.raises(ModelError, match=rf"layer '{name}' \({class_name}\) is of a class"):
        model.load()


@pytest.mark.parametrize("class_name", ["Sequential", "Functional", "Model"])
@pytest.mark.parametrize("at", [0, 3])
@pytest.mark.parametrize("as_list", [False, True])
def test_models_within_the_model(model, class_name, at, as_list):
    config = [layer("ReLU", "inner")] if as_list else {"name": "backbone", "layers": [layer("ReLU", "inner")]}
    model.layers.insert(at, {"class_name": class_name, "name": "backbone", "config": config})
    with pytest.raises(ModelError, match=rf"layer 'backbone' \({class_name}\) is a model within the model"):
        model.load()


@pytest.mark.parametrize(
    ("at", "changes", "title"),
    [
        (0, {"strides": [0, 1]}, r"'conv_a' \(Conv2D\)"),
        (0, {"activation": "tanh"}, r"'conv_a' \(Conv2D\)"),
        (0, {"filters": 9}, r"'conv_a' \(Conv2D\)"),
        (0, {"padding": "causal"}, r"'conv_a' \(Conv2D\)"),
        (2, {"pool_size": 30, "padding": "valid"}, r"'mean' \(AveragePooling2D\)"),
        (4, {"max_value": 6}, r"'relu_b' \(ReLU\)"),
        (6, {"units": 7}, r"'hidden' \(Dense\)"),
        (7, {"activation": "gelu"}, r"'output' \(Dense\)"),
    ],
)
def test_every_refusal_of_a_layer_names_it_and_its_class(model, at, changes, title):
    model.layers[at]["config"].update(changes)
    with pytest.raises(ModelError, match=f": layer {title} "):
        model.load()


# Ends


def ending_in_maps(model, filters, activation="sigmoid"):
    """A convolution that gives one value for each class, and a flatten behind it."""
    kernel = np.random.default_rng(0).normal(size=(4, 4, 1, filters)).astype("<f4")
    size = {"kernel_size": [4, 4], "filters": filters, "use_bias": False}
    model.layers[:] = [
        layer("Conv2D", "conv", batch_input_shape=[None, 4, 4, 1], activation=activation, **size),
        layer("Dropout", "drop"),
        layer("Flatten", "flatten"),
    ]
    model.weights = {"conv/kernel": kernel}
    model.groups[:] = [model.group(["w.bin"], ["conv/kernel"])]
    model.shards = {"w.bin": kernel.tobytes()}
    return kernel


def test_a_sigmoid_before_a_flatten_tells_two_classes_apart(model):
    kernel = ending_in_maps(model, 1)
    network = model.load()
    picture = np.random.default_rng(1).random((1, 4, 4), dtype=np.float32)
    probability = special.expit((kernel[..., 0, 0] * picture[0]).sum())
    found = list(network.classify(picture).probabilities.values())
    np.testing.assert_allclose(found, [1 - probability, probability], rtol=1e-5)


def test_sigmoids_before_a_flatten_are_no_logits(model):
    ending_in_maps(model, 3)
    with pytest.raises(ModelError, match="is a sigmoid of 3 values"):
        model.load()


def test_maps_at_the_end_are_refused_without_a_layer_that_is_not_in_the_file(model):
    ending_in_maps(model, 3, "linear")
    model.layers.pop()
    with pytest.raises(ModelError, match=r"ends in maps of the shape \(3, 1, 1\)"):
        model.load()


@pytest.mark.parametrize("activation", ["relu6", {"class_name": "relu"}])
def test_an_unknown_activation_is_refused_by_the_name_in_the_file(model, activation):
    model.layers[6]["config"]["activation"] = activation
    with pytest.raises(ModelError, match=r"layer 'hidden' \(Dense\) has the activation .*, which"):
        model.load()


def test_an_input_shape_beside_an_empty_one(model, expected):
    config = model.layers[0]["config"]
    config["batch_shape"], config["batch_input_shape"] = config["batch_input_shape"], None
    same_as(expected, outputs(model))
