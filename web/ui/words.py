"""The catalogue of all words that a visitor reads. Pure: no browser module."""

import json


class Words:
    """Texts of one language by key; a text's {places} are filled by keyword."""

    def __init__(self, text):
        self._catalogue = json.loads(text)

    def __call__(self, key, **places):
        return self._catalogue[key].format(**places)
