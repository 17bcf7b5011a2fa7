"""The pictures' pixels: of the gallery, fetched when they are first asked for, and the visitor's own."""

from pyscript import window

LARGEST_FILE = 64 * 2**20  # bytes; of a larger file only the beginning goes to the engine, which refuses it


class Pictures:
    """Pixels as typed arrays of RGB bytes, by name. `files`: the file names of the visitor's own pictures.

    `height` and `width` in pixels are those of the network's input.
    """

    def __init__(self, samples, height, width, engine):
        self._bytes = height * width * 3
        self.samples = [sample["name"] for sample in samples]
        self.files = {}
        self._truths = {sample["name"]: sample["class"] for sample in samples}
        self._engine = engine
        self._pixels = {}

    @property
    def known(self):
        """Names of all pictures that can be shown."""
        return self.samples + list(self.files)

    def truth(self, name):
        """The class that a picture of the gallery shows, or None."""
        return self._truths.get(name)

    async def pixels(self, name):
        """A picture's pixels.

        Raises:
            JsException: its file could not be fetched, or came damaged. Asked again, it is fetched anew.
        """
        if name not in self._pixels:
            self._pixels[name] = await window.fetchZip("samples/" + name + ".zip", self._bytes)
        return self._pixels[name]

    async def decode(self, file):
        """Decode the visitor's own file.

        Returns its pixels and None, or None and a dict: `error`, the reason in one word, and if the file's
        format is to blame its name, `format`.
        """
        data = window.Uint8Array.new(await file.slice(0, LARGEST_FILE + 1).arrayBuffer())
        facts, arrays = await self._engine.ask("decode", data, transfer=[data.buffer])
        if "format" in facts:
            facts, arrays = await self._decode_by_browser(file, facts)
        return (None, facts) if "error" in facts else (arrays[0], None)

    async def _decode_by_browser(self, file, refusal):
        """Let the browser decode a file of a format that the engine cannot read, if it can."""
        seen = await window.decodeByBrowser(file, refusal["most"])
        if hasattr(seen, "problem"):
            blamed = {} if seen.problem == "pixels" else {"format": refusal["format"]}
            return dict(blamed, error=seen.problem), []
        size = str(seen.width), str(seen.height)
        return await self._engine.ask("fit", seen.rgba, *size, transfer=[seen.rgba.buffer])

    def keep(self, file, pixels):
        """Keep a decoded picture of the visitor's own; gives the name it has from now on."""
        name = f"upload-{len(self.files) + 1}"
        self.files[name] = file.name
        self._pixels[name] = pixels
        return name
