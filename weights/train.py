"""Train the Tiny VGG of the page and write its parameters and its model card.

    python -m weights.train DATA [--seed SEED] [--trial]

DATA is a folder with one folder of photos for each class, named like the class with underscores for spaces.
Needs PyTorch (`pip install -e .[train]`). Writes held_out.txt, tiny_vgg.npz, tiny_vgg.json and
tiny_vgg_training.csv beside this file. When it was interrupted, the same command goes on after the last whole
epoch and gives the same result.

With --trial nothing is written. Further photos of each class are set aside from those to learn from, and the
result is measured on them, so that recipes can be compared, and the temperature fitted, without the held-out
photos.
"""

import argparse
import csv
import hashlib
import json
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

import pycnn
from weights import card
from weights.evaluate import classify_all, figures_of, report
from weights.export import as_pycnn, calibrate, equalise, fold
from weights.photos import photo_names, read_photos, set_aside

CLASSES = (
    "lifeboat",
    "ladybug",
    "pizza",
    "bell pepper",
    "school bus",
    "koala",
    "espresso",
    "red panda",
    "orange",
    "sport car",
)
BLOCKS = ["1", "2"]
STEPS = ["1", "2"]
CHANNELS = 10
SIZE = 64

WEIGHTS = Path(__file__).parent
CHECKPOINT = WEIGHTS.parent / "build" / "training.pt"
TEMPERATURES = np.exp(np.linspace(-1, 1, 201))  # those that are tried, from 0.37 to 2.7


class Recipe(NamedTuple):
    """Everything that decides the result, but for the photos and PyTorch itself."""

    seed: int = 1
    held_out_per_class: int = 50
    epochs: int = 120
    batch: int = 128
    learning_rate: float = 5e-3
    weight_decay: float = 0.05
    average_decay: float = 0.997
    shift_pixels: int = 6
    scale_range: float = 0.1
    colour_range: float = 0.1
    temperature: float = 1.21  # what a trial found
    bell_pepper_bias: float = 0.3  # in every trial peppers were taken for oranges more than the reverse

    def __str__(self) -> str:
        return (
            f"AdamW, learning rate {self.learning_rate} with 5 % warm-up and cosine decay, weight decay "
            f"{self.weight_decay}; {self.epochs} epochs in batches of {self.batch}; exponential average of "
            f"the weights ({self.average_decay}); batch normalisation, folded afterwards; random horizontal "
            f"flips, shifts of up to {self.shift_pixels} pixels, scaling by up to {self.scale_range:.0%}, "
            f"saturation changed by up to {2 * self.colour_range:.0%}, contrast and brightness by up to "
            f"{self.colour_range:.0%}, each colour by up to {self.colour_range / 2:.0%}; "
            f"logits divided by the temperature {self.temperature}, bell pepper's raised by "
            f"{self.bell_pepper_bias} after that; float32 parameters, bfloat16 arithmetic while training"
        )

    def class_bias(self) -> np.ndarray:
        return np.array([self.bell_pepper_bias if name == "bell pepper" else 0.0 for name in CLASSES])


class Epoch(NamedTuple):
    """A row of the training curve; training is measured on augmented photos while it goes on.

    In a trial, held out are the photos that it sets aside.
    """

    epoch: int
    training_loss: float
    training_accuracy: float
    held_out_loss: float
    held_out_accuracy: float


class Photos(NamedTuple):
    """Photos uint8 (n, 3, height, width) and the indices of their classes, (n,)."""

    pixels: torch.Tensor
    labels: torch.Tensor

    def sha256(self) -> str:
        return hashlib.sha256(self.pixels.numpy().tobytes()).hexdigest()


def split(data: Path, recipe: Recipe) -> tuple[list[str], list[str]]:
    """Names of the photos to learn from and of the held-out ones, the same for every seed."""
    return set_aside(photo_names(data, CLASSES), recipe.held_out_per_class, "1")


def read(data: Path, names: Sequence[str]) -> Photos:
    photos, labels = read_photos(data, names, CLASSES, (SIZE, SIZE))
    return Photos(torch.from_numpy(photos.transpose(0, 3, 1, 2).copy()), torch.from_numpy(labels))


