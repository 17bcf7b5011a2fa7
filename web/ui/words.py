"""The catalogue of all words that a visitor reads. Pure: no browser module."""

import json


class Words:
    """Texts of one language by key; a text's {places} are filled by keyword, and {{ }} are braces.

    What fills a place stands there as it is: it is not looked through for places of its own.
    """

    def __init__(self, text):
        self._catalogue = json.loads(text)

    def __call__(self, key, **places):
        """A text, for where text is written. In HTML it has to be escaped as a whole."""
        return self._catalogue[key].format(**places)

    def html(self, key, **places):
        """HTML of a text whose places are filled with HTML; the text itself is escaped."""
        return escape(self._catalogue[key]).format(**places)

    def add(self, text):
        """Take over another part of the catalogue."""
        self._catalogue.update(json.loads(text))

    def either(self, key, otherwise):
        """The text of this key, or another where the catalogue has none."""
        return self(key) if key in self._catalogue else otherwise

    def listed(self, items, by="list"):
        """Texts one after the other, parted as the language parts them: by the text of the key `by`."""
        return _listed(self, items, by)

    def html_listed(self, items, by="list"):
        """The same for pieces of HTML."""
        return _listed(self.html, items, by)


def _listed(filled, items, by):
    text = ""
    for item in items:
        text = filled(by, before=text, item=item) if text else item
    return text


def escape(text):
    """A text as it stands in HTML and in an attribute in double quotes. (MicroPython has no module html.)"""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\r", "&#13;")):
        text = text.replace(sign, entity)
    return text
