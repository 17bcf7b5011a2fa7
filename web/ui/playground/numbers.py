"""Numbers of the playground, as they are typed and as they are shown. Pure: no browser module."""

from ui.figures import MINUS, rounded


def read(text, current, least, most, whole):
    """What a visitor has typed into a number field: (value, problem, offer).

    `text` is None for what is no number at all. Either the value is there, or a word for the problem and
    a value to offer in its place: the nearest that is allowed, or where there is none, the `current` one.
    """
    if text is None:
        return None, "number", current
    if not text:
        return None, "empty", current
    value = float(text)
    if not least <= value <= most:
        return None, "range", min(max(value, least), most)
    if not whole:
        return value, None, None
    if value != int(value):
        return None, "whole", int(value + 0.5)
    return int(value), None, None


def trimmed(value, decimals):
    """A number rounded to at most so many decimals, without zeros at its end."""
    text = rounded(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def field_text(value):
    """A number as a number field holds it."""
    return rounded(value, None).replace(MINUS, "-")


def runs(numbers):
    """Whole numbers in rising order as texts; three and more that follow each other are one, as in 3–6."""
    found = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    texts = []
    for first, last in found:
        if last - first > 1:
            texts.append(f"{first}–{last}")
        else:
            texts += [str(number) for number in range(first, last + 1)]
    return texts
