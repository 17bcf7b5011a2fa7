"""Steps of the guided path at the picture: its numbers and channels. Pure: no browser module."""

from ui.path.step import Step, counted, place_of, state
from ui.unit_facts import channel_name


def numbers(route, words):
    channels, rows, columns = route.picture.shape
    y, x = route.spot(route.picture)
    return Step(
        "numbers",
        "input",
        words("path.numbers.title"),
        words(
            "path.numbers" if channels > 1 else "path.numbers.grey",
            rows=place_of("rows"),
            columns=place_of("columns"),
            channels=place_of("channels"),
            row=y,
            column=x,
            channel=channel_name(route.picture, 0, words),
            value=place_of("value"),
        ),
        words("path.numbers.try"),
        state(route.picture.name, 0, (y, x)),
        {
            "rows": counted(rows),
            "columns": counted(columns),
            "channels": counted(channels),
            "value": ["value", route.picture.name, 0, y, x],
        },
    )


def channels(route, words):
    if route.picture.units != 3:
        return None
    y, x = route.spot(route.picture)
    return Step(
        "channels",
        "input",
        words("path.channels.title"),
        words(
            "path.channels",
            row=y,
            column=x,
            red=place_of("red"),
            green=place_of("green"),
            blue=place_of("blue"),
        ),
        words("path.channels.try"),
        state(route.picture.name, 1, (y, x)),
        {
            name: ["value", route.picture.name, unit, y, x]
            for unit, name in enumerate(("red", "green", "blue"))
        },
    )
