"""Measure a network on photos: accuracy, loss, calibration, every class, and what is taken for what.

    python -m weights.evaluate DATA [--model MODEL] [--classes NAMES] [--only LIST] [--json FILE]

DATA is a folder with one folder of photos for each class, named like the class with underscores for spaces.
MODEL is anything that pycnn reads, otherwise the shipped network; NAMES, such as "cat,dog", are its classes
in their order if its file has no names for them. LIST names the photos to use, one "class_folder/file" a
line, otherwise all are used. Everything is computed by pycnn, as on the page.
"""

import argparse
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pycnn import Network, default_model, load_model
from weights.photos import iterate_photos, photo_names

BINS = 15


class Bin(NamedTuple):
    """The photos whose highest probability lies above `low` and is at most `high`; no photos: all zero."""

    low: float
    high: float
    photos: int
    confidence: float
    accuracy: float


class Figures(NamedTuple):
    """What is measured on a set of photos; confusion[i, j] counts those of class i called class j."""

    classes: tuple[str, ...]
    confusion: np.ndarray
    loss: float
    bins: list[Bin]

    @property
    def photos(self) -> int:
        return int(self.confusion.sum())

    @property
    def correct(self) -> int:
        return int(self.confusion.trace())

    @property
    def accuracy(self) -> float:
        return self.correct / self.photos

    @property
    def calibration_error(self) -> float:
        """How far confidence and accuracy are apart, on average over the photos."""
        return sum(each.photos * abs(each.confidence - each.accuracy) for each in self.bins) / self.photos

    def of_classes(self) -> dict[str, tuple[int, int]]:
        """For each class with photos, how many are classified correctly, and how many there are."""
        return {
            name: (int(row[index]), int(row.sum()))
            for index, (name, row) in enumerate(zip(self.classes, self.confusion, strict=True))
            if row.any()
        }

    def mistakes(self) -> list[tuple[int, str, str]]:
        """(how many, actual class, class it was taken for), most frequent first."""
        found = [
            (int(self.confusion[i, j]), actual, called)
            for i, actual in enumerate(self.classes)
            for j, called in enumerate(self.classes)
            if i != j and self.confusion[i, j]
        ]
        return sorted(found, key=lambda mistake: -mistake[0])


