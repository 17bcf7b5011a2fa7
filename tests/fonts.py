"""The only fonts that the tests' browser finds: what a machine has besides must not decide a test.

They come with matplotlib. The page's own fonts are added by the page, as everywhere.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

import matplotlib

FOLDER = Path(matplotlib.get_data_path()) / "fonts/ttf"
# What a Debian with the fewest fonts has, hinted as there. None of them can set mathematics or Japanese.
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf", "DejaVuSerif.ttf")
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern">
    <edit name="hintstyle" mode="append"><const>hintslight</const></edit>
  </match>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""


@contextmanager
def few_fonts() -> Iterator[dict[str, str]]:
    """The environment variable that makes programs find FONTS and no others, as long as it lasts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "fonts").mkdir()
        for font in FONTS:
            shutil.copyfile(FOLDER / font, folder / "fonts" / font)
        file = folder / "fonts.conf"
        text = CONFIGURATION.format(fonts=escape(f"{folder / 'fonts'}"), cache=escape(f"{folder / 'cache'}"))
        file.write_text(text, encoding="utf-8")
        yield {"FONTCONFIG_FILE": str(file)}
