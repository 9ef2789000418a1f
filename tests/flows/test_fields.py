"""The kinds of field: what is accepted, how it is written, and that a canonical value stays as it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.addresses import Address
from flows.codes import ETHNIC_GROUPS, SEXES
from flows.document_numbers import DocumentNumber
from flows.fields import (
    CONFUSED,
    CONSENT,
    YES_NO,
    Choice,
    Code,
    Date,
    Option,
    PartialDate,
    Pattern,
    Phone,
    ResidentId,
    Text,
    fixed_choice,
    plain,
)
from flows.flow import Kind, Known
from flows.items import ITEMS
from flows.matters import MATTERS
from flows.pictures import Paper, Photo, Signature
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
    Text(script="han"),
    Text(script="latin"),
    Phone(abroad=True),
    PartialDate(),
    CONSENT,
    Address(),
    DocumentNumber(("eep_card", "resident", "credit_code"), "号码不正确"),
    Photo(),
    Signature(),
    Paper(),
]


TYPED = (
    st.text(max_size=40)
    | st.text("0123456789０１２XxCcEeLOI-–/.年月日 　+()（）·•\u0000\ue000广东省佛山市禅城区吕", max_size=24)
    | st.from_regex(r"\d{4}[-./年]?\d{0,2}[-./月]?\d{0,2}日?")
    | st.from_regex(r"[1-9]\d{16}[\dXx]")
    | st.from_regex(r"(\+|00)?8[56][23]?[- ]?\d{8,12}")
)


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
        (Phone(), "0086 13802845678", "13802845678"),
        (Phone(), "（0757）83330000", "075783330000"),
        (Phone(abroad=True), "+852 9123-4567", "85291234567"),
        (Phone(abroad=True), "00853 66123456", "85366123456"),
        (PartialDate(), "2015", "2015"),
        (PartialDate(), "２０１５年", "2015"),
        (PartialDate(), "201506", "2015-06"),
        (PartialDate(), "2015年6月", "2015-06"),
        (PartialDate(), "2015.6.3", "2015-06-03"),
        (Text(script="han"), " 阿依古丽•麦麦提 ", "阿依古丽·麦麦提"),
        (Text(script="han"), "张〇", "张〇"),
        (Text(script="han"), "梁𠮷彤", "梁𠮷彤"),
        (Text(script="latin"), "Ｏ'Neill－Li", "O'Neill-Li"),
        (CONSENT, "later", "later"),
        (Date(), "2031-3-4", "2031-03-04"),
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
        (ResidentId(), "44O602199202299863", CONFUSED),
        (ResidentId(), "440602202611240015", "公民身份号码中的出生日期不存在"),
        (Phone(), "85291234567", "手机号码是 11 位数字，以 1 开头；固定电话请加区号"),
        (Phone(abroad=True), "4412345678", "请填 11 位手机号码、带区号的固定电话，或 852、853 开头的港澳电话"),
        (PartialDate(), "2015-13", "没有这一天，请检查日期"),
        (PartialDate(), "2015-02-30", "没有这一天，请检查日期"),
        (PartialDate(), "2026-11-24", "日期在今天以后，请检查"),
        (PartialDate(), "2027", "日期在今天以后，请检查"),
        (PartialDate(), "15", "请写年份，知道的话再写月、日，例如 201506"),
        (PartialDate(), "2015-6", "请写年份，知道的话再写月、日，例如 201506"),
        (Text(script="han"), "LYU", "请用汉字填写"),
        (Text(script="latin"), "吕", "只能用拉丁字母"),
        (CONSENT, "perhaps", "请从列出的选项中选择"),
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
@settings(max_examples=200)
@given(text=TYPED)
def test_whatever_is_typed_every_kind_has_words_for_it(kind: Kind, text: str) -> None:
    value = kind.normal(text)
    said = kind.mistake(value, NOTHING), kind.warning(value, NOTHING), kind.shown(value)
    assert all(isinstance(words, str) for words in said)
    assert kind.normal(value) == value


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@given(text=st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("0123456789-CX"), min_size=1, max_size=30))
def test_the_words_of_a_mistake_never_repeat_what_was_typed(kind: Kind, text: str) -> None:
    words = kind.mistake(kind.normal(text), NOTHING)
    assert words in {"", *(kind.mistake(other, NOTHING) for other in WRONG)}


WRONG = ["请", "Li", "2027", "2015-02-30", "12345678901", "CO0000001", "440604", "440602202611240015", "440602209902299860"]
WRONG += ["C23456781", "E12345678", "810000199001010019", "931408199012310974", "GBR123456789012", "91440604MA9XK7P27D"]
WRONG += ["W12345678", "L12345678", "H12345678", "广东省佛山市", "931408199012310975", "X"]
WRONG += ["", "长" * 61, "\x07", "3", "C1", "44060219920229986", "440602199202299860", "440602199302299861", "没有"]


@given(st.dates())
def test_every_day_is_a_date(day: date) -> None:
    assert Date().normal(day.isoformat().replace("-", "")) == Date().normal(day.isoformat()) == day.isoformat()
    assert Date().mistake(day.isoformat(), NOTHING) == ""


def test_values_are_shown_as_people_read_them() -> None:
    assert Phone().shown("13802845678") == "138 0284 5678"
    assert Phone().shown("075783330000") == "075783330000"
    assert (Code(SEXES).shown("2"), Code(SEXES).shown("7")) == ("女", "7")
    assert (YES_NO.shown("no"), YES_NO.shown("other")) == ("否", "other")


@pytest.mark.parametrize(("value", "warned"), [("梁\ue863彤", True), ("梁𠮷彤", False)])
def test_a_makeshift_character_of_a_chip_is_looked_at_and_not_refused(value: str, warned: bool) -> None:
    for kind in (Text(), Text(script="han")):
        assert kind.mistake(value, NOTHING) == ""
        assert bool(kind.warning(value, NOTHING)) == warned


def test_a_consent_has_three_answers_and_none_beforehand() -> None:
    assert [option.label for option in CONSENT.options(NOTHING)] == ["同意", "不同意", "以后再说"]
    assert CONSENT.shown("") == ""


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


def test_every_item_of_every_matter_is_in_the_vocabulary() -> None:
    assert {item for flow in MATTERS.values() for item in flow.items} <= set(ITEMS)
    assert all(key == item.key for key, item in ITEMS.items())


@pytest.mark.parametrize("written", ["(", "+", "-", "（）"])
def test_a_phone_number_of_signs_alone_stays_what_it_is_and_is_a_mistake(written: str) -> None:
    value = Phone().normal(written)
    assert value
    assert Phone().mistake(value, NOTHING)
