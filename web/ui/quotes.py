"""How the lesson writes the numbers that it quotes. Pure: no browser module.

`engine/quotes.py` says what can be asked, and answers it.
"""

from ui.figures import percent, rounded

DECIMALS = 2
SHARES = ("probability", "cut")


def read(answers):
    """The engine's answers by question; numbers that are not finite come as texts."""
    return {
        question: [float(one) for one in answer]
        if isinstance(answer, list)
        else float(answer)
        if isinstance(answer, str)
        else answer
        for question, answer in answers.items()
    }


def written(kind, number, classes):
    """A quoted number as a visitor reads it; for "best" the name of the class."""
    if kind == "best":
        return classes[number]
    return percent(number) if kind in SHARES else rounded(number, DECIMALS)