def as_photos(photos: Photos) -> np.ndarray:
    """The photos as pycnn takes them, uint8 (n, height, width, 3)."""
    return photos.pixels.numpy().transpose(0, 2, 3, 1)


def as_pictures(pixels: torch.Tensor) -> torch.Tensor:
    """Pixels from 0 to 255 as the network takes them, from 0 to 1."""
    return pixels.to(torch.float32) / 255


class Normalise(nn.Module):
    """Shift and scale each colour to the mean 0 and deviation 1 that the training photos have on average."""

    def __init__(self, pixels: torch.Tensor) -> None:
        super().__init__()
        pictures = as_pictures(pixels)
        self.register_buffer("mean", pictures.mean(dim=(0, 2, 3)))
        self.register_buffer("deviation", pictures.std(dim=(0, 2, 3)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x - self.mean[:, None, None]) / self.deviation[:, None, None]


def network_to_train(pixels: torch.Tensor) -> nn.Sequential:
    """Tiny VGG with batch normalisation; pixels (n, 3, height, width) give the colours' mean, deviation."""
    layers: OrderedDict[str, nn.Module] = OrderedDict(normalise=Normalise(pixels))
    channels = 3
    for block in BLOCKS:
        for step in STEPS:
            # No bias: batch normalisation subtracts the mean, and brings a bias of its own.
            layers[f"conv_{block}_{step}"] = nn.Conv2d(channels, CHANNELS, 3, bias=False)
            layers[f"norm_{block}_{step}"] = nn.BatchNorm2d(CHANNELS)
            layers[f"relu_{block}_{step}"] = nn.ReLU()
            channels = CHANNELS
        layers[f"max_pool_{block}"] = nn.MaxPool2d(2)
    layers["flatten"] = nn.Flatten()
    layers["output/logits"] = nn.Linear(CHANNELS * 13 * 13, len(CLASSES))
    return nn.Sequential(layers)


def augment(x: torch.Tensor, recipe: Recipe) -> torch.Tensor:
    """Change each picture (n, 3, height, width) at random, as other photos of the same thing differ."""
    return change_colours(move(x, recipe), recipe)


def move(x: torch.Tensor, recipe: Recipe) -> torch.Tensor:
    """Flip, shift and scale; edges are mirrored outwards."""
    count = len(x)
    scale = 1 + uniform(recipe.scale_range, count)
    flip = torch.where(torch.rand(count) < 0.5, -1.0, 1.0)
    transform = torch.zeros(count, 2, 3)
    transform[:, 0, 0] = scale * flip
    transform[:, 1, 1] = scale
    # affine_grid counts from -1 to 1 across a picture.
    transform[:, :, 2] = uniform(recipe.shift_pixels * 2 / SIZE, count, 2)
    grid = functional.affine_grid(transform, list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, padding_mode="reflection", align_corners=False)


def change_colours(x: torch.Tensor, recipe: Recipe) -> torch.Tensor:
    """Change saturation, contrast, brightness and the colour of the light."""
    one_each = (len(x), 1, 1, 1)
    grey = x.mean(dim=1, keepdim=True)
    x = grey + (x - grey) * (1 + uniform(2 * recipe.colour_range, *one_each))
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    contrast, brightness = (1 + uniform(recipe.colour_range, *one_each) for _ in range(2))
    x = mean * brightness + (x - mean) * contrast
    light = 1 + uniform(recipe.colour_range / 2, len(x), 3, 1, 1)
    return (x * light).clamp(0, 1)


def uniform(reach: float, *shape: int) -> torch.Tensor:
    """Random numbers from -reach to reach."""
    return reach * (2 * torch.rand(shape) - 1)


class Training:
    """A network that learns, and all that an interrupted training needs to go on exactly as it was."""

    def __init__(self, photos: Photos, held_out: Photos, recipe: Recipe) -> None:
        torch.manual_seed(recipe.seed)
        self.photos, self.held_out, self.recipe = photos, held_out, recipe
        self.network = network_to_train(photos.pixels).to(memory_format=torch.channels_last)
        self.average = AveragedModel(self.network, multi_avg_fn=get_ema_multi_avg_fn(recipe.average_decay))
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser,
            recipe.learning_rate,
            recipe.epochs * math.ceil(len(photos.pixels) / recipe.batch),
            pct_start=0.05,
            cycle_momentum=False,
        )
        self.curve: list[Epoch] = []
        # A checkpoint of another recipe, other photos or another PyTorch would give another result; what
        # calibrates plays no part before the export.
        learning = recipe._replace(temperature=1, bell_pepper_bias=0)
        self.identity = repr((learning, photos.sha256(), torch.__version__))

    def run(self, checkpoint: Path, after_epoch: Callable[[Epoch], None]) -> nn.Sequential:
        """Learn, from the checkpoint on if there is one of this training; the network, ready to evaluate."""
        self._resume(checkpoint)
        while len(self.curve) < self.recipe.epochs:
            self.curve.append(self._run_epoch())
            self._save(checkpoint)
            after_epoch(self.curve[-1])
        # The averaged weights make other activations than those the running statistics were taken from.
        update_bn((as_pictures(batch) for batch in self.photos.pixels.split(self.recipe.batch)), self.average)
        return self.average.module.eval()

    def _run_epoch(self) -> Epoch:
        loss_sum, correct, count = 0.0, 0, len(self.photos.pixels)
        for batch in torch.randperm(count).split(self.recipe.batch):
            x = augment(as_pictures(self.photos.pixels[batch]), self.recipe)
            labels = self.photos.labels[batch]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = self.network(x.contiguous(memory_format=torch.channels_last)).to(torch.float32)
            loss = functional.cross_entropy(logits, labels)
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
            self.schedule.step()
            self.average.update_parameters(self.network)
            loss_sum += loss.item() * len(batch)
            correct += int((logits.argmax(dim=1) == labels).sum())
        return Epoch(len(self.curve) + 1, loss_sum / count, correct / count, *self._measure())

    @torch.inference_mode()
    def _measure(self) -> tuple[float, float]:
        """Loss and accuracy on the held-out photos as the network is now; only to be drawn as a curve."""
        self.network.eval()
        pixels, labels = self.held_out
        logits = torch.cat([self.network(as_pictures(batch)) for batch in pixels.split(self.recipe.batch)])
        self.network.train()
        accuracy = float((logits.argmax(dim=1) == labels).float().mean())
        return functional.cross_entropy(logits, labels).item(), accuracy

    def _save(self, checkpoint: Path) -> None:
        state = {name: getattr(self, name).state_dict() for name in self._STATEFUL}
        state |= {
            "identity": self.identity,
            "random": torch.get_rng_state(),
            "curve": list(map(tuple, self.curve)),
        }
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        # Replaced at once, so that an interruption while it is written leaves the one before.
        partial = checkpoint.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(checkpoint)

    def _resume(self, checkpoint: Path) -> None:
        if not checkpoint.exists():
            return
        state = torch.load(checkpoint, weights_only=True)
        if state["identity"] != self.identity:
            print(f"{checkpoint} is of another training, so this one begins anew.")
            return
        for name in self._STATEFUL:
            getattr(self, name).load_state_dict(state[name])
        torch.set_rng_state(state["random"])
        self.curve = [Epoch(*row) for row in state["curve"]]
        print(f"Going on after epoch {len(self.curve)}.")

    _STATEFUL = ("network", "average", "optimiser", "schedule")


