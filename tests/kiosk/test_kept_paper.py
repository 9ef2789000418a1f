"""A photographed paper: upright, small enough to travel, and nothing else of the camera."""

from __future__ import annotations

import io

import numpy
import pytest
from PIL import Image

from flows.pictures import MOST_BYTES
from kiosk.kept_paper import LONGEST_SIDE, NoPicture, small_enough


def noise(width: int, height: int, exif: Image.Exif | None = None) -> bytes:
    dots = numpy.random.default_rng(7).integers(0, 255, (height, width, 3), dtype=numpy.uint8)
    file = io.BytesIO()
    Image.fromarray(dots).save(file, "JPEG", quality=95, exif=exif or Image.Exif())
    return file.getvalue()


def test_even_a_page_of_nothing_but_noise_is_made_small_enough() -> None:
    found = small_enough(noise(2400, 1800))
    assert len(found.content) <= MOST_BYTES
    assert max(Image.open(io.BytesIO(found.content)).size) <= LONGEST_SIDE


def test_a_page_shot_on_its_side_stands_upright_and_the_cameras_notes_are_gone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x0110] = "a camera with a serial number"
    picture = Image.open(io.BytesIO(small_enough(noise(400, 300, exif)).content))
    assert picture.size == (300, 400)
    assert not picture.getexif()


@pytest.mark.parametrize("shot", [b"", b"nonsense", noise(300, 300)[:500]])
def test_what_is_no_whole_picture_is_refused(shot: bytes) -> None:
    with pytest.raises(NoPicture):
        small_enough(shot)
