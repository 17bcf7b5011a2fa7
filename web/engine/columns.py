"""The columns that the page draws, with the values of the picture shown last."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pycnn import Network

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Step:
    """The picture or a layer: what it reads, from which step, and what it gives.

    The last layer's are the logits and the probabilities of the classes.
    """

    name: str
    kind: str
    layer: Any  # pycnn's, of the class that `kind` tells; None for the picture
    before: str | None
    inputs: Floats
    output: Floats


@dataclass(frozen=True)
class Column:
    """One column: all steps up to it, its own last, and how many units it has.

    A column of maps has a unit per map, a vector is one unit, and the last column a unit per class.
    `has_logits`: the last column reads the logits of a dense layer, which then has no column of its own.
    """

    steps: list[Step]
    units: int
    shows_classes: bool
    has_logits: bool


def find_column(network: Network, activations: Mapping[str, Floats], name: str) -> Column:
    """The column called `name`; raises ValueError if there is none."""
    steps = _steps(network, activations)
    last = steps[-1]
    names = [step.name for step in steps if step.name != network.logits_layer]
    if name not in names:
        raise ValueError(f"the network has the columns {', '.join(names)}, but no {name!r}")
    while steps[-1].name != name:
        steps.pop()
    shows_classes = steps[-1] is last
    units = len(steps[-1].output) if shows_classes or steps[-1].output.ndim == 3 else 1
    return Column(steps, units, shows_classes, shows_classes and network.logits_layer is not None)


def find_unit(column: Column, unit: str) -> int:
    """The unit that a text of digits names; raises ValueError if the column has none such."""
    units = [str(number) for number in range(column.units)]
    if unit not in units:
        raise ValueError(f"{column.steps[-1].name} has the units 0 to {units[-1]}, but no {unit!r}")
    return units.index(unit)


def _steps(network: Network, activations: Mapping[str, Floats]) -> list[Step]:
    picture = activations["input"]
    steps = [Step("input", "input", None, None, picture, picture)]
    for layer in network.layers:
        before = steps[-1]
        steps.append(Step(layer.name, layer.kind, layer, before.name, before.output, activations[layer.name]))
    logits, probabilities = network.logits(activations), network.probabilities(activations)
    return [*steps[:-1], replace(steps[-1], inputs=logits, output=probabilities)]
