"""The page's modules are sent in two files, and what the page needs to start is all in the first."""

import json

from builder.modules import MAIN, pack_modules
from builder.page_packs import LATER, START

SOURCES = {
    MAIN: "import json\n\ndef start():\n    from ui.page import Page\n    __import__('ui.views.relu')",
    "ui/__init__.py": "'package'",
    "ui/page.py": "from ui import svg\nfrom ui.views import frame",
    "ui/svg.py": "import math\nimport ui.figures",
    "ui/figures.py": "from ui.page import Page",
    "ui/snapshot.py": "from ui import svg",
    "ui/views/__init__.py": "",
    "ui/views/frame.py": "def save():\n    from ui.snapshot import Snapshot",
    "ui/views/relu.py": "from ui.views import frame",
}


def test_what_a_module_imports_as_it_begins_goes_with_it_and_the_rest_later():
    packed = {name: json.loads(content) for name, content in pack_modules(SOURCES).items()}
    assert set(packed[LATER]) == {"ui/snapshot.py", "ui/views/relu.py"}
    assert set(packed[START]) == set(SOURCES) - {MAIN} - set(packed[LATER])
    assert packed[START]["ui/__init__.py"] == "'package'"
