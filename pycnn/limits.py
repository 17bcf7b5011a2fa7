"""What a model's file may ask for at most. All of it is counted before it is read or allocated."""

MAX_BYTES = 256 * 2**20  # of a model's file, and of its arrays once they are unpacked
MAX_MEMORY = 10**9  # bytes for the parameters and one pass of a picture through the network
MAX_JSON_BYTES = 4 * 2**20  # as Python data it takes 25 times as much at the worst
MAX_JSON_VALUES = 500_000  # room for the arrays, layers and classes below
MAX_DEPTH, MAX_VALUES = 32, 10_000  # of plain data that is kept as it is: lists in one another, all values
MAX_ARRAYS = 20_000  # also of what lies in a model's file and does not belong to the network
MAX_SHARDS = 2_000
MAX_LAYERS = 2_000
MAX_CLASSES = 100_000  # that get a number for a name


def megabytes(count: int) -> str:
    """For the limits on files, which are in units of 2**20 bytes."""
    return f"{count // 2**20} MB"


def gigabytes(count: int) -> str:
    """For memory, in units of 10**9 bytes, however many."""
    return f"{count / 10**9:,.1f} GB" if count < 10**15 else "more than a million GB"
