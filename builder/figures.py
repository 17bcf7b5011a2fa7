"""The article's figures: tables of numbers, most of which the page writes anew for each picture."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from ui.columns import Column, columns
from ui.figures import MINUS, TIMES, rounded
from ui.unit_facts import class_name, class_names, unit_name
from ui.words import Words

from builder.article import Article
from builder.card import Card, Confusion
from builder.facts import Facts, Quote
from builder.first import Columns
from builder.words import escape
from pycnn import Network, ReLU

REACH = 2  # of the ReLU's graph, to both sides of zero
STEP = 50  # units of the drawing for 1


def figures(
    network: Network,
    facts: Facts,
    article: Article,
    words: Words,
    card: Mapping[str, Any],
    sprite: Columns,
) -> dict[str, str]:
    """Each figure's HTML by name; one for which the network lacks something is not there.

    `sprite` tells where the first picture's maps are, see `first.write_first`.
    """
    made = {"relu-graph": relu_graph(facts, article, words)}
    layers = {layer.name: layer for layer in network.layers}
    drawn = columns(network.describe())
    if "conv" in facts:
        made["dot-product"] = dot_product(layers, facts, article, words)
        channels = [("input", channel) for channel in range(network.input_shape[0])]
        made["feature-maps"] = maps([*channels, unit_of(facts["conv_value"])], sprite, drawn, words)
    if "relu" in facts:
        pair = [unit_of(facts[name]) for name in ("conv_value", "relu_value")]
        made["rectified-maps"] = maps(pair, sprite, drawn, words)
    if "rule_d" in facts:
        made["size-rule"] = size_rule(facts)
    if "pool" in facts:
        made["pooled"] = pooled(layers, facts, article, words)
        name, unit = unit_of(facts["pool_value"])
        names = ["input", *layers]
        made["pooled-maps"] = maps([(names[names.index(name) - 1], unit), (name, unit)], sprite, drawn, words)
    if "dense_inputs" in facts:
        made["shares"] = shares(network, article, words)
    if counts := Card(card).confusion():
        made["accuracies"] = accuracies(counts, words)
    return made


def dot_product(layers: Mapping[str, Any], facts: Facts, article: Article, words: Words) -> str:
    """What the window covers, the kernel, and their products."""
    example = facts["sum"]
    assert isinstance(example, Quote)
    name, unit, source, y, x = example.arguments
    across = layers[str(name)].kernel.shape[-1]
    questions = (Quote("window", (name, source, y, x)), Quote("kernel", (name, unit, source)))
    window, kernel = (article.quotes(question) for question in questions)
    products = article.quotes(Quote("products", example.arguments))
    return (
        f'<div class="dot-product">{grid(window, across, words("article.figure.window"), "channel")}'
        f'<span class="sign">{TIMES}</span>{grid(kernel, across, words("article.figure.kernel"))}'
        f'<span class="sign">=</span>{grid(products, across, words("article.figure.products"))}</div>'
    )


def pooled(layers: Mapping[str, Any], facts: Facts, article: Article, words: Words) -> str:
    """What a max pooling's window covers, and the largest of it."""
    example = facts["pool_value"]
    assert isinstance(example, Quote)
    name, *place = example.arguments
    down, across = layers[str(name)].size
    window = article.quotes(Quote("window", (name, *place)))
    if len(window) != down * across:  # a part of it lies in the padding
        across = len(window)
    return (
        f'<div class="dot-product">{grid(window, across, words("article.figure.window"))}'
        f'<span class="sign">→</span>'
        f"{grid([article.quoted(example)], 1, words('article.figure.largest'))}</div>"
    )


def grid(cells: Sequence[str], across: int, caption: str, ramp: str = "diverging") -> str:
    """Numbers in rows as the window or kernel has them. The page colours them with this ramp."""
    rows = [cells[start : start + across] for start in range(0, len(cells), across)]
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table data-ramp="{ramp}"><caption>{escape(caption)}</caption><tbody>{body}</tbody></table>'


def shares(network: Network, article: Article, words: Words) -> str:
    """Each class's logit and probability; a sigmoid has one logit, the second class's."""
    names = class_names(network.describe(), words)
    one = network.layers[-1].kind == "sigmoid"
    logits = [
        "" if one and not unit else article.quoted(Quote("logit", (unit,))) for unit in range(len(names))
    ]
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{logits[unit]}</td>'
        f"<td>{article.quoted(Quote('probability', (unit,)))}</td></tr>"
        for unit, name in enumerate(names)
    )
    return table(("class", "logit", "probability"), rows, words)


