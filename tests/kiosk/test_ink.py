"""A signature: what a finger wrote, as a picture, and what is no signature."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from kiosk.ink import HEIGHT, MARGIN, PEN, WIDTH, drawn

WRITTEN = "100,300 180,120 260,330;320,140 420,300 520,160"


def dark(picture: bytes) -> tuple[int, int, int, int] | None:
    return Image.eval(Image.open(io.BytesIO(picture)), lambda grey: 255 - grey).getbbox()


def test_strokes_become_black_on_white_as_large_as_the_picture_takes_them() -> None:
    found = drawn(WRITTEN)
    assert found is not None
    assert found.media_type == "image/png"
    assert Image.open(io.BytesIO(found.content)).size == (WIDTH, HEIGHT)
    box = dark(found.content)
    assert box is not None
    assert box[0] >= MARGIN - PEN
    assert box[2] - box[0] > WIDTH * 0.8


def test_equal_strokes_are_the_same_picture() -> None:
    assert drawn(WRITTEN) == drawn(WRITTEN)


@pytest.mark.parametrize("strokes", ["", ";", "500,200", "500,200 501,201", "nonsense", "1,1;2,2;3,3"])
def test_a_tap_or_nothing_is_no_signature(strokes: str) -> None:
    assert drawn(strokes) is None


def test_a_straight_line_and_one_that_left_the_sheet_are_drawn() -> None:
    for strokes in ("0,100 1000,100", "-20,-30 400,500", "100.5,20 100.5,400"):
        assert drawn(strokes) is not None
