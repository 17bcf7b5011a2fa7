"""Number fields and sliders, and the sentence on what is wrong with what the visitor asks for."""

from ui.dom import by_id, on
from ui.playground.numbers import field_text, read, stepped


class Troubles:
    """Tells of the latest trouble that is not mended yet, with a button that mends it."""

    def __init__(self):
        self._region = by_id("try-trouble")
        self._list = []  # (key, sentence, offer, mend), the latest last
        on(by_id("try-offer"), "click", lambda _: self._list[-1][-1]())

    def show(self, key, sentence, offer, mend):
        """`offer` is the button's text, `mend()` what it does."""
        self._list = [one for one in self._list if one[0] != key] + [(key, sentence, offer, mend)]
        self._tell()

    def clear(self, beginning):
        """Forget the troubles whose keys begin so."""
        self._list = [one for one in self._list if not one[0].startswith(beginning)]
        self._tell()

    def _tell(self):
        if self._list:
            _, by_id("try-problem").textContent, by_id("try-offer").textContent, _ = self._list[-1]
        self._region.hidden = not self._list


class Fields:
    """The fields in an element; those with the same `data-key` hold the same number.

    `describe(key)` gives a number's name, the value it has now, the least and the largest it can have, and
    whether it must be whole; `on_value(key, value)` is called when the visitor changes it.
    """

    def __init__(self, element, words, troubles, describe, on_value):
        self._element = element
        self._words = words
        self._troubles = troubles
        self._describe = describe
        self._on_value = on_value
        # A text that is still being typed may be wrong; it is told of when it is left.
        on(element, "input", lambda event: self._typed(event.target, False))
        on(element, "change", lambda event: self._typed(event.target, True))
        on(element, "keydown", self._key_pressed)

    def put(self, key, value, typed=None):
        """Let the fields of a number hold it, except for the one in which it was typed."""
        self._troubles.clear(key)
        for field in self._all(key):
            field.removeAttribute("aria-invalid")
            field.removeAttribute("aria-describedby")
            if typed is None or field.type != typed.type:
                field.value = field_text(value)

    def focus(self, key):
        """Go to the field in which a number can be typed."""
        self._element.querySelector(f"input:not([type=range])[data-key='{key}']").focus()

    def _all(self, key):
        return self._element.querySelectorAll(f"[data-key='{key}']")

    def _typed(self, field, is_left):
        key = field.getAttribute("data-key")
        if key is None:
            return  # it holds no number
        name, current, least, most, whole = self._describe(key)
        text = None if field.validity.badInput else field.value
        value, problem, offer = read(text, current, least, most, whole)
        if problem is None:
            self.put(key, value, typed=field)
            if value != current:
                self._on_value(key, value)
        elif is_left:
            field.setAttribute("aria-invalid", "true")
            field.setAttribute("aria-describedby", "try-problem")
            sentence = self._words(
                "playground.problem." + problem, name=name, least=field_text(least), most=field_text(most)
            )
            self._troubles.show(
                key,
                sentence,
                self._words("playground.offer", value=field_text(offer)),
                lambda: self._take(key, offer),
            )

    def _key_pressed(self, event):
        """Up and down step the number in a field of text, as the browser does it in its own number fields."""
        field = event.target
        key = field.getAttribute("data-key")
        if key is None or field.type != "text":
            return
        _, current, least, most, _ = self._describe(key)
        value = stepped(current, event.key, least, most)
        if value is not None:
            event.preventDefault()
            self._take(key, value)

    def _take(self, key, offer):
        """The visitor takes this number in place of what is typed."""
        current = self._describe(key)[1]
        self.put(key, offer)
        self.focus(key)
        if offer != current:
            self._on_value(key, offer)
