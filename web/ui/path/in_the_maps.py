"""Steps of the guided path at the layers of maps: convolution, ReLU, pooling. Pure: no browser module."""

from ui.path.route import AHEAD, NEAR
from ui.path.step import Question, Step, counted, state, telling
from ui.unit_facts import unit_name


def make_steps(route, words):
    """The steps at the columns that the network has."""
    makers = [
        (window, route.convolution),
        (addition, route.convolution),
        (feature_map, route.convolution),
        (size, route.convolution),
        (relu, route.relu),
        (second, route.second),
        (pooling, route.pooling),
        (deep, route.deep),
    ]
    return [make(route, words, column) for make, column in makers if column]


def window(route, words, column):
    """One value and its weight; the answer opens the convolution with all products."""
    before = route.before(column)
    unit, (y, x) = route.unit(column, AHEAD), route.spot(column)
    height, width = route.window(column).size

    def strongest(facts):
        """The cell of the kernel with the largest weight."""
        return max(range(height * width), key=lambda cell: abs(facts["kernel"][cell]))

    def value(facts):
        return facts["window"][strongest(facts)]

    def weight(facts):
        return facts["kernel"][strongest(facts)]

    def sign(facts):
        product = value(facts) * weight(facts)
        return 0 if product > 0 else 1 if product < 0 else 2

    numbers = {
        "height": counted(height),
        "width": counted(width),
        "window": ["window", column.name, 0, y, x],
        "kernel": ["kernel", column.name, unit, 0],
        "value": ("value", value),
        "weight": ("value", weight),
        "product": ("value", lambda facts: value(facts) * weight(facts)),
    }
    says = telling(words, numbers)
    return Step(
        "window",
        "convolution",
        words("path.window.title"),
        says("path.window", layer=column.name),
        words("path.window.try"),
        state(before.name, 0, route.under(column, y, x)),
        numbers,
        Question(
            says("path.window.ask", source=unit_name(before, 0, (), words)),
            says("path.window.why"),
            options=[words("path.above"), words("path.below"), words("path.zero")],
            index=sign,
            shows=state(column.name, unit, (y, x), channel=0),
        ),
        part=".stages",
    )


def addition(route, words, column):
    before = route.before(column)
    unit, (y, x) = route.unit(column, AHEAD), route.spot(column)
    height, width = route.window(column).size
    numbers = {
        "products": counted(height * width),
        "sources": counted(before.units),
        "partial": ["partial", column.name, unit, 0, y, x],
        "bias": ["bias", column.name, unit],
        "value": ["value", column.name, unit, y, x],
    }
    says = telling(words, numbers)
    return Step(
        "addition",
        "convolution",
        words("path.addition.title"),
        says("path.addition" if before.units > 1 else "path.addition.one", row=y, column=x),
        words("path.addition.try"),
        state(column.name, unit, (y, x), channel=0),
        numbers,
        part=".formula",
    )


def feature_map(route, words, column):
    unit, (y, x) = route.unit(column, AHEAD), route.spot(column)
    numbers = {"units": counted(column.units), "value": ["value", column.name, unit, y, x]}
    says = telling(words, numbers)
    return Step(
        "map",
        "convolution",
        words("path.map.title"),
        says("path.map", layer=column.name),
        words("path.map.try"),
        state(column.name, unit, (y, x)),
        numbers,
        part=".stages",
    )


def size(route, words, column):
    """How wide the first convolution's map is; the question is the same of the next one."""
    second = route.second
    unit, (y, x) = route.unit(column, AHEAD), route.spot(column)
    numbers = _widths("", route.window(column).across)
    question = None
    if second:
        numbers.update(_widths("next_", route.window(second).across))
        says = telling(words, numbers)
        question = Question(
            says("path.size.ask", layer=second.name),
            says("path.size.why"),
            number="next_size",
            shows=state(second.name, route.unit(second, NEAR), route.spot(second)),
        )
    says = telling(words, numbers)
    return Step(
        "size",
        "hyperparameters",
        words("path.size.title"),
        says("path.size", layer=column.name),
        words("path.size.try"),
        state(column.name, unit, (y, x)),
        numbers,
        question,
        part=".stages",
    )


