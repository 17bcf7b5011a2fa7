"""Steps of the guided path at the end of a network, from a list of numbers on. Pure: no browser module."""

from ui.path.route import NEAR
from ui.path.step import Question, Step, counted, place_of, state

CHOICES = 4  # classes that one can choose from, besides "another one"


def flatten(route, words):
    column = route.flatten
    if column is None:
        return None
    before = route.before(column)
    maps, rows, columns = before.shape
    return Step(
        "flatten",
        "flatten",
        words("path.flatten.title"),
        words("path.flatten", layer=before.name),
        words("path.flatten.try"),
        state(before.name, route.unit(before, NEAR), route.spot(before)),
        {
            "maps": counted(maps),
            "rows": counted(rows),
            "columns": counted(columns),
            "length": counted(maps * rows * columns),
        },
        Question(
            words(
                "path.flatten.ask",
                maps=place_of("maps"),
                rows=place_of("rows"),
                columns=place_of("columns"),
            ),
            words(
                "path.flatten.why",
                maps=place_of("maps"),
                rows=place_of("rows"),
                columns=place_of("columns"),
                length=place_of("length"),
            ),
            number="length",
            shows=state(column.name, 0, (0, 0)),
        ),
    )


def logit(route, words, unit):
    if route.logits is None:
        return None
    return Step(
        "logit",
        "dense",
        words("path.logit.title"),
        words(
            "path.logit",
            values=place_of("values"),
            bias=place_of("bias"),
            logit=place_of("logit"),
            name=route.names[unit],
        ),
        words("path.logit.try"),
        state(route.classes.name, unit),
        {
            "values": counted(route.about[route.logits]["input_shape"][0]),
            "bias": ["bias", route.logits, unit],
            "logit": ["logit", unit],
        },
    )


def softmax(route, words, unit):
    if not route.names_classes():
        return None
    return Step(
        "softmax",
        "softmax",
        words("path.softmax.title"),
        words(
            "path.softmax",
            classes=place_of("classes"),
            name=route.names[unit],
            logit=place_of("logit"),
            probability=place_of("probability"),
        ),
        words("path.softmax.try"),
        _shares_of(route, unit),
        {
            "classes": counted(len(route.names)),
            "logit": ["logit", unit],
            "probability": ["probability", unit],
        },
    )


def another_picture(route, words, samples, picture):
    """Which class another picture will bring to the top; the answer shows that picture."""
    following = _another(samples, picture)
    if following is None or not route.names_classes():
        return None
    classes = route.network["classes"]
    offered = _offered(classes, following["class"])

    def chosen(facts):
        return offered.index(facts["best"]) if facts["best"] in offered else len(offered)

    options = [route.names[unit] for unit in offered]
    if len(offered) < len(classes):
        options.append(words("path.picture.other"))
    return Step(
        "picture",
        "softmax",
        words("path.picture.title"),
        words("path.picture", best=place_of("best"), top=place_of("top")),
        words("path.picture.try"),
        state(),
        _likeliest(route),
        Question(
            words("path.picture.ask", picture=words("sample." + following["name"])),
            words("path.picture.why", best=place_of("best"), top=place_of("top")),
            options=options,
            index=chosen,
            shows=state(picture=following["name"]),
        ),
    )


def mistake(route, words, samples):
    """A picture that the network gets wrong."""
    classes = route.network["classes"]
    wrong = [sample for sample in samples if sample["instructive"] and sample["class"] in classes]
    if not wrong or not route.names_classes():
        return None
    unit = classes.index(wrong[0]["class"])
    fails = words(
        "path.mistake",
        truth=route.names[unit],
        best=place_of("best"),
        top=place_of("top"),
        share=place_of("share"),
    )
    succeeds = words("path.mistake.none", truth=route.names[unit], share=place_of("share"))
    numbers = _likeliest(route)
    numbers["share"] = ["probability", unit]
    return Step(
        "mistake",
        "training",
        words("path.mistake.title"),
        lambda facts: succeeds if facts["best"] == unit else fails,
        words("path.mistake.try"),
        _shares_of(route, unit, wrong[0]["name"]),
        numbers,
    )


def own_picture(route, words):
    if not route.names_classes():
        return None
    return Step(
        "own",
        "network",
        words("path.own.title"),
        words("path.own", best=place_of("best"), top=place_of("top")),
        words("path.own.try", upload=words("upload")),
        state(),
        _likeliest(route),
    )


def _shares_of(route, unit, picture=None):
    """The fragment's parts that show how a class's probability comes about."""
    view = "softmax" if route.logits else None
    return state(route.classes.name, unit, (unit, 0), view, picture)


def _likeliest(route):
    """The likeliest class and its probability, as a step's numbers."""
    numbers = {f"share {unit}": ["probability", unit] for unit in range(len(route.names))}
    numbers["best"] = ["best"]
    numbers["top"] = ("probability", lambda facts: facts[f"share {facts['best']}"])
    return numbers


def _another(samples, picture):
    """A picture of the gallery, of another class than the one that is shown, and no riddle."""
    now = [sample["class"] for sample in samples if sample["name"] == picture]
    for sample in samples:
        if sample["class"] not in now and sample["name"] != picture and not sample["instructive"]:
            return sample
    return None


def _offered(classes, name):
    """Units of the classes that one can choose from: the picture's own, if there is one, and some others."""
    own = [classes.index(name)] if name in classes else []
    others = [unit for unit in range(len(classes)) if unit not in own]
    return sorted(own + others[: CHOICES - len(own)])