def accuracies(counts: Confusion, words: Words) -> str:
    """Each class's accuracy on the photos held out, the best first, and what it is most often taken for."""
    rows = ""
    for name in sorted(counts, key=lambda one: -counts[one][one]):
        right = words("article.table.of", right=counts[name][name], all=sum(counts[name].values()))
        wrong = {other: count for other, count in counts[name].items() if other != name}
        most = max(wrong.values())
        others = [
            f"{escape(class_name(other, words))}&nbsp;({most})"
            for other, count in wrong.items()
            if count == most > 0
        ]
        rows += (
            f'<tr><th scope="row">{escape(class_name(name, words))}</th><td>{escape(right)}</td>'
            f'<td data-column="taken_for">{words.html_listed(others)}</td></tr>'
        )
    return table(("class", "accuracy", "taken_for"), rows, words)


def table(heads: Sequence[str], rows: str, words: Words) -> str:
    top = "".join(
        f'<th scope="col" data-column="{head}">{escape(words("article.table." + head))}</th>'
        for head in heads
    )
    return f'<table class="figures"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>'


def relu_graph(facts: Facts, article: Article, words: Words) -> str:
    """The graph of ReLU as pycnn computes it, with axes through zero, and the example's place on it."""
    xs = np.linspace(-REACH, REACH, 4 * REACH + 1, dtype=np.float32)
    ys = ReLU("graph").forward(xs)
    line = " ".join(f"{STEP * x:g},{-STEP * y:g}" for x, y in zip(xs.tolist(), ys.tolist(), strict=True))
    ticks = "".join(f'<text x="{STEP * at}" y="16">{rounded(at, 0)}</text>' for at in (-2, -1, 1, 2))
    ticks += "".join(f'<text x="-8" y="{4 - STEP * at}" class="up">{at}</text>' for at in (1, 2))
    value = facts.get("conv_value")
    dot = article.plotted(value, STEP, REACH) if isinstance(value, Quote) and "relu" in facts else ""
    edge = STEP * REACH + 12
    return (
        f'<svg class="graph" viewBox="{-edge - 8} {-edge} {2 * edge + 16} {edge + 24}" role="img"'
        f' aria-label="{escape(words("article.relu.graph"))}">'
        f'<path class="axis" d="M{-edge} 0H{edge}M0 {-edge}V8"/>{ticks}'
        f'<polyline class="line" points="{line}"/>{dot}</svg>'
    )


def size_rule(facts: Facts) -> str:
    """The formula of a convolution's size with its numbers, as MathML."""
    n, p, d, k, s, m = (f"<mn>{facts[f'rule_{name}']}</mn>" for name in "npdksm")
    minus, one = f"<mo>{MINUS}</mo>", "<mn>1</mn>"
    opened, closed = (f'<mo stretchy="false">{bracket}</mo>' for bracket in "()")
    return (
        '<math display="block"><mrow><mo>⌊</mo><mfrac>'
        f"<mrow>{n}<mo>+</mo><mn>2</mn><mo>·</mo>{p}{minus}{d}<mo>·</mo>"
        f"<mrow>{opened}{k}{minus}{one}{closed}</mrow>{minus}{one}</mrow>{s}"
        f"</mfrac><mo>⌋</mo></mrow><mo>+</mo>{one}<mo>=</mo>{m}</math>"
    )


def unit_of(fact: Any) -> tuple[str, int]:
    """The layer and unit that a quoted value is of."""
    layer, unit, *_ = fact.arguments
    return layer, unit


def maps(
    units: Sequence[tuple[str, int]],
    sprite: Columns,
    drawn: Sequence[Column],
    words: Words,
) -> str:
    """Maps of the overview, side by side; the page paints them anew with it."""
    by_name = {column.name: column for column in drawn}
    return (
        '<div class="maps">'
        + "".join(canvas(by_name[layer], unit, sprite, words) for layer, unit in units)
        + "</div>"
    )


def canvas(column: Column, unit: int, sprite: Columns, words: Words) -> str:
    place = sprite[column.name]
    x, y = place.place(unit)
    name = unit_name(column, unit, [], words)
    label = escape(words("map.label", layer=column.name, unit=name))
    caption = escape(name if column.kind == "input" else column.name)
    return (
        f'<div><canvas role="img" aria-label="{label}" width="{place.width}" height="{place.height}"'
        f' data-sprite="{x},{y}" data-of="{escape(column.name)}" data-map="{unit}"></canvas>'
        f"<p>{caption}</p></div>"
    )
