"""A class's logit: every value of a vector times a weight of the class, all added up, and a bias."""

from ui.dom import keep_in_sight
from ui.figures import TIMES, rounded
from ui.views.vector import VectorView
from ui.words import escape

NEAR = 7  # elements listed around that of the cursor


class DenseView(VectorView):
    """The vector's values, the class's weights and their products, laid out like the maps that unroll.

    A tower is one map with the weights and products that belong to it; there is one tower where no maps
    unroll. The first row of the towers has the values' panels, `self.values`.
    """

    article = "dense"

    def __init__(self, scene):
        facts = scene.facts
        maps = facts["maps"]
        super().__init__(scene, facts["before"], maps and (maps["layer"], maps["shape"]))
        self.name = scene.name(scene.layer, scene.unit)
        # Before a sigmoid the two classes share one logit: what speaks against one class is for the other.
        self.two = scene.column.kind == "sigmoid"
        self.first, self.second = [scene.name(scene.layer, unit) for unit in (0, 1)]
        strongest = facts["strongest"]["for"] + facts["strongest"]["against"]
        self.start = (strongest[0] if strongest else 0, 0)
        self.add_vector("inputs")
        role, self.towers = ("inputs", self.grid.maps) if self.has_maps else ("vector", 1)
        self.values = [self.panels[(role, tower)] for tower in range(self.towers)]
        for tower, panel in enumerate(self.values):
            size = panel.rows, panel.columns
            for role in ("weights", "products"):
                limit = facts["limits"][role]
                label = self.words("dense.label", role=self.words("dense.role." + role), maps=panel.label)
                self.add_coloured(role, tower, role, size, limit, label)

    def title(self):
        return self.words("view.dense.title", layer=self.scene.layer, name=self.name)

    def sentence(self):
        if self.two:
            return self.words(
                "view.dense.two",
                count=self.grid.count,
                layer=self.vector,
                first=self.first,
                second=self.second,
            )
        return self.words("view.dense", count=self.grid.count, layer=self.vector, name=self.name)

    def legends(self):
        limits = self.scene.facts["limits"]
        return super().legends() + [
            (self.words("dense.role." + role), self.own_scale(limits[role]))
            for role in ("weights", "products")
        ]

    def geometry(self):
        sums, decimals = self.scene.arrays["sums"], self.scene.decimals
        longest = max(len(rounded(sums[tower], decimals)) for tower in range(self.towers))
        return super().geometry() + [("longest-sum", longest)]

    # Drawing

    def html(self):
        words, form = self.words, "maps" if self.has_maps else "lines"
        strip = ""
        if self.has_maps:
            name = words("dense.vector", layer=self.vector, line=self.grid.line)
            strip = self.map_figure(self.panels[("vector", 0)], name, str(self.grid.count))
        return (
            f'<div class="dense" data-form="{form}"><div class="all"><div class="weighing">{self._heads()}'
            f'<div class="towers">{"".join(self._tower(tower) for tower in range(self.towers))}</div></div>'
            f'{self._logit()}{strip}</div><div class="one">{self._element()}<div class="strongest">'
            + self._list("for", words("dense.for", name=self.second if self.two else self.name))
            + self._list("against", self._against())
            + "</div></div></div>"
        )

    def _against(self):
        if self.two:
            return self.words("dense.for", name=self.first)
        return self.words("dense.against", name=self.name)

    def _heads(self):
        words = self.words
        heads = ["", words("dense.value"), words("dense.weight"), words("dense.product")]
        heads += [words("dense.sums")] if self.has_maps else []
        return '<div class="heads">' + "".join(f"<span>{escape(head)}</span>" for head in heads) + "</div>"

    def _tower(self, tower):
        name = escape(self.scene.name(self.origin, tower))
        panels = [self.values[tower], self.panels[("weights", tower)], self.panels[("products", tower)]]
        maps = "".join(panel.html("big", tab_stop=False) for panel in panels)
        total = self.figure(self.scene.arrays["sums"][tower]) if self.has_maps else ""
        return f'<div class="tower"><span class="name">{name}</span>{maps}{total}</div>'

    def _logit(self):
        """From the sums over the bias to the logit, and on to the probability."""
        facts, scene, words = self.scene.facts, self.scene, self.words
        total, bias, logit = facts["total"], facts["bias"], facts["logit"]
        sums = [scene.arrays["sums"][tower] for tower in range(self.towers)] if self.has_maps else [total]
        shown = sum(self.seen(part) for part in sums)
        return (
            f'<p class="logit">{escape(words("dense.total"))} <span class="relation">'
            f"{self.relation(shown, total)}</span> {self.figure(total)}"
            f' + {escape(words("formula.bias"))} {self.figure(bias)} <span class="relation">'
            f"{self.relation(self.seen(total) + self.seen(bias), logit)}</span>"
            f" {escape(words('dense.logit'))} {self.figure(logit, ' result')}"
            f' <button type="button" class="to onward" data-to-layer="{escape(scene.layer)}"'
            f' data-to-unit="{scene.unit}" data-to-view="{scene.column.second_view}">'
            f"{escape(words('dense.' + scene.column.second_view))}"
            f" {self.figure(scene.shown['probabilities'][scene.unit])}</button></p>"
        )

    def _element(self):
        """The product at the cursor, and its neighbours."""
        words = self.words
        heads = [words("dense.index"), words("dense.value"), words("dense.weight"), words("dense.product")]
        row = "<tr><th></th>" + '<td><span class="figure"></span></td>' * 3 + "</tr>"
        return (
            '<h3><span class="where"></span> <button type="button" class="to origin-name"></button></h3>'
            f'<p class="product"><span class="figure"></span> {TIMES} <span class="figure"></span>'
            ' <span class="relation"></span> <span class="figure"></span></p>'
            '<table class="neighbours"><thead><tr>'
            + "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
            + f"</tr></thead><tbody>{row * min(NEAR, self.grid.count)}</tbody></table>"
        )

    def _list(self, side, title):
        """The strongest contributions to one side; pointing at one brings the cursor there."""
        entries = "".join(
            f'<li data-cursor-y="{index}"><button type="button">{escape(self._short_origin(index))}</button>'
            f" {self.figure(self.scene.arrays['products'][index])} {self.way(index)}</li>"
            for index in self.scene.facts["strongest"][side]
        )
        none = "" if entries else f"<p>{escape(self.words('dense.none'))}</p>"
        return f'<div class="{side}"><h3>{escape(title)}</h3><ol>{entries}</ol>{none}</div>'

    def _short_origin(self, index):
        if not self.has_maps:
            return self.origin_name(index)
        source, row, column = self.grid.origin(index)
        return self.words("dense.origin", unit=self.scene.name(self.origin, source), row=row, column=column)

    def fill(self, body):
        self._body = body
        self._row, self._towers = body.querySelector(".towers"), list(body.querySelectorAll(".tower"))
        self._where, self._origin = body.querySelector(".where"), body.querySelector(".origin-name")
        self._product = list(body.querySelectorAll(".product .figure"))
        self._relation = body.querySelector(".product .relation")
        self._neighbours = [
            (row, row.firstChild, list(row.querySelectorAll(".figure")))
            for row in body.querySelectorAll(".neighbours tbody tr")
        ]
        self._entries = {
            int(entry.dataset.cursorY): entry for entry in body.querySelectorAll(".strongest li")
        }
        self._chosen = None
        self._marked = []  # the tower and the list's entry of the cursor's element
        limit, ramp = self.scene.facts["limits"]["products"], self.scene.ramps["diverging"]
        for index, entry in self._entries.items():
            figure = entry.querySelector(".figure")
            figure.style.cssText = ramp.style(self.scene.arrays["products"][index], limit)

    # The cursor

    def terms(self, index):
        """Value, weight and product of an element, each with the panel that colours it."""
        tower = self.origin_unit(index)
        panels = [self.values[tower], self.panels[("weights", tower)], self.panels[("products", tower)]]
        return [(panel.values[index], panel) for panel in panels]

    def move(self, y, _x):
        self.mark(self._body, y)
        self._choose((self.origin_unit(y), y if y in self._entries else None))
        self._where.textContent = self.words("dense.element", index=y) if self.has_maps else ""
        self.turn_way(self._origin, y)
        value, weight, product = self._write_terms(self._product, y)
        self._relation.textContent = self.relation(self.seen(value) * self.seen(weight), product)
        for at, (row, index, cells) in zip(self.grid.near(y, NEAR), self._neighbours):
            row.setAttribute("aria-current", "true" if at == y else "false")
            index.textContent = str(at)
            self._write_terms(cells, at)

    def _write_terms(self, elements, index):
        """Write an element's value, weight and product; gives the three."""
        panels = (
            self.values[self.origin_unit(index)],
            self.panels[("weights", 0)],
            self.panels[("products", 0)],
        )
        return [self.write_cell(element, panel, index) for element, panel in zip(elements, panels)]

    def _choose(self, chosen):
        """Mark the tower and, where there is one, the list's entry that belong to the cursor's element."""
        if chosen == self._chosen:
            return
        self._chosen = chosen
        for element in self._marked:
            element.removeAttribute("data-chosen")
        tower, entry = chosen
        self._marked = [self._towers[tower]] + ([] if entry is None else [self._entries[entry]])
        for element in self._marked:
            element.setAttribute("data-chosen", "true")
        keep_in_sight(self._row, self._towers[tower])

    def numbers(self, y, _x):
        facts, decimals, arrays = self.scene.facts, self.scene.decimals, self.scene.arrays
        value, weight, product = [arrays[name][y] for name in ("inputs", "weights", "products")]
        sign = self.relation(self.seen(value) * self.seen(weight), product)
        total, bias, logit = facts["total"], facts["bias"], facts["logit"]
        whole = self.relation(self.seen(total) + self.seen(bias), logit)
        value, weight, product, total, bias, logit = [
            rounded(number, decimals) for number in (value, weight, product, total, bias, logit)
        ]
        return [
            f"{value} {TIMES} {weight} {sign} {product}",
            f"{total} + {bias} ({self.words('formula.bias')}) {whole} {logit}",
        ]
