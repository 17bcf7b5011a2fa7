"""What the picture of a view says in SVG of boxes and computed styles."""

import pytest
from ui import svg

BOX = {"left": 10, "top": 20, "width": 100, "height": 50, "right": 110, "bottom": 70}


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (10, "10"), (100.0, "100"), (12.5, "12.5"), (1 / 3, "0.33"), (-7.999, "-8")]
)
def test_pixels_are_said_as_short_as_can_be(value, text):
    assert svg.px(value) == text


@pytest.mark.parametrize(
    ("css", "attributes"),
    [
        ("rgb(1, 2, 3)", ' fill="rgb(1,2,3)"'),
        ("rgba(1, 2, 3, 0.5)", ' fill="rgb(1,2,3)" fill-opacity="0.5"'),
        ("rgba(0, 0, 0, 0)", ""),
        ("color(srgb 0.1 0.2 0.3)", ' fill="color(srgb 0.1 0.2 0.3)"'),
    ],
)
def test_a_colour_is_told_from_its_opacity(css, attributes):
    assert svg.colour("fill", css) == attributes


def test_rings_are_read_from_shadows_and_blurred_ones_left_out():
    shadow = (
        "rgb(17, 17, 17) 0px 0px 0px 1.5px, rgba(0, 0, 0, 0.4) 0px 4px 16px 0px, "
        "rgb(255, 255, 255) 0px 0px 0px 3px inset"
    )
    assert svg.rings(shadow) == [(-3, 3, "rgb(255, 255, 255)"), (0, 1.5, "rgb(17, 17, 17)")]
    assert svg.rings("none") == []


@pytest.mark.parametrize(
    ("css", "values"),
    [
        ("1px", ["1px"] * 4),
        ("1px 2px", ["1px", "2px", "1px", "2px"]),
        ("1px 2px 3px", ["1px", "2px", "3px", "2px"]),
        ("1px 2px 3px 4px", ["1px", "2px", "3px", "4px"]),
        ("rgb(1, 2, 3) rgb(4, 5, 6)", ["rgb(1,2,3)", "rgb(4,5,6)"] * 2),
    ],
)
def test_a_shorthand_is_read_for_all_sides(css, values):
    assert svg.sides(css) == values


def test_a_frame_lies_around_its_box():
    frame = svg.frame(BOX, 0, 1, 2, "rgb(0, 0, 0)")
    assert 'x="8" y="18" width="104" height="54"' in frame
    assert 'stroke-width="2"' in frame
    assert svg.frame(BOX, 0, 0, 0, "rgb(0, 0, 0)") == svg.frame(BOX, 0, 0, 2, "rgba(0, 0, 0, 0)") == ""
    assert "stroke-dasharray" in svg.frame(BOX, 0, 0, 1, "rgb(0, 0, 0)", "dashed")


@pytest.mark.parametrize(
    ("out", "thick", "sizes"),
    [
        (3, 4, 'x="5" y="15" width="110" height="60"'),
        (0, 1, 'x="9.5" y="19.5" width="101" height="51"'),
        (-1, 1, 'x="10.5" y="20.5" width="99" height="49"'),
    ],
)
def test_a_frame_is_wider_than_its_box_on_both_sides(out, thick, sizes):
    assert sizes in svg.frame(BOX, 0, out, thick, "rgb(0, 0, 0)")


def test_a_frames_corners_are_as_round_as_it_is_away():
    assert ' rx="11"' in svg.frame(BOX, 6, 3, 4, "rgb(0, 0, 0)")
    assert "rx" not in svg.frame(BOX, 0, 3, 4, "rgb(0, 0, 0)")
    assert "rx" not in svg.frame(BOX, 1, -4, 2, "rgb(0, 0, 0)"), "never rounder than a corner"


@pytest.mark.parametrize(
    ("css", "pixels"), [("6px", 6), ("50%", 50), ("6px 3px", 6)], ids=["pixels", "share", "two"]
)
def test_a_corners_radius_is_in_pixels(css, pixels):
    assert svg.radius(css, BOX) == pixels


def test_a_hatch_is_bars_over_its_period():
    hatch = "rgb(1, 1, 1) 0px, rgb(1, 1, 1) 2px, rgb(2, 2, 2) 2px, rgb(2, 2, 2) 5px"
    stops = svg.stops(f"repeating-linear-gradient(45deg, {hatch})")
    assert [at for _, at in stops] == [0, 2, 2, 5]
    pattern = svg.pattern("hatch", -45, stops)
    assert 'width="5" height="5"' in pattern
    assert '<rect x="0" y="0" width="2" height="5" fill="rgb(1,1,1)"/>' in pattern
    assert '<rect x="2" y="0" width="3" height="5" fill="rgb(2,2,2)"/>' in pattern


def test_what_two_rectangles_have_in_common():
    assert svg.common((0, 0, 10, 10), None) == (0, 0, 10, 10)
    assert svg.common((0, 0, 10, 10), (5, -5, 20, 8)) == (5, 0, 10, 8)


def test_a_line_that_is_cut_says_so_and_ends_in_time():
    box = dict(BOX)
    line = svg.cut("twenty letters, more", box, 60)
    assert line == "twenty le\u2026"
    assert box["right"] <= 60
