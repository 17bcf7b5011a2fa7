"""Numbers and shapes as a visitor reads them, in the signs of the page's language. Pure: no browser module.

What programs read keeps Python's own form: attributes, fragments, files, drawings.
"""

MINUS = "\u2212"  # between two numbers; a language may have another sign before one
TIMES = "\u00d7"
INFINITE = "\u221e"
WIDE = 0xFEE0  # so far behind the usual signs stand those of East Asian keyboards
GAP = "\x00"  # stands for the number in a catalogue's text


class Signs:
    """With what a language writes numbers, from its catalogue.

    decimal, group, minus, about   the signs themselves
    between                        what parts numbers in a row, as in max(1, 2)
    groups                         digits of each group, from the right; the last one goes on
    percent, below, above, ...     what stands around the number, in pieces to be joined by it
    """

    words = None  # whose signs these are

    def speak(self, words):
        """Write numbers in this language from now on. A page does so once, before it writes any."""
        self.words = words
        self.decimal = words("number.decimal")
        self.group = words("number.group")
        self.groups = [int(digits) for digits in words("number.groups").split()]
        self.minus = words("number.minus")
        self.about = words("number.about")
        self.between = words("number.between")
        self.percent = words("number.percent", number=GAP).split(GAP)
        self.below = words("number.below", number=GAP).split(GAP)
        self.above = words("number.above", number=GAP).split(GAP)
        self.megabytes = words("number.megabytes", number=GAP).split(GAP)


SIGNS = Signs()


def number(value, decimals=2):
    """A number in the language's signs; in scientific notation where `decimals` would show a false zero."""
    if value - value:
        return unbounded(value)
    text = "%.*f" % (decimals, value)  # noqa: UP031 (nested format fields are not in MicroPython)
    if float(text) == 0:
        text = f"{value:.1e}".replace("e-0", "e-") if value else text.lstrip("-")
    return _signed(text)


def rounded(value, decimals):
    """A number rounded to `decimals`, or for None in full: the nine digits that tell any float32 from others.

    Unlike `number` it never changes to scientific notation for a few decimals, so that rounded terms can
    be added up as they stand.
    """
    if value - value:
        return unbounded(value)
    text = "%.9g" % value if decimals is None else "%.*f" % (decimals, value)  # noqa: UP031
    if value > 0 and decimals is not None:  # most numbers: no minus, no zero to mend
        return text if SIGNS.decimal == "." else text.replace(".", SIGNS.decimal)
    if float(text) == 0:
        text = text.lstrip("-")
    return _signed(text)


def _signed(text):
    """A number as Python writes it in the language's signs."""
    text = text.replace("-", SIGNS.minus)
    return text if SIGNS.decimal == "." else text.replace(".", SIGNS.decimal)


def trimmed(value, decimals):
    """A number rounded to at most so many decimals, without zeros at its end."""
    text = rounded(value, decimals)
    return text.rstrip("0").rstrip(SIGNS.decimal) if SIGNS.decimal in text else text


def unbounded(value):
    """A value that is not finite: less itself it is not 0 but NaN."""
    return "NaN" if value != value else INFINITE if value > 0 else SIGNS.minus + INFINITE


def shown_number(text):
    """The number that a visitor reads in what the functions above have written."""
    text = text.replace(SIGNS.minus, "-").replace(INFINITE, "inf")
    return float(text if SIGNS.decimal == "." else text.replace(SIGNS.decimal, "."))


def typed_number(text, whole=False):
    """The number that a visitor has typed, or None.

    The language's decimal sign counts as one, and so do point and comma where nothing tells that they part
    groups of digits: that is so in a whole number, and beside a decimal sign.
    """
    text = "".join(_narrow(sign) for sign in text)
    for sign in (SIGNS.minus, MINUS):
        text = text.replace(sign, "-")
    if whole or SIGNS.decimal in text:
        text = text.replace(SIGNS.group, "")
    text = text.replace(SIGNS.decimal, ".").replace(",", ".")
    if text.strip("0123456789.+-eE") or not text.lower().split("e")[0].strip("+-."):
        return None  # Python takes other texts for numbers as well, and MicroPython some that are none
    try:
        return float(text)
    except ValueError:
        return None


def _narrow(sign):
    """A sign as it counts in a number: spaces and apostrophes do not, wide ones are the usual ones."""
    if sign in " \t\xa0\u2009\u202f\u3000'\u2019":
        return ""
    return chr(ord(sign) - WIDE) if 0xFF01 <= ord(sign) <= 0xFF5E else sign


def sign_between(same):
    """= between what is the same, else the language's sign for about the same."""
    return "=" if same else SIGNS.about


def relation(shown, total, decimals):
    """The sign between a sum or product of numbers as they are shown and its rounded result.

    `shown` is what follows from the rounded numbers, `total` the exact result.
    """
    return sign_between(rounded(shown, decimals) == rounded(total, decimals))


def shape(sizes):
    """A shape as in 10×62×62."""
    return TIMES.join(str(size) for size in sizes)


def grouped(count):
    """A whole number with its digits in groups."""
    text, parts, at = str(count), [], 0
    while len(text) > SIGNS.groups[at]:
        digits = SIGNS.groups[at]
        parts.insert(0, text[-digits:])
        text = text[:-digits]
        at = min(at + 1, len(SIGNS.groups) - 1)
    parts.insert(0, text)
    return SIGNS.group.join(parts)


def percent(probability):
    """A probability in per cent with one decimal, never a false 0 or 100."""
    if 0 < probability < 0.0005:
        return _percent(0.1).join(SIGNS.below)
    if 0.9995 <= probability < 1:
        return _percent(99.9).join(SIGNS.above)
    return _percent(probability * 100)


def _percent(number):
    return rounded(number, 1).join(SIGNS.percent)


def megabytes(count):
    return rounded(count / 1e6, 1).join(SIGNS.megabytes)


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
