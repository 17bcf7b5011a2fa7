"""The catalogue of all words that a visitor reads. Pure: no browser module."""

import json


class Words:
    """Texts of one language by key; a text's {places} are filled by keyword."""

    def __init__(self, text):
        self._catalogue = json.loads(text)

    def __call__(self, key, **places):
        return self._catalogue[key].format(**places)

    def add(self, text):
        """Take over another part of the catalogue."""
        self._catalogue.update(json.loads(text))

    def either(self, key, otherwise):
        """The text of this key, or another where the catalogue has none."""
        return self._catalogue.get(key, otherwise)

    def listed(self, items):
        """Texts one after the other, parted as the language parts them."""
        text = ""
        for item in items:
            text = self("list", before=text, item=item) if text else item
        return text
