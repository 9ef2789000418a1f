"""What may be read over a shoulder, or on a slip that was left lying about."""

from __future__ import annotations

import pytest

from flows.masking import masked_name, masked_number
from kiosk.privacy import IdleTimes


@pytest.mark.parametrize(
    ("name", "masked"),
    [("吕晓岚", "吕**"), ("霍锦", "霍*"), ("阿卜杜", "阿**"), ("𠮷野家", "𠮷**"), ("莫", "莫"), ("", "")],
)
def test_a_name_shows_its_first_character(name: str, masked: str) -> None:
    assert masked_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"), [("440602199202299863", "4****************3"), ("81X", "8*X"), ("12", "**"), ("1", "*"), ("", "")]
)
def test_a_number_shows_its_ends_only(number: str, masked: str) -> None:
    assert masked_number(number) == masked


def test_the_usual_times_give_old_people_twice_as_long_and_a_warning_of_twenty_seconds() -> None:
    times = IdleTimes()
    assert (times.warn_s, times.warn_large_s, times.countdown_s, times.done_s) == (60, 120, 20, 30)
