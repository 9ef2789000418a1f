"""The drawn people of the demonstration: one face each, always the same, and what lies before a camera."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from devices.simulators.camera import SHOTS, NothingToShow, view
from devices.simulators.portraits import SIZE, Shot, looks_of, portrait
from devices.simulators.specimens import find_specimen, specimens


def test_a_specimen_always_looks_the_same_and_like_nobody_else() -> None:
    looks = [looks_of(person) for person in specimens()]
    assert len(set(looks)) == len(looks)
    drawn = portrait(looks[0])
    assert drawn.size == SIZE
    assert ImageChops.difference(drawn, portrait(looks[0])).getbbox() is None
    assert ImageChops.difference(drawn, portrait(looks[1])).getbbox() is not None


def test_a_portrait_has_the_sex_and_age_of_its_person() -> None:
    elder = find_specimen("elder")
    assert elder is not None
    assert (looks_of(elder).woman, looks_of(elder).age) == (False, 78)


def test_every_way_to_shoot_shows_in_the_picture() -> None:
    well = Image.open(io.BytesIO(view("lyu")))
    assert view("lyu well") == view("lyu")
    for how in ("tilted", "eyes-closed", "company", "dark"):
        assert ImageChops.difference(well, Image.open(io.BytesIO(view(f"lyu {how}")))).getbbox(), how


def test_all_but_one_way_is_a_fault() -> None:
    assert [how for how, shot in SHOTS.items() if shot == Shot()] == ["well"]


def test_a_paper_and_an_empty_seat_can_be_seen() -> None:
    assert Image.open(io.BytesIO(view("paper"))).format == "JPEG"
    assert len(Image.open(io.BytesIO(view("nobody"))).convert("L").getcolors() or ()) < 5


@pytest.mark.parametrize(("before", "words"), [("ghost", "no specimen ghost"), ("lyu upside-down", "is shot well, tilted")])
def test_what_cannot_be_shown_is_worded(before: str, words: str) -> None:
    with pytest.raises(NothingToShow, match=words):
        view(before)


def test_somebody_is_put_before_a_camera_from_the_keyboard(tmp_path: Path) -> None:
    def command(*words: str) -> subprocess.CompletedProcess[str]:
        started = [sys.executable, "-m", "devices", "camera", *words, "--state", str(tmp_path)]
        return subprocess.run(started, capture_output=True, text=True, check=False)

    assert command("吕晓岚", "eyes-closed").stdout == "Before the camera: lyu eyes-closed.\n"
    assert (tmp_path / "camera" / "before").read_text() == "lyu eyes-closed"
    assert command("paper", "--document").returncode == 0
    assert (tmp_path / "document_camera" / "before").read_text() == "paper"
    refused = command("ghost")
    assert refused.returncode == 1
    assert "no specimen ghost" in refused.stderr
    assert "lyu 吕晓岚" in refused.stderr
    assert "Traceback" not in refused.stderr
