"""The catalogue of words and the code and page that ask for them fit each other exactly."""

import ast
import html
import json
import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from string import Formatter

import numpy as np
import pytest
from engine.news import DOINGS
from engine.scales import SHARINGS as ENGINE_SHARINGS
from PIL import Image
from ui.figures import fragment_name
from ui.playground.sizes import RANGES
from ui.reasons import FAULTS
from ui.state import DECIMALS, SHARINGS, THEMES
from ui.words import Words, escape

from builder.assemble import SHARED, page_sources
from builder.inline import PAGE_SCRIPTS
from builder.languages import words_of_script
from builder.modules import pack_modules
from builder.page_packs import FACTS, MODULES, NETWORK, RAMPS, SAMPLES
from pycnn import default_model, pictures
from pycnn.layers import KINDS
from pycnn.pictures import PictureError, read_picture
from tests.picture_cases import png

WEB = Path(__file__).parents[2] / "web"
ENGLISH = (WEB / "words/en.json").read_text(encoding="utf-8")
CATALOGUE = json.loads(ENGLISH)
INDEX = (WEB / "index.html").read_text(encoding="utf-8")
# What the page asks for by itself; {{!...}} is a slot for markup.
ARTICLE = (WEB / "article.html").read_text(encoding="utf-8")
BY_PAGE = set(re.findall(r"\{\{\s*([^!*?}].*?)\s*\}\}", INDEX + ARTICLE))
# Those with Markdown and places, which builder/article.py fills.
RICH = set(re.findall(r"\{\{\*(.*?)\}\}", ARTICLE))
BY_BUILD = {"language.name", "language.direction"}  # builder/languages.py
# By the module's name after "ui.", "views.__init__" for a package's own module.
TREES = {
    ".".join(path.relative_to(WEB / "ui").with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
    for path in (WEB / "ui").rglob("*.py")
}
BUILDER = {
    name: (WEB.parent / name).read_text(encoding="utf-8")
    for name in ("builder/facts.py", "builder/figures.py", "builder/markup.py")
}
WORKER = (WEB / "engine/worker.js").read_text(encoding="utf-8")
STAGES = set(re.findall(r'\b(?:enter\(|stage = )"(\w+)"', WORKER))
# By the page's scripts, as the build finds them.
SCRIPTS = "".join((WEB / name).read_text(encoding="utf-8") for name in PAGE_SCRIPTS)
BY_SCRIPTS = set(words_of_script(CATALOGUE, SCRIPTS))
DOING = {*DOINGS, *re.findall(r'\bnews\("(\w+)"', WORKER), "describe"}


def cut_short():
    file = BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(file, "JPEG")
    return file.getvalue()[:2000]


# One file for each reason that a file's bytes can be refused for.
REFUSED = {
    "empty": b"",
    "large": bytes(64 * 2**20 + 1),
    "pixels": png((20_000, 20_000, 8, 2), b""),
    "unknown": b"This is a text, whatever the file is called.",
    "damaged": cut_short(),
}
# Reasons that only a path or an open file can give.
OF_PATHS = {"missing", "folder", "unreadable"}

# Keys that are put together at run time: how they begin, and every way they can go on.
FAMILIES = {
    "sample.": {sample["name"] for sample in json.loads((WEB / "samples/samples.json").read_text())},
    "engine.": STAGES,
    "engine.doing.": DOING,
    "engine.reading.": set(pictures.STAGES),
    "fault.": set(FAULTS),
    "channel.": {"red", "green", "blue"},
    "facts.none.": {"pointer", "touch"},
    "kind.": {"input", *KINDS},
    "class.": {fragment_name(name) for name in default_model().classes},
    "general.kind.": set(KINDS),
    "general.hyperparameter.": {name for kind in KINDS.values() for name in kind.hyperparameter_names},
    "general.parameter.": {name for kind in KINDS.values() for name in kind.parameter_names},
    "upload.error.": set(REFUSED),
    "upload.unread.": {"format", "noise"},  # as in browser_picture.js
    "flatten.part.": {"map", "height", "row", "width", "column", "element"},
    "dense.": {"softmax", "sigmoid"},
    "way.": {"softmax", "sigmoid"},
    "view.way.": {"softmax", "sigmoid"},
    "dense.role.": {"weights", "products"},
    "article.table.": {"class", "logit", "probability", "accuracy", "taken_for"},
    "playground.size.": {name for name, _, _ in RANGES},
    "playground.problem.": {"empty", "number", "range", "whole"},
}


# How a request for one text is called, and how one for several in a row.
REQUESTS = ("words", "_words", "words.either", "words.html", "_words.html")
LISTS = ("listed", "html_listed")
# The same within a step of the guided path, whose numbers fill places of their names: ui.path.step.telling.
OF_A_STEP = "says"


def asked():
    """(keys, names of the places filled, called as, where) of every request of web/ui and the build."""
    trees = {f"web/ui/{module.replace('.', '/')}.py": tree for module, tree in TREES.items()}
    trees |= {name: ast.parse(source) for name, source in BUILDER.items()}
    for file, tree in trees.items():
        for call in ast.walk(tree):
            if file == "web/ui/words.py" or not isinstance(call, ast.Call):
                continue
            where = f"{file}, line {call.lineno}"
            if called(call) in LISTS:
                by = call.args[1] if len(call.args) > 1 else ast.Constant("list")
                yield keys_of(by, where), {"before", "item"}, called(call), where
            if not {called(call), owner(call)} & {*REQUESTS, OF_A_STEP}:
                continue
            if file == "web/ui/path/step.py" and isinstance(call.args[0], ast.Name):
                continue  # `telling` passes on what it is asked for
            assert not [keyword for keyword in call.keywords if keyword.arg is None], where
            names = {keyword.arg for keyword in call.keywords}
            yield keys_of(call.args[0], where), names, called(call), where


def keys_of(key, where):
    """All keys that the code of a request's first argument can give."""
    if isinstance(key, ast.IfExp):
        return keys_of(key.body, where) | keys_of(key.orelse, where)
    if isinstance(key, ast.Constant):
        return {key.value}
    assert isinstance(key, ast.BinOp), where
    assert isinstance(key.left, ast.Constant), where
    assert key.left.value in FAMILIES, f"{where}: which keys begin with {key.left.value!r}?"
    return {key.left.value + end for end in FAMILIES[key.left.value]}


def constant(module, name):
    """The value of a module's constant, of a module that needs a browser to be imported."""
    (node,) = (
        node
        for node in TREES[module].body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name
    )
    return eval(compile(ast.Expression(node.value), module, "eval"))


def called(call):
    return getattr(call.func, "id", None) or getattr(call.func, "attr", None)


def owner(call):
    """How a method is called, with what it belongs to: words.html."""
    value = getattr(call.func, "value", None)
    return f"{getattr(value, 'id', None) or getattr(value, 'attr', None)}.{called(call)}"


def places_of(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_word_asked_for_is_there_and_every_word_is_asked_for():
    by_code = {key for keys, *_ in asked() for key in keys}
    assert BY_PAGE | BY_SCRIPTS | RICH | BY_BUILD | by_code == set(CATALOGUE)


def test_every_place_in_a_text_is_filled():
    requests = list(asked())
    assert len(requests) >= 15
    for keys, places, how, where in requests:
        for key in keys:
            others = places_of(CATALOGUE[key]) - places
            assert places <= places_of(CATALOGUE[key]), f"{where}: {key}"
            # What a step's numbers fill, tests/ui/test_ui_path.py looks at.
            assert not others or how == OF_A_STEP, f"{where}: {key}"


def test_words_of_the_page_have_no_places():
    for key in BY_PAGE:
        assert places_of(CATALOGUE[key]) == set(), key


def test_texts_have_no_spaces_around_them():
    for key, text in CATALOGUE.items():
        assert text == text.strip() or key == "number.between", key


def test_words_fill_their_places():
    words = Words('{"greeting": "Hello {name}, {count} times", "plain": "Hello"}')
    assert words("greeting", name="Ada {x} {", count=3) == "Hello Ada {x} {, 3 times"
    assert words("plain", unused="never mind") == "Hello"
    assert words("plain") == "Hello"
    with pytest.raises(KeyError):
        words("missing")
    words.add('{"missing": "here"}')
    assert (words("missing"), words("plain")) == ("here", "Hello")


def test_a_text_that_the_catalogue_lacks_may_stand_for_itself():
    words = Words('{"class.koala": "the koala"}')
    assert words.either("class.koala", "koala") == "the koala"
    words.add('{"class.set": "{{1}}"}')
    assert words.either("class.set", "set") == "{1}"
    assert words.either("class.zebra", "zebra") == "zebra"


def test_texts_are_listed_in_the_languages_way():
    words = Words('{"list": "{before}; {item}", "list.terms": "{before} & {item}"}')
    assert [words.listed(items) for items in ([], ["a"], ["a", "{b}", "c"])] == ["", "a", "a; {b}; c"]
    assert words.listed(["a", "b"], "list.terms") == "a & b"
    assert words.html_listed(["<i>a</i>", "b", "{c}"], "list.terms") == "<i>a</i> &amp; b &amp; {c}"


def test_a_text_is_escaped_once_and_before_its_places_are_filled():
    text = '<b>{{"it\'s"}} & {name}</b>'
    words = Words(json.dumps({"text": text}))
    name = "{name} <i>&\"'"
    assert words("text", name=name) == '<b>{"it\'s"} & {name} <i>&"\'</b>'
    filled = words.html("text", name=f"<em>{escape(name)}</em>")
    assert filled == ("&lt;b&gt;{&quot;it's&quot;} &amp; <em>{name} &lt;i&gt;&amp;&quot;'</em>&lt;/b&gt;")
    assert html.unescape(filled.replace("<em>", "").replace("</em>", "")) == words("text", name=name)


def test_the_engines_stages_are_those_that_its_status_counts():
    assert set(constant("engine_status", "STAGES")) == STAGES
    assert len(STAGES) == 4


def test_a_failure_names_a_stage():
    failed = [
        call
        for tree in TREES.values()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and called(call) == "failed"
    ]
    named = [call.args[0] for call in failed]
    assert {stage.value for stage in named if isinstance(stage, ast.Constant)} <= STAGES


@pytest.mark.parametrize("reason", REFUSED)
def test_a_refused_file_has_its_sentence(reason):
    with pytest.raises(PictureError) as caught:
        read_picture(REFUSED[reason], (64, 64))
    assert caught.value.reason == reason
    assert "holiday.png" in Words(ENGLISH)("upload.error." + reason, name="holiday.png")


def test_there_are_no_other_reasons():
    source = ast.parse((WEB.parent / "pycnn/pictures.py").read_text(encoding="utf-8"))
    calls = [
        node for node in ast.walk(source) if isinstance(node, ast.Call) and called(node) == "PictureError"
    ]
    assert {call.args[0].value for call in calls} == {*REFUSED, *OF_PATHS, "format"}


# What index.html and the code say of each other


class Elements(HTMLParser):
    """Collects the page's `ids`, the `options` of its selects by id, and PyScript's `config` and `src`."""

    def __init__(self):
        super().__init__()
        self.ids, self.options, self._select = [], {}, None
        self.config = self.src = None
        self.feed(INDEX + ARTICLE)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "select":
            self._select = given["id"]
            self.options[self._select] = []
        if tag == "option":
            self.options[self._select].append(given["value"])
        if tag == "mpy-script":
            self.config = json.loads(given["config"])


PAGE = Elements()


def imports_of(module):
    """Names of the ui modules that `module` imports, and of the packages that they stand in."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ImportFrom):
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == "ui" and rest in TREES:
                yield rest
                if "." in rest:
                    yield rest.rpartition(".")[0] + ".__init__"


def test_the_build_packs_exactly_the_modules_that_the_page_imports():
    needed, waiting = {"__init__"}, ["main"]
    while waiting:
        module = waiting.pop()
        if module not in needed:
            needed.add(module)
            waiting += imports_of(module)
    needed.remove("main")  # PyScript runs it itself
    first, later = (json.loads(part) for part in pack_modules(page_sources(WEB.parent)).values())
    assert set(first) | set(later) == {SHARED, *(f"ui/{module.replace('.', '/')}.py" for module in needed)}
    assert set(first) & set(later) == set()
    assert later[SHARED] == (WEB.parent / SHARED).read_text(encoding="utf-8")
    assert first["ui/words.py"] == (WEB / "ui/words.py").read_text(encoding="utf-8")
    assert needed | {"main"} == set(TREES), "a module that nothing imports"


def test_the_pack_that_the_page_starts_with_has_the_files_that_main_reads():
    read = {
        call.args[0].value
        for call in ast.walk(TREES["main"])
        if isinstance(call, ast.Call) and owner(call).startswith("files.")
    }
    assert read == {MODULES, NETWORK, SAMPLES, FACTS, RAMPS}


def test_every_element_that_the_code_asks_for_is_on_the_page_once():
    asked_for = {
        call.args[0].value
        for tree in TREES.values()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and called(call) == "by_id" and isinstance(call.args[0], ast.Constant)
    }
    assert len(asked_for) > 15
    assert asked_for <= set(PAGE.ids)
    assert len(set(PAGE.ids)) == len(PAGE.ids)


def test_choices_on_the_page_are_those_of_the_code():
    assert tuple(PAGE.options["sharing"]) == SHARINGS == ENGINE_SHARINGS
    assert tuple(PAGE.options["theme"]) == THEMES
    assert tuple(PAGE.options["decimals"]) == DECIMALS
    assert PAGE.options["play-speed"] == list(constant("views.playback", "SPEEDS"))


def test_the_limits_that_a_visitor_reads_are_those_of_pycnn():
    assert constant("pictures", "LARGEST_FILE") == pictures.MAX_BYTES
    assert f"larger than {pictures.MAX_BYTES // 2**20} MB" in CATALOGUE["upload.error.large"]
    assert f"more than {pictures.MAX_PIXELS // 10**6} million pixels" in CATALOGUE["upload.error.pixels"]
