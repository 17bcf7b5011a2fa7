"""TensorFlow.js models: agreement with TensorFlow.js itself, and with an oracle that keeps channels last."""

from pathlib import Path

import numpy as np
import pytest
from oracle import correlate_in_loops
from scipy import signal, special
from tfjs_models import INPUT, Model, layer

from pycnn import ModelError, load_model

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"


def test_every_layer_agrees_with_tensorflow_js():
    if not REFERENCE.is_dir():
        pytest.skip("../shared/reference, which holds what TensorFlow.js computed, is not on this machine")
    network = load_model(REFERENCE / "cnn-explainer-tinyvgg" / "model.json")
    expected = np.load(REFERENCE / "tfjs_activations.npz")
    compared = 0
    for i, pixels in enumerate(expected["images"]):
        outputs = network.forward(network.picture_from_pixels(pixels))
        for name in set(outputs) - {"output/logits"}:
            values = expected[name][i]
            if name == "flatten":
                values = expected["max_pool_2"][i].transpose(2, 0, 1).ravel()
            elif values.ndim == 3:
                values = values.transpose(2, 0, 1)
            assert outputs[name].shape == values.shape
            assert np.abs(outputs[name] - values).max() < 1e-4, name
            compared += 1
    assert compared == 4 * 12


def oracle(picture, w):
    """The model's output by hand, in float64, height, width, channel throughout."""

    def convolve(x, kernel):
        maps = [
            sum(signal.correlate2d(x[..., c], kernel[:, :, c, o], mode="valid") for c in range(x.shape[2]))
            for o in range(kernel.shape[3])
        ]
        return np.stack(maps, axis=-1)

    # 11 rows, kernel 3, stride 2: 6 places need 13 rows, one above and one below.
    # 9 columns, kernel 2, stride 2: 5 places need 10 columns, the extra one to the right.
    padded = np.pad(picture, ((1, 1), (0, 1), (0, 0)))
    conv_a = (convolve(padded, w["conv_a/kernel"]) + w["conv_a/bias"])[::2, ::2]
    relu_a = np.maximum(conv_a, 0)
    # 6 rows, window 3, stride 2: 3 places need 7 rows, the extra one below.
    # 5 columns, window 3, stride 1: 5 places need 7 columns, one on each side.
    mean = np.empty((3, 5, 4))
    for y, x in np.ndindex(3, 5):
        mean[y, x] = relu_a[2 * y : 2 * y + 3, max(x - 1, 0) : x + 2].mean(axis=(0, 1))
    conv_b = convolve(mean, w["conv_b/kernel"])
    hidden = np.maximum(np.maximum(conv_b, 0).ravel() @ w["hidden/kernel"] + w["hidden/bias"], 0)
    logits = hidden @ w["output/kernel"] + w["output/bias"]
    maps = {"conv_a": conv_a, "conv_a/relu": relu_a, "mean": mean, "conv_b": conv_b}
    vectors = {"hidden/relu": hidden, "output/logits": logits, "output": special.softmax(logits)}
    return {**{name: values.transpose(2, 0, 1) for name, values in maps.items()}, **vectors}


@pytest.fixture
def model(tmp_path):
    return Model(tmp_path)


def agree(network, w):
    picture = np.random.default_rng(4).random(INPUT, dtype=np.float32)
    outputs = network.forward(np.ascontiguousarray(picture.transpose(2, 0, 1)))
    for name, expected in oracle(picture.astype(np.float64), w).items():
        np.testing.assert_allclose(outputs[name], expected, rtol=1e-5, atol=1e-5)