def _widths(prefix, across):
    """The numbers that make a map as wide as it is; `across` is the window's Axis."""
    found = {
        "size": across.places,
        "input": across.length,
        "extent": across.extent,
        "stride": across.stride,
        "padding": across.before + across.after,
    }
    return {prefix + name: counted(cells) for name, cells in found.items()}


def relu(route, words, column):
    """A value before ReLU; the answer opens the ReLU."""
    before = route.before(column)
    unit, (y, x) = route.unit(column, AHEAD), route.spot(column)
    numbers = {
        "value": ["value", before.name, unit, y, x],
        "result": ["value", column.name, unit, y, x],
        "cut": ["cut", column.name, unit],
    }
    says = telling(words, numbers)
    cut, kept = says("path.relu.why.cut"), says("path.relu.why.kept")
    return Step(
        "relu",
        "relu",
        words("path.relu.title"),
        words("path.relu", layer=column.name),
        words("path.relu.try"),
        state(before.name, unit, (y, x)),
        numbers,
        Question(
            says("path.relu.ask", layer=before.name, row=y, column=x),
            lambda facts: cut if facts["value"] < 0 else kept,
            number="result",
            shows=state(column.name, unit, (y, x)),
        ),
        part=".stages",
    )


def second(route, words, column):
    """A unit that reads maps; the answer opens it."""
    before = route.before(column)
    height, width = route.window(column).size
    numbers = {
        "sources": counted(before.units),
        "height": counted(height),
        "width": counted(width),
        "weights": counted(before.units * height * width),
    }
    says = telling(words, numbers)
    return Step(
        "second",
        "convolution",
        words("path.second.title"),
        says("path.second", layer=column.name, before=before.name),
        words("path.second.try"),
        state(before.name, route.unit(before, NEAR), route.spot(before)),
        numbers,
        Question(
            says("path.second.ask"),
            says("path.second.why"),
            number="weights",
            shows=state(column.name, route.unit(column, NEAR), route.spot(column)),
        ),
    )


def pooling(route, words, column):
    """What a window covers; the answer opens the pooling."""
    before = route.before(column)
    unit, (y, x) = route.unit(column, NEAR), route.spot(column)
    height, width = route.window(column).size
    largest = column.kind == "max_pooling"
    numbers = {
        "height": counted(height),
        "width": counted(width),
        "rows_before": counted(before.shape[1]),
        "columns_before": counted(before.shape[2]),
        "rows": counted(column.shape[1]),
        "columns": counted(column.shape[2]),
        "window": ["window", column.name, unit, y, x],
        "result": ["value", column.name, unit, y, x],
    }
    says = telling(words, numbers)
    return Step(
        "pooling",
        "pooling",
        words("path.pooling.title"),
        says("path.pooling" if largest else "path.pooling.average", layer=column.name),
        words("path.pooling.try"),
        state(before.name, unit, route.under(column, y, x)),
        numbers,
        Question(
            says("path.pooling.ask"),
            says("path.pooling.why" if largest else "path.pooling.why.average"),
            number="result",
            shows=state(column.name, unit, (y, x)),
        ),
    )


def deep(route, words, column):
    unit, (y, x) = route.unit(column, NEAR), route.spot(column)
    height, width = route.field(column)
    numbers = {
        "layers": counted(route.layers_to(column)),
        "rows": counted(column.shape[1]),
        "columns": counted(column.shape[2]),
        "height": counted(height),
        "width": counted(width),
        "value": ["value", column.name, unit, y, x],
    }
    says = telling(words, numbers)
    return Step(
        "deep",
        "pooling",
        words("path.deep.title"),
        says("path.deep", row=y, column=x),
        words("path.deep.try"),
        state(column.name, unit, (y, x)),
        numbers,
    )
