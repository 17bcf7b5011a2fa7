"""What the page's style sheets need to know of a network; the page's own pure modules say it."""

from collections import Counter
from itertools import pairwise

from ui.columns import MAPS, STRIP, Column, gap, most_maps


def column_rules(columns: list[Column]) -> str:
    """A style sheet with the numbers from which network.css lays the columns out."""
    drawn, classes = columns[:-1], columns[-1]
    forms = Counter(column.form for column in drawn)
    gaps = Counter(gap(before, after) for before, after in pairwise(drawn))
    numbers = {
        "most": most_maps(columns),
        "classes": classes.units,
        "maps": forms[MAPS],
        "strips": forms[STRIP],
        "ones": gaps["one"],
        "alls": gaps["all"],
        "blocks": gaps["block"],
    }
    rules = "\n".join(f"  --{name}: {number};" for name, number in numbers.items())
    return f"#network {{\n{rules}\n}}\n"
