"""Names and addresses as two registers write them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.names import Likeness, dotted, is_same, likeness, spelling

NAME = "阿卜杜热合曼·麦麦提依明·托合提"


@pytest.mark.parametrize("dot", "·•‧・･.．∙⋅●")
def test_every_dot_is_the_one_dot(dot: str) -> None:
    written = NAME.replace("·", dot)
    assert dotted(written) == NAME
    assert spelling(written) == spelling(NAME)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("青禾(佛山)纺织有限公司", "青禾（佛山）纺织有限公司"),
        ("青禾(佛山)纺织有限公司", "青禾〔佛山〕紡織有限公司"),
        ("葉錦鳳", "叶锦凤"),
        ("莲花路36号 802房", "莲花路３６號802房"),
        ("华贸b座", "华贸B座"),
    ],
)
def test_these_are_the_same_words(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)


@pytest.mark.parametrize(("one", "other"), [("梁𠮷彤", "梁吉彤"), ("吕晓岚", "吕小岚"), ("36号", "38号"), ("A(1)", "A1")])
def test_these_are_not(one: str, other: str) -> None:
    assert spelling(one) != spelling(other)


WRITTEN = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
    | st.characters(min_codepoint=0x20, max_codepoint=0x7E)
    | st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E)
    | st.sampled_from("·•‧・･．（）【】〔〕　葉錦鳳𠮷")
)


@given(WRITTEN)
def test_a_spelling_of_a_spelling_is_itself(text: str) -> None:
    assert spelling(spelling(text)) == spelling(text)


def test_a_name_cut_by_the_chip_is_seen_from_both_sides_even_with_another_dot_or_none() -> None:
    cut = NAME[:15]
    assert likeness(cut, NAME.replace("·", "•")) is Likeness.CUT
    assert likeness(NAME.replace("·", ""), cut) is Likeness.CUT


@pytest.mark.parametrize("pair", [("王小", "王小明"), ("", NAME), (NAME[:14] + "买", NAME), ("甲" * 9 + "1", "甲" * 9 + "12")])
def test_a_short_beginning_another_ending_or_a_number_cut_through_is_no_cut(pair: tuple[str, str]) -> None:
    assert likeness(*pair) is None


@given(st.text(min_size=10), st.text(min_size=1))
def test_being_alike_does_not_depend_on_the_order(one: str, more: str) -> None:
    assert likeness(one, one + more) == likeness(one + more, one)


@pytest.mark.parametrize("pair", ["乾 干", "於 于", "葉 叶", "後 后", "餘 余", "雲 云", "鍾 钟", "鐘 钟", "範 范"])
def test_what_may_be_two_names_is_a_spelling_for_a_person_and_never_the_same_to_a_rule(pair: str) -> None:
    one, other = (f"李{sign}" for sign in pair.split())
    assert likeness(one, other) is Likeness.SPELLING
    assert not is_same(one, other)


@pytest.mark.parametrize(("one", "other"), [("何錦鳳", "何锦凤"), ("陳儀", "陈仪"), ("阿依•古丽", "阿依·古丽"), ("吕１", "吕1")])
def test_what_can_be_one_name_only_is_the_same(one: str, other: str) -> None:
    assert is_same(one, other)


@given(st.sampled_from("乾於葉後鍾錦"), st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=4))
def test_a_character_is_converted_whatever_stands_beside_it(sign: str, beside: str) -> None:
    assert spelling(sign + beside) == spelling(sign) + spelling(beside)


def test_no_phrase_is_converted() -> None:
    assert spelling("乾隆") == spelling("干隆")
    assert spelling("著作") == "著作"


def test_any_thread_finds_the_same_table() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(spelling, ["葉錦鳳"] * 64)) == {"叶锦凤"}


@pytest.mark.parametrize(("one", "other"), [("粤E·9T5M1", "粤E9T5M1"), ("买买提—依明", "买买提依明")])
def test_a_dot_left_out_is_another_spelling(one: str, other: str) -> None:
    assert likeness(one, other) is Likeness.SPELLING


def test_a_decimal_point_is_no_dot() -> None:
    assert likeness("4.5", "45") is None
