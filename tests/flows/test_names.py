"""Names and addresses as two registers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.names import dotted, is_cut, spelling

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


def test_a_name_cut_by_the_chip_is_seen_from_both_sides_even_with_another_dot() -> None:
    cut = NAME[:15]
    assert is_cut(cut, NAME.replace("·", "•"))
    assert is_cut(NAME, cut)


@pytest.mark.parametrize(("one", "other"), [(NAME, NAME), ("王小", "王小明"), ("", NAME), (NAME[:14] + "买", NAME)])
def test_a_short_beginning_or_another_ending_is_no_cut(one: str, other: str) -> None:
    assert not is_cut(one, other)


@given(st.text(min_size=10), st.text(min_size=1))
def test_being_cut_does_not_depend_on_the_order(one: str, more: str) -> None:
    assert is_cut(one, one + more) == is_cut(one + more, one)
