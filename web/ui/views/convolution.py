"""A unit of a convolution: every input map with its kernel, what each pair makes, and the sum of it all."""

from ui.cursor import Grid
from ui.dom import keep_in_sight
from ui.figures import TIMES, rounded, shape
from ui.views.view import View
from ui.words import escape

SHORT = 2  # decimals of the kernels beside the maps, which are small; the formula has the chosen ones in full


class ConvolutionView(View):
    """`channel` is the input map whose products are spelled out."""

    article = "convolution"
    plays = True

    def __init__(self, scene):
        super().__init__(scene)
        facts, shapes = scene.facts, scene.shapes
        self.before = facts["before"]
        self.channels = shapes["inputs"][0]
        self.window = self.layer_window()
        self.grid = Grid(shapes["output"][0], shapes["output"][1])
        self.count = facts["size"][0] * facts["size"][1]
        self.padded = any(facts["padding"])
        self.dilated = max(facts["dilation"]) > 1
        self.strongest = self.channel = self._strongest()
        for channel in range(self.channels):
            name = scene.name(self.before, channel)
            label = self.words("map.label", layer=self.before, unit=name)
            self.add_map("inputs", channel, "inputs", self.before, channel, label)
            label = self.words("map.intermediate.label", unit=name)
            limit = facts["limits"]["intermediate"]
            self.add_coloured("intermediate", channel, "intermediate", shapes["output"], limit, label)
        name = scene.name(scene.layer, scene.unit)
        label = self.words("map.label", layer=scene.layer, unit=name)
        self.add_map("output", 0, "output", scene.layer, scene.unit, label)

    def _strongest(self):
        """The input map with the largest weights in its kernel: the one to look at first."""
        kernel = self.scene.arrays["kernel"]

        def weight(channel):
            first = channel * self.count
            return sum(abs(kernel[cell]) for cell in range(first, first + self.count))

        return max(range(self.channels), key=weight)

    def sentence(self):
        shapes, size = self.scene.shapes, shape(self.window.size)
        kernel = self.words("view.kernel", size=size)
        if self.dilated:
            kernel = self.words("view.kernel.dilated", size=size, extent=shape(self.window.extent))
        return self.words(
            "view.convolution",
            kernel=kernel,
            input=shape(shapes["inputs"][1:]),
            layer=self.before,
            channels=self.channels,
            output=shape(shapes["output"]),
        )

    def legends(self):
        limits = self.scene.facts["limits"]
        return super().legends() + [
            (self.words("map.intermediate"), self.own_scale(limits["intermediate"])),
            (self.words("map.kernels"), self.own_scale(limits["kernel"])),
        ]

    # Drawing

    def html(self):
        sizes, words = self.scene.shapes, self.words
        name = self.panels[("output", 0)].label
        terms = "".join(self._term(cell) for cell in range(self.count))
        return (
            f'<div class="pairs">{"".join(self._pair(channel) for channel in range(self.channels))}</div>'
            '<div class="stages">'
            + self.map_figure(self.panels[("inputs", 0)], "", shape(sizes["inputs"][1:]))
            + self.map_figure(
                self.panels[("intermediate", 0)], words("map.intermediate"), shape(sizes["output"])
            )
            + self.map_figure(self.panels[("output", 0)], name, shape(sizes["output"]))
            + f'<div class="formula"><h3 class="chosen"></h3><div class="terms">{terms}</div>'
            f'<p class="sum">{escape(words("formula.sum"))} <span class="relation"></span>'
            ' <span class="figure"></span></p>'
            f"<h3>{escape(words('formula.maps', count=self.channels))}</h3>"
            f'<p class="addends">{self._addends()}</p></div></div>'
        )

    def _pair(self, channel):
        name = escape(self.panels[("inputs", channel)].label)
        return (
            f'<div class="pair" data-source="{channel}">'
            f'<button type="button" class="pick" aria-pressed="false">{name}</button>'
            + self.panels[("inputs", channel)].html("small")
            + f'<div class="kernel" role="img" aria-label="{escape(self._kernel_label(channel))}">'
            + "".join(self._weight(channel, cell) for cell in range(self.count))
            + "</div>"
            + self.panels[("intermediate", channel)].html("small")
            + "</div>"
        )

    def _weight(self, channel, cell):
        value = self.scene.arrays["kernel"][channel * self.count + cell]
        return f'<span data-value="{value}">{rounded(value, SHORT)}</span>'

    def _kernel_label(self, channel):
        weights = [self.scene.arrays["kernel"][channel * self.count + cell] for cell in range(self.count)]
        values = self.words.listed([rounded(weight, SHORT) for weight in weights], "list.numbers")
        return self.words("map.kernel.label", unit=self.scene.name(self.before, channel), values=values)

    def _term(self, cell):
        return (
            f'<span class="term" data-cell="{cell}"><span class="figure value"></span>'
            f'<span class="times">{TIMES}</span><span class="figure weight"></span>'
            '<span class="equals"><span class="relation"></span> <span class="figure"></span></span></span>'
        )

    def _addends(self):
        terms = "".join(
            f'<span class="addend" data-channel="{channel}"><span class="figure"></span></span> + '
            for channel in range(self.channels)
        )
        bias = self.figure(self.scene.facts["bias"])
        return (
            f'{terms}<span class="addend bias">{escape(self.words("formula.bias"))} {bias}</span>'
            ' <span class="relation"></span> <span class="figure result"></span>'
        )

    def fill(self, body):
        self._body = body
        if self.dilated:  # the window's frame alone does not tell which cells it reads
            big = body.querySelector('.stages .map[data-map="inputs"] .window')
            big.dataset.apart = "true"
            big.innerHTML = "<b></b>" * self.count
        limit, ramp = self.scene.facts["limits"]["kernel"], self.scene.ramps["diverging"]
        for channel, kernel in enumerate(body.querySelectorAll(".kernel")):
            for cell, weight in enumerate(kernel.children):
                value = self.scene.arrays["kernel"][channel * self.count + cell]
                weight.style.cssText = ramp.style(value, limit)
        self._terms = [
            [term.querySelector(part) for part in (".value", ".weight", ".relation", ".equals .figure")]
            for term in body.querySelectorAll(".term")
        ]
        self._weights = []  # of the chosen kernel, as they are and as they are seen
        self._sum = list(body.querySelector(".sum").children)
        self._addends_shown = list(body.querySelectorAll(".addend:not(.bias) > .figure"))
        self._result = list(body.querySelectorAll(".addends > .relation, .addends > .result"))
        self._choose(self.channel)

    def _choose(self, channel):
        """Spell out the products of this input map."""
        self.channel = channel
        body, before = self._body, self.before
        for pair in body.querySelectorAll(".pair"):
            chosen = int(pair.dataset.source) == channel
            pair.setAttribute("data-chosen", "true" if chosen else "false")
            pair.querySelector(".pick").setAttribute("aria-pressed", "true" if chosen else "false")
            if chosen:
                keep_in_sight(body.firstChild, pair)
        for big in body.querySelectorAll(".stages .map"):
            if big.dataset.map != "output":
                self.show_in(big, self.panels[(big.dataset.map, channel)])
        name = self.words("map.label", layer=before, unit=self.scene.name(before, channel))
        body.querySelector(".stages .name").textContent = name
        chosen = self.words("formula.window", unit=name)
        body.querySelector(".chosen").textContent = chosen
        limit, ramp = self.scene.facts["limits"]["kernel"], self.scene.ramps["diverging"]
        self._weights = []
        for cell, (_, weight, _, _) in enumerate(self._terms):
            value = self.scene.arrays["kernel"][channel * self.count + cell]
            self._weights.append((value, self.write(weight, value)))
            weight.style.cssText = ramp.style(value, limit)
        for addend in body.querySelectorAll(".addend[data-channel]"):
            addend.setAttribute("data-chosen", "true" if int(addend.dataset.channel) == channel else "false")

    # The cursor

    def products(self, y, x):
        """(value, weight, weight as it is seen) of each cell of the window; a value of None is padding."""
        panel = self.panels[("inputs", self.channel)]
        return [
            (None if place is None else panel.value(*place), weight, seen)
            for place, (weight, seen) in zip(self.window.cells(y, x), self._weights)
        ]

    def move(self, y, x):
        panel = self.panels[("inputs", self.channel)]
        shown = 0
        for (factor, _, sign, result), (value, weight, seen) in zip(self._terms, self.products(y, x)):
            if value is None:
                value = 0
                factor.style.cssText = ""
                factor.setAttribute("data-padding", "true")
            else:
                factor.style.cssText = panel.ramp.style(value, panel.limit)
                if self.padded:
                    factor.removeAttribute("data-padding")
            product = value * weight
            sign.textContent = self.relation(self.write(factor, value) * seen, product)
            shown += self.write(result, product)
        total = self.panels[("intermediate", self.channel)].value(y, x)
        self._sum[0].textContent = self.relation(shown, total)
        self.write(self._sum[1], total)

        shown = self.seen(self.scene.facts["bias"])
        for channel, addend in enumerate(self._addends_shown):
            value = self.panels[("intermediate", channel)].value(y, x)
            seen = self.write(addend, value)
            addend.setAttribute("data-negative", "true" if seen < 0 else "false")
            shown += seen
        result = self.panels[("output", 0)].value(y, x)
        self._result[0].textContent = self.relation(shown, result)
        self.write(self._result[1], result)

    def numbers(self, y, x):
        decimals = self.scene.decimals
        products = []
        added = 0
        for value, weight, _ in self.products(y, x):
            product = (value or 0) * weight
            added += self.seen(product)
            factors = f"{rounded(value or 0, decimals)} {TIMES} {rounded(weight, decimals)}"
            sign = self.relation(self.seen(value or 0) * self.seen(weight), product)
            products.append(f"{factors} {sign} {rounded(product, decimals)}")
        total = self.panels[("intermediate", self.channel)].value(y, x)
        name = self.panels[("inputs", self.channel)].label
        maps = [self.panels[("intermediate", channel)].value(y, x) for channel in range(self.channels)]
        bias, result = self.scene.facts["bias"], self.panels[("output", 0)].value(y, x)
        whole = self.relation(sum(self.seen(one) for one in maps) + self.seen(bias), result)
        addends = " + ".join(rounded(one, decimals) for one in maps)
        return [
            self.words("numbers.of", name=name, numbers=self.words.listed(products, "list.terms")),
            f"{self.words('formula.sum')} {self.relation(added, total)} {rounded(total, decimals)}",
            f"{addends} + {self.words('formula.bias')} {rounded(bias, decimals)}"
            f" {whole} {rounded(result, decimals)}",
        ]

    def clicked(self, element):
        """A pair is chosen by its button or by either of its maps."""
        pair = element.closest(".pair, .addend[data-channel]")
        if pair is None:
            return False
        channel = int(pair.dataset.source if hasattr(pair.dataset, "source") else pair.dataset.channel)
        self._choose(channel)
        return True

    def parts(self):
        return [] if self.channel == self.strongest else [("channel", str(self.channel))]

    def take_parts(self, parts):
        if parts.get("channel") in [str(channel) for channel in range(self.channels)]:
            self.channel = int(parts["channel"])
