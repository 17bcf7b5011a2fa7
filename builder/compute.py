"""What the site needs computed by pycnn; run by the build's private Python, which has NumPy and Pillow.

python -m builder.compute WEB CARD SITE

WEB is the folder of the page's sources, CARD the shipped network's model card. Written into the folder SITE
is the page of the shipped network, in each language, and among its files samples/NAME.webp, each a picture
as large as a gallery's button shows it, and samples/NAME.zip: its pixels at the network's input size, row by
row, one unsigned byte each for red, green and blue.
"""

import html
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from engine.session import Session
from PIL import Image
from ui.figures import SIGNS
from ui.quotes import read
from ui.unit_facts import class_names
from ui.words import Words

from builder.archive import deflated, only
from builder.article import Article
from builder.errors import BuildError
from builder.facts import Mistake, Quote
from builder.facts import facts as article_facts
from builder.figures import figures
from builder.first import SHARING, Bytes, write_first
from builder.inline import PAGE_SCRIPTS, joined_scripts
from builder.languages import read_languages, words_of_code, words_of_script
from builder.markup import Markup
from builder.modules import MAIN
from builder.page_packs import (
    ENGINE_WORKER,
    INTERPRETER,
    LATER,
    MODULES,
    NETWORK,
    SAMPLES,
    START,
    SUMMARY,
    add_to_pack,
    read_pack,
)
from builder.version import files_of
from builder.words import fill
from pycnn import Network, default_model
from pycnn.pictures import read_picture

# Twice the pixels of a gallery's picture on the page, for screens that have them.
THUMBNAIL = (88, 88)
IMPORT = re.compile(r'^@import "(.*?)";$', re.MULTILINE)


def main(web: Path, card: Path, site: Path) -> None:
    network = default_model()
    _, height, width = network.input_shape
    gallery = json.loads((web / "samples/samples.json").read_text(encoding="utf-8"))
    files = files_of(site)
    for sample in gallery:
        original = web / "samples" / sample["file"]
        write_thumbnail(original, files / "samples" / sample["file"])
        pixels = read_picture(original, (height, width))
        write_pixels(files, sample["name"], pixels)
    write_page(web, site, network, gallery, json.loads(card.read_text(encoding="utf-8")))


def write_page(
    web: Path, site: Path, network: Network, gallery: list[dict[str, Any]], card: dict[str, Any]
) -> None:
    """Write the pages and what says which network they show: first/ and what the page's packs hold of it.

    The pixels of the gallery and the packs with the page's modules stand among the files of `site` already.
    `card` is the network's model card, or empty.
    """
    files = files_of(site)
    first = gallery[0]["name"]
    pixels = pixels_of(files, first, network)
    facts, sprite, at_start, summary = write_first(network, first, pixels, files / "first")
    description = network.describe()
    shown = {NETWORK: as_json(description).encode(), SAMPLES: as_json(gallery).encode()}
    add_to_pack(files / START, {**shown, **at_start})
    add_to_pack(files / LATER, {SUMMARY: summary})
    sizes = {path: (files / path).stat().st_size for path in (START, INTERPRETER, ENGINE_WORKER)}
    keeping, script = (joined_scripts(web, names) for names in (PAGE_SCRIPTS[:1], PAGE_SCRIPTS[1:]))
    page = (web / "index.html").read_text(encoding="utf-8")
    template = (web / "article.html").read_text(encoding="utf-8")
    main_module = html.escape((web / MAIN).read_text(encoding="utf-8"), quote=False)
    at_first, later = (modules_in(files / name) for name in (START, LATER))
    session = Session(network)
    session.show(pixels, SHARING)
    activations = network.forward(network.picture_from_pixels(pixels))
    wrong = mistakes(files, network, gallery)
    languages = read_languages(web / "words")
    for language in languages:
        words = language.words
        spoken = Words(json.dumps(words))
        with numbers_of(spoken):
            markup = Markup(description, gallery, facts, sprite, spoken, files.name)
            known = article_facts(network, activations, spoken, card, wrong)
            names = class_names(description, spoken)
            article = Article(words, known, names, lambda quote: ask(session, quote), files.name)
            filled = article.fill(template, figures(network, known, article, spoken, card, sprite))
            parts = {**markup.parts(), **language.parts(languages), "article": filled, "main": main_module}
        sheet = joined(web / "styles/all.css", {"columns.css": markup.rules()})
        needed = words_of_code(words, at_first)
        rest = {key: word for key, word in words.items() if key not in needed}
        parts |= {
            "files": files.name,
            "keeping": keeping,
            "script": script,
            "style": sheet.replace("../fonts/", f"{files.name}/fonts/"),
            "start": in_script({"words": words_of_script(words, script), "sizes": sizes}),
            "words": in_script(needed),
            "later-words": in_script(words_of_code(rest, later)),
        }
        write_text(site / language.page, fill(page, words, parts, "web/index.html"))


def write_pixels(files: Path, name: str, pixels: Bytes) -> None:
    """Put a picture's pixels, (height, width, 3), where the page finds them."""
    (files / "samples" / f"{name}.zip").write_bytes(deflated(f"{name}.rgb", pixels.tobytes()))


@contextmanager
def numbers_of(words: Words) -> Iterator[None]:
    """Have numbers written in the signs of this language, and then again in those of the one before."""
    before = SIGNS.words
    SIGNS.speak(words)
    try:
        yield
    finally:
        if before:
            SIGNS.speak(before)


def pixels_of(files: Path, name: str, network: Network) -> Bytes:
    """A picture of the gallery at the network's input size, (height, width, 3)."""
    _, height, width = network.input_shape
    content = only((files / "samples" / f"{name}.zip").read_bytes())
    return np.frombuffer(content, np.uint8).reshape(height, width, 3)


def mistakes(files: Path, network: Network, gallery: list[dict[str, Any]]) -> list[Mistake]:
    """The gallery's pictures that the network gets wrong."""
    found = []
    for sample in gallery:
        picture = network.picture_from_pixels(pixels_of(files, sample["name"], network))
        try:
            said = network.classify(picture)
        except ValueError:  # its logits overflow, which the page says when it is chosen
            continue
        if sample["class"] in network.classes and said.label != sample["class"]:
            probability = said.probabilities[said.label]
            found.append(Mistake(sample["name"], sample["class"], said.label, probability))
    return found


def ask(session: Session, quote: Quote) -> Any:
    """The engine's answer to a quote."""
    answers, _ = session.quote(json.dumps({"asked": quote.question}))
    return read(answers)["asked"]


def modules_in(pack: Path) -> list[str]:
    """The sources of the page's modules in one of its packs."""
    return list(json.loads(read_pack(pack)[MODULES]).values())


def joined(sheet: Path, made: dict[str, str]) -> str:
    """A style sheet that imports others of its folder, or `made` ones (name -> text), as one."""

    def text(imported: re.Match[str]) -> str:
        name = imported[1]
        return made[name] if name in made else sheet.with_name(name).read_text(encoding="utf-8")

    return IMPORT.sub(text, sheet.read_text(encoding="utf-8"))


def write_thumbnail(original: Path, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    Image.fromarray(read_picture(original, THUMBNAIL)).save(file, quality=80, method=6)


def as_json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def in_script(data: object) -> str:
    """Data as JSON for a block of an HTML page, which ends where it sees the end of a script."""
    return as_json(data).replace("<", "\\u003c")


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    try:
        main(*map(Path, sys.argv[1:]))
    except BuildError as error:
        sys.exit(str(error))
