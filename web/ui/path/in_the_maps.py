"""Steps of the guided path at the layers of maps: convolution, ReLU, pooling. Pure: no browser module."""

from ui.path.route import AHEAD, NEAR
from ui.path.step import Question, Step, counted, place_of, state
from ui.unit_facts import unit_name


def window(route, words):
    """One value and its weight; the answer opens the convolution with all products."""
    column = route.convolution
    if column is None:
        return None
    before = route.before(column)
    unit, (y, x) = route.unit(column, AHEAD), route.spot(column)
    height, width = route.size(column)

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

    return Step(
        "window",
        "convolution",
        words("path.window.title"),
        words("path.window", layer=column.name, height=place_of("height"), width=place_of("width")),
        words("path.window.try"),
        state(before.name, 0, route.under(column, y, x)),
        {
            "height": counted(height),
            "width": counted(width),
            "window": ["window", column.name, 0, y, x],
            "kernel": ["kernel", column.name, unit, 0],
            "value": ("value", value),
            "weight": ("value", weight),
            "product": ("value", lambda facts: value(facts) * weight(facts)),
        },
        Question(
            words(
                "path.window.ask",
                source=unit_name(before, 0, (), words),
                value=place_of("value"),
                weight=place_of("weight"),
            ),
            words(
                "path.window.why",
                value=place_of("value"),
                weight=place_of("weight"),
                product=place_of("product"),
            ),
            options=[words("path.above"), words("path.below"), words("path.zero")],
            index=sign,
            shows=state(column.name, unit, (y, x), channel=0),
        ),
        part=".stages",
    )


def addition(route, words):
    column = route.convolution
    if column is None:
        return None
    before = route.before(column)
    unit, (y, x) = route.unit(column, AHEAD), route.spot(column)
    height, width = route.size(column)
    return Step(
        "addition",
        "convolution",
        words("path.addition.title"),
        words(
            "path.addition" if before.units > 1 else "path.addition.one",
            products=place_of("products"),
            partial=place_of("partial"),
            sources=place_of("sources"),
            bias=place_of("bias"),
            value=place_of("value"),
            row=y,
            column=x,
        ),
        words("path.addition.try"),
        state(column.name, unit, (y, x), channel=0),
        {
            "products": counted(height * width),
            "sources": counted(before.units),
            "partial": ["partial", column.name, unit, 0, y, x],
            "bias": ["bias", column.name, unit],
            "value": ["value", column.name, unit, y, x],
        },
        part=".formula",
    )


def feature_map(route, words):
    column = route.convolution
    if column is None:
        return None
    unit, (y, x) = route.unit(column, AHEAD), route.spot(column)
    return Step(
        "map",
        "convolution",
        words("path.map.title"),
        words("path.map", units=place_of("units"), layer=column.name, value=place_of("value")),
        words("path.map.try"),
        state(column.name, unit, (y, x)),
        {"units": counted(column.units), "value": ["value", column.name, unit, y, x]},
        part=".stages",
    )


def size(route, words):
    """How wide the first convolution's map is; the question is the same of the next one."""
    column, second = route.convolution, route.second
    if column is None:
        return None
    unit, (y, x) = route.unit(column, AHEAD), route.spot(column)
    question = None
    facts = {
        "size": counted(column.shape[2]),
        "input": counted(route.about[column.name]["input_shape"][2]),
        "extent": counted(route.extent(column)[1]),
        "stride": counted(route.stride(column)[1]),
        "padding": counted(sum(route.padding(column)[2:])),
    }
    if second:
        facts["next_size"] = counted(second.shape[2])
        facts["next_input"] = counted(route.about[second.name]["input_shape"][2])
        facts["next_extent"] = counted(route.extent(second)[1])
        facts["next_stride"] = counted(route.stride(second)[1])
        facts["next_padding"] = counted(sum(route.padding(second)[2:]))
        question = Question(
            words(
                "path.size.ask",
                layer=second.name,
                input=place_of("next_input"),
                extent=place_of("next_extent"),
                stride=place_of("next_stride"),
                padding=place_of("next_padding"),
            ),
            words(
                "path.size.why",
                size=place_of("next_size"),
                input=place_of("next_input"),
                extent=place_of("next_extent"),
                stride=place_of("next_stride"),
                padding=place_of("next_padding"),
            ),
            number="next_size",
            shows=state(second.name, route.unit(second, NEAR), route.spot(second)),
        )
    return Step(
        "size",
        "hyperparameters",
        words("path.size.title"),
        words(
            "path.size",
            layer=column.name,
            size=place_of("size"),
            input=place_of("input"),
            extent=place_of("extent"),
            stride=place_of("stride"),
            padding=place_of("padding"),
        ),
        words("path.size.try"),
        state(column.name, unit, (y, x)),
        facts,
        question,
        part=".stages",
    )


