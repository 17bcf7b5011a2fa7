"""Everything behind build.py: from nothing to a folder of static files. Uses the standard library alone."""
