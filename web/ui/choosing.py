"""The visitor chooses a picture: one of the gallery, or a file."""

import asyncio

from pyscript import document, window

from ui.dom import on
from ui.engine_link import EngineGone


class Choosing:
    """`page` gives gallery and pictures, and what shows the picture that was chosen."""

    def __init__(self, page):
        self._page = page
        self._words = page.words
        self._notices = page.notices
        self._choices = 0  # counts what the visitor chose, so that a file decoded too late is dropped
        on(document, "dragover", lambda event: event.preventDefault())
        on(document, "drop", self._dropped)

    def choose(self, name):
        """The visitor chose the picture `name`."""
        window.performance.mark("picture-chosen")
        self._choices += 1
        if self._page.status.is_failed():
            self._notices.say("picture", self._words("engine.not_running"))
        else:
            self._notices.clear("picture")
        self._page.showing.take(name)
        self._page.places.write(new_entry=False)

    def choose_file(self, file):
        if self._page.status.is_failed():
            self._notices.say("picture", self._words("engine.not_running"))
        else:
            asyncio.create_task(self._read(file))

    async def _read(self, file):
        """Decode the visitor's own picture and choose it; if that fails, say why and leave all as it is."""
        self._notices.say("picture", self._words("upload.reading", name=file.name), alert=False)
        self._choices += 1
        choice = self._choices
        try:
            pixels, refusal = await self._page.pictures.decode(file)
        except EngineGone:
            self._notices.say("picture", self._words("upload.ended", name=file.name))
            return
        except Exception as error:
            self._notices.say("picture", self._words("upload.failed", name=file.name, reason=error))
            return
        if choice != self._choices:
            return  # another picture was chosen meanwhile
        if refusal:
            self._notices.say("picture", self._refused(file.name, refusal))
        else:
            self.choose(self._page.pictures.keep(file, pixels))

    def _refused(self, name, refusal):
        """Why the file of this name gives no picture, see Pictures.decode."""
        if "format" in refusal:
            return self._words("upload.unread." + refusal["error"], name=name, format=refusal["format"])
        return self._words("upload.error." + refusal["error"], name=name)

    def _dropped(self, event):
        event.preventDefault()
        if event.dataTransfer.files.length:
            self.choose_file(event.dataTransfer.files[0])
