"""Steps of the guided path at the picture: its numbers and channels. Pure: no browser module."""

from ui.path.step import Step, counted, state, telling
from ui.unit_facts import channel_name


def numbers(route, words):
    channels, rows, columns = route.picture.shape
    y, x = route.spot(route.picture)
    told = {
        "rows": counted(rows),
        "columns": counted(columns),
        "channels": counted(channels),
        "value": ["value", route.picture.name, 0, y, x],
    }
    says = telling(words, told)
    return Step(
        "numbers",
        "input",
        words("path.numbers.title"),
        says(
            "path.numbers" if channels > 1 else "path.numbers.grey",
            row=y,
            column=x,
            channel=channel_name(route.picture, 0, words),
        ),
        words("path.numbers.try"),
        state(route.picture.name, 0, (y, x)),
        told,
    )


def channels(route, words):
    if route.picture.units != 3:
        return None
    y, x = route.spot(route.picture)
    told = {
        name: ["value", route.picture.name, unit, y, x] for unit, name in enumerate(("red", "green", "blue"))
    }
    says = telling(words, told)
    return Step(
        "channels",
        "input",
        words("path.channels.title"),
        says("path.channels", row=y, column=x),
        words("path.channels.try"),
        state(route.picture.name, 1, (y, x)),
        told,
    )
