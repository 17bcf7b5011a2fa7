"""The model card: where the network comes from and what was measured on photos that it did not learn from.

The page takes its statements about the network from the card; weights/README.md says what each key holds.
"""

from datetime import date
from typing import Any

import numpy as np

from pycnn import Network
from weights.evaluate import Figures, as_json


def provenance(recipe: str, seed: int, figures: Figures) -> dict[str, Any]:
    """What goes into the model file, too."""
    return {
        "data": "Tiny ImageNet, ten of its classes, 64x64 photos",
        "licence_note": "Tiny ImageNet, research use",
        "recipe": recipe,
        "seed": seed,
        "date": date.today().isoformat(),
        "held_out_photos": figures.photos,
        "held_out_accuracy": round(figures.accuracy, 4),
    }


def legibility(network: Network, photos: np.ndarray) -> dict[str, Any]:
    """How large the numbers are that the page shows, over photos uint8 (n, height, width, 3)."""
    weights = {
        layer.name: round(float(np.abs(values).max()), 3)
        for layer in network.layers
        for name, values in layer.parameters().items()
        if name != "bias"
    }
    maps = [layer.name for layer in network.layers if layer.kind == "relu"]
    peaks: dict[str, list[np.ndarray]] = {name: [] for name in maps}
    for photo in photos:
        activations = network.forward(network.picture_from_pixels(photo))
        for name in maps:
            peaks[name].append(activations[name].max(axis=(1, 2)))
    return {
        "largest_weight": weights,
        "largest_activation": {name: round(float(np.max(found)), 3) for name, found in peaks.items()},
        "median_peak_activation": {name: round(float(np.median(found)), 3) for name, found in peaks.items()},
        "dead_maps": sum(int((np.max(found, axis=0) == 0).sum()) for found in peaks.values()),
    }


def model_card(
    network: Network, figures: Figures, legible: dict[str, Any], split: dict[str, Any]
) -> dict[str, Any]:
    """The whole card as plain data; split tells about the photos that the network learnt from."""
    measured = as_json(figures)
    weakest = sorted(measured["classes"].items(), key=lambda item: item[1]["accuracy"])[:2]
    return {
        "model": "Tiny VGG",
        "file": "tiny_vgg.npz",
        "parameters": network.describe()["parameter_count"],
        **network.provenance,
        **split,
        "held_out_accuracy_95_percent_interval": measured["accuracy_95_percent_interval"],
        "held_out_loss": measured["loss"],
        "held_out_calibration_error": measured["calibration_error"],
        "held_out_calibration": measured["calibration"],
        "held_out_accuracy_per_class": {
            name: found["accuracy"] for name, found in measured["classes"].items()
        },
        "held_out_accuracy_per_class_95_percent_interval": {
            name: found["accuracy_95_percent_interval"] for name, found in measured["classes"].items()
        },
        "confusion_classes": measured["confusion_classes"],
        "held_out_confusion": measured["confusion"],
        **legible,
        "known_weaknesses": [
            "It knows ten classes and has no answer for anything else: every picture gets one of the ten.",
            "It has seen 64x64 photos only; drawings, objects cut out on a plain background, unusual views "
            "and colours are classified less reliably than the held-out accuracy says.",
            "Its confidence is right on average, and only for photos like those it learnt from: a single "
            "picture, above all one of something else, can be classified wrongly with great confidence.",
            "Weakest classes on the held-out photos: "
            + " and ".join(f"{name} ({found['accuracy']:.0%})" for name, found in weakest)
            + "; with so few photos of each class a figure is uncertain by more than 10 points.",
            "Most frequent mistakes on the held-out photos: "
            + "; ".join(f"{actual} taken for {called} ({n})" for n, actual, called in figures.mistakes()[:5])
            + ".",
        ],
    }
