"""The page's Python in two parts: what it needs to start, and what a visitor may ask for later."""

import ast
import json
from collections.abc import Callable, Iterator

from builder.page_packs import LATER, START

MAIN = "ui/main.py"  # stands in the page itself; it unpacks the others


def pack_modules(sources: dict[str, str]) -> dict[str, bytes]:
    """The modules of each of the page's packs as JSON, path -> source, by the pack's name.

    First is what main.py imports in any place, and what is imported from there wherever a module begins;
    a function's own imports can wait.
    """
    needed: set[str] = set()
    waiting = list(_imports(sources[MAIN], ast.walk))
    while waiting:
        path = waiting.pop()
        if path in sources and path not in needed:
            needed.add(path)
            waiting += _imports(sources[path], ast.iter_child_nodes)
    first = {path: source for path, source in sources.items() if path in needed}
    later = {path: source for path, source in sources.items() if path not in needed and path != MAIN}
    parts = {START: first, LATER: later}
    return {name: json.dumps(part, ensure_ascii=False).encode("utf-8") for name, part in parts.items()}


def _imports(source: str, nodes: Callable[[ast.AST], Iterator[ast.AST]]) -> Iterator[str]:
    """Paths that the imports among the `nodes` of a module may mean, its packages among them."""
    for node in nodes(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            yield "/".join(parts) + ".py"
            yield from ("/".join([*parts[:depth], "__init__.py"]) for depth in range(1, len(parts) + 1))
