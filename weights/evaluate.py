"""Measure a network on photos it has not learnt from.

    python -m weights.evaluate DATA [MODEL]

DATA is a folder with one folder of photos for each class, named like the class with underscores for spaces.
Only the photos listed in held_out.txt are used. Everything is computed by pycnn, as on the page.
"""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pycnn import Network, default_model, load_model
from pycnn.pictures import read_picture

HELD_OUT = Path(__file__).with_name("held_out.txt")


class Figures(NamedTuple):
    """What is measured on a set of photos; confusion[i, j] counts those of class i called class j."""

    accuracy: float
    interval: tuple[float, float]
    loss: float
    confusion: np.ndarray


def folder_name(class_name: str) -> str:
    """The folder and file name of a class: "sport car" -> "sport_car"."""
    return class_name.replace(" ", "_")


def held_out_names() -> list[str]:
    """The committed held-out photos, as "class_folder/file" lines."""
    return HELD_OUT.read_text(encoding="utf-8").split()


def read_photos(
    data: Path, names: Sequence[str], classes: Sequence[str], size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Photos as uint8 (n, height, width, 3) and the index of each one's class, (n,)."""
    folders = [folder_name(name) for name in classes]
    photos = np.stack([read_picture(data / name, size) for name in names])
    labels = np.array([folders.index(name.split("/")[0]) for name in names])
    return photos, labels


def logits_of(network: Network, photos: np.ndarray) -> np.ndarray:
    """The network's logits for photos (n, height, width, 3): float32 (n, classes)."""
    logits_name = network.layers[-2].name
    return np.stack([network.forward(network.picture_from_pixels(photo))[logits_name] for photo in photos])


def wilson_interval(successes: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % score interval of a proportion (Wilson 1927, J. Am. Stat. Assoc. 22, 209-212)."""
    share = successes / trials
    middle = share + z * z / (2 * trials)
    reach = z * math.sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    scale = 1 + z * z / trials
    return (middle - reach) / scale, (middle + reach) / scale


def figures_of(logits: np.ndarray, labels: np.ndarray) -> Figures:
    """Accuracy, its 95 % interval, mean cross-entropy in nats, and the confusion matrix."""
    count, classes = logits.shape
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    confusion = np.zeros((classes, classes), dtype=int)
    np.add.at(confusion, (labels, logits.argmax(axis=1)), 1)
    correct = int(confusion.trace())
    return Figures(
        accuracy=correct / count,
        interval=wilson_interval(correct, count),
        loss=float(-log_probabilities[np.arange(count), labels].mean()),
        confusion=confusion,
    )


def print_figures(figures: Figures, classes: Sequence[str]) -> None:
    low, high = figures.interval
    print(
        f"held-out accuracy {figures.accuracy:.1%} (95 % interval {low:.1%} to {high:.1%}), "
        f"loss {figures.loss:.3f}, {figures.confusion.sum()} photos"
    )
    for index, name in enumerate(classes):
        row = figures.confusion[index]
        others = [(row[j], classes[j]) for j in range(len(classes)) if j != index and row[j]]
        mistaken = ", ".join(f"{other} {n}" for n, other in sorted(others, reverse=True)[:3])
        print(f"  {name:12} {row[index] / row.sum():4.0%}   taken for: {mistaken or 'nothing else'}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a network on the held-out photos.")
    parser.add_argument("data", type=Path, help="folder with one folder of photos for each class")
    parser.add_argument("model", type=Path, nargs="?", help="model file (default: the shipped network)")
    arguments = parser.parse_args()
    network = load_model(arguments.model) if arguments.model else default_model()
    size = network.input_shape[1:]
    photos, labels = read_photos(arguments.data, held_out_names(), network.classes, size)
    print_figures(figures_of(logits_of(network, photos), labels), network.classes)


if __name__ == "__main__":
    main()
