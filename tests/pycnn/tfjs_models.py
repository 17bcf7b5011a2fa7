"""A TF.js model of our own, and its parts to be changed."""

import json

import numpy as np

from pycnn import load_model

# A model of our own: a padding "same" with stride 2 on odd sizes, fused activations, average pooling, a
# layer without bias, two dense layers, and weights in two groups of which one is cut into three shards.

INPUT = (11, 9, 3)


def layer(class_name, name, **config):
    return {"class_name": class_name, "config": {"name": name, **config}}


def layers():
    common = {"data_format": "channels_last", "dilation_rate": [1, 1], "trainable": True}
    return [
        layer(
            *("Conv2D", "conv_a"),
            **common,
            batch_input_shape=[None, *INPUT],
            filters=4,
            kernel_size=[3, 2],
            strides=[2, 2],
            padding="same",
            activation="relu",
            use_bias=True,
        ),
        layer("Dropout", "drop", rate=0.5),
        layer("AveragePooling2D", "mean", pool_size=[3, 3], strides=[2, 1], padding="same"),
        layer(
            "Conv2D", "conv_b", filters=5, kernel_size=2, padding="valid", activation="linear", use_bias=False
        ),
        layer("ReLU", "relu_b", max_value=None, negative_slope=0, threshold=0),
        layer("Flatten", "flatten", data_format="channels_last"),
        layer("Dense", "hidden", units=6, activation="relu", use_bias=True),
        layer("Dense", "output", units=3, activation="softmax", use_bias=True),
    ]


def weights():
    rng = np.random.default_rng(3)
    shapes = {
        "conv_a/kernel": (3, 2, 3, 4),
        "conv_a/bias": (4,),
        "conv_b/kernel": (2, 2, 4, 5),
        "hidden/kernel": (2 * 4 * 5, 6),
        "hidden/bias": (6,),
        "output/kernel": (6, 3),
        "output/bias": (3,),
    }
    return {name: (rng.normal(size=shape) / 2).astype("<f4") for name, shape in shapes.items()}


class Model:
    """The parts of a TF.js model, to be changed before they are written to a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.layers, self.weights = layers(), weights()
        self.topology = {"model_config": {"class_name": "Sequential", "config": {"layers": self.layers}}}
        names = list(self.weights)
        self.groups = [
            self.group(["a-1.bin", "a-2.bin", "a-3.bin"], names[:4]),
            self.group(["b.bin"], names[4:]),
        ]
        self.extra = {"format": "layers-model", "generatedBy": "a test"}
        self.shards = {}
        first = b"".join(self.weights[name].tobytes() for name in names[:4])
        self.shards["a-1.bin"], self.shards["a-2.bin"] = first[:101], first[101:350]
        self.shards["a-3.bin"] = first[350:]
        self.shards["b.bin"] = b"".join(self.weights[name].tobytes() for name in names[4:])

    def group(self, paths, names):
        entries = [
            {"name": name, "shape": list(self.weights[name].shape), "dtype": "float32"} for name in names
        ]
        return {"paths": paths, "weights": entries}

    def write(self):
        path = self.folder / "model.json"
        model = {"modelTopology": self.topology, "weightsManifest": self.groups, **self.extra}
        path.write_text(json.dumps(model), encoding="utf-8")
        for name, data in self.shards.items():
            (self.folder / name).write_bytes(data)
        return path

    def load(self):
        return load_model(self.write())
