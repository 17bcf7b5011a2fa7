"""The row of pictures to choose from."""

from pyscript import document

from ui.dom import by_id, keep_in_sight, on


class Gallery:
    """Pictures as buttons, which the build wrote into the page.

    `on_sample(name)` is called when one is chosen, `on_file(file)` for the visitor's own.
    """

    def __init__(self, on_sample, on_file):
        self._on_sample = on_sample
        self._on_file = on_file
        self._row = by_id("gallery")
        self._chooser = by_id("upload")
        self._chooser.disabled = False
        on(self._row, "click", self._clicked)
        on(self._chooser, "change", self._picked)

    def choose(self, name):
        """Mark the picture `name` as the chosen one."""
        for button in self._row.children:
            button.setAttribute("aria-pressed", "true" if button.dataset.sample == name else "false")

    def label(self, name):
        return self._find(name).dataset.label

    def has(self, name):
        return self._find(name) is not None

    def add(self, name, label):
        """Add the visitor's own picture, which has just been drawn, with a thumbnail of it."""
        canvas = by_id("picture")
        button = document.createElement("button")
        button.type, button.className, button.title = "button", "sample", label
        button.dataset.sample, button.dataset.label = name, label
        button.setAttribute("aria-label", label)
        thumbnail = document.createElement("canvas")
        thumbnail.width, thumbnail.height = canvas.width, canvas.height
        thumbnail.getContext("2d").drawImage(canvas, 0, 0)
        button.append(thumbnail)
        self._row.append(button)
        self.choose(name)
        keep_in_sight(self._row, button)

    def _find(self, name):
        for button in self._row.children:
            if button.dataset.sample == name:
                return button
        return None

    def _clicked(self, event):
        button = event.target.closest("button[data-sample]")
        if button:
            self._on_sample(button.dataset.sample)

    def _picked(self, _):
        file = self._chooser.files[0] if self._chooser.files.length else None
        if file:
            self._on_file(file)
        self._chooser.value = ""  # so that the same file can be chosen again
