"""The article's texts become HTML: Markdown, places, numbers that follow the picture, excerpts of pycnn."""

import ast
import inspect
import re
import textwrap

import pytest

from builder.article import Article, source
from builder.errors import BuildError
from builder.facts import Quote
from pycnn import layers
from pycnn.network import Network

WORDS = {
    "plain": "Cats & {{dogs}} {{{{title}}}}",
    "title": "A <b>",
    "rich": "**Kernel** of *weights*, `{size}`: {size}",
    "number": "It is {number}.",
    "sum": "{numbers} in all",
    "share": "{share} for {best}",
    "link": "[open {layer}](#layer={layer}&unit=2)",
    "section": "[more](#article-relu)",
    "elsewhere": "[book](https://example.org/a_b?c=1&d=2)",
    "lacking": "There is no {pooling} here",
    "escaped": "<script> & \\*no emphasis\\*",
    "braces": "{{size}} {{{{title}}}} {size}",
    "named": "XPLACEXsizeX XPLACEXX {name} **{name}**",
}
FACTS = {
    "size": "3×3",
    "layer": "a/b_1_c",
    "number": Quote("value", ("conv", 1, 10, 12)),
    "numbers": [Quote("partial", ("conv", 1, 0, 0, 0)), Quote("window", ("conv", 0, 0, 0), index=1)],
    "share": Quote("probability", (1,)),
    "best": Quote("best"),
    "name": "<b>\"'& {size} *x* {{title}} XPLACEXsizeX",
}
NAME = "&lt;b&gt;&quot;&#x27;&amp; {size} *x* {{title}} XPLACEXsizeX"
ANSWERS = {"value": -0.4242, "partial": 1.5, "window": [0.0, 2.25], "probability": 0.123, "best": 1}


@pytest.fixture
def article():
    return Article(WORDS, FACTS, ["cat", "dog"], lambda quote: ANSWERS[quote.kind], "files")


def quoted(question, value, text, index=""):
    question = question.replace('"', "&quot;")
    return f'<span class="quote" data-quote="{question}"{index} data-value="{value}">{text}</span>'


@pytest.mark.parametrize(
    ("key", "made"),
    [
        ("rich", "<dfn>Kernel</dfn> of <em>weights</em>, <code>3×3</code>: 3×3"),
        ("number", "It is " + quoted('["value","conv",1,10,12]', -0.4242, "−0.42") + "."),
        (
            "sum",
            quoted('["partial","conv",1,0,0,0]', 1.5, "1.50")
            + " + "
            + quoted('["window","conv",0,0,0]', 2.25, "2.25", ' data-index="1"')
            + " in all",
        ),
        (
            "share",
            quoted('["probability",1]', 0.123, "12.3\u2009%") + " for " + quoted('["best"]', 1, "dog"),
        ),
        ("link", '<a href="#layer=a%2Fb_1_c&amp;unit=2" data-state>open a/b_1_c</a>'),
        ("section", '<a href="#article-relu" data-article="relu">more</a>'),
        ("elsewhere", '<a href="https://example.org/a_b?c=1&amp;d=2">book</a>'),
        ("escaped", "&lt;script&gt; &amp; *no emphasis*"),
        ("braces", "{size} {{title}} 3×3"),
        ("named", f"XPLACEXsizeX XPLACEXX {NAME} <dfn>{NAME}</dfn>"),
    ],
)
def test_a_rich_text_becomes_html(article, key, made):
    assert article.fill(f"<p>{{{{*{key}}}}}</p>", {}) == f"<p>{made}</p>"


@pytest.mark.parametrize(
    ("answer", "cx", "cy"), [(-0.5, "-25", "0"), (1.5, "75", "-75"), (9, "100", "-100"), (-9, "-100", "0")]
)
def test_a_point_of_the_graph_stays_on_it(answer, cx, cy):
    point = Article({}, {}, [], lambda _: answer, "files").plotted(FACTS["number"], step=50, reach=2)
    assert f'cx="{cx}" cy="{cy}"' in point


def test_a_plain_text_stays_as_it_is(article):
    assert (
        article.fill('<h2 title="{{title}}">{{plain}}</h2>', {})
        == '<h2 title="A &lt;b&gt;">Cats &amp; {dogs} {{title}}</h2>'
    )


def test_a_line_that_asks_for_what_is_not_there_is_left_out(article):
    template = "<ul>\n<li>{{*lacking}}</li>\n<li>{{!graph}}</li>\n<li>{{!table}}</li>\n</ul>"
    assert article.fill(template, {"table": "<table></table>"}) == "<ul>\n<li><table></table></li>\n</ul>"


def test_lines_below_a_condition_are_for_networks_that_have_that_fact(article):
    template = "a\n  {{?number}}\nb {{plain}}\n{{?lacking}}\n<p>\n{{*escaped}}\n</p>\n{{?}}\nc"
    assert article.fill(template, {}) == "a\nb Cats &amp; {dogs} {{title}}\nc"


def test_a_name_that_looks_like_a_place_stays_as_it_is():
    facts = {"name": "{{plain}} XPLACEXmoreX {more}", "more": "!", "other": "{{!graph}}"}
    words = {"rich": "{name} [{more}](#layer={name})", "plain": "plain"}
    made = Article(words, facts, [], lambda _: 0, "files").fill(
        "{{*rich}} {{plain}} {{!graph}}", {"graph": "{{plain}}"}
    )
    address = "%7B%7Bplain%7D%7D%20XPLACEXmoreX%20%7Bmore%7D"
    assert made == (
        f'{{{{plain}}}} XPLACEXmoreX {{more}} <a href="#layer={address}" data-state>!</a> plain {{{{plain}}}}'
    )


def test_words_that_the_catalogue_lacks_are_named_all_at_once(article):
    with pytest.raises(BuildError, match=r"^web/article\.html asks for words .*: more, none\.$"):
        article.fill("<p>{{*none}}</p>\n<p>{{more}} {{title}}</p>", {})


def test_a_link_cannot_follow_the_picture():
    words = {"link": "[here](#layer={number})"}
    with pytest.raises(BuildError, match=r'^"link" has a link with {number} in it; no link can follow'):
        Article(words, FACTS, [], lambda _: 0, "files").rich("link")


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("Convolution._compute", layers.Convolution._compute),
        ("ReLU._compute", layers.ReLU._compute),
        ("Network.forward", Network.forward),
    ],
)
def test_an_excerpt_is_the_method_without_its_docstring(name, method):
    (shown,), (whole,) = (
        ast.parse(text).body for text in (source(name), textwrap.dedent(inspect.getsource(method)))
    )
    if ast.get_docstring(whole) is not None:
        del whole.body[0]
    assert ast.dump(shown) == ast.dump(whole)
    assert '"""' not in source(name)
    comments = re.findall("#.*", inspect.getsource(method))
    assert re.findall("#.*", source(name)) == comments
