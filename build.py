#!/usr/bin/env python3
"""Fetch the runtime, assemble the site in build/site/ and, with --serve, show it. See build.py --help."""

import sys

# Written for any Python 3, so that an old one says this instead of a syntax error.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("build.py needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031

from builder.main import main

if __name__ == "__main__":
    sys.exit(main())