def classify_all(network: Network, photos: Iterable[tuple[np.ndarray, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Logits, float32 (n, classes), and labels, (n,), of (photo uint8 (height, width, 3), label) pairs."""
    logits_name = network.layers[-2].name  # a network ends with its softmax
    logits, labels = [], []
    for photo, label in photos:
        logits.append(network.forward(network.picture_from_pixels(photo))[logits_name])
        labels.append(label)
    return np.stack(logits), np.array(labels)


def log_probabilities(logits: np.ndarray) -> np.ndarray:
    """The logarithms of the softmax of each row, float64."""
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def figures_of(logits: np.ndarray, labels: np.ndarray, classes: Sequence[str]) -> Figures:
    """Measure logits (n, classes) against labels (n,); the loss is the mean cross-entropy in nats."""
    log_p = log_probabilities(logits)
    called = log_p.argmax(axis=1)
    confusion = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(confusion, (labels, called), 1)
    return Figures(
        classes=tuple(classes),
        confusion=confusion,
        loss=float(-log_p[np.arange(len(labels)), labels].mean()),
        bins=calibration_bins(np.exp(log_p.max(axis=1)), called == labels),
    )


def calibration_bins(confidence: np.ndarray, correct: np.ndarray) -> list[Bin]:
    """Equally wide bins of confidence (n,) against correct (n,), as for the expected calibration error.

    Source: Guo et al. 2017, On Calibration of Modern Neural Networks, equations 2, 3 and 5, with 15 bins.
    """
    # The upper edge belongs to its bin, the lower one to the bin before.
    index = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    bins = []
    for number in range(BINS):
        inside = index == number
        count = int(inside.sum())
        means = (float(confidence[inside].mean()), float(correct[inside].mean())) if count else (0.0, 0.0)
        bins.append(Bin(number / BINS, (number + 1) / BINS, count, *means))
    return bins


def wilson_interval(successes: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % score interval of a proportion (Wilson 1927, J. Am. Stat. Assoc. 22, 209-212)."""
    share = successes / trials
    middle = share + z * z / (2 * trials)
    reach = z * math.sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    scale = 1 + z * z / trials
    return (middle - reach) / scale, (middle + reach) / scale


def as_json(figures: Figures) -> dict[str, Any]:
    """The figures as plain data, shares rounded to four decimals."""

    def share(correct: int, photos: int) -> dict[str, Any]:
        interval = [round(bound, 4) for bound in wilson_interval(correct, photos)]
        return {"accuracy": round(correct / photos, 4), "accuracy_95_percent_interval": interval}

    return {
        "photos": figures.photos,
        **share(figures.correct, figures.photos),
        "loss": round(figures.loss, 4),
        "calibration_error": round(figures.calibration_error, 4),
        "calibration": [
            {key: round(value, 4) for key, value in each._asdict().items()}
            for each in figures.bins
            if each.photos
        ],
        "classes": {
            name: {"photos": photos, "correct": correct, **share(correct, photos)}
            for name, (correct, photos) in figures.of_classes().items()
        },
        "confusion_classes": list(figures.classes),
        "confusion": figures.confusion.tolist(),
    }


def report(figures: Figures) -> str:
    """The figures as a person reads them."""
    low, high = wilson_interval(figures.correct, figures.photos)
    wide = max(map(len, figures.classes))
    lines = [
        f"{figures.photos} photos: accuracy {figures.accuracy:.1%} (95 % interval {low:.1%} to {high:.1%}), "
        f"loss {figures.loss:.3f}, expected calibration error {figures.calibration_error:.3f} ({BINS} bins)",
        "",
        f"{'class':{wide}}  correct  95 % interval  taken for",
    ]
    for name, (correct, photos) in figures.of_classes().items():
        low, high = wilson_interval(correct, photos)
        taken_for = ", ".join(f"{called} {n}" for n, actual, called in figures.mistakes() if actual == name)
        lines.append(
            f"{name:{wide}}  {correct / photos:7.0%}  {low:5.0%} to {high:4.0%}  {taken_for}".rstrip()
        )
    lines += ["", "confidence      photos  mean confidence  accuracy"]
    lines += [
        f"{each.low:4.0%} to {each.high:4.0%}  {each.photos:8}  {each.confidence:15.1%}  {each.accuracy:8.1%}"
        for each in figures.bins
        if each.photos
    ]
    lines += ["", "confusion: a row for each actual class, a column for what it was called"]
    for name, row in zip(figures.classes, figures.confusion, strict=True):
        lines.append(f"{name:{wide}}" + "".join(f"{count:5}" for count in row))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure a network on photos.")
    parser.add_argument("data", type=Path, help="folder with one folder of photos for each class")
    parser.add_argument("--model", type=Path, help="model file (default: the shipped network)")
    parser.add_argument("--classes", metavar="NAMES", help="the classes' names, with commas between them")
    parser.add_argument("--only", type=Path, metavar="LIST", help='file of "class_folder/file" lines to use')
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    options = parser.parse_args(arguments)
    try:
        network = load_model(options.model) if options.model else default_model()
        classes = tuple(options.classes.split(",")) if options.classes else network.classes
        if len(classes) != len(network.classes):
            raise ValueError(
                f"{len(classes)} names are given, but the network has {len(network.classes)} classes."
            )
        names = photo_names(options.data, classes)
        if options.only:
            listed = options.only.read_text(encoding="utf-8").splitlines()
            if missing := set(listed) - set(names):
                raise ValueError(f"{options.data} lacks {len(missing)} of the photos in {options.only}.")
            names = listed
        photos = iterate_photos(options.data, names, classes, network.input_shape[1:])
        figures = figures_of(*classify_all(network, photos), classes)
    except (ValueError, OSError) as error:
        raise SystemExit(f"evaluate: {error}") from error
    print(report(figures))
    if options.json:
        model = str(options.model or "the shipped network")
        measured = {"model": model, "data": str(options.data), **as_json(figures)}
        options.json.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
