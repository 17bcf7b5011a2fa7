"""TensorFlow.js layers models: a model.json that lists Keras layers, and shards with their weights.

Only Sequential models of the layers that pycnn has are read. What differs there is turned into pycnn's
ways: channels come last in TF.js, "same" padding becomes numbers, and an activation fused into a layer
becomes a layer of its own. The file does not say how pixels become input; values in [0, 1] are assumed.
Class names are taken from "userDefinedMetadata": {"classes": [...]}; without them they are numbered.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pycnn.layers import (
    Array,
    AveragePooling,
    Convolution,
    Dense,
    Flatten,
    Layer,
    MaxPooling,
    ReLU,
    Shape,
    Softmax,
)
from pycnn.network import Network


def read_tfjs(model: Any, folder: Path, max_bytes: int) -> Network:
    """The network of a parsed model.json; its shards are read from the folder, up to max_bytes in all.

    Raises ValueError for whatever cannot be read.
    """
    if model.get("format", "layers-model") != "layers-model":
        raise ValueError(f"it is a TF.js {model['format']}; only layers models can be read.")
    layer_configs = _layer_configs(model)
    reader = _Reader(_input_shape(layer_configs), _read_weights(model, folder, max_bytes))
    for class_name, config in layer_configs:
        reader.read_layer(class_name, config)
    reader.finish()
    provenance = {
        key: model[key] for key in ("format", "generatedBy", "convertedBy") if isinstance(model.get(key), str)
    }
    return Network(reader.layers, reader.input_shape, _classes(model, reader.shape), provenance)


def shard_paths(model: Any) -> list[str]:
    """The files that a parsed model.json has its weights in, by their paths from its folder."""
    return [_shard_path(path) for group in model["weightsManifest"] for path in group["paths"]]


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
    configs = []
    for layer in layers:
        if not isinstance(layer, dict) or not isinstance(layer.get("config"), dict):
            raise ValueError(f"a layer is described by {layer!r}.")
        configs.append((str(layer.get("class_name")), layer["config"]))
    return configs


def _input_shape(layer_configs: list[tuple[str, dict[str, Any]]]) -> Shape:
    """(channels, height, width), from the first layer's [batch, height, width, channels]."""
    first = layer_configs[0][1]
    shape = first.get("batch_input_shape", first.get("batch_shape"))
    if not isinstance(shape, list) or len(shape) != 4 or not all(type(n) is int and n > 0 for n in shape[1:]):
        raise ValueError(f"its input must be pictures of a fixed size, but it has the shape {shape!r}.")
    _, height, width, channels = shape
    return channels, height, width


def _classes(model: dict[str, Any], output_shape: Shape) -> list[str]:
    metadata = model.get("userDefinedMetadata")
    if not isinstance(metadata, dict) or "classes" not in metadata:
        return [f"class {i}" for i in range(output_shape[0])]
    if not isinstance(metadata["classes"], list):
        raise ValueError("its userDefinedMetadata holds classes that are not a list.")
    return metadata["classes"]


def _read_weights(model: dict[str, Any], folder: Path, max_bytes: int) -> dict[str, Array]:
    """All arrays by name. A group's shards follow one another, and so do its arrays in them."""
    arrays: dict[str, Array] = {}
    try:
        groups = [
            ([_shard_path(path) for path in group["paths"]], [_array_entry(w) for w in group["weights"]])
            for group in model["weightsManifest"]
        ]
    except (KeyError, TypeError) as error:
        raise ValueError("its weightsManifest is not one of a TF.js layers model.") from error
    for paths, entries in groups:
        size = sum(4 * math.prod(shape) for _, shape in entries)
        max_bytes -= size
        if max_bytes < 0:
            raise ValueError("its weights are too large.")
        data = b""
        for path in paths:
            try:
                with (folder / path).open("rb") as shard:
                    data += shard.read(size + 1 - len(data))
            except OSError as error:
                raise ValueError(f"its shard {path!r} cannot be read ({error.strerror}).") from error
        if len(data) != size:
            raise ValueError(
                f"its shards {', '.join(paths)} hold {'more' if len(data) > size else 'less'} "
                f"than the {size} bytes that the weightsManifest lists."
            )
        offset = 0
        for name, shape in entries:
            if name in arrays:
                raise ValueError(f"its weightsManifest lists {name!r} twice.")
            values = np.frombuffer(data, dtype="<f4", count=math.prod(shape), offset=offset)
            arrays[name] = values.reshape(shape)
            offset += values.nbytes
    return arrays


def _shard_path(path: Any) -> str:
    """The path of a shard, refused if it could lead out of the model's folder."""
    relative = PurePosixPath(path)
    inside = relative.parts and not relative.is_absolute() and ".." not in relative.parts
    if not inside or "\\" in path or ":" in path:  # as Windows writes paths
        raise ValueError(f"its shard {path!r} does not lie in the model's folder.")
    return str(path)


def _array_entry(entry: Any) -> tuple[str, Shape]:
    name, shape = entry["name"], tuple(entry["shape"])
    if not isinstance(name, str) or not all(type(n) is int and n > 0 for n in shape):
        raise ValueError(f"its weights {name!r} have the impossible shape {shape}.")
    if "quantization" in entry:
        raise ValueError(f"its weights {name!r} are quantized; only float32 can be read.")
    if entry["dtype"] != "float32":
        raise ValueError(f"its weights {name!r} are {entry['dtype']}; only float32 can be read.")
    return name, shape


# The only values of these options that pycnn has a rule for; leaving one out means the first.
_ONLY: dict[str, list[Any]] = {
    "data_format": ["channels_last", None],
    "groups": [1, None],
    "max_value": [None],
    "negative_slope": [0, [0], None],
    "threshold": [0, None],
    "axis": [-1, [-1], None],
}