def test_a_model_with_everything_agrees_with_the_oracle(model):
    network = model.load()
    agree(network, model.weights)
    assert network.classes == ("class 0", "class 1", "class 2")
    assert network.provenance == {"format": "layers-model", "generatedBy": "a test"}
    described = [(layer["name"], layer["kind"]) for layer in network.describe()["layers"]]
    assert described == [
        ("conv_a", "convolution"),
        ("conv_a/relu", "relu"),
        ("drop", "identity"),
        ("mean", "average_pooling"),
        ("conv_b", "convolution"),
        ("relu_b", "relu"),
        ("flatten", "flatten"),
        ("hidden", "dense"),
        ("hidden/relu", "relu"),
        ("output/logits", "dense"),
        ("output", "softmax"),
    ]


def as_plain_list(model):
    model.topology = {
        "class_name": "Sequential",
        "config": model.layers,
        "keras_version": "tfjs-layers 4.22.0",
    }


def with_an_input_layer(model):
    shape = model.layers[0]["config"].pop("batch_input_shape")
    model.layers.insert(0, layer("InputLayer", "picture", batch_input_shape=shape, dtype="float32"))


def with_activations_of_their_own(model):
    model.layers[-1]["config"].update(name="output/logits", activation="linear")
    model.layers.append(layer("Activation", "output", activation="softmax"))
    for group in model.groups:
        for entry in group["weights"]:
            entry["name"] = entry["name"].replace("output/", "output/logits/")


def with_a_softmax_layer(model):
    with_activations_of_their_own(model)
    model.layers[-1] = layer("Softmax", "output", axis=-1)


def with_prefixed_names(model):
    for group in model.groups:
        for entry in group["weights"]:
            entry["name"] = f"sequential/{entry['name']}"


@pytest.mark.parametrize(
    "change",
    [
        as_plain_list,
        with_an_input_layer,
        with_activations_of_their_own,
        with_a_softmax_layer,
        with_prefixed_names,
    ],
)
def test_other_ways_to_write_the_same_model(model, change):
    change(model)
    agree(model.load(), model.weights)


def test_a_model_that_ends_in_logits_gets_its_softmax(model):
    model.layers[-1]["config"]["activation"] = "linear"
    network = model.load()
    assert [layer.name for layer in network.layers[-2:]] == ["output", "softmax"]


def end_with(model, units, activation):
    """Let the model end in so many values with this activation."""
    model.layers[-1]["config"].update(units=units, activation=activation)
    model.weights["output/kernel"] = model.weights["output/kernel"][:, :1].repeat(units, axis=1)
    model.weights["output/bias"] = model.weights["output/bias"][:1].repeat(units)
    model.groups[1] = model.group(["b.bin"], list(model.weights)[4:])
    model.shards["b.bin"] = b"".join(model.weights[name].tobytes() for name in list(model.weights)[4:])


@pytest.mark.parametrize("fused", [True, False])
def test_one_value_with_a_sigmoid_tells_two_classes_apart(model, fused):
    end_with(model, 1, "sigmoid" if fused else "linear")
    names = ["output/logits", "output"]
    if not fused:
        model.layers.append(layer("Activation", "p", activation="sigmoid"))
        names = ["output", "p"]
    network = model.load()
    assert [one.name for one in network.layers[-2:]] == names
    assert network.classes == ("class 0", "class 1")
    picture = np.random.default_rng(4).random(INPUT, dtype=np.float32)
    outputs = network.forward(np.ascontiguousarray(picture.transpose(2, 0, 1)))
    logit = oracle(picture.astype(np.float64), model.weights)["output/logits"][0]
    p = special.expit([-logit, logit])
    np.testing.assert_allclose(network.probabilities(outputs), p, rtol=1e-5)
    assert outputs[names[1]].shape == (1,)
    model.extra["userDefinedMetadata"] = {"classes": ["cat", "dog"]}
    assert model.load().classes == ("cat", "dog")
    model.extra["userDefinedMetadata"] = {"classes": ["cat"]}
    with pytest.raises(ModelError, match="two classes apart, but there are 1 names"):
        model.load()


