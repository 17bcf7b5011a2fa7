"""The article's figures are made from the shipped network, its card and its training curve."""

import hashlib
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from weights.figures import FIGURES, WEIGHTS, draw_all

NAMES = ("kernels", "confusion", "training")
SVG = "{http://www.w3.org/2000/svg}"


def draw(into: Path) -> dict[str, str]:
    draw_all(into, *(WEIGHTS / name for name in ("tiny_vgg.npz", "tiny_vgg.json", "tiny_vgg_training.csv")))
    return {name: (into / f"{name}.svg").read_text(encoding="utf-8") for name in NAMES}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return draw(tmp_path_factory.mktemp("figures"))


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_the_same_files_every_time(drawn: dict[str, str], tmp_path: Path) -> None:
    assert draw(tmp_path) == drawn


def test_confusion_shows_the_cards_counts(drawn: dict[str, str]) -> None:
    card = json.loads((WEIGHTS / "tiny_vgg.json").read_text(encoding="utf-8"))
    written = texts(drawn["confusion"])
    counts = [count for row in card["held_out_confusion"] for count in row if count]
    assert sorted(int(text) for text in written if text.isdigit()) == sorted(counts)
    for name in card["confusion_classes"]:
        assert written.count(name) == 2


def test_kernels_are_all_there_with_a_legend(drawn: dict[str, str]) -> None:
    written = texts(drawn["kernels"])
    assert [text for text in written if text.isdigit()] == [str(number) for number in range(10)]
    assert {"red", "green", "blue", "0.00"} <= set(written)
    assert drawn["kernels"].count('id="QuadMesh_') == 30


def test_training_shows_both_curves(drawn: dict[str, str]) -> None:
    written = texts(drawn["training"])
    assert {"epoch", "loss", "accuracy", "training", "held out"} <= set(written)


def test_committed_figures_are_of_the_shipped_network() -> None:
    digest = hashlib.sha256((WEIGHTS / "tiny_vgg.npz").read_bytes()).hexdigest()
    for name in NAMES:
        assert digest in (FIGURES / f"{name}.svg").read_text(encoding="utf-8"), f"run weights.figures: {name}"
    assert sum(path.stat().st_size for path in FIGURES.glob("*.svg")) < 400_000
