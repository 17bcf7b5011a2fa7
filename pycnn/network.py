"""A network: named layers in a row, from a picture to the probability of each class."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pycnn.layer import LARGEST, Array, Layer, ShapeError
from pycnn.layers import AveragePooling, Dense, MaxPooling, Sigmoid, Softmax
from pycnn.steps import News, Shape, counted, silent


@dataclass(frozen=True)
class Classification:
    """What a network says of a picture: the likeliest class, and every class's probability and logit."""

    label: str
    probabilities: dict[str, float]
    logits: dict[str, float]


class Network:
    """An ordered list of named layers that ends with a softmax over the classes, or with a sigmoid.

    layers        each with a name of its own; "input" is kept for the picture
    input_shape   (channels, height, width) of a picture
    classes       one name for each of the softmax's outputs, in their order; a sigmoid of one value, p,
                  tells two classes apart: p is the second one's probability, 1 - p the first one's
    provenance    plain data on where the parameters come from; the network does not read it

    Raises ShapeError if a layer does not fit the one before it, ValueError if names are missing,
    repeated or too few.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        input_shape: Sequence[int],
        classes: Sequence[str],
        provenance: Mapping[str, Any] | None = None,
    ) -> None:
        self.layers = tuple(layers)
        self.input_shape: Shape = tuple(input_shape)
        self.classes = tuple(classes)
        self.provenance = dict(provenance or {})
        self._check_names()
        self.output_shapes = self._chain_shapes()
        self.steps = self._count_steps()

    def _check_names(self) -> None:
        if not self.layers or not isinstance(self.layers[-1], (Softmax, Sigmoid)):
            last = f"{self.layers[-1].name!r} ({self.layers[-1].kind})" if self.layers else "missing"
            raise ValueError(
                "A network must end with a softmax layer, or with a sigmoid of one value: else it gives no "
                f"probabilities. Its last layer is {last}; add one of the two before the model is exported."
            )
        _check_unique("layer names", ["input", *(layer.name for layer in self.layers)])
        _check_unique("classes", self.classes)

    def _chain_shapes(self) -> dict[str, Shape]:
        """Each layer's output shape by its name, in order."""
        shape = self.input_shape
        if len(shape) != 3 or not all(type(n) is int and 0 < n <= LARGEST for n in shape):
            raise ShapeError(
                "A network's input shape must be (channels, height, width), whole numbers from 1 to "
                f"{LARGEST}, but got {shape}."
            )
        shapes = {}
        for layer in self.layers:
            shapes[layer.name] = shape = layer.output_shape(shape)
        self._check_classes(shape)
        return shapes

    def _count_steps(self) -> int:
        """In how many steps a picture goes through the network."""
        inputs = [self.input_shape, *self.output_shapes.values()]
        return sum(layer.cut(shape).steps for layer, shape in zip(self.layers, inputs[:-1], strict=True))

    def _check_classes(self, shape: Shape) -> None:
        """Refuses a last layer that tells no classes apart, or others than there are names for."""
        last = self.layers[-1]
        if isinstance(last, Sigmoid):
            if shape != (1,):
                raise ShapeError(
                    f"Layer {last.name!r} (sigmoid) gives the shape {shape}: answers that do not exclude "
                    "each other (multi-label). Only one value, which tells two classes apart, can be used."
                )
            if len(self.classes) != 2:
                raise ShapeError(
                    f"Layer {last.name!r} (sigmoid) tells two classes apart, but there are "
                    f"{len(self.classes)} names of classes."
                )
            return
        if shape == (1,):
            raise ShapeError(
                f"Layer {last.name!r} is a softmax over one value, which is 100 % for every picture. A model "
                "of two classes needs two values before its softmax, or one value and a sigmoid."
            )
        if shape != (len(self.classes),):
            raise ShapeError(
                f"Layer {self.layers[-1].name!r} gives the shape {shape}, "
                f"but {len(self.classes)} classes need ({len(self.classes)},)."
            )

    def forward(self, picture: Array, news: News = silent) -> dict[str, Array]:
        """Every layer's output by its name, in order, from one pass.

        picture is float32 of the input shape, as `picture_from_pixels` makes it; raises ShapeError if not,
        and ValueError if the logits overflow.

        news(name, done, total) is called after each step, which is a layer, or a block of one that is much
        work: the layer's name, and how many steps are done of those of all layers.
        """
        self._check_picture(picture)
        outputs = {}
        x = picture
        tell = counted(news, self.steps)
        # Logits that overflowed are refused below.
        with np.errstate(over="ignore", invalid="ignore"):
            for layer in self.layers:
                outputs[layer.name] = x = layer.forward(x, tell)
        self.layers[-1].refuse_overflow(self.logits(outputs))
        return outputs

    def logits(self, outputs: Mapping[str, Array]) -> Array:
        """Each class's logit, (classes,), of what `forward` gave.

        The one logit z of a sigmoid is that of the second class, and -z the first one's.
        """
        logits = outputs[self.layers[-2].name]
        return np.concatenate([0 - logits, logits]) if isinstance(self.layers[-1], Sigmoid) else logits

    def probabilities(self, outputs: Mapping[str, Array]) -> Array:
        """Each class's probability, (classes,), of what `forward` gave.

        For a sigmoid's first class that is sigmoid(-z), which is 1 - sigmoid(z) in all its digits.
        """
        last = self.layers[-1]
        return last.forward(self.logits(outputs)) if isinstance(last, Sigmoid) else outputs[last.name]

    @property
    def logits_layer(self) -> str | None:
        """The name of the dense layer that gives the logits; None where another kind of layer does."""
        before = self.layers[-2]
        return before.name if isinstance(before, Dense) else None

    def _check_picture(self, picture: Array) -> None:
        if picture.shape != self.input_shape or picture.dtype != np.float32:
            raise ShapeError(
                f"The network takes a float32 picture of shape {self.input_shape}, "
                f"but got {picture.dtype} of shape {picture.shape}."
            )

    def classify(self, picture: Array) -> Classification:
        """The class of a picture (float32, of the input shape), with all probabilities and logits."""
        outputs = self.forward(picture)
        logits, probabilities = self.logits(outputs), self.probabilities(outputs)
        return Classification(
            label=self.classes[int(probabilities.argmax())],
            probabilities=dict(zip(self.classes, probabilities.tolist(), strict=True)),
            logits=dict(zip(self.classes, logits.tolist(), strict=True)),
        )

    def picture_from_pixels(self, pixels: NDArray[np.uint8]) -> Array:
        """uint8 pixels (height, width, 3) as the network's input: float32 (channels, height, width).

        Values from 0 to 255 become values from 0 to 1.
        A network of one channel gets the luma 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
        """
        channels, height, width = self.input_shape
        if pixels.shape != (height, width, 3) or pixels.dtype != np.uint8:
            raise ShapeError(
                f"The network takes uint8 pixels of shape {(height, width, 3)}, "
                f"but got {pixels.dtype} of shape {pixels.shape}."
            )
        picture = np.ascontiguousarray(pixels.transpose(2, 0, 1), dtype=np.float32) / np.float32(255)
        if channels == 3:
            return picture
        if channels == 1:
            luma = np.array([0.299, 0.587, 0.114], dtype=np.float32)
            return np.tensordot(luma, picture, axes=1)[np.newaxis]
        raise ShapeError(
            f"A picture has 3 channels or 1, but the network's input shape is {self.input_shape}."
        )

    def describe(self) -> dict[str, Any]:
        """The network as plain data: its layers' names, kinds, hyperparameters, shapes and parameter counts.

        "signed" tells whether a layer's values can be negative. "block" counts 1, 2, ...: a block ends
        with its pooling layer, and layers that give vectors belong to none. "logits" is the `logits_layer`.
        """
        described = []
        shape, signed, block = self.input_shape, False, 1
        for layer in self.layers:
            output_shape, signed = self.output_shapes[layer.name], layer.signed(signed)
            parameters = layer.parameters()
            described.append(
                {
                    "name": layer.name,
                    "kind": layer.kind,
                    "hyperparameters": layer.hyperparameters(),
                    "input_shape": list(shape),
                    "output_shape": list(output_shape),
                    "parameters": {name: list(array.shape) for name, array in parameters.items()},
                    "parameter_count": sum(array.size for array in parameters.values()),
                    "connections": layer.connections,
                    "signed": signed,
                    "block": block if len(output_shape) == 3 else None,
                }
            )
            shape = output_shape
            block += isinstance(layer, (MaxPooling, AveragePooling))
        return {
            "input": {"shape": list(self.input_shape)},
            "classes": list(self.classes),
            "parameter_count": sum(
                array.size for layer in self.layers for array in layer.parameters().values()
            ),
            "layers": described,
            "logits": self.logits_layer,
            "provenance": copy.deepcopy(self.provenance),
        }


def _check_unique(what: str, names: Sequence[str]) -> None:
    if not names or not all(isinstance(name, str) and name for name in names):
        raise ValueError(f"A network's {what} must be texts that are not empty, but got {list(names)}.")
    for name in names:
        # What no file and no page can hold: NUL, and halves of signs.
        if "\0" in name or name != name.encode(errors="ignore").decode():
            raise ValueError(f"A network's {what} must be texts that can be written, but got {name!a}.")
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise ValueError(f"A network's {what} must differ, but {name!r} stands there {count} times.")
