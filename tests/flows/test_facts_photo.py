"""Fact 21 of the domain notes, by name."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from devices.simulators.portraits import Shot
from flows.photo.checks import judge
from tests.flows.shots import TODAY, codes, judged, picture_of, shot


def test_fact_21_photo_is_354_by_472_white_30_to_80_kb_and_a_resident_card_photo_is_not_usable() -> None:
    result = judged()
    photo = picture_of(result)
    assert (photo.size, codes(result)) == ((354, 472), [])
    assert photo.width * 4 == photo.height * 3
    assert 20_000 <= len(result.picture) <= 80_000
    ground = np.asarray(photo.convert("L"), np.float32)[:100, :25]
    assert ground.mean() >= 210
    assert ground.std() < 8
    assert codes(judged(Shot(ground=(120, 160, 210)))) == ["ground_dark", "ground_colour"]

    for_card = judged(sheet="resident_card")
    assert picture_of(for_card).size == (358, 441)
    assert not 30 * 1024 <= len(for_card.picture) <= 80_000
    assert picture_of(judge(for_card.picture, "exit_entry", TODAY)).size == (354, 472)


def test_fact_21_no_beautifying_the_photo_is_the_shot_cut_and_scaled() -> None:
    """Laid back on the shot at the right place, the photo hardly differs from it."""
    result = judged()
    photo = np.asarray(picture_of(result).convert("L"), np.float32)
    seen = Image.open(io.BytesIO(shot())).convert("L")
    scale = result.facts["enlarged"]
    small = np.asarray(seen.resize((round(seen.width * scale), round(seen.height * scale)), Image.Resampling.LANCZOS), np.float32)
    height, width = photo.shape
    places = [(top, left) for top in range(small.shape[0] - height + 1) for left in range(90, 110)]
    assert min(float(np.abs(small[top : top + height, left : left + width] - photo).mean()) for top, left in places) < 2.5
