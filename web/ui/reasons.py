"""Why something failed, in a visitor's words. Pure: no browser module.

What only a programmer understands is printed to the browser's console instead.
"""

import re

# The names of a FileFault in fetching.js; its message is the file's address in the site.
FAULTS = ("missing", "refused", "unreachable", "wrong", "cut", "still")
# What a browser calls the error of a visitor's own file that is no longer there, or may not be read.
UNREADABLE = ("NotFoundError", "NotReadableError", "NotAllowedError")
# So the worker tells of a FileFault.
A_FILE = re.compile("^([-A-Za-z0-9_./]+[.][a-z0-9]+): (" + "|".join(FAULTS) + ")$")
SPACE = ("MemoryError", "memory", "Array buffer allocation", "Invalid array length")
NETWORK = ("Failed to fetch", "NetworkError", "Load failed", "network error")


def reason(words, error):
    """A part of a sentence that says why an `error` came; it begins small and has no full stop."""
    name, text = _parts(error)
    if name in FAULTS:
        return words("fault." + name, file=text)
    if name in UNREADABLE:
        return words("reason.unreadable")
    fault = of_a_file(words, text)
    if fault:
        return fault
    if any(sign in text for sign in NETWORK):
        return words("reason.network")
    if any(sign in text for sign in SPACE) or isinstance(error, MemoryError):
        return words("reason.memory")
    return words("reason.fault")


def of_a_file(words, text):
    """The same of what the worker says of a file, or None if it says it of something else."""
    found = A_FILE.match(text)
    return words("fault." + found.group(2), file=found.group(1)) if found else None


def _parts(error):
    """The name and the text of an error; what JavaScript threw comes as itself, its name, its message."""
    if len(error.args) == 3:
        return str(error.args[1]), str(error.args[2])
    return type(error).__name__, str(error)
