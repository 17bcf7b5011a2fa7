"""`python -m pycnn`: see cli.py."""

import sys

from pycnn.cli import main

sys.exit(main())
