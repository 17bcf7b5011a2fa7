"""Steps of the guided path at the end of a network, from a list of numbers on. Pure: no browser module."""

from ui.path.route import NEAR
from ui.path.step import Question, Step, counted, state, telling

CHOICES = 4  # classes that one can choose from, besides "another one"


def flatten(route, words):
    column = route.flatten
    if column is None:
        return None
    before = route.before(column)
    maps, rows, columns = before.shape
    numbers = {
        "maps": counted(maps),
        "rows": counted(rows),
        "columns": counted(columns),
        "length": counted(maps * rows * columns),
    }
    says = telling(words, numbers)
    return Step(
        "flatten",
        "flatten",
        words("path.flatten.title"),
        says("path.flatten", layer=before.name),
        words("path.flatten.try"),
        state(before.name, route.unit(before, NEAR), route.spot(before)),
        numbers,
        Question(
            says("path.flatten.ask"),
            says("path.flatten.why"),
            number="length",
            shows=state(column.name, 0, (0, 0)),
        ),
    )


def logit(route, words, unit):
    if route.logits is None:
        return None
    two = route.classes.kind == "sigmoid"  # whose one logit is the second class's
    numbers = {
        "values": counted(route.about[route.logits]["input_shape"][0]),
        "bias": ["bias", route.logits, 0 if two else unit],
        "logit": ["logit", 1 if two else unit],
    }
    says = telling(words, numbers)
    if two:
        text = says("path.logit.two", first=route.names[0], second=route.names[1])
    else:
        text = says("path.logit", name=route.names[unit])
    return Step(
        "logit",
        "dense",
        words("path.logit.title"),
        text,
        words("path.logit.two.try" if two else "path.logit.try"),
        state(route.classes.name, unit),
        numbers,
    )


def shares(route, words, unit):
    """How logits become probabilities."""
    if route.classes.kind == "sigmoid":
        numbers = {"logit": ["logit", 1], "probability": ["probability", 1], "rest": ["probability", 0]}
        says = telling(words, numbers)
        return Step(
            "softmax",
            "softmax",
            words("path.sigmoid.title"),
            says("path.sigmoid", first=route.names[0], second=route.names[1]),
            words("path.sigmoid.try"),
            _shares_of(route, unit),
            numbers,
        )
    numbers = {
        "classes": counted(len(route.names)),
        "logit": ["logit", unit],
        "probability": ["probability", unit],
    }
    says = telling(words, numbers)
    return Step(
        "softmax",
        "softmax",
        words("path.softmax.title"),
        says("path.softmax", name=route.names[unit]),
        words("path.softmax.try"),
        _shares_of(route, unit),
        numbers,
    )


def another_picture(route, words, samples, picture):
    """Which class another picture will bring to the top; the answer shows that picture."""
    following = _another(samples, picture)
    if following is None:
        return None
    classes = route.network["classes"]
    offered = _offered(classes, following["class"])

    def chosen(facts):
        return offered.index(facts["best"]) if facts["best"] in offered else len(offered)

    numbers = _likeliest(route)
    says = telling(words, numbers)
    options = [route.names[unit] for unit in offered]
    if len(offered) < len(classes):
        options.append(words("path.picture.other"))
    return Step(
        "picture",
        "softmax",
        words("path.picture.title"),
        says("path.picture"),
        words("path.picture.try"),
        state(),
        numbers,
        Question(
            words("path.picture.ask", picture=words("sample." + following["name"])),
            says("path.picture.why"),
            options=options,
            index=chosen,
            shows=state(picture=following["name"]),
        ),
    )


def mistake(route, words, samples):
    """A picture that the network gets wrong."""
    classes = route.network["classes"]
    wrong = [sample for sample in samples if sample["instructive"] and sample["class"] in classes]
    if not wrong:
        return None
    unit = classes.index(wrong[0]["class"])
    numbers = _likeliest(route)
    numbers["share"] = ["probability", unit]
    says = telling(words, numbers)
    fails = says("path.mistake", truth=route.names[unit])
    succeeds = says("path.mistake.none", truth=route.names[unit])
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
    numbers = _likeliest(route)
    says = telling(words, numbers)
    return Step(
        "own",
        "network",
        words("path.own.title"),
        says("path.own"),
        words("path.own.try", upload=words("upload")),
        state(),
        numbers,
    )


def _shares_of(route, unit, picture=None):
    """The fragment's parts that show how a class's probability comes about."""
    return state(route.classes.name, unit, (unit, 0), route.classes.second_view, picture)


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
