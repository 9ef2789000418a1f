"""Social security cards: recorded transcripts, and cards that are not as they should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.apdu import Card, StatusWord
from devices.cards.social_security_card import find_social_security, read_social_security_card
from devices.device import Completion, DeviceError
from devices.document import DocumentKind, IdentityDocument, Verified, Warning
from devices.simulators.social_security_card import SocialSecurityCard, digits, files, text
from devices.simulators.specimens import Specimen, find_specimen, specimens
from devices.simulators.vpcd import Scripted
from tests.devices.played import Played

GENERATIONS_BEFORE_3 = [person for person in specimens() if person.card_version != "3.00"]


class Wired:
    """A simulated card without pcscd between."""

    def __init__(self, program: SocialSecurityCard | Scripted) -> None:
        self.transmit = program.answer


def read(card: Card) -> IdentityDocument:
    if not find_social_security(card):
        raise DeviceError(Completion.UNSUPPORTED_DATA, "another card")
    return read_social_security_card(card, media_id=7, device_id="left")


def refusal(card: Card) -> Completion:
    with pytest.raises(DeviceError) as caught:
        read(card)
    return caught.value.code


def lyu() -> Specimen:
    person = find_specimen("lyu")
    assert person
    return person


def with_records(file: int, changed: Mapping[int, bytes]) -> Wired:
    """The card of 吕晓岚 with other values in some records."""
    card = files(lyu())
    records = tuple((tag, changed.get(tag, value)) for tag, value in card[file])
    return Wired(SocialSecurityCard({**card, file: records}))


def test_a_recorded_card_of_version_2_is_read_with_exact_lengths() -> None:
    card = Played.recorded("ssc_2_00.txt")
    assert read(card) == IdentityDocument(
        kind=DocumentKind.SOCIAL_SECURITY_CARD,
        number="440602199202299863",
        name="吕晓岚",
        sex="2",
        birth=date(1992, 2, 29),
        media_id=7,
        device_id="left",
        verified=Verified.CHIP,
        ethnic_group="01",
        valid_from=date(2024, 1, 5),
        valid_to=date(2028, 6, 30),
        card_number="G04127865",
    )
    assert not card.left


def test_a_recorded_card_that_numbers_its_records_otherwise_is_read_by_tag() -> None:
    card = Played.recorded("ssc_1_00_by_tag.txt")
    document = read(card)
    assert (document.number, document.name) == ("440603194807123514", "霍锦棠")
    assert (document.card_number, document.birth, document.valid_to) == ("A12345", None, None)
    assert not card.left


@pytest.mark.parametrize("name", ["ssc_3_00.txt", "ssc_3_00_hidden.txt"])
def test_a_recorded_card_of_version_3_needs_authority_and_is_offered_no_pin(name: str) -> None:
    card = Played.recorded(name)
    assert refusal(card) is Completion.NEEDS_AUTHORITY
    assert not card.left


@pytest.mark.parametrize("person", GENERATIONS_BEFORE_3, ids=lambda person: person.key)
def test_every_specimen_is_read_as_it_was_written(person: Specimen) -> None:
    document = read(Wired(SocialSecurityCard(files(person))))
    assert (document.number, document.name, document.birth) == (person.number, person.name, person.birth)
    assert (document.card_number, document.valid_to) == (person.card_number, person.card_expiry)


def test_a_name_of_50_bytes_over_two_records_is_whole_and_may_be_cut() -> None:
    name = "阿卜杜热合曼·麦麦提依明·托合提·艾尔肯·玉素甫江"
    document = read(Wired(SocialSecurityCard(files(replace(lyu(), name=name)))))
    assert len(name.encode("gb18030")) == 50
    assert (document.name, document.warnings) == (name, frozenset({Warning.NAME_MAY_BE_CUT}))


def test_a_character_that_lies_across_both_records_is_kept() -> None:
    code = ("吕" * 14 + "𠮷彤").encode("gb18030")
    document = read(with_records(0xEF06, {0x09: code[:30], 0x4E: code[30:].ljust(20, b"\0")}))
    assert document.name == "吕" * 14 + "𠮷彤"


def test_a_name_that_fills_its_record_on_a_card_without_extension_may_be_cut() -> None:
    records = tuple((tag, text("吕" * 15, 30) if tag == 0x09 else value) for tag, value in files(lyu())[0xEF06] if tag != 0x4E)
    document = read(Wired(SocialSecurityCard({**files(lyu()), 0xEF06: records})))
    assert document.warnings == {Warning.NAME_MAY_BE_CUT}


@pytest.mark.parametrize("name", [b"\xc2\xc0\xff\xfe\xe1\xb0", b"\xc2\xc0\x81", b"\xc2\xc0\x00\xe1\xb0", b"\xc2\xc0\x1b\xe1\xb0"])
def test_a_name_that_is_no_text_is_shown_as_such_and_never_fails(name: bytes) -> None:
    document = read(with_records(0xEF06, {0x09: name.ljust(30, b"\0")}))
    assert document.warnings == {Warning.UNDECODABLE_TEXT}
    assert "�" in document.name


@pytest.mark.parametrize(("tag", "value"), [(0x0A, b"7"), (0x0B, b"\x99"), (0x0B, b"\xff")])
def test_an_unknown_code_is_kept_and_warned_of(tag: int, value: bytes) -> None:
    assert read(with_records(0xEF06, {tag: value})).warnings == {Warning.UNKNOWN_CODE}


def test_a_day_that_is_no_day_is_none() -> None:
    assert read(with_records(0xEF06, {0x0D: digits("19920231", 4)})).birth is None


@pytest.mark.parametrize("tag", [0x08, 0x09])
@pytest.mark.parametrize("filler", [b"\x00", b"\xff", b" "])
def test_a_card_without_number_or_name_is_invalid(tag: int, filler: bytes) -> None:
    assert refusal(with_records(0xEF06, {tag: filler * 18})) is Completion.INVALID_DATA


def test_a_record_that_runs_past_its_end_is_invalid() -> None:
    plain = SocialSecurityCard(files(lyu()))

    def says(command: bytes) -> bytes:
        return b"\x09\x7f\xc2\xc0\x90\x00" if command.startswith(b"\x00\xb2\x02\x04") else plain.answer(command)

    assert refusal(Wired(Scripted(says))) is Completion.INVALID_DATA


@pytest.mark.parametrize("status", [0x6A82, 0x6D00, 0x6E00, 0x6F00, 0x6A81, 0x6999])
def test_a_card_without_the_application_is_not_ours(status: int) -> None:
    assert refusal(Wired(Scripted(status.to_bytes(2, "big")))) is Completion.UNSUPPORTED_DATA


@pytest.mark.parametrize("status", [StatusWord.FILE_DEACTIVATED, StatusWord.AUTHENTICATION_BLOCKED])
def test_a_locked_application_needs_authority(status: StatusWord) -> None:
    assert refusal(Wired(Scripted(status.to_bytes(2, "big")))) is Completion.NEEDS_AUTHORITY


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (0x6982, Completion.NEEDS_AUTHORITY),
        (0x6983, Completion.NEEDS_AUTHORITY),
        (0x6985, Completion.NEEDS_AUTHORITY),
        (0x6A82, Completion.UNSUPPORTED_DATA),
        (0x6F00, Completion.UNSUPPORTED_DATA),
    ],
)
@pytest.mark.parametrize("ins", [0xA4, 0xB2])
def test_a_version_2_card_that_refuses_the_holder_says_how(ins: int, status: int, outcome: Completion) -> None:
    plain = SocialSecurityCard(files(lyu()))
    opened: list[bytes] = []

    def says(command: bytes) -> bytes:
        if command[5:] == b"\xef\x06" or (opened and command[1] == 0xB2):
            opened.append(command)
            if command[1] == ins:
                return status.to_bytes(2, "big")
        return plain.answer(command)

    assert refusal(Wired(Scripted(says))) is outcome


def test_what_a_card_says_is_never_in_an_error() -> None:
    with pytest.raises(DeviceError) as caught:
        read(with_records(0xEF06, {0x09: b""}))
    assert "4406" not in str(caught.value)


@given(st.lists(st.binary(min_size=0, max_size=300), min_size=1, max_size=30))
def test_whatever_a_card_says_it_is_read_or_refused(answers: list[bytes]) -> None:
    def says(command: bytes) -> bytes:
        return (answers.pop(0) if answers else b"") + b"\x90\x00"

    try:
        document = read(Wired(Scripted(says)))
        outcome = "read" if document.number and document.name else "nobody"
    except DeviceError as error:
        outcome = error.code
    assert outcome in ("read", Completion.INVALID_DATA, Completion.UNSUPPORTED_DATA)
