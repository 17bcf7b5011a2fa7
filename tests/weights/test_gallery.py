"""The gallery's pictures are listed, credited, small, and within what the shipped network knows."""

import json
from pathlib import Path

import pytest
from PIL import Image

from pycnn import Classification, default_model
from pycnn.pictures import read_picture

SAMPLES = Path(__file__).parents[2] / "web" / "samples"
LISTED = json.loads((SAMPLES / "samples.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def classified() -> dict[str, Classification]:
    network = default_model()
    size = network.input_shape[1:]
    return {
        sample["name"]: network.classify(
            network.picture_from_pixels(read_picture(SAMPLES / sample["file"], size))
        )
        for sample in LISTED
    }


def test_every_picture_is_listed_once() -> None:
    assert len(LISTED) >= 10
    assert {sample["file"] for sample in LISTED} == {path.name for path in SAMPLES.glob("*.webp")}
    assert len({sample["name"] for sample in LISTED}) == len(LISTED)


def test_pictures_are_square_and_small() -> None:
    for sample in LISTED:
        with Image.open(SAMPLES / sample["file"]) as picture:
            assert (picture.format, picture.size, picture.mode) == ("WEBP", (192, 192), "RGB"), sample["name"]
    assert sum(path.stat().st_size for path in SAMPLES.glob("*.webp")) < 150_000


def test_every_picture_is_credited() -> None:
    credits_page = (SAMPLES / "CREDITS.md").read_text(encoding="utf-8")
    for sample in LISTED:
        line = next(line for line in credits_page.splitlines() if line.startswith(f"| {sample['file']} |"))
        assert sample["licence"] in line
        assert sample["credit"] in line


def test_classes_are_ones_that_the_network_knows() -> None:
    assert {sample["class"] for sample in LISTED} <= set(default_model().classes)


def test_the_first_picture_is_recognised_clearly(classified: dict[str, Classification]) -> None:
    first = LISTED[0]
    assert classified[first["name"]].probabilities[first["class"]] > 0.9


def test_a_picture_of_every_class_shown_is_recognised(classified: dict[str, Classification]) -> None:
    recognised = {sample["class"] for sample in LISTED if classified[sample["name"]].label == sample["class"]}
    assert recognised == {sample["class"] for sample in LISTED}


def test_every_picture_is_recognised_but_for_the_instructive_mistakes(
    classified: dict[str, Classification],
) -> None:
    for sample in LISTED:
        found = classified[sample["name"]]
        if sample["instructive"]:
            assert found.label != sample["class"], sample["name"]
            assert found.probabilities[found.label] >= 0.6, sample["name"]
        else:
            assert found.probabilities[sample["class"]] >= 0.6, sample["name"]


def test_there_are_two_instructive_mistakes() -> None:
    assert sum(sample["instructive"] for sample in LISTED) == 2
