"""The photo's file: as good as the sheet allows, never larger, and nothing in it but the picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from flows.photo.file import jpeg_for
from flows.photo.sheet import rules_on
from tests.flows.shots import TODAY, codes, judged, picture_of

SHEET = rules_on("exit_entry", TODAY)


def textured(strength: float) -> Image.Image:
    noise = np.random.default_rng(7).normal(180, strength, (SHEET.height, SHEET.width, 3))
    return Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))


def test_a_lively_picture_is_made_smaller_until_it_fits() -> None:
    file, quality = jpeg_for(textured(20), SHEET)
    assert 30 * 1024 <= len(file) <= 80_000
    assert 70 <= quality < 95


def test_a_smooth_picture_is_made_as_good_as_needed() -> None:
    file, quality = jpeg_for(textured(2), SHEET)
    assert 30 * 1024 <= len(file) <= 80_000
    assert quality >= 95


def test_a_picture_that_cannot_fit_is_sent_as_small_as_allowed() -> None:
    file, quality = jpeg_for(textured(120), SHEET)
    assert (len(file) > 80_000, quality) == (True, 70)


def test_a_picture_without_anything_on_it_stays_small() -> None:
    file, quality = jpeg_for(Image.new("RGB", (SHEET.width, SHEET.height), "white"), SHEET)
    assert (len(file) < 30 * 1024, quality) == (True, 95)


@pytest.mark.parametrize(("sheet", "dpi"), [("exit_entry", 300), ("resident_card", 350)])
def test_the_file_says_its_resolution_and_nothing_else(sheet: str, dpi: int) -> None:
    photo = picture_of(judged(sheet=sheet))
    assert photo.info["dpi"] == (dpi, dpi)
    assert not photo.getexif()
    assert set(photo.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


def test_a_resident_card_photo_has_its_own_size() -> None:
    result = judged(sheet="resident_card")
    assert codes(result) == []
    assert picture_of(result).size == (358, 441)
    assert 14 * 1024 <= len(result.picture) <= 20_000
