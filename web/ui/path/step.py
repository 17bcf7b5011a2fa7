"""One step of the guided path: where it leads, what it says and asks. Pure: no browser module.

Its texts hold places for its numbers, see `telling`. A number is a list, [kind, *arguments], which the
engine is asked for (see engine/quotes.py), or a tuple, (kind, function), worked out from those answers.
Kinds are the engine's, and "count" for whole numbers that follow from the network's description.
"""

from ui.figures import grouped
from ui.quotes import written

SIGN = "\x01"  # stands around a number's name within a text
NEAR = 0.01  # so far may a guess be from a value, of which two decimals are shown


def telling(words, numbers):
    """`words` for texts in which numbers stand: a {place} called like one of `numbers` is kept for it."""
    kept = {name: SIGN + name + SIGN for name in numbers}

    def says(key, **places):
        filled = dict(kept)
        # A layer or class may be called anything, with this sign in it, too.
        filled.update({name: str(place).replace(SIGN, "") for name, place in places.items()})
        return words(key, **filled)

    return says


def pieces(text):
    """A text in pieces (is it a number's name?, piece)."""
    return [(index % 2 == 1, piece) for index, piece in enumerate(text.split(SIGN))]


def counted(number):
    return "count", lambda _: number


def state(layer=None, unit=0, place=None, view=None, picture=None, channel=None):
    """A fragment's parts, a dict of texts; the whole network where there is no layer."""
    y, x = place or (None, None)
    parts = {"picture": picture, "view": view, "y": y, "x": x, "channel": channel}
    if layer is not None:
        parts["layer"], parts["unit"] = layer, unit
    return {name: str(value) for name, value in parts.items() if value is not None}


class Step:
    """`says` is a text, or a function that chooses one once the facts, the values of all numbers, are known.

    `at` are the parts of the fragment that the step leads to, `part` selects what it speaks of there, and
    `article` is the article's section that tells more.
    """

    def __init__(self, name, article, title, says, tries, at, numbers, question=None, part=None):
        self.name = name
        self.article = article
        self.title = title
        self.says = says
        self.tries = tries
        self.at = at
        self.numbers = numbers
        self.question = question
        self.part = part

    def asks(self):
        """What the engine is asked for."""
        return {name: number for name, number in self.numbers.items() if isinstance(number, list)}

    def facts(self, answers):
        """The values of all numbers, given the engine's answers."""
        facts = dict(answers)
        for name, number in self.numbers.items():
            if isinstance(number, tuple):
                facts[name] = number[1](answers)
        return facts

    def text(self, facts):
        """What the step says; "" before the facts are there, where it depends on them."""
        return chosen(self.says, facts)

    def written(self, name, value, classes):
        """A number of the step as a visitor reads it."""
        kind = self.numbers[name][0]
        return grouped(value) if kind == "count" else written(kind, value, classes)


class Question:
    """What the visitor is asked to predict.

    number   name of the step's number that is the answer, for which there is a field to type in; or None
    options  texts to choose from instead; `index(facts)` says which one is right
    why      a text, or a function of the facts that gives one
    shows    parts of the fragment that the page goes to for the answer
    """

    def __init__(self, asked, why, number=None, options=(), index=None, shows=None):
        self.asked = asked
        self.why = why
        self.number = number
        self.options = options
        self.shows = shows
        self._index = index

    def answer(self, facts):
        return facts[self.number] if self.number else self._index(facts)

    def is_right(self, guess, facts, exact):
        return guess == self.answer(facts) if exact else abs(guess - self.answer(facts)) <= NEAR


def chosen(text, facts):
    """A text, or for a function that chooses one its choice; "" as long as there are no facts."""
    if isinstance(text, str):
        return text
    return text(facts) if facts else ""
