"""The text of the resident card family, byte by byte and field by field."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.resident_card import TYPES, read_text
from devices.device import Completion, DeviceError
from devices.document import DocumentKind, IdentityDocument, Verified, Warning
from devices.simulators.sam_v_card import card_text

ADDRESS = "广东省佛山市禅城区石湾镇街道云岫路6号"
LYU = {
    "name": "吕晓岚",
    "sex": "2",
    "ethnic_group": "01",
    "birth": "19920229",
    "address": ADDRESS,
    "number": "440602199202299863",
    "issuer": "佛山市公安局禅城分局",
    "valid_from": "20180312",
    "valid_to": "20380312",
}


def read(text: bytes) -> IdentityDocument:
    return read_text(text, photo=b"photo", media_id=7, device_id="plate")


def resident(**fields: str) -> IdentityDocument:
    return read(card_text(DocumentKind.RESIDENT_CARD, {**LYU, **fields}))


def by_hand(*parts: tuple[int, str]) -> bytes:
    """A text written at the offsets of the standard, independent of our own layouts."""
    text = bytearray(b"\x20\x00" * 128)
    for at, value in parts:
        encoded = value.encode("utf-16-le")
        text[at : at + len(encoded)] = encoded
    return bytes(text)


def test_a_resident_card_says_who_stands_there() -> None:
    text = by_hand(
        (0, "吕晓岚"),
        (30, "2"),
        (32, "01"),
        (36, "19920229"),
        (52, ADDRESS),
        (122, "440602199202299863"),
        (158, "佛山市公安局禅城分局"),
        (188, "20180312"),
        (204, "20380312"),
    )
    assert read(text) == IdentityDocument(
        kind=DocumentKind.RESIDENT_CARD,
        number="440602199202299863",
        name="吕晓岚",
        sex="2",
        birth=date(1992, 2, 29),
        media_id=7,
        device_id="plate",
        verified=Verified.SAM,
        ethnic_group="01",
        address=ADDRESS,
        issuer="佛山市公安局禅城分局",
        valid_from=date(2018, 3, 12),
        valid_to=date(2038, 3, 12),
        photo=b"photo",
    )


def test_a_residence_permit_of_hong_kong_macau_or_taiwan_has_no_ethnic_group() -> None:
    card = read(
        by_hand(
            (0, "黄大文"),
            (30, "1"),
            (36, "19800101"),
            (52, "广州市"),
            (122, "810000198001010014"),
            (158, "广州"),
            (188, "20190101"),
            (204, "20240101"),
            (220, "H12345678"),
            (238, "01"),
            (248, "J"),
        )
    )
    assert (card.kind, card.name, card.number, card.ethnic_group) == (
        DocumentKind.RESIDENCE_PERMIT_HMT,
        "黄大文",
        "810000198001010014",
        "",
    )
    assert card.warnings == frozenset()


def test_a_foreigner_permit_of_2017_is_read_by_its_own_layout() -> None:
    fields = (
        (0, "SMITH, JOHN"),
        (120, "1"),
        (122, "USA110080010112"),
        (152, "USA"),
        (188, "20180101"),
        (204, "20280101"),
        (220, "19800101"),
        (248, "I"),
    )
    card = read(by_hand(*fields, (158, "约翰")))
    assert (card.kind, card.name, card.number) == (DocumentKind.FOREIGNER_PERMIT_2017, "约翰", "USA110080010112")
    assert (card.birth, card.valid_to) == (date(1980, 1, 1), date(2028, 1, 1))
    assert read(by_hand(*fields)).name == "SMITH, JOHN"


def test_a_foreigner_permit_of_2023_joins_the_two_parts_of_a_long_latin_name() -> None:
    first, rest = "SMITH, JOHN ALEXANDER CHRISTOPHER M", "AXIMILIAN"
    fields = (
        (30, "1"),
        (32, "02"),
        (36, "19800101"),
        (52, first),
        (122, "911840198001010013"),
        (188, "20240101"),
        (204, "20440101"),
        (220, rest),
        (242, "USA"),
        (248, "Y"),
    )
    card = read(by_hand(*fields))
    assert (card.kind, card.name) == (DocumentKind.FOREIGNER_PERMIT_2023, first + rest)
    assert (card.address, card.issuer, card.warnings) == ("", "", frozenset())


def test_a_blank_between_the_two_parts_of_a_latin_name_belongs_to_it() -> None:
    name = "A" * 34 + " " + "B" * 11
    fields = {"name": "甲", "sex": "1", "number": "9", "latin_name": name[:35], "latin_name_rest": name[35:]}
    card = read(card_text(DocumentKind.FOREIGNER_PERMIT_2023, fields))
    assert (card.latin_name, card.warnings) == (name, frozenset({Warning.NAME_MAY_BE_CUT}))


def test_an_unknown_type_flag_names_the_card_as_not_served() -> None:
    with pytest.raises(DeviceError) as refused:
        read(by_hand((0, "某"), (122, "440602199202299863"), (248, "K")))
    assert (refused.value.code, refused.value.technical) == (Completion.UNSUPPORTED_DATA, "card type K")


@pytest.mark.parametrize(
    "text", [bytes(256), b"\xff" * 256, b"\x20\x00" * 128, b"\x00\x30" * 128], ids=["00", "FF", "blank", "wide"]
)
def test_an_empty_text_was_not_read_at_all(text: bytes) -> None:
    with pytest.raises(DeviceError) as refused:
        read(text)
    assert refused.value.code is Completion.INVALID_DATA


@pytest.mark.parametrize("length", [0, 255, 257])
def test_a_text_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(DeviceError) as refused:
        read(bytes(length))
    assert refused.value.code is Completion.INVALID_DATA


def test_a_card_for_life_never_expires() -> None:
    card = resident(valid_to="长期")
    assert (card.long_term, card.valid_to) == (True, None)


@pytest.mark.parametrize("written", ["20380231", "2038", "", "２０３８０３１２", "99999999"])
def test_a_date_that_is_no_date_is_none_and_the_card_is_still_read(written: str) -> None:
    card = resident(valid_to=written)
    assert (card.valid_to, card.long_term, card.name) == (None, False, "吕晓岚")


def test_an_expired_card_is_read_like_any_other() -> None:
    assert resident(valid_to="20200101").valid_to == date(2020, 1, 1)


@pytest.mark.parametrize("name", ["𠮷野家𪛖", "阿卜杜拉·买买提", "㼆", "e\u0301"])
def test_rare_characters_are_kept_exactly(name: str) -> None:
    card = resident(name=name)
    assert (card.name, card.warnings) == (name, frozenset())


@pytest.mark.parametrize("name", ["\ue863某", "某\uf8ff", "\U000f0000某"])
def test_private_characters_are_kept_exactly_with_a_warning(name: str) -> None:
    card = resident(name=name)
    assert (card.name, card.warnings) == (name, frozenset({Warning.PRIVATE_USE_CHARACTER}))


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"\x00\xd8", "\ufffd晓岚"),
        (b"\xff\xff", "\ufffd晓岚"),
        (b"\xfe\xff", "\ufffd晓岚"),
        (b"\x07\x00", "\ufffd晓岚"),
        (b"\x00\x00", "\ufffd晓岚"),
    ],
    ids=["half a pair", "U+FFFF", "U+FFFE", "bell", "NUL"],
)
def test_what_is_no_character_is_shown_as_such_with_a_warning(start: bytes, name: str) -> None:
    card = read(start + card_text(DocumentKind.RESIDENT_CARD, LYU)[2:])
    assert (card.name, card.warnings) == (name, frozenset({Warning.UNDECODABLE_TEXT}))


def test_a_pair_cut_at_the_end_of_a_field_harms_only_itself() -> None:
    card = resident(name="一二三四五六七八九十一二三四𠮷")
    assert card.name == "一二三四五六七八九十一二三四\ufffd"
    assert card.warnings == {Warning.UNDECODABLE_TEXT, Warning.NAME_MAY_BE_CUT}


@pytest.mark.parametrize(
    ("fields", "warnings"),
    [
        ({"name": "古" * 15}, {Warning.NAME_MAY_BE_CUT}),
        ({"name": "古" * 14}, set()),
        ({"address": "路" * 35}, {Warning.ADDRESS_MAY_BE_CUT}),
        ({"address": "路" * 34}, set()),
        ({"sex": "7"}, {Warning.UNKNOWN_CODE}),
        ({"ethnic_group": "81"}, {Warning.UNKNOWN_CODE}),
        ({"ethnic_group": "56"}, set()),
        ({"ethnic_group": "97"}, set()),
    ],
)
def test_warnings_say_what_a_person_should_look_at(fields: dict[str, str], warnings: set[Warning]) -> None:
    assert resident(**fields).warnings == warnings


def test_an_unknown_ethnic_group_is_shown_as_its_code() -> None:
    assert resident(ethnic_group="81").ethnic_group == "81"


@pytest.mark.parametrize("flag", TYPES)
def test_every_layout_fills_the_text_exactly(flag: str) -> None:
    assert sum(TYPES[flag][1].values()) == 256


@given(st.binary(min_size=256, max_size=256))
def test_whatever_a_card_says_it_is_decoded_or_refused(text: bytes) -> None:
    try:
        said = read(text).name
    except DeviceError as refused:
        said = str(refused.code)
    said.encode("utf-8")  # nothing half-decoded is let through: a lone surrogate would raise here
