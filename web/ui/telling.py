"""What the page says in words: of the unit that is brought out, and of the picture and its classes."""

from pyscript import window

from ui.dom import by_id
from ui.figures import grouped, percent
from ui.provenance import is_count, is_share
from ui.unit_facts import class_names, unit_explanation

BEST = 3  # classes that are told of a picture


class Telling:
    """Writes the lines under the network and those for screen readers."""

    def __init__(self, words, network, columns):
        self._words = words
        self._classes = network["classes"]
        self._names = class_names(network, words)
        self._provenance = network["provenance"]
        self._columns = columns

    def unit(self, column, unit, label):
        """Tell of a unit of a column; `label` is its accessible name."""
        index = self._columns.index(column)
        before = self._columns[index - 1] if index else None
        by_id("facts").textContent = label
        by_id("explanation").textContent = unit_explanation(column, unit, before, self._words)

    def nothing(self, probabilities, truth):
        """Tell what can be done while no unit is brought out.

        `probabilities` are None before there is a picture; `truth` is its class if that is known.
        """
        way = "touch" if window.matchMedia("(hover: none)").matches else "pointer"
        by_id("facts").textContent = self._words("facts.none." + way)
        mistake = self._mistake(probabilities, truth) if probabilities else None
        by_id("explanation").textContent = mistake or self._colours()

    def result(self, name, probabilities):
        """Tell those who do not see it what the picture is and what the network makes of it."""
        picture = by_id("picture")
        label = self._words("picture.label", name=name, width=picture.width, height=picture.height)
        picture.setAttribute("aria-label", label)
        said = [
            self._words("result.class", name=self._names[unit], percent=percent(probabilities[unit]))
            for unit in ranking(probabilities)[:BEST]
        ]
        by_id("result").textContent = self._words("result", name=name, classes=self._words.listed(said))

    def _mistake(self, probabilities, truth):
        """A sentence on a picture that the network takes for something else than it is."""
        if truth not in self._classes:
            return None
        shown, best = self._classes.index(truth), ranking(probabilities)[0]
        if shown == best:
            return None
        return self._words("facts.mistake", truth=self._names[shown], best=self._names[best])

    def _colours(self):
        """What the colours mean, and how often the network is right if its model file says so."""
        words, known = self._words, self._provenance
        colours = words("facts.colours")
        accuracy, photos = known.get("held_out_accuracy"), known.get("held_out_photos")
        if not is_share(accuracy) or not is_count(photos):
            return colours
        told = words("facts.accuracy", accuracy=percent(accuracy), photos=grouped(photos))
        return words("sentences", first=colours, second=told)


def ranking(probabilities):
    """The classes' units, the most probable first."""
    return sorted(range(len(probabilities)), key=lambda unit: -probabilities[unit])
