"""The resident number: the vectors of the standard, and what its check character catches."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flows.resident_number import ResidentNumber, WrongNumber, check_character, normal
from tests.flows.people import PEOPLE

DAYS = st.dates(date(1880, 1, 1), date(2026, 11, 23))


def is_valid(text: str) -> bool:
    try:
        ResidentNumber.read(text)
    except WrongNumber:
        return False
    return True


@st.composite
def numbers(draw: st.DrawFn) -> str:
    region = draw(st.integers(110000, 829999))
    first = f"{region}{draw(DAYS):%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first + check_character(first)


@pytest.mark.parametrize(
    ("text", "birth", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), "2"),
        ("440524188001010014", date(1880, 1, 1), "1"),
        ("440602199202299863", date(1992, 2, 29), "2"),
    ],
)
def test_the_vectors_of_the_standard_are_read(text: str, birth: date, sex: str) -> None:
    number = ResidentNumber.read(text)
    assert (number.text, number.region, number.birth, number.sex) == (text, text[:6], birth, sex)
    assert ResidentNumber.read(text).birth == birth


@pytest.mark.parametrize("text", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"])
def test_small_and_full_width_writing_is_the_same_number(text: str) -> None:
    assert ResidentNumber.read(text).text == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form"),
        ("110105491231002", "form"),
        ("11010519491231002A", "form"),
        ("X10105194912310021", "form"),
        ("٤٤٠٦٠٢١٩٩٢٠٢٢٩٩٨٦٣", "form"),
        ("110105194912310021", "check"),
        ("44060219930229" + "986" + check_character("44060219930229986"), "birth"),
        ("44060219921301" + "986" + check_character("44060219921301986"), "birth"),
    ],
)
def test_a_wrong_number_is_refused_with_a_code_and_words(text: str, code: str) -> None:
    with pytest.raises(WrongNumber) as caught:
        ResidentNumber.read(text)
    assert caught.value.code == code
    assert caught.value.words.startswith("公民身份号码")
    assert not is_valid(text)


@given(numbers())
def test_what_was_written_is_read_back(number: str) -> None:
    read = ResidentNumber.read(number)
    assert (read.text, f"{read.birth:%Y%m%d}") == (number, number[6:14])
    assert read.sex == ("1" if int(number[16]) % 2 else "2")


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_one_changed_character_is_caught(number: str, place: int, other: str) -> None:
    assume(number[place] != other)
    assert not is_valid(number[:place] + other + number[place + 1 :])


@given(numbers(), st.integers(0, 16))
def test_any_two_neighbours_swapped_are_caught(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    assert not is_valid(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@given(st.text(max_size=30))
def test_the_error_never_repeats_what_was_typed(text: str) -> None:
    assume(not is_valid(text))
    with pytest.raises(WrongNumber) as caught:
        ResidentNumber.read(text)
    assert str(caught.value) in ("form", "check", "birth")
    assert caught.value.__cause__ is None


def test_every_specimen_agrees_with_its_own_number() -> None:
    for person in PEOPLE.values():
        number = ResidentNumber.read(person["number"])
        assert (number.birth.isoformat(), number.sex) == (person["birth"], person["sex"]), person["key"]
        assert normal(person["number"]) == person["number"]
