"""What a build can fail with. Every message is a sentence for the person who ran the build."""


class BuildError(Exception):
    """The build cannot go on; the message says why and what to do."""


class SourceError(Exception):
    """One source could not deliver one file; another source may."""


class SourceUnavailableError(SourceError):
    """The source cannot be reached at all, so that asking it for more files is a waste of time."""
