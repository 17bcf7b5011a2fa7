"""What is said of a network's origin may be anything: which of it are numbers. Pure: no browser module."""


def is_number(data):
    return isinstance(data, (int, float)) and not isinstance(data, bool)


def is_share(data):
    """Is this a number from 0 to 1?"""
    return is_number(data) and 0 <= data <= 1


def is_count(data):
    """Is this a whole number above zero, and not absurdly large?"""
    return is_number(data) and isinstance(data, int) and 0 < data < 10**12
