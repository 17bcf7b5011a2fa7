"""Photos in one folder for each class: which there are, which are held out, and reading them."""

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from pycnn.pictures import read_picture

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")


def folder_name(class_name: str) -> str:
    """The folder and file name of a class: "sport car" -> "sport_car"."""
    return class_name.replace(" ", "_")


def photo_names(data: Path, classes: Sequence[str]) -> list[str]:
    """All photos in the folder data, as "class_folder/file", sorted.

    Raises ValueError where there are none, and for a folder that is named like no class.
    """
    if not data.is_dir():
        raise ValueError(f"There is no folder {data}.")
    known = set(map(folder_name, classes))
    names = []
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        if folder.name not in known:
            raise ValueError(f"The network knows no class {folder.name!r}, only {', '.join(sorted(known))}.")
        names += sorted(
            f"{folder.name}/{path.name}" for path in folder.iterdir() if path.suffix.lower() in SUFFIXES
        )
    if not names:
        raise ValueError(f"{data} holds no folder with photos of {', '.join(sorted(known))}.")
    return names


def set_aside(names: Iterable[str], per_class: int, lot: str) -> tuple[list[str], list[str]]:
    """Draw photos of each class by lot: those that stay and those set aside.

    Only the names and the lot, any text, decide which; both lists keep the order of the names.
    """
    of_class: dict[str, list[str]] = {}
    for name in names:
        of_class.setdefault(name.split("/")[0], []).append(name)
    stay, aside = [], []
    for folder, members in of_class.items():
        chosen = set(random.Random(f"{lot} {folder}").sample(members, per_class))
        stay += [name for name in members if name not in chosen]
        aside += [name for name in members if name in chosen]
    return stay, aside


def label_of(name: str, classes: Sequence[str]) -> int:
    """The index of a photo's class among the classes."""
    return [folder_name(known) for known in classes].index(name.split("/")[0])


def iterate_photos(
    data: Path, names: Iterable[str], classes: Sequence[str], size: tuple[int, int]
) -> Iterator[tuple[np.ndarray, int]]:
    """One photo after the other, as uint8 (height, width, 3), with the index of its class.

    Raises ValueError, naming the file, for one that is no picture.
    """
    for name in names:
        try:
            yield read_picture(data / name, size), label_of(name, classes)
        except ValueError as error:
            raise ValueError(f"{data / name}: {error}") from error


def read_photos(
    data: Path, names: Sequence[str], classes: Sequence[str], size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """All of the named photos at once, uint8 (n, height, width, 3), and their classes' indices, (n,)."""
    photos, labels = zip(*iterate_photos(data, names, classes, size), strict=True)
    return np.stack(photos), np.array(labels)
