"""The README's examples run as they stand."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_python_example_runs_and_gives_what_it_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    names: dict[str, object] = {}
    checked = 0
    for line in example.splitlines():
        code, _, comment = line.partition("#")
        if code.startswith("network.") and comment:
            expected = comment.split(":")[0].strip()
            assert repr(eval(code, names)) == expected
            checked += 1
        else:
            exec(code, names)
    assert checked == 2


def test_what_it_names_is_there():
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text())
    local = [link for link in links if not link.startswith("https://")]
    assert local
    assert all((ROOT / link).is_file() for link in local)
