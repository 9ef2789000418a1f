"""The kinds of field: what is accepted, how it is written, and that a canonical value stays as it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.codes import ETHNIC_GROUPS, SEXES
from flows.fields import YES_NO, Choice, Code, Date, Option, Pattern, Phone, ResidentId, Text, fixed_choice, plain
from flows.flow import Kind, Known
from flows.items import ITEMS
from flows.matters import MATTERS
from tests.flows.people import TODAY

NOTHING = Known({}, {}, TODAY)
KINDS: list[Kind] = [
    Text(),
    Pattern(r"C\d{8}", "通行证号码不正确"),
    ResidentId(),
    Phone(),
    Date(),
    Code(SEXES),
    YES_NO,
]


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Text(), "  莲花路３６号（后座） ", "莲花路36号（后座）"),
        (Text(), "ＡＢｃ", "ABc"),
        (KINDS[1], " c 2345 6781 ", "C23456781"),
        (KINDS[1], "Ｃ２３４５６７８１", "C23456781"),
        (ResidentId(), "11010519491231002x", "11010519491231002X"),
        (Phone(), "+86 138-0284-5678", "13802845678"),
        (Phone(), "0757-8333 0000", "075783330000"),
        (Date(), "20310314", "2031-03-14"),
        (Date(), "2031年03月14日", "2031-03-14"),
        (Date(), "2031/03/14", "2031-03-14"),
        (Code(ETHNIC_GROUPS), " 01 ", "01"),
        (YES_NO, "yes", "yes"),
    ],
)
def test_what_is_typed_becomes_canonical_and_is_accepted(kind: Kind, typed: str, value: str) -> None:
    assert kind.normal(typed) == value
    assert kind.mistake(value, NOTHING) == ""


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (Text(3), "四个字符", "太长了，请写短一些"),
        (Text(), "一行\n又一行", "含有不能使用的字符"),
        (Text(), "半个\ud842", "含有不能使用的字符"),
        (KINDS[1], "D23456781", "通行证号码不正确"),
        (KINDS[1], "C٢٣٤٥٦٧٨١", "通行证号码不正确"),
        (KINDS[1], "C234567811", "通行证号码不正确"),
        (ResidentId(), "440602199202299860", "公民身份号码有误，请检查每一位"),
        (ResidentId(), "44060219920229986", "公民身份号码是 18 位，最后一位可以是 X"),
        (Phone(), "12802845678", "手机号码是 11 位数字，以 1 开头；固定电话请加区号"),
        (Phone(), "1380284567", "手机号码是 11 位数字，以 1 开头；固定电话请加区号"),
        (Phone(), "1٣802845678", "手机号码是 11 位数字，以 1 开头；固定电话请加区号"),
        (Date(), "2027-02-29", "没有这一天，请检查日期"),
        (Date(), "20270228", "没有这一天，请检查日期"),
        (Date(), "2026-W48-1", "没有这一天，请检查日期"),
        (Date(), "明天", "没有这一天，请检查日期"),
        (Code(SEXES), "3", "没有这个代码"),
        (Code(ETHNIC_GROUPS), "1", "没有这个代码"),
        (YES_NO, "maybe", "请从列出的选项中选择"),
    ],
)
def test_a_mistake_is_said_in_words(kind: Kind, value: str, words: str) -> None:
    assert kind.mistake(value, NOTHING) == words


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@given(text=st.text(max_size=30))
def test_a_canonical_value_is_its_own_canonical_form(kind: Kind, text: str) -> None:
    assert kind.normal(kind.normal(text)) == kind.normal(text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@given(text=st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("0123456789-CX"), min_size=1, max_size=30))
def test_the_words_of_a_mistake_never_repeat_what_was_typed(kind: Kind, text: str) -> None:
    words = kind.mistake(kind.normal(text), NOTHING)
    assert words in {"", *(kind.mistake(other, NOTHING) for other in WRONG)}


WRONG = ["", "长" * 61, "\x07", "3", "C1", "44060219920229986", "440602199202299860", "440602199302299861", "没有"]


@given(st.dates())
def test_every_day_is_a_date(day: date) -> None:
    assert Date().normal(day.isoformat().replace("-", "")) == Date().normal(day.isoformat()) == day.isoformat()
    assert Date().mistake(day.isoformat(), NOTHING) == ""


def test_values_are_shown_as_people_read_them() -> None:
    assert Phone().shown("13802845678") == "138 0284 5678"
    assert Phone().shown("075783330000") == "075783330000"
    assert (Code(SEXES).shown("2"), Code(SEXES).shown("7")) == ("女", "7")
    assert (YES_NO.shown("no"), YES_NO.shown("other")) == ("否", "other")


def test_an_option_that_is_not_offered_says_why() -> None:
    choice = Choice(lambda known: (Option("a", "甲"), Option("b", "乙", why_not="请到人工窗口办理")), str)
    assert [choice.mistake(key, NOTHING) for key in "abc"] == ["", "请到人工窗口办理", "请从列出的选项中选择"]


def test_what_goes_to_the_counter_is_refused_to_a_citizen_and_open_to_a_clerk() -> None:
    away = Option("b", "乙", why_not="请到人工窗口办理", counter=True)
    choice = Choice(lambda known: (Option("a", "甲"), away, Option("c", "丙", why_not="没有了")), str)
    assert [choice.mistake(key, NOTHING) for key in "abc"] == ["", "请到人工窗口办理", "没有了"]
    assert [choice.at_the_counter().mistake(key, NOTHING) for key in "abcd"] == ["", "", "没有了", "请从列出的选项中选择"]


def test_a_fixed_choice_offers_the_same_to_everybody() -> None:
    assert fixed_choice(a="甲", b="乙").options(NOTHING) == (Option("a", "甲"), Option("b", "乙"))


@pytest.mark.parametrize(
    ("typed", "value"), [("１２ＡＢ", "12AB"), ("（一）、：", "（一）、："), ("　空　", "空"), ("e\u0301", "é")]
)
def test_plain_text_is_narrow_but_chinese_punctuation_stays(typed: str, value: str) -> None:
    assert plain(typed) == value


def test_the_tables_of_codes_are_whole() -> None:
    assert len(ETHNIC_GROUPS) == 58
    expected = {"01": "汉族", "05": "维吾尔族", "15": "土家族", "30": "土族", "52": "鄂伦春族", "56": "基诺族", "97": "其他"}
    assert {code: ETHNIC_GROUPS[code] for code in expected} == expected
    assert SEXES == {"0": "未知", "1": "男", "2": "女", "9": "未说明"}


@pytest.mark.parametrize("number", ["C23456781", "CA0000001", "CB2345678"])
def test_both_forms_of_a_permit_number_are_known(number: str) -> None:
    assert ITEMS["permit.number"].kind.mistake(number, NOTHING) == ""


@pytest.mark.parametrize("number", ["W23456781", "CI0000001", "CO0000001", "C2345678", "CA00000001"])
def test_other_documents_are_no_permit(number: str) -> None:
    assert ITEMS["permit.number"].kind.mistake(number, NOTHING) == "通行证号码不正确"


def test_every_item_of_every_matter_is_in_the_vocabulary() -> None:
    assert {item for flow in MATTERS.values() for item in flow.items} <= set(ITEMS)
    assert all(key == item.key for key, item in ITEMS.items())
