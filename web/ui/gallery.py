"""The row of pictures to choose from."""

from ui.dom import by_id, escape, on


class Gallery:
    """Pictures as buttons; `on_sample(name)` when one is chosen, `on_file(file)` for the visitor's own."""

    def __init__(self, samples, words, on_sample, on_file):
        self._on_sample = on_sample
        self._on_file = on_file
        self._row = by_id("gallery")
        self._row.innerHTML = "".join(self._button(sample, words) for sample in samples)
        self._chooser = by_id("upload")
        on(self._row, "click", self._clicked)
        on(self._chooser, "change", self._picked)

    def choose(self, name):
        """Mark the picture `name` as the chosen one; an upload is no gallery picture."""
        for button in self._row.children:
            button.setAttribute("aria-pressed", "true" if button.dataset.sample == name else "false")

    def _button(self, sample, words):
        name = escape(words("sample." + sample["name"]))
        return (
            '<button type="button" class="sample" data-sample="{}" aria-pressed="false" title="{}">'
            '<img src="samples/{}" alt="{}" width="44" height="44"></button>'
        ).format(sample["name"], name, sample["file"], name)

    def _clicked(self, event):
        button = event.target.closest("button[data-sample]")
        if button:
            self._on_sample(button.dataset.sample)

    def _picked(self, _):
        file = self._chooser.files[0] if self._chooser.files.length else None
        if file:
            self._on_file(file)
        self._chooser.value = ""  # so that the same file can be chosen again
