"""What the article says of a network: names, sizes and shares, and numbers that follow the picture.

The places {like_this} of the article's texts are filled with them. What a network does not have has no
fact, and the article leaves out what asks for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ui.columns import Column, columns
from ui.figures import grouped, percent, shape
from ui.unit_facts import channel_name, class_name, class_names
from ui.words import Words

from builder.card import Card
from pycnn import Convolution, Network
from pycnn.layer import Array

# The example in the first convolution's output, where it has such a place: in the shipped network it is
# below zero for some pictures and above for others.
UNIT, PLACE = 6, (35, 38)


@dataclass(frozen=True)
class Quote:
    """A number of the picture that is shown, as `engine.quotes` is asked for it; `index` is one of a list."""

    kind: str
    arguments: tuple[str | int, ...] = ()
    index: int | None = None

    @property
    def question(self) -> list[str | int]:
        return [self.kind, *self.arguments]


@dataclass(frozen=True)
class Mistake:
    """A gallery's picture that the network gets wrong."""

    picture: str
    truth: str
    taken_for: str
    probability: float


Fact = str | Quote | list[Quote]
Facts = dict[str, Fact]
Layer = dict[str, Any]


def facts(
    network: Network,
    activations: Mapping[str, Array],
    words: Words,
    card: Mapping[str, Any],
    mistakes: Sequence[Mistake],
) -> Facts:
    """All facts by name. `card` is the network's model card, empty where it has none.

    `activations` are those of the picture that is shown first; examples are chosen by them.
    """
    description = network.describe()
    drawn = columns(description)
    layers = description["layers"]
    found: Facts = {
        "classes": str(len(network.classes)),
        "parameters": grouped(description["parameter_count"]),
        "last": drawn[-1].name,
        # The kind of what makes probabilities of logits.
        drawn[-1].kind: drawn[-1].name,
        **_picture(drawn[0]),
        **_convolutions(network, layers, drawn[0], words),
        **_pooling(layers, activations),
        **_flatten(layers),
        **_classes(description, words),
        **_training(network, card, words),
        **_mistakes(network, mistakes, words),
    }
    return found


def _picture(column: Column) -> Facts:
    channels, height, width = column.shape
    return {
        "input_channels": str(channels),
        "input_size": shape((height, width)),
        "input_shape": shape(column.shape),
        "input_count": grouped(channels * height * width),
    }


