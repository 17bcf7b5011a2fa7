"""Training runs from photos to a file that pycnn loads; an interruption does not change the result."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from pycnn import Network, load_model
from pycnn.pictures import read_picture
from weights import train
from weights.evaluate import main as evaluate
from weights.photos import folder_name

RECIPE = train.Recipe(epochs=8, held_out_per_class=4, batch=32, average_decay=0.8, temperature=1.25)
PHOTOS_PER_CLASS = 20


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten classes that a network learns in seconds: stripes of a direction and a colour each, with noise."""
    folder = tmp_path_factory.mktemp("photos")
    rng = np.random.default_rng(3)
    rows, columns = np.mgrid[0 : train.SIZE, 0 : train.SIZE]
    for index, name in enumerate(train.CLASSES):
        (folder / folder_name(name)).mkdir()
        colour = np.array([80 + 150 * (index % 2), 80 + 150 * (index // 2 % 2), 80 + 150 * (index // 4 % 2)])
        for number in range(PHOTOS_PER_CLASS):
            across = rows if index < 5 else columns
            stripes = 0.5 + 0.5 * np.sin(across / 2 + rng.uniform(0, 6))
            pixels = stripes[..., None] * colour + rng.normal(0, 12, (train.SIZE, train.SIZE, 3))
            picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
            picture.save(folder / folder_name(name) / f"{number:02}.png")
    return folder


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a whole small training wrote."""
    into = tmp_path_factory.mktemp("made")
    train.make(data, into, RECIPE, into / "checkpoint.pt")
    return into


def photos(data: Path) -> tuple[train.Photos, train.Photos]:
    learnt, held_out = train.split(data, RECIPE)
    return train.read(data, learnt), train.read(data, held_out)


def same(a: torch.nn.Module, b: torch.nn.Module) -> bool:
    other = b.state_dict()
    return all(torch.equal(value, other[name]) for name, value in a.state_dict().items())


def test_a_small_training_ends_in_a_network_that_classifies(data: Path, made: Path) -> None:
    network = load_model(made / "tiny_vgg.npz")
    assert network.classes == train.CLASSES
    held_out = (made / "held_out.txt").read_text().split()
    assert len(held_out) == 10 * RECIPE.held_out_per_class
    right = [classify(network, data / name) == name.split("/")[0] for name in held_out]
    assert sum(right) / len(right) > 0.8


def classify(network: Network, path: Path) -> str:
    return folder_name(network.classify(network.picture_from_pixels(read_picture(path, (64, 64)))).label)


def test_the_evaluator_measures_what_training_wrote_on_the_card(
    data: Path, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [
        "--model",
        made / "tiny_vgg.npz",
        "--only",
        made / "held_out.txt",
        "--json",
        tmp_path / "f.json",
    ]
    evaluate([str(data), *map(str, options)])
    measured = json.loads((tmp_path / "f.json").read_text())
    card = json.loads((made / "tiny_vgg.json").read_text())
    assert measured["photos"] == card["held_out_photos"] == 40
    assert measured["accuracy"] == card["held_out_accuracy"]
    assert measured["loss"] == card["held_out_loss"]
    assert measured["calibration_error"] == card["held_out_calibration_error"]
    assert measured["confusion"] == card["held_out_confusion"]
    assert f"accuracy {measured['accuracy']:.1%}" in capsys.readouterr().out


def test_training_leaves_a_curve_and_no_checkpoint(made: Path) -> None:
    header, *rows = (made / "tiny_vgg_training.csv").read_text().splitlines()
    assert header.split(",") == list(train.Epoch._fields)
    assert [int(row.split(",")[0]) for row in rows] == list(range(1, RECIPE.epochs + 1))
    losses = [float(row.split(",")[1]) for row in rows]
    assert losses[-1] < losses[0] / 2
    assert not list(made.glob("checkpoint*"))


def test_an_interrupted_training_goes_on_to_the_same_result(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learnt, held_out = photos(data)

    def interrupt(row: train.Epoch) -> None:
        if row.epoch == 3:
            raise KeyboardInterrupt

    whole = train.Training(learnt, held_out, RECIPE)
    at_once = whole.run(tmp_path / "whole.pt", lambda _: None)
    with pytest.raises(KeyboardInterrupt):
        train.Training(learnt, held_out, RECIPE).run(tmp_path / "checkpoint.pt", interrupt)
    torch.rand(7)  # whatever is drawn in between does not matter
    resumed = train.Training(learnt, held_out, RECIPE)
    in_two_goes = resumed.run(tmp_path / "checkpoint.pt", lambda _: None)
    assert "Going on after epoch 3" in capsys.readouterr().out
    assert resumed.curve == whole.curve
    assert same(at_once, in_two_goes)


def test_the_seed_decides_the_result(data: Path, tmp_path: Path) -> None:
    learnt, held_out = photos(data)
    first, again, other = (
        train.Training(learnt, held_out, RECIPE._replace(epochs=1, seed=seed)).run(
            tmp_path / f"{number}.pt", lambda _: None
        )
        for number, seed in enumerate([1, 1, 2])
    )
    assert same(first, again)
    assert not same(first, other)


def test_a_checkpoint_of_another_recipe_is_not_used(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learnt, held_out = photos(data)
    checkpoint = tmp_path / "checkpoint.pt"
    train.Training(learnt, held_out, RECIPE._replace(epochs=1)).run(checkpoint, lambda _: None)
    rows = []
    train.Training(learnt, held_out, RECIPE._replace(epochs=2)).run(checkpoint, rows.append)
    assert [row.epoch for row in rows] == [1, 2]
    assert "begins anew" in capsys.readouterr().out


def test_a_trial_sees_no_held_out_photo_and_writes_nothing(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read = []
    monkeypatch.setattr(
        train, "read", lambda folder, names, real=train.read: read.append(names) or real(folder, names)
    )
    train.trial(data, RECIPE._replace(epochs=1), tmp_path / "trial.pt")
    learnt, tested = map(set, read)
    _, held_out = train.split(data, RECIPE)
    assert len(tested) == len(held_out) == 40
    assert not learnt & tested
    assert not (learnt | tested) & set(held_out)
    assert "temperature with the least loss" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_the_fitted_temperature_undoes_a_factor() -> None:
    """Labels drawn from the softmax of logits: three times those logits need the temperature 3."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4000, 10))
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(10, p=row) for row in probabilities])
    assert train.fitted_temperature(2 * logits, labels) == pytest.approx(2, rel=0.06)
