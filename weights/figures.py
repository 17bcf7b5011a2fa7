"""Draw the figures of the article from what training wrote: needs matplotlib, but no photos and no PyTorch.

    python -m weights.figures

Writes kernels.svg, confusion.svg and training.svg into docs/figures/.
"""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from pycnn import Network, load_model

WEIGHTS = Path(__file__).parent
FIGURES = WEIGHTS.parent / "docs" / "figures"
SIGNED = "PuOr"  # the page's map for signed values: orange below zero, purple above
PURPLE, ORANGE = "#542788", "#b35806"
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "pycnn",  # the same ids, and so the same file, every time
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw_kernels(network: Network) -> Figure:
    """The first layer's kernels, a row for each channel of the picture, a column for each kernel."""
    first = next(layer for layer in network.layers if layer.kind == "convolution")
    kernel = first.parameters()["kernel"]
    count, channels, height, width = kernel.shape
    limit = float(np.abs(kernel).max())
    figure = Figure(figsize=(0.72 * count + 1.3, 0.72 * channels + 0.5), layout="constrained")
    axes = figure.subplots(channels, count, squeeze=False)
    colours = ["red", "green", "blue"] if channels == 3 else [f"channel {c}" for c in range(channels)]
    for c in range(channels):
        for k in range(count):
            # Squares rather than an image, so that the figure stays sharp at any size.
            drawn = axes[c, k].pcolormesh(kernel[k, c], cmap=SIGNED, vmin=-limit, vmax=limit)
            axes[c, k].set(aspect="equal", ylim=(height, 0), xlim=(0, width), xticks=[], yticks=[])
            axes[c, k].spines[:].set_visible(True)
            axes[c, k].spines[:].set(linewidth=0.5, color="#888888")
        axes[c, 0].set_ylabel(colours[c])
    for k in range(count):
        axes[0, k].set_title(str(k), fontsize=9)
    figure.colorbar(drawn, ax=axes, ticks=[-limit, 0, limit], format="%.2f", shrink=0.9)
    return figure


def draw_confusion(card: dict[str, Any]) -> Figure:
    """Held-out photos: a row for each actual class, a column for what the network called it."""
    names, counts = card["confusion_classes"], np.array(card["held_out_confusion"])
    figure = Figure(figsize=(5.6, 4.8), layout="constrained")
    axes = figure.subplots()
    # The non-negative half of the page's map.
    axes.pcolormesh(counts, cmap=SIGNED, vmin=-counts.max(), vmax=counts.max(), edgecolors="white", lw=1)
    for row, column in np.argwhere(counts > 0):
        count = counts[row, column]
        dark = count > 0.55 * counts.max()
        place = {"ha": "center", "va": "center", "color": "white" if dark else "black"}
        axes.text(column + 0.5, row + 0.5, str(count), **place)
    middle = np.arange(len(names)) + 0.5
    axes.set(aspect="equal", ylim=(len(names), 0), xlabel="called", ylabel="actual class")
    axes.set_xticks(middle, names, rotation=45, ha="right")
    axes.set_yticks(middle, names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return figure


def draw_training(curve: list[dict[str, str]]) -> Figure:
    """Loss and accuracy after each epoch, on the photos learnt from and on those held out."""
    figure = Figure(figsize=(7, 2.6), layout="constrained")
    epochs = [int(row["epoch"]) for row in curve]
    for axes, measured in zip(figure.subplots(1, 2), ["loss", "accuracy"], strict=True):
        for part, colour, line in [("training", ORANGE, "--"), ("held_out", PURPLE, "-")]:
            values = [float(row[f"{part}_{measured}"]) for row in curve]
            axes.plot(epochs, values, line, color=colour, linewidth=1.2, label=part.replace("_", " "))
        axes.set(xlabel="epoch", ylabel=measured, xlim=(1, max(epochs)))
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
    return figure


def draw_all(into: Path, model: Path, card: Path, curve: Path) -> None:
    """Write the figures; each says in its description which model file it was made from."""
    into.mkdir(parents=True, exist_ok=True)
    made_from = f"{model.name}, SHA-256 {hashlib.sha256(model.read_bytes()).hexdigest()}"
    with mpl.rc_context(STYLE), curve.open(encoding="utf-8", newline="") as rows:
        figures = {
            "kernels": draw_kernels(load_model(model)),
            "confusion": draw_confusion(json.loads(card.read_text(encoding="utf-8"))),
            "training": draw_training(list(csv.DictReader(rows))),
        }
        for name, figure in figures.items():
            # No date: the same model gives the same file.
            metadata = {"Date": None, "Description": made_from}
            figure.savefig(into / f"{name}.svg", metadata=metadata)


if __name__ == "__main__":
    draw_all(
        FIGURES, *(WEIGHTS / name for name in ("tiny_vgg.npz", "tiny_vgg.json", "tiny_vgg_training.csv"))
    )
