"""The evaluator's figures, checked by hand, and its command on folders of any classes."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import pycnn
from weights.evaluate import as_json, calibration_bins, figures_of, main, wilson_interval
from weights.photos import photo_names, set_aside

CLASSES = ("red", "green", "dark blue")


def logits_for(*probabilities: tuple[float, ...]) -> np.ndarray:
    return np.log(np.array(probabilities, np.float32)) + np.float32(3)  # a constant changes nothing


LOGITS = logits_for((0.7, 0.2, 0.1), (0.1, 0.8, 0.1), (0.5, 0.3, 0.2), (0.25, 0.25, 0.5), (0.62, 0.18, 0.2))
LABELS = np.array([0, 1, 1, 2, 0])


def test_accuracy_loss_and_confusion() -> None:
    figures = figures_of(LOGITS, LABELS, CLASSES)
    assert figures.photos == 5
    assert figures.correct == 4
    assert figures.accuracy == 0.8
    assert figures.loss == pytest.approx(-math.log(0.7 * 0.8 * 0.3 * 0.5 * 0.62) / 5, rel=1e-6)
    assert figures.confusion.tolist() == [[2, 0, 0], [1, 1, 0], [0, 0, 1]]
    assert figures.of_classes() == {"red": (2, 2), "green": (1, 2), "dark blue": (1, 1)}
    assert figures.mistakes() == [(1, "green", "red")]


def test_loss_of_logits_that_overflow_when_exponentiated() -> None:
    figures = figures_of(np.array([[1000, 0, -1000], [0, 500, 0]], np.float32), np.array([1, 1]), CLASSES)
    assert figures.loss == pytest.approx(500)


def test_calibration_error_by_hand() -> None:
    """Four bins are used: 0.5 twice (one right), 0.62 (right), 0.7 (right), 0.8 (right)."""
    figures = figures_of(LOGITS, LABELS, CLASSES)
    used = [each for each in figures.bins if each.photos]
    assert len(figures.bins) == 15
    assert [each.photos for each in used] == [2, 1, 1, 1]
    assert [each.accuracy for each in used] == [0.5, 1, 1, 1]
    assert [each.confidence for each in used] == pytest.approx([0.5, 0.62, 0.7, 0.8], abs=1e-6)
    expected = (2 * 0 + (1 - 0.62) + (1 - 0.7) + (1 - 0.8)) / 5
    assert figures.calibration_error == pytest.approx(expected, abs=1e-6)


def test_calibration_error_of_always_right_and_always_sure_is_zero() -> None:
    bins = calibration_bins(np.ones(7), np.ones(7, bool))
    assert bins[-1] == (14 / 15, 1, 7, 1.0, 1.0)
    assert sum(each.photos for each in bins) == 7


def test_errors_to_both_sides_do_not_cancel_out() -> None:
    """Half of the photos 0.3 too sure, half 0.3 too doubtful: an error of 0.3, though right on average."""
    logits = logits_for(*[(0.9, 0.05, 0.05)] * 10, *[(0.6, 0.2, 0.2)] * 10)
    labels = np.array([0] * 6 + [1] * 4 + [0] * 9 + [1])
    assert figures_of(logits, labels, CLASSES).calibration_error == pytest.approx(0.3, abs=1e-6)


def test_a_bin_contains_its_upper_edge() -> None:
    bins = calibration_bins(np.array([0.2, 0.2 + 1e-9, 0.0]), np.array([True, True, True]))
    assert [each.photos for each in bins[:4]] == [1, 0, 1, 1]


def test_wilson_interval_as_published() -> None:
    """Brown, Cai, DasGupta 2001, Statistical Science 16, use n = 5 to 50; here 8 of 10 and 0 of 10."""
    assert wilson_interval(8, 10) == pytest.approx((0.490, 0.943), abs=5e-4)
    assert wilson_interval(0, 10) == pytest.approx((0, 0.278), abs=5e-4)


def test_json_is_plain_and_leaves_out_classes_without_photos() -> None:
    found = as_json(figures_of(LOGITS[:3], LABELS[:3], CLASSES))
    assert json.loads(json.dumps(found)) == found
    assert list(found["classes"]) == ["red", "green"]
    assert found["classes"]["green"]["accuracy"] == 0.5
    assert found["confusion_classes"] == list(CLASSES)
    assert found["photos"] == 3


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Three classes, by which colour is brightest on average."""
    layers = [
        pycnn.AveragePooling("mean", 4),
        pycnn.Flatten("flatten"),
        pycnn.Dense("scores", 5 * np.eye(3, dtype=np.float32), np.zeros(3, np.float32)),
        pycnn.Softmax("probabilities"),
    ]
    path = tmp_path / "brightest.npz"
    pycnn.save_model(pycnn.Network(layers, (3, 4, 4), CLASSES), path)
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    photos = {"red/a.png": "red", "red/b.png": "blue", "dark_blue/c.PNG": "navy", "dark_blue/notes.txt": None}
    for name, colour in photos.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if colour:
            Image.new("RGB", (9, 7), colour).save(path)
        else:
            path.write_text("not a photo")
    return folder


