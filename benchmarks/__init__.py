"""What is timed. It runs from the repository's root, and imports what is in web/, too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))