@pytest.mark.parametrize(
    ("units", "activation", "reason"),
    [
        (1, "linear", 'a single value that no sigmoid .* the activation "sigmoid"'),
        (1, "relu", "a single value that no sigmoid"),
        (1, "softmax", "'output' is a softmax over one value, which is 100 %"),
        (3, "sigmoid", "'output' is a sigmoid of 3 values: .*multi-label"),
    ],
)
def test_ends_that_tell_no_classes_apart_are_refused(model, units, activation, reason):
    end_with(model, units, activation)
    with pytest.raises(ModelError, match=reason):
        model.load()


def test_sigmoids_inside_a_model_are_layers_of_their_own(model):
    model.layers[0]["config"]["activation"] = "sigmoid"
    model.layers[6]["config"]["activation"] = "sigmoid"
    network = model.load()
    kinds = {one.name: one.kind for one in network.layers}
    assert kinds["conv_a/sigmoid"] == kinds["hidden/sigmoid"] == "sigmoid"
    picture = np.random.default_rng(4).random((3, *INPUT[:2]), dtype=np.float32)
    outputs = network.forward(picture)
    for name in ("conv_a", "hidden"):
        np.testing.assert_allclose(outputs[f"{name}/sigmoid"], special.expit(outputs[name]), rtol=1e-6)


def test_a_name_that_is_taken_gets_an_underscore(model):
    model.layers[4]["config"]["name"] = "input"
    model.layers[5]["config"]["name"] = "conv_a/relu"
    names = [one.name for one in model.load().layers]
    assert {"conv_a", "conv_a/relu", "input_", "conv_a/relu_"} <= set(names)
    assert "input" not in names


@pytest.mark.parametrize(("units", "activation"), [(1, "sigmoid"), (3, "softmax")])
def test_what_passes_values_on_behind_the_end_is_left_out(model, units, activation):
    end_with(model, units, activation)
    model.layers.append(layer("Dropout", "late", rate=0.5))
    assert [one.kind for one in model.load().layers[-2:]] == ["dense", activation]


def test_class_names_in_the_metadata(model):
    model.extra["userDefinedMetadata"] = {"classes": ["cat", "dog", "owl"]}
    assert model.load().classes == ("cat", "dog", "owl")


def test_max_pooling_follows_same_padding(tmp_path):
    config = {"batch_input_shape": [None, 5, 4, 1], "pool_size": 2, "strides": None, "padding": "same"}
    model = Model(tmp_path)
    model.layers[:] = [
        layer("MaxPooling2D", "pool", **config),
        layer("Flatten", "flatten"),
        layer("Dense", "output", units=2, activation="softmax"),
    ]
    model.weights = {"output/kernel": np.ones((6, 2), "<f4"), "output/bias": np.zeros(2, "<f4")}
    model.groups = [model.group(["b.bin"], list(model.weights))]
    model.shards = {"b.bin": b"".join(values.tobytes() for values in model.weights.values())}
    picture = -np.arange(20, dtype=np.float32).reshape(1, 5, 4)
    np.testing.assert_array_equal(model.load().forward(picture)["pool"], [[[0, -2], [-8, -10], [-16, -18]]])


