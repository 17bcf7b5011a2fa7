"""TensorFlow.js layers models: a model.json that lists Keras layers, and shards with their weights.

Only Sequential models of the layers that pycnn has are read. What differs there is turned into pycnn's
ways: channels come last in TF.js, "same" padding becomes numbers, and an activation fused into a layer
becomes a layer of its own. The file does not say how pixels become input; values in [0, 1] are assumed.
Class names are taken from "userDefinedMetadata": {"classes": [...]}; without them they are numbered.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pycnn import limits
from pycnn.layer import MAX_NAME, Array, Layer
from pycnn.layers import (
    AveragePooling,
    Convolution,
    Dense,
    Flatten,
    Identity,
    MaxPooling,
    ReLU,
    Sigmoid,
    Softmax,
)
from pycnn.memory import Memory
from pycnn.network import Network
from pycnn.steps import Shape
from pycnn.tfjs_weights import Weights, read_weights


def read_tfjs(model: dict[str, Any], folder: Path) -> Network:
    """The network of a parsed model.json; its shards are read from the folder.

    Raises ValueError for whatever cannot be read.
    """
    layer_configs = _layer_configs(model)
    reader = _Reader(_input_shape(layer_configs), read_weights(model, folder))
    for class_name, config in layer_configs:
        reader.read_layer(class_name, config)
    reader.finish()
    provenance = {
        key: model[key] for key in ("format", "generatedBy", "convertedBy") if isinstance(model.get(key), str)
    }
    return Network(reader.layers, reader.input_shape, _classes(model, reader.shape), provenance)


def _layer_configs(model: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Each layer's class name and config, from either form a topology is written in."""
    topology = model.get("modelTopology")
    if isinstance(topology, dict):
        topology = topology.get("model_config", topology)  # this wrapping comes from Keras' own files
    if not isinstance(topology, dict) or "class_name" not in topology:
        raise ValueError('it holds no "modelTopology" of a TF.js layers model.')
    if topology["class_name"] != "Sequential":
        raise ValueError(f"its model is {topology['class_name']!r}; only Sequential models can be read.")
    config = topology.get("config")
    layers = config.get("layers") if isinstance(config, dict) else config
    if not isinstance(layers, list) or not layers:
        raise ValueError("its model lists no layers.")
    if len(layers) > limits.MAX_LAYERS:
        raise ValueError(f"its model has {len(layers)} layers, more than {limits.MAX_LAYERS}.")
    return [_layer_config(layer) for layer in layers]


def _layer_config(layer: Any) -> tuple[str, dict[str, Any]]:
    """One layer's class name and config; refuses what pycnn has no layer for."""
    if not isinstance(layer, dict) or not isinstance(layer.get("config"), dict | list):
        raise ValueError(f"a layer is described by {layer!r}.")
    class_name, config = str(layer.get("class_name")), layer["config"]
    name = config.get("name") if isinstance(config, dict) else layer.get("name")
    if class_name in _MODELS:
        raise ValueError(
            f"layer {name!r} ({class_name}) is a model within the model; only layers in one row can be read."
        )
    if not isinstance(name, str) or not name or not isinstance(config, dict):
        raise ValueError(f"a layer of class {class_name} has no name.")
    if class_name not in _READERS:
        raise ValueError(f"layer {name!r} ({class_name}) is of a class that pycnn does not have.")
    return class_name, config


def _input_shape(layer_configs: list[tuple[str, dict[str, Any]]]) -> Shape:
    """(channels, height, width), from the first layer's [batch, height, width, channels]."""
    first = layer_configs[0][1]
    shape = first.get("batch_input_shape") or first.get("batch_shape")
    if not isinstance(shape, list) or len(shape) != 4 or not all(type(n) is int and n > 0 for n in shape[1:]):
        raise ValueError(f"its input must be pictures of a fixed size, but it has the shape {shape!r}.")
    _, height, width, channels = shape
    return channels, height, width


def _classes(model: dict[str, Any], output_shape: Shape) -> list[str]:
    metadata = model.get("userDefinedMetadata")
    if not isinstance(metadata, dict) or "classes" not in metadata:
        if output_shape[0] > limits.MAX_CLASSES:
            raise ValueError(f"it has {output_shape[0]} outputs, more than {limits.MAX_CLASSES} classes.")
        return [f"class {i}" for i in range(max(output_shape[0], 2))]  # a sigmoid's one value tells two apart
    if not isinstance(metadata["classes"], list):
        raise ValueError("its userDefinedMetadata holds classes that are not a list.")
    return metadata["classes"]


# The only values of these options that pycnn has a rule for; leaving one out means the first.
_ONLY: dict[str, list[Any]] = {
    "data_format": ["channels_last", None],
    "groups": [1, None],
    "max_value": [None],
    "negative_slope": [0, [0], None],
    "threshold": [0, None],
}

