"""What the page can ask: each method of `Session` answers one request with facts and arrays."""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.colours import CHANNEL_TINTS, DIVERGING, GREY_TINT, colour_channel
from engine.exports import csv_file, npz_file
from engine.finite import plain
from engine.news import News, silent
from engine.painting import Shown, paint
from engine.playground import play
from engine.quotes import quote
from engine.summary import Summary, differing, summarise
from engine.views import open_view
from pycnn import Network, steps

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Facts = dict[str, Any]
Answer = tuple[Facts, list[Bytes]]
Values = tuple[Facts, list[NDArray[Any]]]


class Session:
    """A network and the picture that was shown last: a request that fails leaves it as it is.

    `news(doing, name, done, total)` is called in the middle of what may take long, see `engine.news`.
    """

    def __init__(self, network: Network, news: News = silent) -> None:
        self.network = network
        self.description = network.describe()
        self._news = news
        self._shown: Shown | None = None

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
            return read_picture(data.tobytes(), self._size(), self._telling("read"))

        facts, pixels = _unless_refused(read)
        return ({**facts, "most": MAX_PIXELS} if "format" in facts else facts), pixels

    def fit(self, rgba: Bytes, width: str, height: str) -> Answer:
        """The same for a picture that the browser has decoded: RGBA bytes, width and height in pixels."""
        from pycnn.pictures import fit_pixels

        pixels = rgba.reshape(int(height), int(width), 4)
        return _unless_refused(lambda: fit_pixels(pixels, self._size(), self._telling("read")))

    def show(self, pixels: Bytes, sharing: str) -> Answer:
        """Send a picture, RGB bytes of any shape with height * width * 3 elements, through the network.

        The facts are the classes' probabilities and logits, every unit's range of values, the colour
        scales and where each layer's maps stand in the one array that goes with them (see `painting.paint`).
        Ends of ranges that are not finite are told as `finite.plain` says.
        """
        _, height, width = self.network.input_shape
        pixels = pixels.reshape(height, width, 3)
        picture = self.network.picture_from_pixels(pixels)
        started = time.perf_counter()
        activations = self.network.forward(picture, self._telling("forward"))
        seconds = time.perf_counter() - started
        tell = self._telling("colour")
        shown = Shown.of(pixels, {"input": picture, **activations}, tell)
        painted, colours = paint(shown, self.description, self._tints(), sharing, tell)
        facts: Facts = {
            "forward_ms": seconds * 1000,
            "ranges": plain(shown.ranges),
            "probabilities": self.network.probabilities(activations).tolist(),
            "logits": self.network.logits(activations).tolist(),
            **painted,
        }
        self._shown = shown  # now that nothing can fail any more
        return facts, [colours]

    def compare(self, pixels: Bytes, expected: str) -> Answer:
        """Compute a picture anew that another computation went through, told in JSON by `summary.summarise`.

        The fact `differing` names the layers in which the two do not agree.
        """
        return {"differing": differing(self.summary(pixels), json.loads(expected))}, []

    def summary(self, pixels: Bytes) -> Summary:
        """What `summary.summarise` says of a picture; the one that is shown stays as it is."""
        _, height, width = self.network.input_shape
        picture = self.network.picture_from_pixels(pixels.reshape(height, width, 3))
        activations = self.network.forward(picture, self._telling("forward"))
        return summarise({"input": picture, **activations}, self._telling("compare"))

    def recolour(self, sharing: str) -> Answer:
        """Colour the maps of the picture shown last with another sharing of the scales."""
        facts, colours = paint(
            self._last(), self.description, self._tints(), sharing, self._telling("colour")
        )
        return facts, [colours]

    def open(self, layer: str, unit: str, view: str) -> Values:
        """What the view of one unit shows of the picture shown last, see `views.open_view`."""
        return open_view(self.network, self._last().activations, layer, unit, view, self._telling("view"))

    def quote(self, asked: str) -> Answer:
        """Single numbers of the picture shown last; `asked` is JSON, see `quotes.quote`."""
        return quote(self.network, self._last().activations, json.loads(asked), self._telling("quote")), []

    def play(self, asked: str) -> Values:
        """What the hyperparameter playground shows; `asked` is JSON, see `playground.play`."""
        picture = self._shown.activations["input"] if self._shown else None
        return play(json.loads(asked), picture, self._telling("play"))

    def save(self) -> Answer:
        """The picture shown last as a compressed .npz: "pixels", "input" and every layer's activations.

        Where a layer has the name "pixels", that of the pixels has an underscore at its end.
        """
        shown, name = self._last(), "pixels"
        while name in shown.activations:
            name += "_"
        return {}, [npz_file({name: shown.pixels, **shown.activations}, self._telling("save"))]

    def csv(self, layer: str, unit: str) -> Answer:
        """One unit's values for the picture shown last as CSV, see `exports.csv_file`."""
        return {}, [csv_file(self.network, self._last().activations, layer, unit, self._telling("save"))]

    def _telling(self, doing: str) -> steps.News:
        return partial(self._news, doing)

    def _size(self) -> tuple[int, int]:
        _, height, width = self.network.input_shape
        return height, width

    def _last(self) -> Shown:
        if self._shown is None:
            raise ValueError("no picture went through the network yet")
        return self._shown

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