@pytest.mark.parametrize(
    ("padding", "dilation_rate", "dilation", "numbers", "shape"),
    [
        # The window extends over 3 rows and 5 columns: one row is missing above and below, two at the sides.
        ("same", 2, (2, 2), (1, 1, 2, 2), (5, 7)),
        ("same", [1, 3], (1, 3), (0, 1, 3, 3), (5, 7)),
        ("valid", [4, 1], (4, 1), (0, 0, 0, 0), (1, 5)),
        ("valid", None, (1, 1), (0, 0, 0, 0), (4, 5)),
    ],
)
def test_dilated_convolutions(tmp_path, padding, dilation_rate, dilation, numbers, shape):
    rng = np.random.default_rng(5)
    model = Model(tmp_path)
    config = {"batch_input_shape": [None, 5, 7, 2], "filters": 1, "kernel_size": [2, 3], "padding": padding}
    model.layers[:] = [
        layer("Conv2D", "conv", dilation_rate=dilation_rate, use_bias=False, **config),
        layer("Flatten", "flatten"),
        layer("Dense", "output", units=2, activation="softmax", use_bias=False),
    ]
    shapes = {"conv/kernel": (2, 3, 2, 1), "output/kernel": (shape[0] * shape[1], 2)}
    model.weights = {name: rng.normal(size=shape).astype("<f4") for name, shape in shapes.items()}
    model.groups = [model.group(["b.bin"], list(model.weights))]
    model.shards = {"b.bin": b"".join(values.tobytes() for values in model.weights.values())}
    network, picture = model.load(), rng.random((2, 5, 7), dtype=np.float32)
    assert (network.layers[0].dilation, network.layers[0].padding) == (dilation, numbers)
    kernel = model.weights["conv/kernel"].transpose(3, 2, 0, 1)
    expected = correlate_in_loops(picture, kernel, [0], (1, 1), numbers, dilation)
    assert expected.shape == (1, *shape)
    np.testing.assert_allclose(network.forward(picture)["conv"], expected, rtol=1e-5, atol=1e-5)


def config_of(i, **changes):
    return lambda model: model.layers[i]["config"].update(changes)


def entry_of(i, **changes):
    return lambda model: model.groups[0]["weights"][i].update(changes)


def shard_paths(*paths):
    return lambda model: model.groups[1].update(paths=list(paths))