# Models are layers, too, in Keras.
_MODELS = ("Functional", "Model", "Sequential")
# What these change, they change in training only.
_PASSING = (
    *("ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise", "Identity"),
    *("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"),
    *("RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast"),
    *("RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale"),
    *("RandomHeight", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization"),
    *("RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation"),
    *("RandomWidth", "RandomZoom"),
)


class _Reader:
    """Turns Keras layers into pycnn's, one after another, following the shape they work on."""

    def __init__(self, input_shape: Shape, weights: Weights) -> None:
        self.input_shape = input_shape
        self.memory = Memory(input_shape)
        self.memory.check()
        self.layers: list[Layer] = []
        self.names = {"input": 0}  # those that are taken, and with how many "_" that was tried last
        self.weights = weights
        self.weighing: set[str] = set()  # names of the layers that have parameters, as in the file
        # The maps that a flatten has made a vector of, which TF.js does in another order than pycnn; None
        # once that is settled.
        self.flattened: Shape | None = None

    def read_layer(self, class_name: str, config: dict[str, Any]) -> None:
        name = config["name"]
        title = f"layer {name!r} ({class_name})"  # as in the file, where pycnn's own layers may differ
        try:
            for option, allowed in _ONLY.items():
                if config.get(option, allowed[0]) not in allowed:
                    raise ValueError(f"has {option} {config[option]!r}; only {allowed[0]!r} can be read.")
            _READERS[class_name](self, name, config)
        except ValueError as error:
            reason = str(error).removeprefix(f"layer {name!r} ")
            link = " " if reason.startswith("has ") else " cannot be read: "
            raise ValueError(f"{title}{link}{reason}") from error

    def finish(self) -> None:
        """Settles what stays open after the last layer; a model that ends in logits gets its softmax."""
        if self.flattened and min(self.flattened[0], math.prod(self.flattened[1:])) > 1:
            raise ValueError("its flattened maps reach the output without a dense layer between.")
        self.weights.check_rest(self.weighing)
        if len(self.shape) != 1:
            raise ValueError(f"it ends in maps of the shape {self.shape}, not in one value for each class.")
        ends = [layer for layer in self.layers if not isinstance(layer, Identity)]
        if len(ends) > 1 and isinstance(ends[-1], Flatten) and isinstance(ends[-2], Sigmoid):
            ends[-2:] = self._flattened_first(ends[-2], ends[-1])
        last = ends[-1]
        if isinstance(last, (Sigmoid, Softmax)):  # nothing that passes values on stands behind the end
            del self.layers[self.layers.index(last) + 1 :]
        if self.shape == (1,) and not isinstance(last, (Sigmoid, Softmax)):
            raise ValueError(
                "it ends in a single value that no sigmoid turns into a probability, so it cannot tell "
                'classes apart. Give its last layer the activation "sigmoid", which makes it a network of '
                "two classes, and export it again."
            )
        if isinstance(last, Sigmoid) and len(self.shape) == 1 and self.shape != (1,):
            raise ValueError(
                f"layer {last.name.removesuffix('/sigmoid')!r} is a sigmoid of {self.shape[0]} values: "
                "answers that do not exclude each other (multi-label). Only one such value, which tells two "
                "classes apart, can be read so far."
            )
        if not isinstance(last, (Sigmoid, Softmax)):
            self._append(Softmax("softmax"))

    def _flattened_first(self, sigmoid: Sigmoid, flatten: Flatten) -> tuple[Flatten, Sigmoid]:
        """The same two the other way round, which gives the same values."""
        at = self.layers.index(sigmoid)
        self.layers.remove(flatten)
        self.layers.insert(at, flatten)
        return flatten, sigmoid

    def skip(self, name: str, config: dict[str, Any]) -> None:
        """For the input, which is no layer of pycnn's."""

    def read_passing(self, name: str, config: dict[str, Any]) -> None:  # noqa: ARG002
        self._append(Identity(name))

    def read_convolution(self, name: str, config: dict[str, Any]) -> None:
        shape = (*_pair(config.get("kernel_size")), self.shape[0], config.get("filters"))
        kernel, bias = self._take_weights(name, config, shape)
        kernel = kernel.transpose(3, 2, 0, 1)  # from height, width, in, out
        layer_name, activation_name = _fused_names(name, config)
        dilation = 1 if config.get("dilation_rate") is None else config["dilation_rate"]
        layer = Convolution(layer_name, kernel, bias, config.get("strides", 1), dilation=dilation)
        padding = self._padding(layer, config)
        self._append(Convolution(layer_name, kernel, bias, layer.stride, padding, layer.dilation))
        self.read_activation(activation_name, config)

    def read_max_pooling(self, name: str, config: dict[str, Any]) -> None:
        layer = MaxPooling(name, config.get("pool_size", 2), config.get("strides"))
        self._append(MaxPooling(name, layer.size, layer.stride, self._padding(layer, config)))

    def read_average_pooling(self, name: str, config: dict[str, Any]) -> None:
        layer = AveragePooling(name, config.get("pool_size", 2), config.get("strides"))
        self._append(AveragePooling(name, layer.size, layer.stride, self._padding(layer, config)))

    def read_flatten(self, name: str, config: dict[str, Any]) -> None:
        if len(self.shape) == 1:  # already a vector
            self.read_passing(name, config)
            return
        self.flattened = self.shape
        self._append(Flatten(name))

    def read_dense(self, name: str, config: dict[str, Any]) -> None:
        weights, bias = self._take_weights(name, config, (self.shape[0], config.get("units")))
        weights = weights.T
        if self.flattened:
            channels, height, width = self.flattened
            by_place = weights.reshape(-1, height, width, channels)
            weights, self.flattened = by_place.transpose(0, 3, 1, 2).reshape(weights.shape), None
            weights.flags.writeable = False
        layer_name, activation_name = _fused_names(name, config)
        self._append(Dense(layer_name, weights, bias))
        self.read_activation(activation_name, config)

    def read_activation_layer(self, name: str, config: dict[str, Any]) -> None:
        if (config.get("activation") or "linear") == "linear":
            self.read_passing(name, config)
        else:
            self.read_activation(name, config)

    def read_activation(self, name: str, config: dict[str, Any]) -> None:
        activation = config.get("activation") or "linear"
        if activation == "relu":
            self.read_relu(name, config)
        elif activation == "sigmoid":
            self._append(Sigmoid(name))
        elif activation == "softmax":
            self._append(Softmax(name))
        elif activation != "linear":
            raise ValueError(f"has the activation {activation!r}, which pycnn does not have.")

    def read_relu(self, name: str, config: dict[str, Any]) -> None:  # noqa: ARG002
        self._append(ReLU(name))

    def read_softmax(self, name: str, config: dict[str, Any]) -> None:
        # The batch is axis 0 in TF.js, so that a vector's values lie along axis 1, its last one.
        axis = config.get("axis", -1)
        if axis not in (-1, 1, [-1], [1], None):
            raise ValueError(f"has axis {axis!r}; only -1 or 1 can be read.")
        self._append(Softmax(name))

    @property
    def shape(self) -> Shape:
        """What the next layer reads."""
        return self.memory.shape

    def _append(self, layer: Layer) -> None:
        # Two layers may have become of one, and the picture's name is taken.
        name = layer.name
        while layer.name in self.names:
            self.names[name] += 1
            layer.name = name + "_" * self.names[name]
        if len(layer.name) > MAX_NAME:
            raise ValueError("its name is too long, or stands there too often.")
        self.names[layer.name] = 0
        self.memory.add(layer)
        self.memory.check()  # before the next one takes any
        self.layers.append(layer)

    def _take_weights(self, name: str, config: dict[str, Any], shape: tuple[Any, ...]) -> tuple[Array, Array]:
        """The layer's kernel, which must have this shape, and its bias, zeros if it has none."""
        self.weighing.add(name)
        kernel = self.weights.take(f"{name}/kernel", shape)
        if config.get("use_bias", True):
            return kernel, self.weights.take(f"{name}/bias", shape[-1:])
        return kernel, np.zeros(kernel.shape[-1:], dtype=np.float32)

    def _padding(
        self, layer: Convolution | MaxPooling | AveragePooling, config: dict[str, Any]
    ) -> tuple[int, int, int, int]:
        """(top, bottom, left, right) for "valid" or "same"."""
        padding = config.get("padding", "valid")
        if padding not in ("valid", "same"):
            raise ValueError(f"has the padding {padding!r}; it must be 'valid' or 'same'.")
        if padding == "valid" or len(self.shape) != 3:  # the layer itself refuses what are no maps
            return 0, 0, 0, 0
        return layer.window(self.shape).same_padding()


def _pair(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value, value)


def _fused_names(name: str, config: dict[str, Any]) -> tuple[str, str]:
    """The names of a layer and of the activation fused into it, once they are two layers."""
    activation = config.get("activation")
    if activation == "softmax" or (activation == "sigmoid" and config.get("units") == 1):
        return f"{name}/logits", name
    return name, f"{name}/{activation}"


_READERS: dict[str, Callable[[_Reader, str, dict[str, Any]], None]] = {
    "Activation": _Reader.read_activation_layer,
    "AveragePooling2D": _Reader.read_average_pooling,
    "Conv2D": _Reader.read_convolution,
    "Dense": _Reader.read_dense,
    "Flatten": _Reader.read_flatten,
    "InputLayer": _Reader.skip,
    "MaxPooling2D": _Reader.read_max_pooling,
    "ReLU": _Reader.read_relu,
    "Softmax": _Reader.read_softmax,
    **dict.fromkeys(_PASSING, _Reader.read_passing),
}
