"""The views of vectors and classes: flatten, a class's logit, and its probability."""

import itertools
import math
from decimal import Decimal

import numpy as np
import pytest
from playwright.sync_api import expect

from pycnn import Convolution, Dense, Flatten, Network, ReLU, Softmax
from tests.browser import served
from tests.page.native import diverging, equal
from tests.page.networks import write_site
from tests.page.opened import (
    CHOICES,
    FIND_CUT_OFF,
    FIND_SMALL_TEXT,
    Opened,
    check_figures,
    inside,
    rounding,
    seen,
)
from tests.page.visit import eventually

WAYS = ("click", "keyboard")
PICTURES = ("espresso", "koala")
STRONGEST = 8


def make_bare():
    """The softmax reads the flattened maps themselves: seven classes, no dense layer."""
    random = np.random.default_rng(3)
    kernel = random.normal(size=(7, 3, 8, 8)) / 4
    layers = [
        Convolution("conv", kernel, random.normal(size=7)),
        ReLU("relu"),
        Flatten("all"),
        Softmax("out"),
    ]
    return Network(layers, (3, 8, 8), [f"class {number}" for number in range(7)])


def make_hundred():
    """The picture itself is flattened; a hundred classes, with logits whose exponentials no float32 holds."""
    random = np.random.default_rng(4)
    weights, bias = random.normal(size=(100, 240)) / 4, random.normal(size=100) * 60
    layers = [Flatten("flat"), Dense("logits", weights, bias), Softmax("out")]
    return Network(layers, (3, 10, 8), [f"class {number}" for number in range(100)])


class Vectors(Opened):
    """A visit on which vectors and classes are opened."""

    def go(self, picture, layer, unit, y=None, *, view=None):
        """Open a unit by the address, with the cursor on an element, or where it starts."""
        parts = {"picture": picture, "layer": layer.replace("/", "%2F"), "unit": unit, "view": view}
        parts |= {"y": y, "x": None if y is None else 0}
        fragment = "&".join(f"{name}={value}" for name, value in parts.items() if value is not None)
        # The address may hold an older place, maybe this very one, until the cursor has rested.
        self.page.evaluate(
            "(hash) => { history.replaceState(null, '', '#'); location.hash = hash }", fragment
        )
        return self.shown(picture, layer, unit, y, view)

    def shown(self, picture, layer, unit, y=None, view=None):
        self.visit.wait_until_picture(picture)
        kind = f"[data-view={view}]" if view else "[data-view]"
        expect(self.page.locator(f"#view{kind}[data-layer='{layer}'][data-unit='{unit}']")).to_be_visible()
        if y is not None:
            self.arrived(y, 0)
        return Values(self.network, self.visit.picture())

    def texts(self, selector):
        return self.body.locator(selector).all_inner_texts()


class Values:
    """A picture's way through the network, computed with plain sums; nothing of pycnn's explanations."""

    def __init__(self, network, pixels):
        self.network = network
        self.input = network.picture_from_pixels(pixels)
        self.layers = {"input": self.input, **network.forward(self.input)}
        self.names = list(self.layers)

    def before(self, layer):
        return self.names[self.names.index(layer) - 1]

    def limit(self, layer):
        """Where the overview's scale per layer ends."""
        group = []
        for one in self.network.layers:
            if one.kind in ("convolution", "dense") and group:
                if layer in group:
                    break
                group = []
            group.append(one.name)
        return max(float(np.abs(self.layers[name]).max()) for name in group)

    def products(self, unit):
        """The vector that the classes' dense layer reads, a class's weights, and their products."""
        *_, dense, _ = self.network.layers
        vector = self.layers[self.names[-3]]
        return vector, dense.weights[unit], vector.astype(np.float64) * dense.weights[unit]


def opened(browser, address, network):
    made = Vectors(browser, address, network)
    yield made
    made.close()


def opened_elsewhere(browser, network, folder):
    write_site(network, folder / "site")
    with served(folder / "site") as address:
        yield from opened(browser, address, network)


@pytest.fixture(scope="module")
def here(browser, address, network):
    yield from opened(browser, address, network)


