"""The Latin letters proposed for a name: GB/T 28039, surnames that are read otherwise, and names that are not spelled."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.pinyin import SURNAMES, propose

NONE = ("", "")


@pytest.mark.parametrize(
    ("name", "surname", "given_names"),
    [
        ("吕晓岚", "LYU", "XIAOLAN"),
        ("律律", "LYU", "LYU"),
        ("李女", "LI", "NYU"),
        ("王略", "WANG", "LUE"),
        ("王虐", "WANG", "NUE"),
        ("居曲", "JU", "QU"),
        ("徐玉", "XU", "YU"),
        ("李文亮", "LI", "WENLIANG"),
    ],
)
def test_the_letter_that_is_not_on_the_keyboard(name: str, surname: str, given_names: str) -> None:
    assert propose(name) == (surname, given_names)


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("单雄信", "SHAN"),
        ("曾国藩", "ZENG"),
        ("仇英", "QIU"),
        ("解缙", "XIE"),
        ("查良镛", "ZHA"),
        ("区小明", "OU"),
        ("朴世永", "PIAO"),
        ("盖叫天", "GE"),
        ("乐毅", "YUE"),
        ("覃小平", "QIN"),
        ("缪昌期", "MIAO"),
        ("冼星海", "XIAN"),
        ("翟小明", "ZHAI"),
    ],
)
def test_a_surname_is_read_as_a_surname(name: str, surname: str) -> None:
    assert propose(name)[0] == surname


def test_only_the_surname_is_read_so() -> None:
    assert propose("李单") == ("LI", "DAN")


@pytest.mark.parametrize(
    ("name", "surname", "given_names"),
    [
        ("欧阳雪", "OUYANG", "XUE"),
        ("司马光", "SIMA", "GUANG"),
        ("尉迟恭", "YUCHI", "GONG"),
        ("万俟雅", "MOQI", "YA"),
        ("歐陽雪", "OUYANG", "XUE"),
        ("西门", "XI", "MEN"),
    ],
)
def test_a_surname_of_two_characters_is_one_word(name: str, surname: str, given_names: str) -> None:
    assert propose(name) == (surname, given_names)


@pytest.mark.parametrize("name", ["阿卜杜热合曼·麦麦提依明", "阿卜杜·热合曼", "阿卜杜热合曼"])
def test_a_name_of_another_script_is_not_spelled_by_its_characters(name: str) -> None:
    assert propose(name) == NONE


@pytest.mark.parametrize("name", ["", "吕", "WANG", "王A", "王1", "梁𠮷彤", "王\ue000"])
def test_nothing_is_proposed_rather_than_half_a_name(name: str) -> None:
    assert propose(name) == NONE


def test_blanks_in_a_name_do_not_count() -> None:
    assert propose(" 吕 晓岚　") == ("LYU", "XIAOLAN")


@given(st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF) | st.sampled_from("· AÜ吕欧阳"), max_size=6))
def test_a_proposal_has_both_parts_in_capital_letters_or_none(name: str) -> None:
    surname, given_names = propose(name)
    assert bool(surname) == bool(given_names)
    assert re.fullmatch(r"[A-Z]*", surname + given_names)


def test_every_surname_of_the_table_is_written_as_the_rule_reads_it() -> None:
    assert all(len(surname) == 2 for surname in SURNAMES.compound)
    assert all(re.fullmatch(r"[A-Z]+", reading) for reading in SURNAMES.readings.values())
    assert {surname for surname in SURNAMES.readings if len(surname) == 2} <= set(SURNAMES.compound)
    assert SURNAMES.source
