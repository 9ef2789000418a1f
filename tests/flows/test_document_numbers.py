"""Numbers of documents and organisations: which kind each is, what is a mistake and what only wants a look."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from flows.document_numbers import DOCUMENTS, DocumentCode, DocumentNumber, credit_code_check, document_kind, organisation_check
from flows.fields import CONFUSED
from flows.flow import Known
from tests.flows.guesses import NUMBERS
from tests.flows.people import PEOPLE, TODAY

NOTHING = Known({}, {}, TODAY)
PERMIT = DocumentNumber(("eep_card",), "通行证号码不正确")
COMPANY = DocumentNumber(("credit_code",), "统一社会信用代码不正确")
ANY = DocumentNumber(tuple(DOCUMENTS), "号码不正确")
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(("code", "number"), [(code, number) for code, numbers in NUMBERS.items() for number in numbers])
def test_every_kind_is_told_from_every_other(code: DocumentCode, number: str) -> None:
    found = document_kind(number)
    assert found is not None
    assert found.code == code
    assert ANY.kind_of(number) == found


def test_every_kind_has_an_example_here() -> None:
    assert set(NUMBERS) == set(DOCUMENTS)


@pytest.mark.parametrize("typed", [" c 2345 6781 ", "Ｃ２３４５６７８１", "c2345-6781"])
def test_blanks_dashes_and_width_do_not_count(typed: str) -> None:
    assert PERMIT.normal(typed) == "C23456781"
    assert PERMIT.mistake("C23456781", NOTHING) == ""
    assert PERMIT.shown("C23456781") == "C23456781"


@pytest.mark.parametrize("number", ["CO0000001", "CI0000001", "C2345678I", "C2345678O", "COOOOOOOO"])
def test_letters_taken_for_figures_are_said_in_words(number: str) -> None:
    assert PERMIT.mistake(number, NOTHING) == CONFUSED


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("W12345678", "这是本式往来港澳通行证的号码，这种证件已经停用"),
        ("E12345678", "这是护照的号码"),
        ("L12345678", "这是往来台湾通行证的号码"),
        ("HA1234567", "这是港澳居民来往内地通行证的号码"),
        ("440602199202299863", "这是公民身份号码"),
        ("810000199001010019", "这是港澳台居民居住证的号码"),
        ("931408199012310974", "这是外国人永久居留证的号码"),
        ("91440604MA9XK7P27D", "这是统一社会信用代码"),
    ],
)
def test_the_number_of_another_document_is_called_by_its_name(number: str, words: str) -> None:
    assert PERMIT.mistake(number, NOTHING) == words


@pytest.mark.parametrize("number", ["12345678", "C1234567", "C123456789", "CAA000001", "c23456781", "X1", "C٢٣٤٥٦٧٨١"])
def test_what_is_no_number_at_all_is_not_called_anything(number: str) -> None:
    assert PERMIT.mistake(number, NOTHING) == "通行证号码不正确"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("440602199202299860", "公民身份号码有误，请检查每一位"),
        ("440602209902299860", "公民身份号码中的出生日期不存在"),
        ("440602202611240015", "公民身份号码中的出生日期不存在"),
        ("931408199012310975", "外国人永久居留证号码有误，请检查每一位"),
    ],
)
def test_a_check_character_that_fails_is_a_mistake_where_the_state_prints_none_wrong(number: str, words: str) -> None:
    assert ANY.mistake(number, NOTHING) == words
    assert ANY.warning(number, NOTHING) == ""


def test_who_is_born_today_has_a_number_and_who_is_born_tomorrow_has_none() -> None:
    assert ANY.mistake("44060220261123001X", NOTHING) == ""
    assert ANY.mistake("440602202611240015", NOTHING) == "公民身份号码中的出生日期不存在"


@pytest.mark.parametrize("place", [9, 16, 17])
def test_a_credit_code_that_fails_its_checks_is_a_warning_and_no_mistake(place: int) -> None:
    right = "91440604MA9XK7P27D"
    wrong = right[:place] + SIGNS[(SIGNS.index(right[place]) + 1) % 31] + right[place + 1 :]
    assert (COMPANY.mistake(right, NOTHING), COMPANY.warning(right, NOTHING)) == ("", "")
    assert (COMPANY.mistake(wrong, NOTHING), COMPANY.warning(wrong, NOTHING)) == ("", "统一社会信用代码的校验码不符，请核对")


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_no_credit_code_has(letter: str) -> None:
    value = "91440604MA9XK7P2" + letter + "D"
    assert COMPANY.mistake(value, NOTHING) == (CONFUSED if letter in "IO" else "统一社会信用代码不正确")


def test_the_worked_examples_of_both_check_characters() -> None:
    assert (organisation_check("M000100Y"), credit_code_check("91350100M000100Y4")) == ("4", "3")
    employers = {person["social_security"].get("credit_code", "") for person in PEOPLE.values() if "social_security" in person}
    assert [code for code in employers if code and COMPANY.warning(code, NOTHING)] == []


@given(st.text(SIGNS, min_size=9, max_size=9), st.from_regex(r"\A[159Y][0-9A-HJ-NPQRTUWXY]\d{6}\Z"))
def test_the_last_character_is_that_of_an_independent_library(organisation: str, begins: str) -> None:
    first = "".join(sign if sign.isascii() else "0" for sign in begins) + organisation
    assert credit_code_check(first) == uscc.calc_check_digit(first + "0")


@given(st.text(SIGNS, min_size=17, max_size=17))
def test_31_counts_as_0_in_a_credit_code(first: str) -> None:
    assert credit_code_check(first) in SIGNS


@given(st.text(max_size=30) | st.from_regex(r"[A-Z]{0,3}\d{6,18}[\dXIO]?"))
def test_any_text_has_words_or_none_and_never_an_error(text: str) -> None:
    value = ANY.normal(text)
    assert ANY.normal(value) == value
    kind = ANY.kind_of(value)
    assert (kind is None) <= bool(ANY.mistake(value, NOTHING))
    if kind is not None:
        assert re.fullmatch(kind.form, value, re.ASCII)
    assert not value or value not in ANY.mistake(value, NOTHING) + ANY.warning(value, NOTHING)
