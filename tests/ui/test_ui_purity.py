"""The page's Python keeps to what MicroPython has, and its pure modules keep away from the browser."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from builder.assemble import SHARED

WEB = Path(__file__).parents[2] / "web"
MODULES = {
    ".".join(path.relative_to(WEB / "ui").with_suffix("").parts).removesuffix(".__init__"): path.read_text(
        encoding="utf-8"
    )
    for path in sorted((WEB / "ui").rglob("*.py"))
}
PURE = [
    name for name, text in MODULES.items() if "Pure: no browser module." in ast.get_docstring(ast.parse(text))
]

BROWSER = {"pyscript", "js", "pyodide"}
# The module of pycnn that the build ships to the page, by itself: there is no NumPy.
WINDOW = SHARED.removesuffix(".py").replace("/", ".")
OF_MICROPYTHON = {"asyncio", "collections", "functools", "itertools", "json", "math", "os", "re"}
STRING_METHODS = {
    *(
        "capitalize",
        "casefold",
        "expandtabs",
        "format_map",
        "isalnum",
        "isascii",
        "isdecimal",
        "isidentifier",
    ),
    *("isnumeric", "isprintable", "istitle", "ljust", "maketrans", "removeprefix", "removesuffix", "rjust"),
    *("swapcase", "translate", "zfill"),  # `title` is missing too, but views have one of their own
}


def test_the_pure_modules_say_so():
    assert {"figures", "words", "columns", "connections", "state", "unit_facts"} <= set(PURE)


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_imports_without_a_browser(name, tmp_path):
    # Isolated and without site-packages: there is nothing but the standard library, web/ and what it shares.
    shared = tmp_path / SHARED
    shared.parent.mkdir()
    shared.symlink_to(WEB.parent / SHARED)
    program = f"""
import sys
sys.path[:0] = {[str(WEB), str(tmp_path)]!r}
before = set(sys.modules)
import ui.{name}
print(*sorted(set(sys.modules) - before))
"""
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert {module for module in loaded if module.partition(".")[0] in BROWSER} == set()
    pure = {f"ui.{module}" for module in PURE}
    pure |= {module.rpartition(".")[0] for module in pure}  # the packages that they stand in
    assert {module for module in loaded if module.startswith("ui.")} <= pure
    assert {module for module in loaded if module.startswith("pycnn.")} <= {WINDOW}


def imported(tree):
    """What a tree imports: packages, but modules of pycnn by their whole names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            names = [node.module]
        else:
            continue
        yield from (name if name.startswith("pycnn") else name.partition(".")[0] for name in names)


@pytest.mark.parametrize("name", MODULES)
def test_imports_are_ones_that_micropython_has(name):
    allowed = OF_MICROPYTHON | {"ui", WINDOW} | (set() if name in PURE else {"pyscript"})
    assert set(imported(ast.parse(MODULES[name]))) <= allowed


def test_the_module_that_is_shared_imports_nothing_and_micropython_can_compile_it():
    tree = ast.parse((WEB.parent / SHARED).read_text(encoding="utf-8"))
    assert set(imported(tree)) == set()
    assert list(beyond_micropython(tree)) == []


def beyond_micropython(tree):
    """Descriptions of what MicroPython 1.27 refuses to compile or lacks, as far as a tree shows it."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Match() | ast.TryStar():
                yield line, "match or except*"
            case (
                ast.List(elts=items, ctx=ast.Load())
                | ast.Set(elts=items)
                | ast.Tuple(elts=items, ctx=ast.Load())
            ):
                if any(isinstance(item, ast.Starred) for item in items):
                    yield line, "* in a display"
            case ast.Dict(keys=keys) if None in keys:
                yield line, "** in a display"
            case ast.arguments(posonlyargs=[_, *_]):
                yield line, "positional-only parameters"
            case ast.comprehension(is_async=1):
                yield line, "an asynchronous comprehension"
            case ast.FormattedValue(format_spec=ast.JoinedStr(values=parts)):
                if any(isinstance(part, ast.FormattedValue) for part in parts):
                    yield line, "a format within a format"
            case ast.Call(func=ast.Name(id="zip"), keywords=[_, *_]):
                yield line, "zip(strict=)"
            case ast.Call(func=ast.Attribute(attr=attribute)) if attribute in STRING_METHODS:
                yield line, f"str.{attribute}"


@pytest.mark.parametrize("name", MODULES)
def test_micropython_can_compile_it(name):
    assert list(beyond_micropython(ast.parse(MODULES[name]))) == []


@pytest.mark.parametrize(
    "program",
    [
        "[*a, *b]",
        "a = (*b, 1)",
        "{**a}",
        "def f(a, /): pass",
        "f'{a:.{b}f}'",
        "zip(a, b, strict=True)",
        "'a'.zfill(3)",
        "match a:\n case 1: pass",
    ],
)
def test_what_micropython_lacks_is_noticed(program):
    assert list(beyond_micropython(ast.parse(program)))


@pytest.mark.parametrize("program", ["a, *b = c", "print(*a)", "f(**a)", "f'{a:.1f}'", "[a for a in b]"])
def test_what_micropython_has_is_let_through(program):
    assert list(beyond_micropython(ast.parse(program))) == []
