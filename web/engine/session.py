"""What the page can ask: each method of `Session` answers one request with facts and arrays."""

import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import scales
from engine.colours import CHANNEL_TINTS, DIVERGING, GREY_TINT, colour_channel, colour_signed
from engine.exports import csv_file, npz_file
from engine.finite import finite, plain
from engine.playground import play
from engine.quotes import quote
from engine.summary import Summary, by_unit, differing, summarise
from engine.views import open_view
from pycnn import Network

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Facts = dict[str, Any]
Answer = tuple[Facts, list[Bytes]]
Values = tuple[Facts, list[NDArray[Any]]]

STRIP_ROWS = 4096  # a vector is drawn one pixel wide, and wider only beyond what a canvas can hold


class Session:
    """A network and the picture that went through it last."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.description = network.describe()
        self._pixels: Bytes = np.zeros(0, np.uint8)
        self._shown: dict[str, Floats] = {}
        self._finite_ranges: dict[str, list[list[float]]] = {}

    def describe(self) -> Answer:
        """What the network is made of."""
        return {"network": self.description}, []

    def ramps(self) -> list[Bytes]:
        """The ramps that legends draw from low to high, as RGBA.

        The diverging map (entries, 4), zero in its middle, and one row for each of the picture's channels
        (channels, 256, 4).
        """
        ramp = np.linspace(0, 1, 256, dtype=np.float32)
        channels = np.stack([colour_channel(ramp, tint) for tint in self._tints()])
        return [DIVERGING.view(np.uint8), channels]

    def decode(self, data: Bytes) -> Answer:
        """Decode a picture file's bytes to the network's input size: RGB (height, width, 3).

        A file that cannot be read as a picture is answered with the fact `error`, the reason in a word. With
        "format" there are two more: the format's name, and the `most` pixels that `fit` takes of it.
        """
        from pycnn.pictures import MAX_PIXELS, read_picture  # loads Pillow, which only an upload needs

        def read() -> Bytes:
            return read_picture(data.tobytes(), self._size())

        facts, pixels = _unless_refused(read)
        return ({**facts, "most": MAX_PIXELS} if "format" in facts else facts), pixels

    def fit(self, rgba: Bytes, width: str, height: str) -> Answer:
        """The same for a picture that the browser has decoded: RGBA bytes, width and height in pixels."""
        from pycnn.pictures import fit_pixels

        pixels = rgba.reshape(int(height), int(width), 4)
        return _unless_refused(lambda: fit_pixels(pixels, self._size()))

    def show(self, pixels: Bytes, sharing: str) -> Answer:
        """Send a picture, RGB bytes of any shape with height * width * 3 elements, through the network.

        The facts are the classes' probabilities and logits, every unit's range of values, the colour
        scales and where each layer's maps stand in the one array that goes with them (see `_paint`).
        Ends of ranges that are not finite are told as `finite.plain` says.
        """
        _, height, width = self.network.input_shape
        pixels = pixels.reshape(height, width, 3)
        picture = self.network.picture_from_pixels(pixels)
        started = time.perf_counter()
        activations = self.network.forward(picture)
        seconds = time.perf_counter() - started
        self._pixels, self._shown = pixels, {"input": picture, **activations}
        ranges = {name: _units_ranges(values) for name, values in self._shown.items()}
        self._finite_ranges = {
            name: found if np.isfinite(found).all() else _units_ranges(finite(self._shown[name]))
            for name, found in ranges.items()
        }
        facts: Facts = {"forward_ms": seconds * 1000, "ranges": plain(ranges), **self._classes()}
        painted, colours = self._paint(sharing)
        return {**facts, **painted}, colours

    def compare(self, pixels: Bytes, expected: str) -> Answer:
        """Compute a picture anew that another computation went through, told in JSON by `summary.summarise`.

        The fact `differing` names the layers in which the two do not agree.
        """
        return {"differing": differing(self.summary(pixels), json.loads(expected))}, []

    def summary(self, pixels: Bytes) -> Summary:
        """What `summary.summarise` says of a picture; the one that is shown stays as it is."""
        _, height, width = self.network.input_shape
        picture = self.network.picture_from_pixels(pixels.reshape(height, width, 3))
        return summarise({"input": picture, **self.network.forward(picture)})

    def recolour(self, sharing: str) -> Answer:
        """Colour the maps of the picture shown last with another sharing of the scales."""
        return self._paint(sharing)

    def open(self, layer: str, unit: str, view: str) -> Values:
        """What the view of one unit shows of the picture shown last, see `views.open_view`."""
        return open_view(self.network, self._activations(), layer, unit, view)

    def quote(self, asked: str) -> Answer:
        """Single numbers of the picture shown last; `asked` is JSON, see `quotes.quote`."""
        return quote(self.network, self._activations(), json.loads(asked)), []

    def play(self, asked: str) -> Values:
        """What the hyperparameter playground shows; `asked` is JSON, see `playground.play`."""
        return play(json.loads(asked), self._shown.get("input"))

    def save(self) -> Answer:
        """The picture shown last as a compressed .npz: "pixels", "input" and every layer's activations.

        Where a layer has the name "pixels", that of the pixels has an underscore at its end.
        """
        activations, name = self._activations(), "pixels"
        while name in activations:
            name += "_"
        return {}, [npz_file({name: self._pixels, **activations})]

    def csv(self, layer: str, unit: str) -> Answer:
        """One unit's values for the picture shown last as CSV, see `exports.csv_file`."""
        return {}, [csv_file(self.network, self._activations(), layer, unit)]

    def _size(self) -> tuple[int, int]:
        _, height, width = self.network.input_shape
        return height, width

    def _activations(self) -> dict[str, Floats]:
        if not self._shown:
            raise ValueError("no picture went through the network yet")
        return self._shown

    def _classes(self) -> Facts:
        return {
            "probabilities": self.network.probabilities(self._shown).tolist(),
            "logits": self.network.logits(self._shown).tolist(),
        }

    def _paint(self, sharing: str) -> Answer:
        """Colour every map. One RGBA array holds them all, layer after layer, unit after unit.

        The facts say for each layer, in `places`, at which byte its first map begins, and a map's height and
        width. The picture itself comes first; its place is the fact `picture`.
        """
        groups = scales.groups(self.description, sharing)
        limits = [scales.limit(names, self._finite_ranges) for names in groups]
        signed = {layer["name"] for layer in self.description["layers"] if layer["signed"]}

        picture, painted = self._paint_picture(), {"input": self._paint_channels()}
        for names, limit in zip(groups, limits, strict=True):
            for name in names:
                painted[name] = colour_signed(_as_maps(self._shown[name]), limit)

        places, offset = {}, picture.size
        for name, colours in painted.items():
            places[name] = _place(offset, colours)
            offset += colours.size
        facts = {
            "picture": _place(0, picture),
            "places": places,
            "scales": [
                {"layers": names, "limit": limit, "signed": any(name in signed for name in names)}
                for names, limit in zip(groups, limits, strict=True)
            ],
        }
        return facts, [np.concatenate([colours.ravel() for colours in (picture, *painted.values())])]

    def _paint_picture(self) -> Bytes:
        opaque = np.full((*self._pixels.shape[:2], 1), 255, np.uint8)
        return np.concatenate([self._pixels, opaque], axis=2)[np.newaxis]

    def _paint_channels(self) -> Bytes:
        channels = zip(self._shown["input"], self._tints(), strict=True)
        return np.stack([colour_channel(channel, tint) for channel, tint in channels])

    def _tints(self) -> tuple[tuple[int, int, int], ...]:
        channels = self.network.input_shape[0]
        return CHANNEL_TINTS if channels == len(CHANNEL_TINTS) else (GREY_TINT,) * channels


def _unless_refused(read: Callable[[], Bytes]) -> Answer:
    """The picture that `read` gives, or why there is none."""
    from pycnn.pictures import PictureError

    try:
        return {}, [read()]
    except PictureError as error:
        named = {"format": error.file_format} if error.file_format else {}
        return {"error": error.reason, **named}, []


def _place(offset: int, colours: Bytes) -> dict[str, int]:
    return {"offset": offset, "height": colours.shape[1], "width": colours.shape[2]}


def _units_ranges(values: Floats) -> list[list[float]]:
    """Smallest and largest value of every unit: of each map, or of a vector as a whole."""
    units = by_unit(values)
    with np.errstate(invalid="ignore"):  # NaN
        ranges: list[list[float]] = np.column_stack([units.min(axis=1), units.max(axis=1)]).tolist()
    return ranges


def _as_maps(values: Floats) -> Floats:
    """Maps as they are; a vector as one map that is a strip, filled column by column, zeros at the end."""
    if values.ndim == 3:
        return values
    columns = -(-values.size // STRIP_ROWS)
    rows = -(-values.size // columns)
    strip = np.zeros(columns * rows, np.float32)
    strip[: values.size] = values
    return strip.reshape(columns, rows).T[np.newaxis]
