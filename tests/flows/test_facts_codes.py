"""Facts 4 to 10 of the 25 that are most likely to be got wrong: letters, numbers, cards and codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from devices.cards.resident_card import TYPE_AT, read_text
from devices.document import DocumentKind, IdentityDocument
from devices.simulators.sam_v_card import card_text
from flows.codes import ETHNIC_GROUPS
from flows.compare import DifferenceKind, compare
from flows.document_numbers import DocumentNumber, credit_code_check
from flows.fields import Code, Text
from flows.flow import Field, Flow, Known, Page
from flows.fold import Given, fold, start
from flows.items import ITEMS
from flows.pinyin import propose
from flows.regions import city_of_region, in_force, name
from flows.resident_number import ResidentNumber
from kiosk.identity import DocumentRefused, Refusal, identify
from tests.flows.people import TODAY, application, begin_and_fold, identity, lookup

NOTHING = Known({}, {}, TODAY)
LYU = {
    "name": "吕晓岚",
    "sex": "2",
    "ethnic_group": "01",
    "birth": "19920229",
    "address": "广东省佛山市禅城区石湾镇街道雾岗路12号503房",
    "number": "440602199202299863",
    "issuer": "佛山市公安局禅城分局",
    "valid_from": "20180312",
    "valid_to": "20380312",
}


def read(**fields: str) -> IdentityDocument:
    text = card_text(DocumentKind.RESIDENT_CARD, {**LYU, **fields})
    return read_text(text, photo=b"", media_id=1, device_id="reader")


def of_item(item: str) -> Flow:
    field = Field(name="value", label="x", kind=ITEMS[item].kind, item=item, locked=True)
    return Flow(code="x", version="1", title="x", pages=(Page(name="only", title="x", fields=(field,)),))


def test_fact_04_lyu_and_nyu_but_lue_and_nue_and_ju_qu_xu_yu_never_change() -> None:
    spelled = [propose("吕" + character)[1] for character in "吕律女略虐居曲徐玉"]
    assert spelled == ["LYU", "LYU", "NYU", "LUE", "NUE", "JU", "QU", "XU", "YU"]


def test_fact_04_the_spelling_on_an_earlier_document_wins() -> None:
    surname = Field(
        name="surname",
        label="拼音姓",
        kind=ITEMS["permit.surname"].kind,
        item="permit.surname",
        derive=lambda known: propose("吕晓岚")[0],
    )
    flow = Flow(code="x", version="1", title="x", pages=(Page(name="only", title="x", fields=(surname,)),))
    found = lookup("lyu")
    old = tuple(
        replace(s, records=tuple(replace(r, value="LV") if r.item == "permit.surname" else r for r in s.records))
        for s in found.sources
    )
    assert (
        fold(flow, start(flow, identity("lyu"), replace(found, sources=old), TODAY), {"only": Given({})}).known["surname"] == "LV"
    )
    assert fold(flow, start(flow, identity("lyu"), None, TODAY), {"only": Given({})}).known["surname"] == "LYU"


def test_fact_05_the_first_six_digits_are_neither_birth_place_nor_address_and_may_be_retired() -> None:
    number = ResidentNumber.read("440602199202299863")
    assert (name(number.region), in_force(number.region, TODAY)) == ("城区", False)
    assert in_force(number.region, number.birth)
    household = of_item("household.address")
    birth_place = of_item("person.birth_place")
    assert start(household, identity("lyu"), None, TODAY).answers == {}
    assert start(birth_place, identity("lyu"), None, TODAY).answers == {}
    assert city_of_region(number.region) == "佛山"


def test_fact_06_without_end_is_a_value_and_a_readable_chip_may_be_out_of_date() -> None:
    for_life = read(valid_to="长期")
    assert (for_life.long_term, for_life.valid_to) == (True, None)
    assert identify(for_life, date(2999, 1, 1)).card_expiry is None
    expired = read(valid_to="20261122")
    assert expired.name == "吕晓岚"
    with pytest.raises(DocumentRefused) as caught:
        identify(expired, TODAY)
    assert caught.value.reason is Refusal.EXPIRED


def test_fact_07_the_address_on_the_chip_is_that_of_its_day_and_the_household_register_has_the_newest() -> None:
    flow = of_item("household.address")
    state = begin_and_fold(flow, "lyu", {"only": Given({})})
    assert "祖庙街道" in state.known["value"]
    assert "石湾镇街道" in identity("lyu").address
    (difference,) = compare(flow, application(flow, "lyu", state), lookup("lyu"))
    assert (difference.field, difference.kind) == ("card.address", DifferenceKind.OLD_VALUE)


@pytest.mark.parametrize(
    ("flag", "kind"),
    [
        ("J", DocumentKind.RESIDENCE_PERMIT_HMT),
        ("I", DocumentKind.FOREIGNER_PERMIT_2017),
        ("Y", DocumentKind.FOREIGNER_PERMIT_2023),
    ],
)
def test_fact_08_the_flag_at_byte_248_says_which_card_it_is_before_anything_is_cut(flag: str, kind: DocumentKind) -> None:
    text = bytearray(card_text(DocumentKind.RESIDENT_CARD, LYU))
    text[TYPE_AT : TYPE_AT + 2] = flag.encode("utf-16-le")
    document = read_text(bytes(text), photo=b"", media_id=1, device_id="reader")
    assert TYPE_AT == 248
    assert (document.kind, document.ethnic_group) == (kind, "")
    with pytest.raises(DocumentRefused) as caught:
        identify(replace(document, number="440602199202299863", name="x"), TODAY)
    assert caught.value.reason is Refusal.WRONG_KIND


def test_fact_09_ethnic_codes_are_two_digits_as_text_and_97_and_98_are_two_of_them() -> None:
    kind = Code(ETHNIC_GROUPS)
    assert identify(read(), TODAY).ethnic_group == "01"
    assert [kind.mistake(code, NOTHING) for code in ("01", "09", "56", "97", "98")] == [""] * 5
    assert [kind.mistake(code, NOTHING) for code in ("1", "9", "00", "57", "99")] == ["没有这个代码"] * 5
    assert (kind.normal("01"), kind.shown("01"), kind.shown("98")) == ("01", "汉族", "外国血统中国籍人士")


def test_fact_10_a_credit_code_whose_check_is_31_ends_in_0() -> None:
    assert credit_code_check("0" * 17) == "0"
    assert credit_code_check("91350100M000100Y4") == "3"


def test_fact_10_a_real_credit_code_that_fails_is_a_warning_and_five_letters_are_no_code() -> None:
    kind = DocumentNumber(("credit_code",), "统一社会信用代码不正确")
    assert (kind.mistake("91440604MA9XK7P27E", NOTHING), bool(kind.warning("91440604MA9XK7P27E", NOTHING))) == ("", True)
    assert all(kind.mistake(f"91440604MA9XK7P2{letter}D", NOTHING) for letter in "IOSVZ")
    assert not isinstance(ITEMS["employment.credit_code"].kind, Text)
    assert ITEMS["employment.credit_code"].kind.mistake("91440604MA9XK7P27E", NOTHING) == ""