class _Reader:
    """Turns Keras layers into pycnn's, one after another, following the shape they work on."""

    def __init__(self, input_shape: Shape, weights: dict[str, Array]) -> None:
        self.input_shape = input_shape
        self.shape = input_shape
        self.layers: list[Layer] = []
        self.weights = weights
        # After a flatten, where each of pycnn's values stands in TF.js's order; None once that is settled.
        self.order: NDArray[np.intp] | None = None

    def read_layer(self, class_name: str, config: dict[str, Any]) -> None:
        name = config.get("name")
        if not isinstance(name, str) or not name:
            raise ValueError(f"a layer of class {class_name} has no name.")
        if class_name not in _READERS:
            raise ValueError(f"layer {name!r} is of the class {class_name}, which pycnn does not have.")
        for option, allowed in _ONLY.items():
            if config.get(option, allowed[0]) not in allowed:
                raise ValueError(
                    f"layer {name!r} ({class_name}) has {option} {config[option]!r}; "
                    f"only {allowed[0]!r} can be read."
                )
        _READERS[class_name](self, name, config)

    def finish(self) -> None:
        """Settles what stays open after the last layer; a model that ends in logits gets its softmax."""
        if self.order is not None and (np.diff(self.order) != 1).any():
            raise ValueError("its flattened maps reach the output without a dense layer between.")
        if self.weights:
            raise ValueError(f"its weights {', '.join(map(repr, self.weights))} belong to no layer.")
        if not self.layers or not isinstance(self.layers[-1], Softmax):
            self._append(Softmax("softmax"))

    def skip(self, name: str, config: dict[str, Any]) -> None:
        """For what changes nothing when a picture is classified."""

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

    def read_flatten(self, name: str, config: dict[str, Any]) -> None:  # noqa: ARG002
        maps = self.shape
        self._append(Flatten(name))
        channels, height, width = maps
        positions = np.arange(math.prod(maps)).reshape(height, width, channels)
        self.order = positions.transpose(2, 0, 1).ravel()

    def read_dense(self, name: str, config: dict[str, Any]) -> None:
        weights, bias = self._take_weights(name, config, (self.shape[0], config.get("units")))
        if self.order is not None:
            weights, self.order = weights[self.order], None
        layer_name, activation_name = _fused_names(name, config)
        self._append(Dense(layer_name, weights.T, bias))
        self.read_activation(activation_name, config)

    def read_activation(self, name: str, config: dict[str, Any]) -> None:
        activation = config.get("activation") or "linear"
        if activation == "relu":
            self.read_relu(name, config)
        elif activation == "softmax":
            self.read_softmax(name, config)
        elif activation != "linear":
            raise ValueError(f"layer {name!r} has the activation {activation!r}, which pycnn does not have.")

    def read_relu(self, name: str, config: dict[str, Any]) -> None:  # noqa: ARG002
        self._append(ReLU(name))

    def read_softmax(self, name: str, config: dict[str, Any]) -> None:  # noqa: ARG002
        self._append(Softmax(name))

    def _append(self, layer: Layer) -> None:
        self.shape = layer.output_shape(self.shape)
        self.layers.append(layer)

    def _take_weights(self, name: str, config: dict[str, Any], shape: tuple[Any, ...]) -> tuple[Array, Array]:
        """The layer's kernel, which must have this shape, and its bias, zeros if it has none."""
        kernel = self._take(f"{name}/kernel", shape)
        if config.get("use_bias", True):
            return kernel, self._take(f"{name}/bias", shape[-1:])
        return kernel, np.zeros(shape[-1:], dtype=np.float32)

    def _take(self, key: str, shape: tuple[Any, ...]) -> Array:
        # Some converters put the model's name before the layer's.
        found = [name for name in self.weights if name == key or name.endswith(f"/{key}")]
        if len(found) != 1:
            raise ValueError(f"its weightsManifest lists {len(found)} arrays {key!r} where one is needed.")
        array = self.weights.pop(found[0])
        if array.shape != shape:
            raise ValueError(f"the array {key!r} should have the shape {shape}, but has {array.shape}.")
        return array

    def _padding(
        self, layer: Convolution | MaxPooling | AveragePooling, config: dict[str, Any]
    ) -> tuple[int, int, int, int]:
        """(top, bottom, left, right) for "valid" or "same"."""
        padding = config.get("padding", "valid")
        if padding not in ("valid", "same"):
            raise ValueError(
                f"layer {layer.name!r} has the padding {padding!r}; it must be 'valid' or 'same'."
            )
        if padding == "valid" or len(self.shape) != 3:  # the layer itself refuses what are no maps
            return 0, 0, 0, 0
        return layer.window(self.shape).same_padding()


def _pair(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value, value)


def _fused_names(name: str, config: dict[str, Any]) -> tuple[str, str]:
    """The names of a layer and of the activation fused into it, once they are two layers."""
    return (f"{name}/logits", name) if config.get("activation") == "softmax" else (name, f"{name}/relu")


_READERS: dict[str, Callable[[_Reader, str, dict[str, Any]], None]] = {
    "Activation": _Reader.read_activation,
    "AveragePooling2D": _Reader.read_average_pooling,
    "Conv2D": _Reader.read_convolution,
    "Dense": _Reader.read_dense,
    "Dropout": _Reader.skip,
    "Flatten": _Reader.read_flatten,
    "InputLayer": _Reader.skip,
    "MaxPooling2D": _Reader.read_max_pooling,
    "ReLU": _Reader.read_relu,
    "Softmax": _Reader.read_softmax,
}