def test_command_measures_any_model_on_any_folder(
    model: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(data), "--model", str(model), "--json", str(tmp_path / "figures.json")])
    found = json.loads((tmp_path / "figures.json").read_text())
    assert found["photos"] == 3
    assert found["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["confusion"] == [[1, 0, 1], [0, 0, 0], [0, 0, 1]]
    navy = 5 * 128 / 255
    losses = [math.log(1 + 2 * math.exp(-5)), 5 + math.log(1 + 2 * math.exp(-5))]
    losses.append(math.log(1 + 2 * math.exp(-navy)))
    assert found["loss"] == pytest.approx(sum(losses) / 3, abs=1e-4)
    out = capsys.readouterr().out
    assert "3 photos: accuracy 66.7%" in out
    assert "dark blue     100%" in out
    assert "taken for" in out


def test_command_takes_a_list_of_photos(
    model: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    only = tmp_path / "only.txt"
    only.write_text("red/a.png\n")
    main([str(data), "--model", str(model), "--only", str(only)])
    assert "1 photos: accuracy 100.0%" in capsys.readouterr().out
    only.write_text("red/a.png\nred/missing.png\n")
    with pytest.raises(SystemExit, match="lacks 1 of the photos"):
        main([str(data), "--model", str(model), "--only", str(only)])


def test_command_takes_names_for_the_classes(
    model: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the first two names exchanged, what the network calls red counts as green."""
    main([str(data), "--model", str(model), "--classes", "green,red,dark blue"])
    out = capsys.readouterr().out
    assert "3 photos: accuracy 33.3%" in out
    assert "green 1" in out
    with pytest.raises(SystemExit, match="2 names are given, but the network has 3 classes"):
        main([str(data), "--model", str(model), "--classes", "green,red"])


def test_command_names_what_is_wrong(model: Path, data: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"no folder .*nowhere"):
        main([str(tmp_path / "nowhere"), "--model", str(model)])
    with pytest.raises(SystemExit, match="holds no folder with photos"):
        main([str(data / "red"), "--model", str(model)])
    with pytest.raises(SystemExit, match="no class 'dark_blue', only"):
        main([str(data)])
    (data / "red" / "d.png").write_bytes(b"no picture")
    with pytest.raises(SystemExit, match=r"red/d\.png: "):
        main([str(data), "--model", str(model)])


def test_photo_names_are_sorted_photos_only(data: Path) -> None:
    assert photo_names(data, CLASSES) == ["dark_blue/c.PNG", "red/a.png", "red/b.png"]


def test_setting_aside_depends_on_lot_and_names_alone() -> None:
    names = [f"{folder}/{number}" for folder in ("a", "b") for number in range(20)]
    stay, aside = set_aside(names, 5, "1")
    assert sorted(stay + aside) == sorted(names)
    assert [name.split("/")[0] for name in aside] == ["a"] * 5 + ["b"] * 5
    assert set_aside(names, 5, "1") == (stay, aside)
    assert set_aside(names, 5, "2")[1] != aside
