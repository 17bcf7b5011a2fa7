"""Which layers share a colour scale, and where that scale ends."""

from collections.abc import Mapping
from typing import Any

SHARINGS = ("layer", "block", "network")


def groups(network: Mapping[str, Any], sharing: str) -> list[list[str]]:
    """Names of the layers that share one scale, group after group, in network order.

    `network` is what `Network.describe()` says. "layer": a layer that has parameters and all
    those after it that have none (ReLU, pooling, flatten); "block": a block, and what follows the last
    one up to the next layer with parameters; "network": all. The classes at the end are drawn as
    probabilities, not as colours: the last layer and a dense layer of its logits are in no group.
    """
    if sharing not in SHARINGS:
        raise ValueError(f"a colour scale is shared within one of {', '.join(SHARINGS)}, not {sharing!r}")
    found: list[list[str]] = []
    block = None
    for layer in network["layers"][:-1]:
        if layer["name"] == network["logits"]:
            continue
        starts_layer = layer["parameter_count"] > 0
        starts = {
            "layer": starts_layer,
            "block": layer["block"] != block and (layer["block"] is not None or starts_layer),
            "network": False,
        }[sharing]
        if starts or not found:
            found.append([])
            block = layer["block"]
        found[-1].append(layer["name"])
    return found


def limit(names: list[str], ranges: Mapping[str, list[list[float]]]) -> float:
    """The largest magnitude in the named layers, from their units' ranges: the end of their common scale."""
    return max(abs(end) for name in names for unit in ranges[name] for end in unit)