@pytest.fixture(scope="module")
def there(browser, elsewhere, other):
    yield from opened(browser, elsewhere, other)


@pytest.fixture(scope="module")
def bare(browser, tmp_path_factory):
    yield from opened_elsewhere(browser, make_bare(), tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def hundred(browser, tmp_path_factory):
    yield from opened_elsewhere(browser, make_hundred(), tmp_path_factory.mktemp("hundred"))


def some(count, more=3):
    """The first, the second and the last element, and some more by chance."""
    return [0, 1, count - 1, *(int(one) for one in np.random.default_rng(count).integers(count, size=more))]


def near(index, count, total):
    """So many elements that follow each other, this one as far in their middle as can be."""
    first = min(max(index - count // 2, 0), max(total - count, 0))
    return list(range(first, min(first + count, total)))


def check_pixels(made, selector, expected):
    shown = made.visit.pixels(f"#view-body {selector} canvas")[..., :3]
    assert shown.shape == expected.shape
    assert np.abs(shown - expected).max() <= 1, selector


def check_cell(made, selector, row, column, rows, columns):
    """The mark lies on this cell of a map of so many rows and columns."""
    place = [column / columns, row / rows, (column + 1) / columns, (row + 1) / rows]
    assert inside(made.body.locator(selector), ".window") == pytest.approx(place, abs=2e-3)


def check_sign(sign, of_seen, shown, decimals):
    """= where what is seen gives the result that is seen, else ≈; half-way between two, either will do."""
    if decimals is None:
        same = rounding(float(of_seen), None) == shown
    else:
        off = abs(Decimal(of_seen) - seen(shown)) * 10**decimals
        if abs(off - Decimal("0.5")) < Decimal("1e-9"):
            assert sign in ("=", "≈")
            return
        same = off < Decimal("0.5")
    assert sign == ("=" if same else "≈"), (of_seen, shown)


# Flatten


def check_flatten(made, values, layer, y, decimals=2):
    before = values.before(layer)
    inputs, output = values.layers[before], values.layers[layer]
    maps, rows, columns = inputs.shape
    source, row, column = (int(place) for place in np.unravel_index(y, inputs.shape))
    assert [int(text) for text in made.texts(".part > b")] == [source, rows, row, columns, column, y]
    check_figures(made.figures(".kept .figure"), [inputs[source, row, column], output[y]], decimals)
    around = near(y, 9, output.size)
    check_figures(made.figures(".neighbour .figure"), output[around], decimals)
    assert [int(text) for text in made.texts(".neighbour b")] == around
    assert made.texts(".neighbour[aria-current=true] b") == [str(y)]
    assert made.figure_count() == 2 + len(around)

    assert made.body.locator(".origin[data-chosen] .map").get_attribute("data-source") == str(source)
    assert made.body.locator(".origin").count() == maps
    check_cell(made, ".origin[data-chosen] .map", row, column, rows, columns)
    check_cell(made, ".map.big[data-map=inputs]", row, column, rows, columns)
    lines, line = made.visit.pixels("#view-body .map[data-map=vector] canvas").shape[:2]
    assert lines * line == output.size
    check_cell(made, ".map[data-map=vector]", y // line, y % line, lines, line)


@pytest.mark.parametrize(("picture", "way"), list(zip(PICTURES, WAYS, strict=True)))
def test_flatten_opens(here, picture, way):
    values = here.open_by_hand(picture, "flatten", 0, way)
    here.arrived(0, 0)
    check_flatten(here, values, "flatten", 0)


@pytest.mark.parametrize("choice", CHOICES)
def test_elements_of_the_flattened_vector(here, there, hundred, choice):
    for made, layer, picture in [
        (here, "flatten", "koala"),
        (there, "vector", "pizza"),
        (hundred, "flat", "koala"),
    ]:
        made.go(picture, layer, 0, 0)
        made.choose_decimals(choice)
        try:
            for y in some(made.visit.page.evaluate("Number(document.querySelector('#play-place').max) + 1")):
                values = made.go(picture, layer, 0, y)
                check_flatten(made, values, layer, y, CHOICES[choice])
        finally:
            made.choose_decimals("2")


def test_all_of_the_vector_is_drawn_in_the_order_of_its_elements(here, there):
    for made, layer, line in [(here, "flatten", 169), (there, "vector", 240)]:
        values = made.go("koala", layer, 0, 5)
        vector, maps = values.layers[layer], values.layers[values.before(layer)]
        limit = values.limit(layer)
        check_pixels(made, ".map[data-map=vector]", diverging(vector.reshape(-1, line), limit))
        for source, one in enumerate(maps):
            check_pixels(made, f".origin .map[data-source='{source}']", diverging(one, limit))


def test_pointing_at_a_map_or_at_the_vector_finds_the_element(here):
    values = here.go("koala", "flatten", 0, 0)
    for source, row, column in [(0, 12, 3), (7, 1, 7), (9, 12, 12), (4, 0, 0)]:
        y = (source * 13 + row) * 13 + column
        small = here.map("inputs", source).last
        here.point(small, row, column, 13, 13)
        here.page.mouse.down()  # a small map is pressed, not passed over
        here.page.mouse.up()
        here.arrived(y, 0)
        check_flatten(here, values, "flatten", y)
        here.point(small, row, column, 13, 13)
        here.page.mouse.down()  # the cursor is no longer held there
        here.page.mouse.up()
    here.point(here.map("inputs").first, 5, 6, 13, 13)  # shows unit 4 now
    here.arrived((4 * 13 + 5) * 13 + 6, 0)
    here.point(here.map("vector"), 7, 20, 10, 169)
    here.arrived(7 * 169 + 20, 0)
    check_flatten(here, values, "flatten", 7 * 169 + 20)


def test_keys_move_in_the_map_and_on_into_the_next(here):
    values = here.go("koala", "flatten", 0, 168)
    here.page.locator("#view-title").focus()
    y = 168
    for key, y in [
        ("ArrowRight", 169),
        ("ArrowDown", 182),
        ("Shift+ArrowRight", 192),
        ("Home", 182),
        ("End", 194),
        ("ArrowUp", 181),
        ("Shift+End", 1689),
        ("Shift+Home", 0),
    ]:
        here.page.keyboard.press(key)
        here.arrived(y, 0)
    check_flatten(here, values, "flatten", y)


def test_an_elements_origin_leads_to_its_own_view(here):
    here.go("koala", "flatten", 0, (7 * 13 + 1) * 13 + 7)
    expect(here.body.locator(".origin-name")).to_have_text("unit 7, row 1, column 7")
    here.body.locator(".origin-name").click()
    here.shown("koala", "max_pool_2", 7)
    here.arrived(1, 7)


def test_flatten_is_said_aloud(here):
    values = here.go("koala", "flatten", 0, 1203)
    value = rounding(float(values.layers["flatten"][1203]), 2)
    eventually(
        lambda: (
            here.said()
            == [
                "element 1203 of 1690: unit 7, row 1, column 7",
                "(7 × 13 + 1) × 13 + 7 = 1203",
                f"unit 7, row 1, column 7: {value}",
            ]
        )
    )


# Dense


def check_dense(made, values, unit, y, decimals=2, *, origin=None):
    """Every number, with the cursor on element y; `origin` is the layer that unrolls, if there is one."""
    vector, weights, products = values.products(unit)
    *_, dense, _ = made.network.layers
    shape = values.layers[origin].shape if origin else None
    sums = products.reshape(shape).sum(axis=(1, 2)) if origin else np.array([])
    logit, bias = values.layers[dense.name][unit], dense.bias[unit]
    probability = values.layers[made.network.layers[-1].name][unit]

    shown_sums, chain = made.figures(".tower > .figure"), made.figures(".logit .figure")
    check_figures(shown_sums, sums, decimals)
    check_figures(chain, [products.sum(), bias, logit, probability], decimals)
    terms = shown_sums or chain[:1]
    assert equal(sum(float(value) for value, _ in terms), float(chain[0][0]))
    assert equal(float(chain[0][0]) + float(chain[1][0]), float(chain[2][0]))
    to_total, to_logit = made.texts(".logit .relation")
    check_sign(to_total, sum(seen(text) for _, text in terms), chain[0][1], decimals)
    check_sign(to_logit, seen(chain[0][1]) + seen(chain[1][1]), chain[2][1], decimals)

    term = made.figures(".product .figure")
    check_figures(term, [vector[y], weights[y], products[y]], decimals)
    (sign,) = made.texts(".product .relation")
    check_sign(sign, seen(term[0][1]) * seen(term[1][1]), term[2][1], decimals)
    around = near(y, 7, vector.size)
    assert [int(text) for text in made.texts(".neighbours tbody th")] == around
    assert made.texts(".neighbours tr[aria-current=true] th") == [str(y)]
    listed = np.column_stack([vector[around], weights[around], products[around]]).ravel()
    check_figures(made.figures(".neighbours td .figure"), listed, decimals)

    count = len(shown_sums) + len(chain) + len(term) + 3 * len(around)
    count += check_strongest(made, products, y, decimals)
    assert made.figure_count() == count  # each of them is checked here
    if origin:
        maps, rows, columns = shape
        source, row, column = np.unravel_index(y, shape)
        assert made.body.locator(".tower").count() == maps
        assert made.body.locator(".tower[data-chosen] .map").count() == 3
        for role in ("inputs", "weights", "products"):
            chosen = f".tower[data-chosen] .map[data-map={role}]"
            assert made.body.locator(chosen).get_attribute("data-source") == str(source)
            check_cell(made, chosen, row, column, rows, columns)


def check_strongest(made, products, y, decimals):
    """The lists of the strongest contributions; gives how many numbers they hold."""
    count = 0
    for side, sign in (("for", 1), ("against", -1)):
        order = np.argsort(-sign * products, kind="stable")[:STRONGEST]
        expected = [int(index) for index in order if sign * products[index] > 0]
        entries = made.body.locator(f".strongest .{side} li")
        shown = entries.evaluate_all("(all) => all.map((one) => Number(one.dataset.cursorY))")
        # Products of nearly the same size may be in another order.
        assert len(shown) == len(expected) == len(set(shown))
        assert products[shown] == pytest.approx(products[expected], rel=1e-5)
        check_figures(made.figures(f".strongest .{side} .figure"), products[shown], decimals)
        chosen = made.body.locator(f".strongest .{side} li[data-chosen]")
        assert chosen.count() == (1 if y in shown else 0)
        if y in shown:
            assert chosen.get_attribute("data-cursor-y") == str(y)
        count += len(shown)
    return count


@pytest.mark.parametrize(
    ("picture", "unit", "way"),
    [
        (*one, way)
        for one, way in zip(itertools.product(PICTURES, (0, 5, 9)), itertools.cycle(WAYS), strict=False)
    ],
)
def test_a_class_opens_on_what_speaks_most_for_it(here, picture, unit, way):
    values = here.open_by_hand(picture, "output", unit, way)
    products = values.products(unit)[2]
    start = int(here.body.locator(".strongest .for li").first.get_attribute("data-cursor-y"))
    assert products[start] == pytest.approx(products.max())
    here.arrived(start, 0)
    assert here.page.locator("#view").get_attribute("data-view") == "dense"
    check_dense(here, values, unit, start, origin="max_pool_2")


@pytest.mark.parametrize("choice", CHOICES)
def test_products_of_a_class(here, there, hundred, choice):
    for made, layer, unit, picture, origin in [
        (here, "output", 5, "koala", "max_pool_2"),
        (there, "answer", 6, "pizza", None),
        (hundred, "out", 99, "koala", "input"),
    ]:
        made.go(picture, layer, unit)
        made.choose_decimals(choice)
        try:
            for y in some(made.page.evaluate("Number(document.querySelector('#play-place').max) + 1"), 2):
                values = made.go(picture, layer, unit, y)
                check_dense(made, values, unit, y, CHOICES[choice], origin=origin)
        finally:
            made.choose_decimals("2")


def test_maps_of_values_weights_and_products(here, there):
    values = here.go("koala", "output", 5, 0)
    vector, weights, products = values.products(5)
    limits = {
        "inputs": values.limit("flatten"),
        "weights": np.abs(weights).max(),
        "products": np.abs(products).max(),
    }
    for role, all_of_it in (("inputs", vector), ("weights", weights), ("products", products)):
        for source, one in enumerate(all_of_it.reshape(10, 13, 13)):
            check_pixels(here, f".map[data-map={role}][data-source='{source}']", diverging(one, limits[role]))
    check_pixels(here, ".map[data-map=vector]", diverging(vector.reshape(10, 169), limits["inputs"]))
    named = here.page.locator("#view-legends .named-legend")
    assert [text.split("\n")[0] for text in named.all_inner_texts()] == [
        "max_pool_2, flatten",
        "weights",
        "products",
    ]

    values = there.go("koala", "answer", 3, 7)
    vector, weights, products = values.products(3)
    limit = values.limit("hidden/relu")
    check_pixels(there, ".map[data-map=vector]", diverging(vector[np.newaxis], limit))
    for role, line in (("weights", weights), ("products", products)):
        check_pixels(there, f".map[data-map={role}]", diverging(line[np.newaxis], np.abs(line).max()))
        check_cell(there, f".map[data-map={role}]", 0, 7, 1, 20)


def test_the_cursor_stays_at_the_start_though_the_view_opens_under_the_pointer(here):
    values = here.open_by_hand("koala", "output", 9, "click")
    here.visit.expect_quiet_for(0.5)
    start = int(here.body.locator(".strongest .for li").first.get_attribute("data-cursor-y"))
    check_dense(here, values, 9, start, origin="max_pool_2")


def test_pointing_at_any_map_of_a_class_finds_the_element(here):
    values = here.go("koala", "output", 5, 0)
    for role, source, row, column in [("inputs", 3, 12, 0), ("weights", 0, 0, 12), ("products", 9, 6, 6)]:
        here.point(here.map(role, source), row, column, 13, 13)
        y = (source * 13 + row) * 13 + column
        here.arrived(y, 0)
        check_dense(here, values, 5, y, origin="max_pool_2")
    here.point(here.map("vector"), 4, 100, 10, 169)
    here.arrived(4 * 169 + 100, 0)


@pytest.mark.parametrize("way", ["pointer", "focus"])
def test_the_strongest_contributions_lead_to_their_elements_and_pixels(here, way):
    values = here.go("koala", "output", 5, 0)
    entry = here.body.locator(".strongest .against li").nth(2)
    y = int(entry.get_attribute("data-cursor-y"))
    if way == "pointer":
        entry.locator("button").first.hover()
    else:
        entry.locator("button").first.focus()
    here.arrived(y, 0)
    check_dense(here, values, 5, y, origin="max_pool_2")
    source, row, column = (int(place) for place in np.unravel_index(y, (10, 13, 13)))
    assert entry.locator("button").first.inner_text() == f"unit {source} ({row},\xa0{column})"
    entry.locator(".to").click()
    here.shown("koala", "max_pool_2", source)
    here.arrived(row, column)


def test_an_element_that_comes_from_no_map_leads_into_its_vector(there):
    there.go("koala", "answer", 3, 7)
    expect(there.body.locator(".origin-name")).to_have_text("element 7")
    there.body.locator(".origin-name").click()
    there.shown("koala", "hidden/relu", 0)
    there.arrived(7, 0)


def test_a_logit_leads_on_to_its_probability_and_back(here):
    here.go("koala", "output", 5)
    here.body.locator(".onward").click()
    here.shown("koala", "output", 5, view="softmax")
    here.arrived(5, 0)
    here.body.locator("tbody tr").nth(3).locator(".to").click()
    here.shown("koala", "output", 3, view="dense")


def test_a_logit_is_said_aloud(here):
    values = here.go("koala", "output", 5, 735)
    vector, weights, products = values.products(5)
    value, weight, product = (rounding(float(one[735]), 2) for one in (vector, weights, products))
    eventually(lambda: here.said()[:1] == ["element 735 of 1690: unit 4, row 4, column 7"])
    (sign,) = here.texts(".product .relation")
    assert here.said()[1] == f"{value} × {weight} {sign} {product}"
    total, bias, logit, _ = (text for _, text in here.figures(".logit .figure"))
    assert here.said()[2] == f"{total} + {bias} (bias) {here.texts('.logit .relation')[1]} {logit}"


# Softmax


def check_softmax(made, values, y, decimals=2):
    """Every number of the table and of the division, with the cursor on class y."""
    logits_of, last = values.names[-2:]
    rows = made.figures("tbody .figure")
    count = values.layers[last].size
    assert len(rows) == 3 * count
    check_figures(rows[::3], values.layers[logits_of], decimals)
    # All else follows exactly from the logits as the engine has them.
    logits = np.array([float(value) for value, _ in rows[::3]])
    subtracted = 0.0 if -87 < logits.max() < 88 else logits.max()
    exponentials, shifted = np.exp(logits - subtracted), np.exp(logits - logits.max())
    probabilities = shifted / shifted.sum()
    if not subtracted:
        assert probabilities == pytest.approx(values.layers[last], abs=1e-5)
    check_figures(rows[1::3], exponentials, decimals)
    check_figures(rows[2::3], probabilities, decimals)
    powers, sums = made.figures(".power .figure"), made.figures("tfoot .figure")
    check_figures(powers, logits - subtracted, decimals)
    check_figures(sums, [exponentials.sum(), 1], decimals)
    assert equal(sum(float(value) for value, _ in rows[1::3]), float(sums[0][0]))
    assert equal(sum(float(value) for value, _ in rows[2::3]), 1)

    signs = made.texts("tbody .relation")
    for unit, (_, power) in enumerate(powers):
        exponential, probability = rows[3 * unit + 1][1], rows[3 * unit + 2][1]
        check_sign(signs[2 * unit], math.exp(seen(power)), exponential, decimals)
        check_quotient(signs[2 * unit + 1], exponential, sums[0][1], probability, decimals)
    to_total, to_one = made.texts("tfoot .relation")
    check_sign(to_total, sum(seen(text) for _, text in rows[1::3]), sums[0][1], decimals)
    check_sign(to_one, sum(seen(text) for _, text in rows[2::3]), sums[1][1], decimals)

    exponential, total, probability = made.figures(".quotient > * > .figure, .quotient > .figure")
    check_figures(
        [*made.figures("[data-part=exponent]"), exponential, total, probability],
        [logits[y] - subtracted, exponentials[y], exponentials.sum(), probabilities[y]],
        decimals,
    )
    to_numbers, to_share = made.texts(".quotient > .relation")
    check_quotient(to_share, exponential[1], total[1], probability[1], decimals)
    if to_numbers == "=":
        assert signs[2 * y] == "="
        check_sign("=", sum(Decimal(math.exp(seen(text))) for _, text in powers), total[1], decimals)
    parts = made.figures(".shifted .figure")
    sizes = [logits[y], logits.max(), shifted.sum(), shifted[y], shifted.sum(), probabilities[y]]
    check_figures(parts, sizes, decimals)
    to_shifted, to_share = made.texts(".shifted .relation")
    check_sign(to_shifted, math.exp(seen(parts[0][1]) - seen(parts[1][1])), parts[3][1], decimals)
    check_quotient(to_share, parts[3][1], parts[4][1], parts[5][1], decimals)
    assert made.figure_count() == len(rows) + len(powers) + 2 + 4 + len(parts)  # each of them is checked here

    for alike in ("tbody tr", ".power", ".stack i"):
        chosen = made.body.locator(f"{alike}[data-chosen]")
        assert [one.get_attribute("data-cursor-y") for one in chosen.all()] == [str(y)]
    assert made.texts(".division h3") == made.texts("tbody tr[data-chosen] th") == [made.network.classes[y]]


def check_quotient(sign, part, whole, quotient, decimals):
    if seen(whole):
        check_sign(sign, float(seen(part)) / float(seen(whole)), quotient, decimals)
    else:
        assert sign == "≈"


@pytest.mark.parametrize(("picture", "unit"), list(itertools.product(PICTURES, (0, 5, 9))))
def test_the_probability_of_a_class(here, picture, unit):
    values = here.go(picture, "output", unit, view="softmax")
    here.arrived(unit, 0)  # the class that was opened
    check_softmax(here, values, unit)
    expect(here.page.locator("#view-title")).to_have_text(
        f"output, {here.network.classes[unit]}: the probability"
    )


@pytest.mark.parametrize("choice", CHOICES)
def test_probabilities_of_other_classes(here, there, bare, hundred, choice):
    for made, layer, picture, view in [
        (here, "output", "koala", "softmax"),
        (there, "answer", "pizza", "softmax"),
        (bare, "out", "koala", None),
        (hundred, "out", "koala", "softmax"),
    ]:
        made.go(picture, layer, 2, view=view)
        made.choose_decimals(choice)
        try:
            for y in (0, 4, len(made.network.classes) - 1):
                check_softmax(made, made.go(picture, layer, 2, y, view=view), y, CHOICES[choice])
        finally:
            made.choose_decimals("2")


@pytest.mark.parametrize("way", WAYS)
def test_a_class_without_a_dense_layer_opens_on_its_probability(bare, way):
    values = bare.open_by_hand("koala", "out", 3, way)
    assert bare.page.locator("#view").get_attribute("data-view") == "softmax"
    bare.arrived(3, 0)
    check_softmax(bare, values, 3)
    assert bare.body.locator("button.to").count() == 0


def test_rows_terms_and_shares_bring_out_their_class(here):
    values = here.go("koala", "output", 5, view="softmax")
    for alike, y in (("tbody tr", 2), (".power", 7), (".stack i", 1)):
        here.body.locator(alike).nth(y).hover()
        here.arrived(y, 0)
        check_softmax(here, values, y)
    here.page.mouse.move(2, 2)
    here.body.locator("tbody tr").nth(8).locator(".to").focus()
    here.arrived(8, 0)
    for key, y in [("ArrowUp", 7), ("ArrowDown", 8), ("Shift+Home", 0), ("Shift+End", 9)]:
        here.page.keyboard.press(key)
        here.arrived(y, 0)
    check_softmax(here, values, 9)


def test_bars_are_as_long_as_what_they_stand_for(here):
    values = here.go("koala", "output", 5, view="softmax")
    logits, probabilities = values.layers["output/logits"], values.layers["output"]
    low, high = min(logits.min(), 0), max(logits.max(), 0)
    for unit in range(10):
        row = here.body.locator("tbody tr").nth(unit)
        left, _, right, _ = inside(row.locator(".bar").first, "i")
        ends = sorted([(logits[unit] - low) / (high - low), -low / (high - low)])
        assert [left, right] == pytest.approx(ends, abs=0.01)
        _, _, right, _ = inside(row.locator(".bar").last, "i")
        assert right == pytest.approx(probabilities[unit], abs=0.01)
    wide = here.body.locator(".stack i").evaluate_all("(all) => all.map((one) => one.offsetWidth)")
    assert np.array(wide) / sum(wide) == pytest.approx(probabilities, abs=0.03)


def test_why_the_largest_logit_may_be_subtracted(here, hundred):
    values = here.go("koala", "output", 5, view="softmax")
    largest = here.network.classes[int(values.layers["output/logits"].argmax())]
    assert f"Subtracting the largest logit, that of {largest}," in here.body.inner_text()
    assert "exp(z)" in here.body.inner_text()
    values = hundred.go("koala", "out", 5, view="softmax")
    assert values.layers["logits"].max() > 89
    largest = f"class {values.layers['logits'].argmax()}"
    assert f"The largest logit, that of {largest}, is subtracted" in hundred.body.inner_text()
    assert "exp(z − largest)" in hundred.body.inner_text()


def test_a_hundred_classes_scroll_in_their_list(hundred):
    hundred.go("koala", "out", 0, view="softmax")
    title = hundred.page.locator("#view-title")
    title.focus()
    hundred.page.keyboard.press("Shift+End")
    hundred.arrived(99, 0)
    row = hundred.body.locator("tbody tr").last
    outer, inner = hundred.body.locator(".list").bounding_box(), row.bounding_box()
    foot = hundred.body.locator("tfoot").bounding_box()
    assert outer["y"] < inner["y"]
    assert inner["y"] + inner["height"] <= foot["y"] + 1
    expect(title).to_be_in_viewport()


def test_a_probability_is_said_aloud(here):
    here.go("koala", "output", 5, 5, view="softmax")
    rows = [text for _, text in here.figures("tbody tr[data-chosen] .figure")]
    to_exponential, to_share = here.texts("tbody tr[data-chosen] .relation")
    total = here.figures("tfoot .figure")[0][1]
    said = [
        "koala",
        f"exp({rows[0]}) {to_exponential} {rows[1]}",
        f"{rows[1]} / {total} {to_share} {rows[2]}",
    ]
    eventually(lambda: here.said() == said)


# How it is drawn


OPENED = [("flatten", 0, None), ("output", 5, None), ("output", 5, "softmax")]
OPENED_THERE = [("vector", 0, None), ("answer", 6, None), ("answer", 6, "softmax")]


@pytest.mark.parametrize("choice", ["2", "4"])
@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000)])
def test_all_is_large_enough_and_nothing_scrolls(here, there, size, choice):
    for made, (layer, unit, view) in [
        *((here, one) for one in OPENED),
        *((there, one) for one in OPENED_THERE),
    ]:
        made.page.set_viewport_size({"width": size[0], "height": size[1]})
        made.go("koala", layer, unit, view=view)
        made.choose_decimals(choice)
        section = made.page.locator("#view")
        try:
            assert section.evaluate(FIND_SMALL_TEXT) == []
            assert section.evaluate(FIND_CUT_OFF) == [], (layer, view)
            height, room = section.evaluate("(view) => [view.scrollHeight, view.clientHeight]")
            assert height <= room, (layer, view)
            wide, across = made.body.evaluate("(body) => [body.scrollWidth, body.clientWidth]")
            assert wide <= across, (layer, view)
            for one in made.body.locator(".map").all():
                box = one.bounding_box()
                largest = one.get_attribute("data-map") == "inputs" and layer in ("flatten", "vector")
                large = largest and "big" in one.get_attribute("class")
                assert max(box["width"], box["height"]) >= (260 if large else 62), (layer, view)
        finally:
            made.choose_decimals("2")
            made.page.set_viewport_size({"width": 1280, "height": 720})


def test_on_a_phone_nothing_is_cut_off(browser, address, network, elsewhere, other):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    for place, shown_there, views in [(address, network, OPENED), (elsewhere, other, OPENED_THERE)]:
        made = Vectors(browser, place, shown_there, **phone)
        for layer, unit, view in views:
            made.go("koala", layer, unit, view=view)
            assert made.page.evaluate("document.documentElement.scrollWidth") <= 390
            cut = made.page.locator("#view").evaluate(FIND_CUT_OFF)
            assert [one for one in cut if not one.startswith(("towers", "list"))] == []  # they scroll
            boxes = made.body.locator(":scope > * > *").evaluate_all(
                "(all) => all.map((one) => one.getBoundingClientRect().right)"
            )
            assert max(boxes) <= 390, (layer, view)
        made.close()


def test_on_a_phone_the_cursors_tower_is_in_sight(browser, address, network):
    made = Vectors(
        browser, address, network, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    for y in (1689, 0, 1000):
        made.go("koala", "output", 5, y)
        row, tower = (made.body.locator(one).bounding_box() for one in (".towers", ".tower[data-chosen]"))
        assert row["x"] <= tower["x"] + 1
        assert tower["x"] + tower["width"] <= row["x"] + row["width"] + 1
    entry = made.body.locator(".strongest .for li").nth(3)
    entry.locator("button").first.tap()
    made.arrived(int(entry.get_attribute("data-cursor-y")), 0)
    made.close()
