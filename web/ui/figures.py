"""Numbers and shapes as a visitor reads them. Pure: no browser module."""

MINUS = "\u2212"
TIMES = "\u00d7"
THIN_SPACE = "\u2009"


def number(value, decimals=2):
    """A number with a real minus sign; in scientific notation where `decimals` would show a false zero."""
    text = "%.*f" % (decimals, value)  # noqa: UP031 (nested format fields are not in MicroPython)
    if float(text) == 0:
        text = f"{value:.1e}".replace("e-0", "e-") if value else text.lstrip("-")
    return text.replace("-", MINUS)


def shape(sizes):
    """A shape as in 10×62×62."""
    return TIMES.join(str(size) for size in sizes)


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
