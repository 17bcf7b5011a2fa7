"""The visitor chooses a picture: one of the gallery, or a file."""

from pyscript import document, window
from pyscript.ffi import create_proxy

from ui import tasks
from ui.dom import on
from ui.engine_link import EngineGone
from ui.reasons import reason

SOON = 500  # milliseconds; of a file that is read by then no notice tells, which would make the page jump


class Choosing:
    """`page` gives gallery and pictures, and what shows the picture that was chosen."""

    def __init__(self, page):
        self._page = page
        self._words = page.words
        self._notices = page.notices
        self._choices = 0  # counts what the visitor chose, so that a file decoded too late is dropped
        self._file = None  # that is being read
        self._timer = None
        self._soon = create_proxy(self._tell_of_reading)
        on(document, "dragover", lambda event: event.preventDefault())
        on(document, "drop", self._dropped)

    def choose(self, name):
        """The visitor chose the picture `name`."""
        window.performance.mark("picture-chosen")
        self._choices += 1
        self._forget_file()
        if self._page.status.is_failed():
            self._notices.say("picture", self._words("engine.not_running"))
        else:
            self._notices.clear("picture")
        self._page.showing.take(name)
        self._page.places.write(new_entry=False)

    def choose_file(self, file):
        if self._page.status.is_failed():
            self._notices.say("picture", self._words("engine.not_running"))
            self._page.status.remind()
        else:
            self._choices += 1
            choice = self._choices
            tasks.run(self._read(file, choice), lambda error: self._unread(file, choice, error))

    async def _read(self, file, choice):
        """Decode the visitor's own picture and choose it; if that is refused, say why and change nothing."""
        self._forget_file()
        self._file, self._timer = file, window.setTimeout(self._soon, SOON)
        try:
            pixels, refusal = await self._page.pictures.decode(file)
        finally:
            if choice == self._choices:
                self._forget_file()
        if choice != self._choices:
            return  # another picture was chosen meanwhile
        if refusal:
            self._notices.say("picture", self._refused(file.name, refusal))
        else:
            self.choose(self._page.pictures.keep(file, pixels))

    def _tell_of_reading(self, *_):
        self._notices.say("picture", self._words("upload.reading", name=self._file.name), alert=False)

    def _forget_file(self):
        window.clearTimeout(self._timer)
        self._file = self._timer = None

    def _unread(self, file, choice, error):
        """The file could not be read, through no fault of its own."""
        if choice == self._choices:
            if isinstance(error, EngineGone):
                sentence = self._words("upload.ended", name=file.name)
            else:
                sentence = self._words("upload.failed", name=file.name, reason=reason(self._words, error))
            again = self._words("notices.retry"), "retry", lambda: self.choose_file(file)
            self._notices.say("picture", sentence, actions=[again])

    def _refused(self, name, refusal):
        """Why the file of this name gives no picture, see Pictures.decode."""
        if "format" in refusal:
            return self._words("upload.unread." + refusal["error"], name=name, format=refusal["format"])
        return self._words("upload.error." + refusal["error"], name=name)

    def _dropped(self, event):
        event.preventDefault()
        if event.dataTransfer.files.length:
            self.choose_file(event.dataTransfer.files[0])