def _convolutions(network: Network, layers: Sequence[Layer], picture: Column, words: Words) -> Facts:
    """The first convolution if it reads the picture, what follows it, and an example of a place in it."""
    first = layers[0]
    if first["kind"] != "convolution":
        return {}
    layer = network.layers[0]
    assert isinstance(layer, Convolution)
    units, sources, *size = layer.kernel.shape
    maps = first["output_shape"]
    y, x = (at if at < most else most // 2 for at, most in zip(PLACE, maps[1:], strict=True))
    unit = min(UNIT, units - 1)
    window_y, window_x = layer.window(network.input_shape).start(y, x)
    name = first["name"]
    found: Facts = {
        "conv": name,
        "window_y": str(window_y),
        "window_x": str(window_x),
        "conv_units": str(units),
        "conv_inputs": str(sources),
        "conv_kernels": str(units * sources),
        "conv_size": shape(maps[1:]),
        "kernel_size": shape(size),
        "kernel_weights": str(size[0] * size[1]),
        "unit": str(unit),
        "y": str(y),
        "x": str(x),
        "last_y": str(maps[1] - 1),
        "last_x": str(maps[2] - 1),
        "channel": channel_name(picture, 0, words),
        "sum": Quote("partial", (name, unit, 0, y, x)),
        "sums": [Quote("partial", (name, unit, source, y, x)) for source in range(sources)],
        "bias": Quote("bias", (name, unit)),
        "conv_value": Quote("value", (name, unit, y, x)),
        **_size_rule(first),
    }
    if sources == 3:
        for colour, channel in (("red", 0), ("green", 1), ("blue", 2)):
            found[colour] = Quote("value", ("input", channel, y, x))
    later = [layer for layer in layers[1:] if layer["kind"] == "convolution"]
    if later:
        outputs, inputs = later[0]["parameters"]["kernel"][:2]
        found |= {
            "conv2": later[0]["name"],
            "conv2_units": str(outputs),
            "conv2_inputs": str(inputs),
            "conv2_kernels": str(outputs * inputs),
        }
    if layers[1]["kind"] == "relu":
        relu = layers[1]["name"]
        found |= {
            "relu": relu,
            "relu_value": Quote("value", (relu, unit, y, x)),
            "relu_cut": Quote("cut", (relu, unit)),
        }
    return found


def _size_rule(layer: Layer) -> Facts:
    """The numbers of the formula for a convolution's size, if they are the same in both directions."""
    chosen = {name: set(values) for name, values in layer["hyperparameters"].items()}
    sizes = {*layer["input_shape"][1:]}, {*layer["parameters"]["kernel"][2:]}, {*layer["output_shape"][1:]}
    alike = [*chosen.values(), *sizes]
    if any(len(values) > 1 for values in alike):
        return {}
    before, kernel, after = (values.pop() for values in sizes)
    return {
        "rule_n": str(before),
        "rule_k": str(kernel),
        "rule_m": str(after),
        **{f"rule_{name[0]}": str(values.pop()) for name, values in chosen.items()},
    }


def _pooling(layers: Sequence[Layer], activations: Mapping[str, Array]) -> Facts:
    """The first max pooling, and the place in it with the largest value."""
    pooling = [layer for layer in layers if layer["kind"] == "max_pooling"]
    if not pooling:
        return {}
    name, before, after = (pooling[0][key] for key in ("name", "input_shape", "output_shape"))
    down, right = pooling[0]["hyperparameters"]["stride"]
    largest = int(activations[name].argmax())
    place = [int(at) for at in np.unravel_index(largest, activations[name].shape)]
    dropped = 1 - after[1] * after[2] / (before[1] * before[2])
    return {
        "pool": name,
        "pool_window": shape(pooling[0]["hyperparameters"]["size"]),
        "pool_stride": str(down) if down == right else shape((down, right)),
        "pool_input": shape(before[1:]),
        "pool_output": shape(after[1:]),
        "pool_dropped": percent(dropped),
        "pool_unit": str(place[0]),
        "pool_y": str(place[1]),
        "pool_x": str(place[2]),
        "pool_value": Quote("value", (name, *place)),
    }


def _flatten(layers: Sequence[Layer]) -> Facts:
    flattens = [layer for layer in layers if layer["kind"] == "flatten"]
    if not flattens:
        return {}
    maps, rows, columns_ = flattens[0]["input_shape"]
    return {
        "flatten": flattens[0]["name"],
        "flatten_maps": str(maps),
        "flatten_size": shape((rows, columns_)),
        "flatten_product": shape((maps, rows, columns_)),
        "flatten_count": grouped(maps * rows * columns_),
    }


def _classes(description: Layer, words: Words) -> Facts:
    """The dense layer of the logits, if there is one, and the two classes that a sigmoid tells apart."""
    *_, before, last = description["layers"]
    found: Facts = {}
    if last["kind"] == "sigmoid":
        found["first"], found["second"] = class_names(description, words)
    if description["logits"]:
        outputs, inputs = before["parameters"]["weights"]
        found |= {
            "dense_inputs": grouped(inputs),
            "dense_weights": grouped(outputs * inputs),
            "dense_share": percent(outputs * inputs / description["parameter_count"]),
        }
    return found


def _training(network: Network, card: Mapping[str, Any], words: Words) -> Facts:
    """What the model card says of the training, and of photos that the network had not seen."""
    said = Card(card)
    accuracies = sorted(
        (accuracy, name) for name, accuracy in said.shares("held_out_accuracy_per_class").items()
    )
    mistakes = [
        (count, truth, guess)
        for truth, row in said.confusion().items()
        for guess, count in row.items()
        if guess != truth
    ]
    found: Facts = {"chance": percent(1 / len(network.classes))} if card else {}
    if epochs := said.epochs():
        found["epochs"] = epochs
    for key in ("training_photos", "held_out_photos"):
        if photos := said.count(key):
            found[key] = grouped(photos)
    if (accuracy := said.share("held_out_accuracy")) is not None:
        found["accuracy"] = percent(accuracy)
    if interval := said.interval("held_out_accuracy_95_percent_interval"):
        found["accuracy_low"], found["accuracy_high"] = map(percent, interval)
    if accuracies:
        (worst, worst_class), (best, best_class) = accuracies[0], accuracies[-1]
        found |= {
            "best_class": class_name(best_class, words),
            "best_accuracy": percent(best),
            "worst_class": class_name(worst_class, words),
            "worst_accuracy": percent(worst),
        }
    if mistakes:
        count, truth, guess = max(mistakes)
        found |= {
            "confused_count": str(count),
            "confused": class_name(truth, words),
            "confused_for": class_name(guess, words),
        }
    return found


def _mistakes(network: Network, mistakes: Sequence[Mistake], words: Words) -> Facts:
    found: Facts = {}
    for number, mistake in enumerate(mistakes, 1):
        found |= {
            f"mistake{number}": words("sample." + mistake.picture),
            f"mistake{number}_picture": mistake.picture,
            f"mistake{number}_truth": class_name(mistake.truth, words),
            f"mistake{number}_best": class_name(mistake.taken_for, words),
            f"mistake{number}_percent": percent(mistake.probability),
            f"mistake{number}_unit": str(network.classes.index(mistake.taken_for)),
        }
    return found
