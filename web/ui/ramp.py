"""Colours of single values, from the same ramps that the maps are coloured with. Pure: no browser module."""

BRIGHT = 0.179  # of 1; on a brighter colour black text is easier to read than white


class Ramp:
    """The diverging ramp: RGBA bytes of so many entries from -limit over zero, in the middle, to +limit."""

    def __init__(self, rgba, entries):
        self._rgba = rgba
        self._middle = entries // 2

    def style(self, value, limit):
        """CSS for a cell that shows `value` on the scale that ends at `limit`."""
        share = value / limit if limit else value
        # An infinity has the colour of its end, NaN that of zero.
        step = round(min(max(share, -1), 1) * self._middle) if share == share else 0
        at = 4 * (self._middle + step)
        return cell_style(self._rgba[at], self._rgba[at + 1], self._rgba[at + 2])


class Tint:
    """One of the picture's channels, from 0, black, to 1. `rgba` holds one ramp after the other."""

    def __init__(self, rgba, steps, channel):
        self._rgba = rgba
        self._steps = steps
        self._first = channel * steps

    def style(self, value, _limit):
        at = 4 * (self._first + min(max(round(value * (self._steps - 1)), 0), self._steps - 1))
        return cell_style(self._rgba[at], self._rgba[at + 1], self._rgba[at + 2])


def split(ramps, sizes):
    """The ramps that stand one after the other in an array of bytes, each as an array of its own."""
    end = 0
    found = []
    for size in sizes:
        found.append(ramps.slice(end, end + size))
        end += size
    return found


def read(diverging, channels, count):
    """The diverging Ramp, and in a list the Tint of each of `count` channels."""
    steps = channels.length // (4 * count)
    return {
        "diverging": Ramp(diverging, diverging.length // 4),
        "channels": [Tint(channels, steps, channel) for channel in range(count)],
    }


def cell_style(red, green, blue):
    """A cell's background, with ink that can be read on it: its contrast is 4.5 to 1 or more."""
    brightness = 0.2126 * (red / 255) ** 2.2 + 0.7152 * (green / 255) ** 2.2 + 0.0722 * (blue / 255) ** 2.2
    ink = "#000" if brightness > BRIGHT else "#fff"
    return f"background:rgb({red},{green},{blue});color:{ink}"