def relu(route, words):
    """A value before ReLU; the answer opens the ReLU."""
    column = route.relu
    if column is None:
        return None
    before = route.before(column)
    unit, (y, x) = route.unit(column, AHEAD), route.spot(column)
    cut = words("path.relu.why.cut", value=place_of("value"), cut=place_of("cut"))
    kept = words("path.relu.why.kept", value=place_of("value"), cut=place_of("cut"))
    return Step(
        "relu",
        "relu",
        words("path.relu.title"),
        words("path.relu", layer=column.name),
        words("path.relu.try"),
        state(before.name, unit, (y, x)),
        {
            "value": ["value", before.name, unit, y, x],
            "result": ["value", column.name, unit, y, x],
            "cut": ["cut", column.name, unit],
        },
        Question(
            words("path.relu.ask", layer=before.name, value=place_of("value"), row=y, column=x),
            lambda facts: cut if facts["value"] < 0 else kept,
            number="result",
            shows=state(column.name, unit, (y, x)),
        ),
        part=".stages",
    )


def second(route, words):
    """A unit that reads maps; the answer opens it."""
    column = route.second
    if column is None:
        return None
    before = route.before(column)
    height, width = route.size(column)
    return Step(
        "second",
        "convolution",
        words("path.second.title"),
        words("path.second", layer=column.name, sources=place_of("sources"), before=before.name),
        words("path.second.try"),
        state(before.name, route.unit(before, NEAR), route.spot(before)),
        {
            "sources": counted(before.units),
            "height": counted(height),
            "width": counted(width),
            "weights": counted(before.units * height * width),
        },
        Question(
            words(
                "path.second.ask",
                sources=place_of("sources"),
                height=place_of("height"),
                width=place_of("width"),
            ),
            words(
                "path.second.why",
                sources=place_of("sources"),
                height=place_of("height"),
                width=place_of("width"),
                weights=place_of("weights"),
            ),
            number="weights",
            shows=state(column.name, route.unit(column, NEAR), route.spot(column)),
        ),
    )


def pooling(route, words):
    """What a window covers; the answer opens the pooling."""
    column = route.pooling
    if column is None:
        return None
    before = route.before(column)
    unit, (y, x) = route.unit(column, NEAR), route.spot(column)
    height, width = route.size(column)
    largest = column.kind == "max_pooling"
    return Step(
        "pooling",
        "pooling",
        words("path.pooling.title"),
        words(
            "path.pooling" if largest else "path.pooling.average",
            layer=column.name,
            height=place_of("height"),
            width=place_of("width"),
            rows_before=place_of("rows_before"),
            columns_before=place_of("columns_before"),
            rows=place_of("rows"),
            columns=place_of("columns"),
        ),
        words("path.pooling.try"),
        state(before.name, unit, route.under(column, y, x)),
        {
            "height": counted(height),
            "width": counted(width),
            "rows_before": counted(before.shape[1]),
            "columns_before": counted(before.shape[2]),
            "rows": counted(column.shape[1]),
            "columns": counted(column.shape[2]),
            "window": ["window", column.name, unit, y, x],
            "result": ["value", column.name, unit, y, x],
        },
        Question(
            words("path.pooling.ask", values=place_of("window")),
            words("path.pooling.why" if largest else "path.pooling.why.average", values=place_of("window")),
            number="result",
            shows=state(column.name, unit, (y, x)),
        ),
    )


def deep(route, words):
    column = route.deep
    if column is None:
        return None
    unit, (y, x) = route.unit(column, NEAR), route.spot(column)
    height, width = route.field(column)
    return Step(
        "deep",
        "pooling",
        words("path.deep.title"),
        words(
            "path.deep",
            layers=place_of("layers"),
            rows=place_of("rows"),
            columns=place_of("columns"),
            height=place_of("height"),
            width=place_of("width"),
            value=place_of("value"),
            row=y,
            column=x,
        ),
        words("path.deep.try"),
        state(column.name, unit, (y, x)),
        {
            "layers": counted(route.layers_to(column)),
            "rows": counted(column.shape[1]),
            "columns": counted(column.shape[2]),
            "height": counted(height),
            "width": counted(width),
            "value": ["value", column.name, unit, y, x],
        },
    )
