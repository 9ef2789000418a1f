"""A document photo is cut from a shot and judged; every fault is told in words, with the place to look at."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.simulators.camera import view
from devices.simulators.face import Bearing, Looks
from devices.simulators.portraits import Shot, jpeg, portrait
from devices.simulators.specimens import Specimen, specimens
from flows.photo import checks
from flows.photo.checks import CHECKS, judge
from flows.photo.sheet import rules_on
from tests.flows.shots import SOMEBODY, TODAY, codes, judged, picture_of, shot


def test_somebody_who_sits_well_gets_a_photo_of_the_exit_entry_sheet() -> None:
    result = judged()
    assert result.faults == ()
    photo = picture_of(result)
    assert (photo.size, photo.mode, photo.format) == ((354, 472), "RGB", "JPEG")
    assert 30 * 1024 <= len(result.picture) <= 80_000
    assert 0.23 <= result.facts["eyes_apart"] <= 0.33


@pytest.mark.parametrize("person", specimens(), ids=lambda person: person.key)
def test_every_specimen_can_be_photographed_for_both_sheets(person: Specimen) -> None:
    """What the demonstration camera shows must pass."""
    seen = view(person.key)
    assert codes(judge(seen, "exit_entry", TODAY)) == []
    assert codes(judge(seen, "resident_card", TODAY)) == []


FAULTY = {
    "several_faces": Shot(company=True),
    "far": Shot(nearness=0.5),
    "near": Shot(nearness=1.7),
    "off_centre": Shot(aside=0.3),
    "roll": Shot(tilt=9),
    "yaw": Shot(Bearing(turn=1)),
    "bowed": Shot(Bearing(nod=0.9)),
    "raised": Shot(Bearing(nod=-2)),
    "ground_dark": Shot(ground=(185, 185, 185)),
    "ground_colour": Shot(ground=(225, 240, 252)),
    "ground_uneven": Shot(shadow=60),
    "blurred": Shot(blur=4),
    "dark": Shot(light=0.55, ground=(255, 255, 255)),
    "bright": Shot(light=1.45),
    "eyes_closed": Shot(Bearing(eyes=0)),
    "glare": Shot(glare=True),
}


@pytest.mark.parametrize("looks", [SOMEBODY, Looks(2, woman=False, age=40)], ids=["woman", "man"])
@pytest.mark.parametrize("code", FAULTY)
def test_each_fault_is_found_and_told_with_its_place(code: str, looks: Looks) -> None:
    result = judged(FAULTY[code], looks)
    assert code in codes(result)
    fault = next(fault for fault in result.faults if fault.code == code)
    assert fault.box is not None
    x, y, width, height = fault.box
    assert width > 0
    assert height > 0
    assert min(x, y) >= 0
    assert max(x + width, y + height) <= 1.0001
    assert picture_of(result).size == (354, 472)


def test_a_head_of_proportions_that_the_sheet_does_not_allow_is_told() -> None:
    wide = portrait(SOMEBODY).resize((900, 800))
    assert codes(judge(jpeg(wide), "exit_entry", TODAY)) == ["head"]


def test_a_picture_too_lively_for_the_allowed_file_is_told() -> None:
    grain = np.random.default_rng(3).normal(0, 30, (800, 600, 3))
    lively = Image.fromarray(np.clip(np.asarray(portrait(SOMEBODY), np.float32) + grain, 0, 255).astype(np.uint8))
    assert "file" in codes(judge(jpeg(lively), "resident_card", TODAY))


def test_every_fault_that_can_be_told_has_its_test() -> None:
    told = {words[0] for check in CHECKS for words in (check.below, check.above)} | {checks.NEAR[0], checks.SEVERAL[0]}
    told |= {checks.NO_FACE.code, checks.UNREADABLE.code}
    assert told - FAULTY.keys() == {"no_face", "unreadable", "head", "file"}


def test_an_empty_seat_is_told_as_such_and_nothing_else() -> None:
    result = judge(view("nobody"), "exit_entry", TODAY)
    assert codes(result) == ["no_face"]
    assert result.faults[0].box is None
    assert picture_of(result).size == (354, 472)


def test_a_paper_is_no_face() -> None:
    assert codes(judge(view("paper"), "exit_entry", TODAY)) == ["no_face"]


def test_the_second_person_is_marked_not_the_citizen() -> None:
    fault = judged(FAULTY["several_faces"]).faults[0]
    assert fault.box is not None
    assert fault.box[0] + fault.box[2] / 2 < 0.3


def test_closed_eyes_are_marked_where_the_eyes_are() -> None:
    fault = judged(FAULTY["eyes_closed"]).faults[0]
    assert fault.box is not None
    x, y, width, height = fault.box
    assert x < 0.41 < 0.59 < x + width
    assert y < 0.455 < y + height


def test_the_shadow_is_marked_on_the_side_where_it_falls() -> None:
    fault = next(fault for fault in judged(FAULTY["ground_uneven"]).faults if fault.code == "ground_uneven")
    assert fault.box is not None
    assert fault.box[0] > 0.5


def test_too_near_is_told_without_its_consequences() -> None:
    assert codes(judged(FAULTY["near"])) == ["near"]


def test_a_head_that_hides_the_ground_is_not_blamed_on_the_ground() -> None:
    assert codes(judged(FAULTY["off_centre"])) == ["off_centre"]


def test_a_dark_picture_is_dark_not_blurred() -> None:
    assert codes(judged(Shot(light=0.35))) == ["ground_dark", "dark"]


@pytest.mark.parametrize("tilt", [-4, -3, 3, 4])
def test_a_slightly_tilted_head_is_straightened(tilt: float) -> None:
    result = judged(Shot(tilt=tilt))
    assert result.faults == ()
    again = judge(result.picture, "exit_entry", TODAY)
    assert again.facts["roll"] < 1.5 < result.facts["roll"]


def test_a_head_tilted_too_far_is_not_turned_for_the_citizen() -> None:
    result = judged(FAULTY["roll"])
    again = judge(result.picture, "exit_entry", TODAY)
    assert again.facts["roll"] > 5


def test_nothing_is_painted_over_the_ground() -> None:
    """A coloured ground stays as coloured as it was shot."""
    photo = np.asarray(picture_of(judged(Shot(ground=(120, 160, 210)))), np.float32)
    assert np.abs(photo[:100, :20].mean(axis=(0, 1)) - (120, 160, 210)).max() < 3


def test_a_ready_made_photo_comes_through_as_it_is() -> None:
    ready = judged().picture
    again = judge(ready, "exit_entry", TODAY)
    assert again.faults == ()
    assert 0.9 < again.facts["enlarged"] < 1.1


def test_half_open_eyes_are_open() -> None:
    assert judged(Shot(Bearing(eyes=0.6))).faults == ()


def test_a_child_may_sit_deeper_than_a_grown_up() -> None:
    rules = rules_on("exit_entry", TODAY)
    assert rules.span("eye_line").side(0.6) == 1
    assert rules.span("eye_line", child=True).side(0.6) == 0
    assert judge(shot(looks=Looks(6, woman=True, age=8)), "exit_entry", TODAY, child=True).faults == ()


@pytest.mark.parametrize(
    "broken",
    [b"", b"hello", b"\xff\xd8\xff\xe0" + b"\0" * 50, jpeg(Image.new("RGB", (600, 800)))[:900], b"GIF89a" + b"\0" * 40],
    ids=["nothing", "words", "no picture in it", "cut off", "another kind"],
)
def test_bytes_that_are_no_picture_are_told_as_such(broken: bytes) -> None:
    result = judge(broken, "exit_entry", TODAY)
    assert (codes(result), result.picture) == (["unreadable"], b"")


def test_a_picture_of_too_many_pixels_is_not_opened() -> None:
    file = io.BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    assert codes(judge(file.getvalue(), "exit_entry", TODAY)) == ["unreadable"]


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK"])
def test_other_kinds_of_pixels_are_no_error(mode: str) -> None:
    file = io.BytesIO()
    portrait(SOMEBODY).convert(mode).save(file, "JPEG" if mode in ("L", "CMYK") else "PNG")
    assert picture_of(judge(file.getvalue(), "exit_entry", TODAY)).mode == "RGB"


def test_a_phone_held_sideways_gives_an_upright_photo_that_says_nothing_of_the_phone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it upright
    exif[0x010F] = "somebody's phone"
    file = io.BytesIO()
    portrait(SOMEBODY).transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", exif=exif, quality=92)
    result = judge(file.getvalue(), "exit_entry", TODAY)
    assert result.faults == ()
    assert b"phone" not in result.picture
    assert b"Exif" not in result.picture


@settings(max_examples=10)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 255))
def test_no_picture_however_small_is_an_error(width: int, height: int, grey: int) -> None:
    result = judge(jpeg(Image.new("RGB", (width, height), (grey, grey, grey))), "exit_entry", TODAY)
    assert picture_of(result).size == (354, 472)


def test_the_same_shot_is_always_judged_alike() -> None:
    assert judged(Shot(tilt=2.5)) == judged(Shot(tilt=2.5))
