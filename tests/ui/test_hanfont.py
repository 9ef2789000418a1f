"""Chinese text: rare characters find a font, lines break where they may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.hanfont import NO_END, NO_START, Fonts, balanced, wrap
from tests.ui.conftest import FONTS

fonts = Fonts(FONTS)
ADDRESS = "广东省佛山市禅城区祖庙街道人民路“云岫花园”一期（北区）12座2单元1803房，邮政编码528000。"


def measure(text: str) -> float:
    """Chinese characters are 2 wide, everything else 1."""
    return sum(2 if ord(c) >= 0x2E80 else 1 for c in text)


@pytest.mark.parametrize("character", "𠮷㼆䶮珊吕A1·，")
def test_what_the_main_face_has_is_left_to_it(character: str) -> None:
    assert fonts.safe_markup(character) == character


@pytest.mark.parametrize(("character", "face"), [("𪚥", "HanRareA"), ("𩧱", "HanRareB")])
def test_a_rare_character_changes_the_face_for_itself_only(character: str, face: str) -> None:
    assert fonts.safe_markup(f"欧阳{character}珊") == f"欧阳[font={face}]{character}[/font]珊"


def test_a_character_of_no_font_is_drawn_as_its_code_point_and_reported() -> None:
    assert fonts.safe_markup("王\U000323af") == "王□U+323AF"
    assert fonts.missing("王\U000323af𪚥\n") == {"\U000323af"}


def test_signs_of_markup_are_drawn_as_themselves() -> None:
    assert fonts.safe_markup("[b]A&B") == "&bl;b&br;A&amp;B"


def test_the_main_face_has_chinese_and_not_japanese_shapes() -> None:
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / "HanSC-Regular.otf", lazy=True) as face:
        assert "SC" in face["name"].getDebugName(4)


def test_a_long_address_is_broken_with_no_mark_at_the_wrong_end() -> None:
    lines = wrap(ADDRESS, 24, measure).split("\n")
    assert "".join(lines) == ADDRESS
    assert all(measure(line) <= 24 for line in lines)
    assert not [line for line in lines if line[0] in NO_START or line[-1] in NO_END]


def test_latin_words_are_kept_whole_unless_longer_than_a_line() -> None:
    assert wrap("Foshan Chancheng Yunxiu", 10, measure) == "Foshan\nChancheng\nYunxiu"
    assert wrap("ABCDEFGHIJKL", 5, measure) == "ABCDE\nFGHIJ\nKL"


def test_a_balanced_text_breaks_between_clauses() -> None:
    assert balanced("已为您取号，请到窗口，工作人员会帮您。", 26, measure) == "已为您取号，请到窗口，\n工作人员会帮您。"


def test_a_balanced_text_without_clauses_leaves_no_single_word_behind() -> None:
    assert balanced("What we use your records for", 25, measure) == "What we use your\nrecords for"


def test_balancing_breaks_no_word_that_fits() -> None:
    assert balanced("Something is wrong", 12, measure) == "Something\nis wrong"


def test_a_balanced_text_that_fits_stays_on_its_line() -> None:
    assert balanced("请放卡", 25, measure) == "请放卡"


@given(st.text("吕晓岚，。（）“”…Ab 1\n𪚥", max_size=60), st.integers(8, 40))
def test_wrapping_loses_nothing_but_blanks_at_line_ends(text: str, width: int) -> None:
    for broken in (wrap(text, width, measure), balanced(text, width, measure)):
        assert "".join(broken.split()) == "".join(text.split())