def progress(epochs: int) -> Callable[[Epoch], None]:
    """Prints an epoch's row, and the minutes that are left by the pace since now."""
    start, done = time.monotonic(), 0

    def after_epoch(row: Epoch) -> None:
        nonlocal done
        done += 1
        left = (time.monotonic() - start) / done * (epochs - row.epoch) / 60
        print(
            f"epoch {row.epoch:3}/{epochs}"
            f"  training: loss {row.training_loss:.3f}, {row.training_accuracy:.1%}"
            f"  not learnt from: loss {row.held_out_loss:.3f}, {row.held_out_accuracy:.1%}"
            f"  {left:4.1f} min left",
            flush=True,
        )

    return after_epoch


def exported(trained: nn.Sequential, held_out: Photos, recipe: Recipe) -> tuple[pycnn.Network, np.ndarray]:
    """The network that is shipped, without provenance yet, and its held-out logits (n, classes).

    Raises ValueError if it does not compute what was trained.
    """
    calibrated = calibrate(fold(trained), recipe.temperature, recipe.class_bias())
    network = as_pycnn(equalise(calibrated), SIZE, CLASSES, {})
    logits, _ = classify_all(network, zip(as_photos(held_out), held_out.labels.tolist(), strict=True))
    with torch.inference_mode():
        expected = trained(as_pictures(held_out.pixels)).numpy() / recipe.temperature + recipe.class_bias()
    difference = np.abs(expected - logits).max()
    print(f"largest difference of a logit between PyTorch and pycnn: {difference:.1e}")
    if difference > 1e-3:
        raise ValueError("The exported network does not compute what was trained; nothing was written.")
    return network, logits


