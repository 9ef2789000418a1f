"""Line breaking: what may stand at the ends of a line, and what is never lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.typeset import NO_END, NO_START, wrap


def width_of(text: str) -> float:
    """Chinese characters two wide, everything else one."""
    return sum(2 if ord(character) > 0x2000 else 1 for character in text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("请带好身份证到窗口办理", 10, ("请带好身份", "证到窗口办", "理")),
        ("请您带好证，等候", 10, ("请您带好", "证，等候")),
        ("请看《办法》说明", 6, ("请看", "《办", "法》说", "明")),
        ("他说：“请稍等。”", 8, ("他说：", "“请稍", "等。”")),
        ("请到 A023 窗口", 6, ("请到", "A023", "窗口")),
        ("电话 0757 12345678 转 6", 10, ("电话 0757", "12345678", "转 6")),
        ("费用￥100元", 8, ("费用", "￥100元")),
        ("第一行\n第二行", 20, ("第一行", "第二行")),
        ("", 10, ("",)),
        ("超长LLANFAIRPWLLGWYNGYLL", 8, ("超长", "LLANFAIR", "PWLLGWYN", "GYLL")),
        ("Hong Kong and Macau", 12, ("Hong Kong", "and Macau")),
        ("阿卜杜拉·买买提", 8, ("阿卜杜", "拉·买买", "提")),
        ("吕晓岚", 1, ("吕", "晓", "岚")),
    ],
)
def test_lines_break_where_a_reader_of_chinese_expects_it(text: str, width: int, lines: tuple[str, ...]) -> None:
    assert wrap(text, width_of, width) == lines


def test_a_dash_and_dots_of_two_characters_are_not_torn_apart() -> None:
    assert all(line.count("…") in (0, 2) for line in wrap("请您等一下……好吗", width_of, 12))


SOME = st.text(st.sampled_from("请带好身份证，。！《》（）“” ·Ab1 2￥x-"), max_size=60)


@given(SOME, st.integers(1, 30))
def test_nothing_but_blanks_is_lost(text: str, width: int) -> None:
    assert "".join(wrap(text, width_of, width)).replace(" ", "") == text.replace(" ", "")


@given(SOME, st.integers(2, 30))
def test_no_line_is_too_wide(text: str, width: int) -> None:
    assert all(width_of(line) <= width for line in wrap(text, width_of, width))


@given(
    st.text(st.sampled_from("请带好身份证"), min_size=1),
    st.sampled_from("，。！）》”"),
    st.sampled_from("（《“"),
    st.integers(8, 20),
)
def test_a_mark_never_stands_where_it_must_not(words: str, closing: str, opening: str, width: int) -> None:
    text = "".join(f"{opening}{word}{closing}" for word in words)
    lines = wrap(text, width_of, width)
    assert not [line for line in lines if line[0] in NO_START or line[-1] in NO_END]


@given(st.text(max_size=40), st.integers(1, 30))
def test_any_text_at_all_is_broken_without_an_error(text: str, width: int) -> None:
    assert "\n" not in "".join(wrap(text, width_of, width))
