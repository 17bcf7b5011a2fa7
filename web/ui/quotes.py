"""How the lesson writes the numbers that it quotes. Pure: no browser module.

`engine/quotes.py` says what can be asked, and answers it.
"""

from ui.figures import percent, rounded

DECIMALS = 2
SHARES = ("probability", "cut")


def written(kind, number, classes):
    """A quoted number as a visitor reads it; for "best" the name of the class."""
    if kind == "best":
        return classes[number]
    return percent(number) if kind in SHARES else rounded(number, DECIMALS)
