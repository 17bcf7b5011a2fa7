"""Files that give no picture: a sentence each, and nothing on the page is lost."""

import io
import struct
import zlib

import pytest
from PIL import Image

from tests.picture_cases import chunk


def huge_png(side: int) -> bytes:
    """A PNG of one bit a pixel that is small as a file, whatever its side."""
    compressor = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    rows = b"".join(compressor.compress(row) for _ in range(side)) + compressor.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def cut_jpeg() -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((200, 200), 60).convert("RGB").save(stream, "JPEG")
    return stream.getvalue()[: len(stream.getvalue()) // 2]


CHOOSE = "Choose a PNG, JPEG, WebP, GIF or BMP picture."
BAD = [
    ("cut.jpg", cut_jpeg(), "cut.jpg is damaged or cut short. Try another copy of it."),
    ("notes.jpg", b"No picture.\n" * 99, f"notes.jpg is not a picture that can be read here. {CHOOSE}"),
    ("huge.png", huge_png(20_000), "huge.png has more than 50 million pixels. Choose a smaller picture."),
    ("nothing.png", b"", f"nothing.png is empty. {CHOOSE}"),
]  # fmt: skip


@pytest.fixture(scope="module")
def before(drawn):
    drawn.choose("koala")
    drawn.paste(picture="koala", layer="conv_1_2", unit=4, y=3, x=2)
    drawn.wait_until_view("conv_1_2", 4)
    return drawn.everything()


@pytest.mark.parametrize(("name", "data", "sentence"), BAD, ids=[name for name, _, _ in BAD])
def test_a_bad_file_gets_its_sentence_and_changes_nothing(drawn, before, name, data, sentence):
    drawn.upload(name, data)
    drawn.expect_message(sentence)
    assert drawn.everything() == before


def test_a_file_beyond_the_limit_is_refused_without_being_read_whole(drawn, before):
    size = 64 * 2**20 + 1
    drawn.page.evaluate(
        """(size) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(size)], "film.png"));
          const chooser = document.querySelector("input[data-upload]");
          chooser.files = transfer.files;
          chooser.dispatchEvent(new Event("change", { bubbles: true }));
        }""",
        size,
    )
    drawn.expect_message("film.png is larger than 64 MB. Choose a smaller picture.")
    assert drawn.everything() == before


def test_the_sentence_goes_when_a_picture_is_chosen(drawn, before):
    drawn.upload(*BAD[3][:2])
    drawn.expect_message(BAD[3][2])
    drawn.choose("pizza")
    drawn.expect_message("")
    drawn.choose("koala")
    assert drawn.everything() == before


def test_when_pillow_cannot_be_fetched_the_page_says_so(visit):
    seen = visit()
    seen.take_away("pillow.zip")
    before = seen.everything()
    seen.upload("cut.jpg", cut_jpeg())
    seen.notice("picture").filter(has_text="cut.jpg could not be read").wait_for(timeout=30_000)
    assert seen.everything() == before
    # Once it can be fetched, the same file gets its own answer.
    seen.give_back("pillow.zip")
    seen.upload("cut.jpg", cut_jpeg())
    seen.expect_message(BAD[0][2])
