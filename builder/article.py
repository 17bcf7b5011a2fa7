"""The article: its structure, filled with the words of one language, numbers, figures and source code."""

import ast
import inspect
import json
import math
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from string import Formatter
from typing import Any
from urllib.parse import quote as escaped_for_address

from markdown_it import MarkdownIt
from ui.quotes import written

import pycnn.layers
import pycnn.network
from builder.catalogues import places_of
from builder.errors import BuildError
from builder.facts import Facts, Quote
from builder.words import PLACEHOLDER, escape, in_html

CONDITION = re.compile(r"\{\{\?(\w*)\}\}")
SOURCE = "!source "
# Stands, with the place's name and another X, for a place while Markdown is turned into HTML.
STAND_IN = "XPLACEX"
LINK = re.compile(r'<a href="([^"]*)">')
MARKDOWN = MarkdownIt("zero").enable(["emphasis", "link", "backticks", "escape"])

Ask = Callable[[Quote], Any]


class Article:
    """Fills article.html: {{key}} with a text as it is, {{*key}} with one that has Markdown and places,
    {{!name}} with a figure, {{!source Class.method}} with lines of pycnn.

    A line of it that names a fact or a figure which this network lacks is left out. So are all lines from one
    that holds nothing but {{?name}}, up to the next such line or {{?}}, where there is no fact of that name.
    `ask` answers a quote for the picture that is shown first; `files` is the folder of the site's files.
    """

    def __init__(
        self, words: Mapping[str, str], facts: Facts, classes: list[str], ask: Ask, files: str
    ) -> None:
        self._words = words
        self._facts = facts
        self._classes = classes
        self._ask = ask
        self._files = files

    def fill(self, template: str, figures: Mapping[str, str]) -> str:
        """The article's HTML. Raises BuildError, naming them all, for words that the catalogue lacks."""
        keys = {key.removeprefix("*") for key in PLACEHOLDER.findall(template) if key[0] not in "!?"}
        missing = sorted(keys - set(self._words))
        if missing:
            raise BuildError(f"web/article.html asks for words that the build lacks: {', '.join(missing)}.")
        lines = (self._line(line, figures) for line in self._asked_for(template))
        return "\n".join(line for line in lines if line is not None)

    def _asked_for(self, template: str) -> Iterator[str]:
        """The template's lines that the network has a use for."""
        used = True
        for line in template.splitlines():
            condition = CONDITION.fullmatch(line.strip())
            if condition:
                used = not condition[1] or condition[1] in self._facts
            elif used:
                yield line

    def _line(self, line: str, figures: Mapping[str, str]) -> str | None:
        parts = {key: self._part(key, figures) for key in PLACEHOLDER.findall(line)}
        found = {key: part for key, part in parts.items() if part is not None}
        # In one go: what is filled in, such as a class's name, may look like a place itself.
        return PLACEHOLDER.sub(lambda key: found[key[1]], line) if len(found) == len(parts) else None

    def _part(self, key: str, figures: Mapping[str, str]) -> str | None:
        if key.startswith(SOURCE):
            return escape(source(key.removeprefix(SOURCE)))
        if key.startswith("!"):
            return figures.get(key[1:])
        if key.startswith("*"):
            return self.rich(key[1:])
        return in_html(self._words[key])

    def rich(self, key: str) -> str | None:
        """HTML of a text with Markdown and places; None if a place cannot be filled.

        Raises BuildError for a link whose address follows the picture.
        """
        text = self._words[key]
        if not places_of(text) <= set(self._facts):
            return None
        mark = STAND_IN
        while mark in text:
            mark += "X"
        pieces = Formatter().parse(text)
        marked = "".join(part if name is None else f"{part}{mark}{name}X" for part, name, _, _ in pieces)
        places = re.compile(mark + r"(\w+?)X")
        rendered = MARKDOWN.renderInline(marked).replace("<strong>", "<dfn>").replace("</strong>", "</dfn>")
        # In one go: a name that is filled in may look like either itself.
        return re.sub(
            f"{LINK.pattern}|{places.pattern}",
            lambda found: self._fact(found[2]) if found[1] is None else self._link(found[1], places, key),
            rendered,
        )

    def _link(self, target: str, places: re.Pattern[str], key: str) -> str:
        """A link to a section, to a state of the page, to another host, or to a file of the site."""
        address = places.sub(lambda place: escaped_for_address(self._text(place[1], key), safe=""), target)
        if address.startswith("#article-"):
            return f'<a href="{address}" data-article="{address.removeprefix("#article-")}">'
        if address.startswith("#"):
            return f'<a href="{address}" data-state>'
        return f'<a href="{address if "://" in address else f"{self._files}/{address}"}">'

    def _text(self, name: str, key: str) -> str:
        fact = self._facts[name]
        if not isinstance(fact, str):
            raise BuildError(f'"{key}" has a link with {{{name}}} in it; no link can follow the picture.')
        return fact

    def _fact(self, name: str) -> str:
        fact = self._facts[name]
        if isinstance(fact, str):
            return escape(fact)
        return " + ".join(self.quoted(one) for one in ([fact] if isinstance(fact, Quote) else fact))

    def quotes(self, quote: Quote) -> list[str]:
        """All numbers of a quote whose answer is a list."""
        return [self.quoted(replace(quote, index=index)) for index in range(len(self._ask(quote)))]

    def quoted(self, quote: Quote) -> str:
        """A number that the page writes anew for each picture."""
        answer = self._ask(quote)
        number = answer if quote.index is None else answer[quote.index]
        question = _question(quote)
        index = "" if quote.index is None else f' data-index="{quote.index}"'
        text = escape(written(quote.kind, number, self._classes))
        return f'<span class="quote" data-quote="{question}"{index} data-value="{number}">{text}</span>'

    def plotted(self, quote: Quote, step: int, reach: int) -> str:
        """A point at (x, max(0, x)) of a graph that has `step` units for 1 and ends at `reach`."""
        number = self._ask(quote)
        if math.isnan(number):
            number = 0.0
        x = step * min(max(number, -reach), reach)
        return (
            f'<circle r="6" cx="{x:g}" cy="{-max(x, 0):g}" data-plot="{_question(quote)}"'
            f' data-step="{step}" data-reach="{reach}"/>'
        )


def _question(quote: Quote) -> str:
    """A quote's question as the page finds it in an attribute."""
    return escape(json.dumps(quote.question, ensure_ascii=False, separators=(",", ":")))


def source(name: str) -> str:
    """The lines of a method of pycnn, called Class.method, without its docstring."""
    owner, method = name.split(".")
    module = pycnn.network if owner == "Network" else pycnn.layers
    text = textwrap.dedent(inspect.getsource(getattr(getattr(module, owner), method)))
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    lines = text.splitlines()
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        assert docstring.end_lineno is not None
        del lines[docstring.lineno - 1 : docstring.end_lineno]
    return "\n".join(lines)
