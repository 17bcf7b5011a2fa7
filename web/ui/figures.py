"""Numbers and shapes as a visitor reads them. Pure: no browser module."""

MINUS = "\u2212"
TIMES = "\u00d7"
APPROXIMATELY = "\u2248"
INFINITE = "\u221e"
THIN_SPACE = "\u2009"


def number(value, decimals=2):
    """A number with a real minus sign; in scientific notation where `decimals` would show a false zero."""
    if value - value:
        return unbounded(value)
    text = "%.*f" % (decimals, value)  # noqa: UP031 (nested format fields are not in MicroPython)
    if float(text) == 0:
        text = f"{value:.1e}".replace("e-0", "e-") if value else text.lstrip("-")
    return text.replace("-", MINUS)


def rounded(value, decimals):
    """A number rounded to `decimals`, or for None in full: the nine digits that tell any float32 from others.

    Unlike `number` it never changes to scientific notation for a few decimals, so that rounded terms can
    be added up as they stand.
    """
    if value - value:
        return unbounded(value)
    text = "%.9g" % value if decimals is None else "%.*f" % (decimals, value)  # noqa: UP031
    if value > 0 and decimals is not None:
        return text  # most numbers: nothing to mend
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def unbounded(value):
    """A value that is not finite: less itself it is not 0 but NaN."""
    return "NaN" if value != value else INFINITE if value > 0 else MINUS + INFINITE


def shown_number(text):
    """The number that a visitor reads in such a text."""
    return float(text.replace(MINUS, "-").replace(INFINITE, "inf"))


def relation(shown, total, decimals):
    """The sign between a sum or product of numbers as they are shown and its rounded result: = or \u2248.

    `shown` is what follows from the rounded numbers, `total` the exact result.
    """
    return "=" if rounded(shown, decimals) == rounded(total, decimals) else APPROXIMATELY


def shape(sizes):
    """A shape as in 10×62×62."""
    return TIMES.join(str(size) for size in sizes)


def grouped(count):
    """A whole number with a comma before every three digits."""
    text = str(count)
    return text if len(text) <= 3 else grouped(count // 1000) + "," + text[-3:]


def percent(probability):
    """A probability in per cent with one decimal, never a false 0 or 100."""
    if 0 < probability < 0.0005:
        return "<" + THIN_SPACE + "0.1" + THIN_SPACE + "%"
    if 0.9995 <= probability < 1:
        return ">" + THIN_SPACE + "99.9" + THIN_SPACE + "%"
    return f"{probability * 100:.1f}" + THIN_SPACE + "%"


def megabytes(count):
    return f"{count / 1e6:.1f}" + THIN_SPACE + "MB"


def fragment_name(name):
    """A class's name as it stands in ids and fragments: bell pepper is bell_pepper."""
    return name.replace(" ", "_")


def fragment_names(names):
    """All classes' names so; None for those that would then be the same as another's."""
    seen, twice = set(), set()
    short = [fragment_name(name) for name in names]
    for one in short:
        (twice if one in seen else seen).add(one)
    return [None if one in twice else one for one in short]
