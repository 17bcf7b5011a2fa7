"""The tests' browser finds the fonts that the tests name, whatever the machine has."""

import shutil

from tests.browser import launched
from tests.fonts import FOLDER, FONTS

# One that draws every letter in a width of its own, so that its use is seen.
MACHINES = "cmr10.ttf"
WIDTH = """(family) => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `20px ${family}`;
  return pen.measureText("WWWiii").width;
}"""


def test_a_font_of_the_machine_is_not_found(browser, tmp_path, monkeypatch):
    assert MACHINES not in FONTS
    for folder in (tmp_path / ".fonts", tmp_path / "data/fonts"):
        folder.mkdir(parents=True)
        shutil.copyfile(FOLDER / MACHINES, folder / MACHINES)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with launched(browser.browser_type) as other:
        page = other.new_page()
        widths = [
            page.evaluate(WIDTH, family)
            for family in ("cmr10, monospace", "monospace", "DejaVu Sans Mono", "DejaVu Serif", "serif")
        ]
    assert widths[0] == widths[1] == widths[2] != widths[3] == widths[4]