def fitted_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature with the least loss on logits (n, classes) and labels (n,)."""
    losses = [figures_of(logits / temperature, labels, CLASSES).loss for temperature in TEMPERATURES]
    return float(TEMPERATURES[np.argmin(losses)])


def make(data: Path, into: Path, recipe: Recipe, checkpoint: Path) -> None:
    """Train on all photos in data but the held-out ones, and write everything that is shipped."""
    names, held_out_names = split(data, recipe)
    photos, held_out = read(data, names), read(data, held_out_names)
    print(f"{len(names)} photos to learn from, {len(held_out_names)} held out")
    training = Training(photos, held_out, recipe)
    trained = training.run(checkpoint, progress(recipe.epochs))
    network, logits = exported(trained, held_out, recipe)
    figures = figures_of(logits, held_out.labels.numpy(), CLASSES)
    print(report(figures))

    provenance = card.provenance(str(recipe), recipe.seed, figures)
    network = pycnn.Network(network.layers, network.input_shape, network.classes, provenance)
    split_facts = {
        "split": f"{recipe.held_out_per_class} photos of each class held out, listed in held_out.txt. Recipe "
        "and temperature were chosen on other photos, set aside from those to learn from in trials; bell "
        "pepper's bias was chosen on both.",
        "training_photos": len(names),
        "training_photos_sha256": photos.sha256(),
        "temperature": recipe.temperature,
        "bell_pepper_bias": recipe.bell_pepper_bias,
    }
    legible = card.legibility(network, as_photos(held_out))
    written = card.model_card(network, figures, legible, split_facts)
    (into / "held_out.txt").write_text("\n".join(held_out_names) + "\n", encoding="utf-8")
    pycnn.save_model(network, into / "tiny_vgg.npz")
    (into / "tiny_vgg.json").write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    with (into / "tiny_vgg_training.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(Epoch._fields)
        table.writerows([f"{value:.4g}" for value in row] for row in training.curve)
    checkpoint.unlink()


def trial(data: Path, recipe: Recipe, checkpoint: Path) -> None:
    """Measure the recipe on photos set aside from those to learn from; the held-out ones stay unseen.

    Another seed sets other photos aside.
    """
    names, _ = split(data, recipe)
    names, tested_names = set_aside(names, recipe.held_out_per_class, f"trial {recipe.seed}")
    photos, tested = read(data, names), read(data, tested_names)
    print(f"{len(names)} photos to learn from, {len(tested_names)} to measure on")
    trained = Training(photos, tested, recipe).run(checkpoint, progress(recipe.epochs))
    _, logits = exported(trained, tested, recipe)
    labels = tested.labels.numpy()
    print(report(figures_of(logits, labels, CLASSES)))
    temperature = recipe.temperature * fitted_temperature(logits, labels)
    print(f"The temperature with the least loss on these photos is {temperature:.2f}.")
    checkpoint.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the Tiny VGG of the page.")
    parser.add_argument("data", type=Path, help="folder with one folder of photos for each class")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--trial", action="store_true", help="measure the recipe, write nothing")
    options = parser.parse_args()
    torch.set_num_threads(1)  # the order of sums, and with it the result, depends on the number of threads
    recipe = Recipe(seed=options.seed)
    try:
        if options.trial:
            trial(options.data, recipe, CHECKPOINT.with_stem("trial"))
        else:
            make(options.data, WEIGHTS, recipe, CHECKPOINT)
    except ValueError as error:
        raise SystemExit(f"train: {error}") from error
    except KeyboardInterrupt:
        raise SystemExit("Interrupted: the same command goes on after the last whole epoch.") from None


if __name__ == "__main__":
    main()
