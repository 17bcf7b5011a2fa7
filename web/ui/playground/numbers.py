"""Numbers of the playground, as they are typed and as they are shown. Pure: no browser module."""

from ui.figures import SIGNS, rounded, typed_number


def read(text, current, least, most, whole):
    """What a visitor has typed into a number field: (value, problem, offer).

    `text` is None for what the browser takes for no number. Either the value is there, or a word for the
    problem and a value to offer in its place: the nearest that is allowed, or where there is none, the
    `current` one.
    """
    if text is not None and not text.strip():
        return None, "empty", current
    value = None if text is None else typed_number(text)
    if value is None:
        return None, "number", current
    if not least <= value <= most:
        return None, "range", min(max(value, least), most)
    if not whole:
        return value, None, None
    if value != int(value):
        return None, "whole", int(value + 0.5)
    return int(value), None, None


def stepped(value, key, least, most):
    """The number that an arrow key leads to from `value`, one more or one less; None for another key."""
    if key not in ("ArrowUp", "ArrowDown"):
        return None
    return min(max(value + (1 if key == "ArrowUp" else -1), least), most)


def field_text(value):
    """A number as a field holds it: with the minus of the keyboard."""
    return rounded(value, None).replace(SIGNS.minus, "-")


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
