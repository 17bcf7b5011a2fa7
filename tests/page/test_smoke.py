"""What `make quick` asks of the page in a browser: one visit, from the start to a view and an own picture."""

import io

import pytest
from PIL import Image

from pycnn.pictures import read_picture

pytestmark = pytest.mark.smoke


def check_numbers(seen, network):
    """The probabilities on the page are those of pycnn for the picture on the page."""
    expected = network.classify(network.picture_from_pixels(seen.picture())).probabilities
    assert seen.probabilities() == pytest.approx(list(expected.values()), abs=1e-5)


def test_the_page_starts_computes_opens_a_view_and_takes_a_picture(visit, network):
    seen = visit(reduced_motion="reduce")  # a playback would move the cursor between two looks
    check_numbers(seen, network)

    seen.choose("koala")
    check_numbers(seen, network)
    seen.open("conv_1_2", 4)
    y, x = seen.cursor()
    outputs = network.forward(network.picture_from_pixels(seen.picture()))["conv_1_2"]
    shown = seen.page.locator("#view-body .result").get_attribute("data-value")
    assert float(shown) == pytest.approx(float(outputs[4, y, x]), abs=1e-5)
    seen.page.keyboard.press("Escape")
    seen.wait_until_overview()

    own = io.BytesIO()
    Image.linear_gradient("L").resize((90, 60)).save(own, "PNG")
    seen.upload("mine.png", own.getvalue())
    seen.wait_until_picture("upload-1")
    assert (seen.picture() == read_picture(own.getvalue(), size=(64, 64))).all()
    check_numbers(seen, network)