def set_layers(*entries):
    def change(model):
        model.layers[:] = entries

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda m: m.extra.update(format="graph-model"), "graph-model; only layers models"),
        (
            lambda m: m.topology["model_config"].update(class_name="Functional"),
            "'Functional'; only Sequential",
        ),
        (lambda m: m.topology.clear(), "modelTopology"),
        (lambda m: m.topology.update(model_config="text"), "modelTopology"),
        (set_layers(), "lists no layers"),
        (set_layers("relu"), "described by 'relu'"),
        (config_of(0, batch_input_shape=[None, None, None, 3]), "fixed size"),
        (config_of(0, batch_input_shape=[None, 64]), "fixed size"),
        (config_of(0, batch_input_shape=None), "fixed size"),
        (config_of(0, data_format="channels_first"), "'conv_a' (Conv2D) has data_format 'channels_first'"),
        (config_of(0, dilation_rate=[0, 2]), "'conv_a' (convolution) expects a dilation of at least 1"),
        (config_of(0, dilation_rate=1.5), "'conv_a' (convolution) expects a dilation of whole numbers"),
        (config_of(0, groups=3), "groups 3"),
        (config_of(0, activation="tanh"), "the activation 'tanh'"),
        (config_of(0, activation={"class_name": "ReLU"}), "the activation {"),
        (config_of(0, activation="softmax"), "'conv_a' (softmax) expects a vector"),
        (config_of(0, padding="causal"), "padding 'causal'"),
        (config_of(0, strides=[0, 1]), "'conv_a' (convolution) expects a stride"),
        (config_of(0, strides=None), "'conv_a' (convolution) expects a stride"),
        (config_of(0, kernel_size=[5, 5]), "'conv_a/kernel' should have the shape (5, 5, 3, 4)"),
        (config_of(0, kernel_size=None), "'conv_a/kernel' should have the shape"),
        (config_of(0, filters=9), "'conv_a/kernel' should have the shape"),
        (config_of(0, use_bias=False), "weights 'conv_a/bias' belong to no layer"),
        (config_of(0, name=None), "has no name"),
        (config_of(2, pool_size=[0, 2]), "'mean' (average_pooling) expects a size"),
        (config_of(2, pool_size=[30, 2], padding="valid"), "'mean' (average_pooling) expects maps with room"),
        (config_of(3, use_bias=True), "0 arrays 'conv_b/bias'"),
        (config_of(4, max_value=6), "'relu_b' (ReLU) has max_value 6"),
        (config_of(4, negative_slope=0.1), "negative_slope 0.1"),
        (config_of(6, units=7), "'hidden/kernel' should have the shape (40, 7)"),
        (
            lambda m: m.layers.insert(1, layer("BatchNormalization", "norm", axis=[3])),
            "layer 'norm' (BatchNormalization) is of a class that pycnn does not have",
        ),
        (lambda m: m.layers.pop(5), "'hidden/kernel' should have the shape (5, 6)"),
        (
            lambda m: m.layers.insert(1, layer("Flatten", "early")),
            "'mean' (average_pooling) expects maps of shape",
        ),
        (lambda m: m.groups.pop(), "0 arrays 'hidden/bias'"),
        (lambda m: m.groups.append(dict(m.groups[1])), "'hidden/bias' twice"),
        (lambda m: m.groups.append({"paths": []}), "weightsManifest is not one"),
        (lambda m: m.groups.append({"paths": [3], "weights": []}), "weightsManifest is not one"),
        (entry_of(0, dtype="int32"), "'conv_a/kernel' are int32; only float32"),
        (entry_of(0, quantization={"dtype": "uint8", "min": 0, "scale": 1}), "'conv_a/kernel' are quantized"),
        (entry_of(0, shape=[3, 2, -3, 4]), "impossible shape"),
        (entry_of(0, shape=[2**20, 2**20]), "too large"),
        (entry_of(0, shape=[3, 2, 3, 5]), "less than the"),
        (entry_of(0, shape=[3, 2, 3, 3]), "more than the"),
        (lambda m: m.shards.update({"b.bin": m.shards["b.bin"][:-1]}), "b.bin hold less than the"),
        (lambda m: m.shards.update({"b.bin": m.shards["b.bin"] + b"x"}), "b.bin hold more than the"),
        (lambda m: m.shards.update({"b.bin": b"\xff" * len(m.shards["b.bin"])}), "not finite"),
        (lambda m: m.shards.pop("a-2.bin"), "its shard 'a-2.bin' cannot be read (No such file or directory)"),
        (shard_paths("../b.bin"), "'../b.bin' does not lie in the model's folder"),
        (shard_paths("//etc/passwd"), "does not lie in the model's folder"),
        (shard_paths("sub/../../b.bin"), "does not lie in the model's folder"),
        (shard_paths("/etc/passwd"), "'/etc/passwd' does not lie in the model's folder"),
        (shard_paths("c:\\b.bin"), "does not lie in the model's folder"),
        (shard_paths(""), "does not lie in the model's folder"),
        (lambda m: m.extra.update(userDefinedMetadata={"classes": ["cat"]}), "1 classes need (1,)"),
        (lambda m: m.extra.update(userDefinedMetadata={"classes": "abc"}), "not a list"),
    ],
)
def test_models_that_are_refused(model, change, reason):
    change(model)
    path = model.write()
    with pytest.raises(ModelError) as refusal:
        load_model(path)
    assert str(refusal.value).startswith(f"Cannot read {path}: ")
    assert reason in str(refusal.value)


def test_flattened_maps_as_output(model):
    """Their order would differ between TF.js and pycnn, unless there is one value per map."""
    model.groups.clear()
    pool = layer("AveragePooling2D", "pool", batch_input_shape=[None, 8, 8, 3], pool_size=[8, 8])
    model.layers[:] = [pool, layer("Flatten", "flatten"), layer("Softmax", "output")]
    network = model.load()
    picture = np.random.default_rng(0).random((3, 8, 8), dtype=np.float32)
    expected = special.softmax(picture.astype(np.float64).mean(axis=(1, 2)))
    np.testing.assert_allclose(network.forward(picture)["output"], expected, rtol=1e-5)
    pool["config"]["pool_size"] = [4, 8]
    with pytest.raises(ModelError, match="without a dense layer between"):
        model.load()


def test_a_model_without_a_folder(model):
    with model.write().open("rb") as file, pytest.raises(ModelError, match=r"model\.json: .*from its path"):
        load_model(file)
