"""Chips that lie, break off, never end or are of a kind nobody listed, without pcscd between."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards import travel_documents
from devices.cards.icao_9303.elementary_files import File
from devices.cards.icao_9303.tlv import tlv
from devices.cards.mrz import read_lines
from devices.cards.travel_document import find_travel_document
from devices.device import Completion, DeviceError
from devices.document import AccessKey, DocumentKind, IdentityDocument, Recognised, Verified, Warning
from devices.simulators.travel_document import ExtendedLength, TravelDocumentCard
from devices.simulators.travel_document_files import Chip, chip_of, data_group_1, data_group_2, jpeg_2000_of
from devices.simulators.travel_document_specimens import DocumentSpecimen, find_document, printed_lines
from devices.simulators.vpcd import FaultAt, Scripted
from tests.devices.travel_documents import BY_NUMBER, ISSUER, KEY, PHOTO, Wired, elsa, outcome, read, read_chip, refusal

ELSA = find_document("elsa-passport")
WAYS = ["BAC", "PACE GENERIC AES_128 12"]


def read_specimen(document: DocumentSpecimen, photo: bytes = PHOTO) -> IdentityDocument:
    return read_chip(chip_of(document, ISSUER, opens="BAC", photo=photo), document.access_key)


def test_every_kind_of_document_is_listed() -> None:
    files = [file.name for file in pkgutil.iter_modules(travel_documents.__path__)]
    kinds = [importlib.import_module(f"{travel_documents.__name__}.{file}").DOCUMENT.kind for file in files]
    assert sorted(kinds) == sorted(document.kind for document in travel_documents.TRAVEL_DOCUMENTS)
    assert len(set(kinds)) == len(kinds) > 3


@pytest.mark.parametrize(
    "document",
    [
        replace(ELSA, zone="TD1", code="ID"),
        replace(ELSA, zone="TD1", code="CR", issuer="UTO"),
        replace(ELSA, zone="one-line permit", code="CX", number="CB2345678"),
    ],
    ids=["a foreign identity card", "a foreign card with a Chinese code", "another permit of one line"],
)
def test_a_document_of_a_kind_nobody_listed_is_not_ours(document: DocumentSpecimen) -> None:
    error = refusal(lambda: read_specimen(document))
    assert (error.code, error.recognised) == (Completion.UNSUPPORTED_DATA, Recognised.TRAVEL_DOCUMENT)


@pytest.mark.parametrize("zone", ["", "P<UTO", "吕" * 88, "P" * 88], ids=["empty", "torn", "no ASCII", "no zone"])
def test_a_chip_without_a_zone_is_not_read(zone: str) -> None:
    chip = elsa("BAC").with_file(File.DG1, data_group_1(zone))
    assert refusal(lambda: read_chip(chip)).code in (Completion.UNSUPPORTED_DATA, Completion.INVALID_DATA)


def test_a_face_in_jpeg_2000_is_handed_on() -> None:
    image = jpeg_2000_of(find_document("elsa-passport"))
    assert image.startswith(b"\x00\x00\x00\x0cjP  ")
    assert read_specimen(ELSA, image).photo == image


def test_a_face_of_no_known_format_is_left_out() -> None:
    document = read_specimen(ELSA, b"BM" + bytes(500))
    assert (document.photo, document.verified) == (b"", Verified.ISSUER)


def test_the_century_of_a_birth_comes_from_the_chip_where_it_says_so() -> None:
    old = replace(ELSA, birth=date(1921, 3, 4))
    assert read_specimen(old).birth == date(1921, 3, 4)
    assert read_specimen(replace(old, groups=frozenset({1, 2}))).birth == date(2021, 3, 4)


@pytest.mark.parametrize("sex", ["<", "X"])
def test_a_sex_that_is_not_stated_is_told_as_that(sex: str) -> None:
    assert read_specimen(replace(ELSA, sex=sex)).sex == "9"


def test_a_name_that_fills_its_field_may_be_cut() -> None:
    document = read_specimen(replace(ELSA, surname="A" * 20, given_names="B" * 30))
    assert Warning.NAME_MAY_BE_CUT in document.warnings


def test_the_rare_character_of_a_permit_is_a_sign_in_the_zone_and_whole_in_dg11() -> None:
    rare = replace(find_document("holder-permit"), name="梁𠮷彤")
    assert read_specimen(rare).name == "梁〓彤"
    assert read_specimen(replace(rare, groups=frozenset({1, 2, 11}))).name == "梁𠮷彤"


def test_letters_of_a_chinese_name_that_are_no_gbk_are_told() -> None:
    permit = find_document("holder-permit")
    chip = chip_of(permit, ISSUER, photo=PHOTO)
    text = chip.files[File.DG1][5:].decode()
    forged = ISSUER.security_object({1: data_group_1(text[:30] + "ZZZZ" + text[34:]), 2: data_group_2(PHOTO)})
    chip = chip.with_file(File.DG1, data_group_1(text[:30] + "ZZZZ" + text[34:])).with_file(File.SOD, forged)
    assert Warning.UNDECODABLE_TEXT in read_chip(chip, permit.access_key).warnings


def test_a_travel_document_is_found_by_its_application() -> None:
    assert find_travel_document(Wired(TravelDocumentCard(elsa("BAC"))))
    assert find_travel_document(Wired(Scripted(b"\x69\x82")))  # there, and closed
    assert not find_travel_document(Wired(Scripted(b"\x6a\x82")))


def test_a_card_without_the_application_is_no_travel_document() -> None:
    assert refusal(lambda: read(Wired(Scripted(b"\x6a\x82")), None)).code is Completion.UNSUPPORTED_DATA


@pytest.mark.parametrize("key", [AccessKey(), AccessKey(number="UT7Q41B9Z"), BY_NUMBER], ids=["empty", "torn", "number only"])
def test_a_key_that_cannot_open_the_chip_is_not_tried(key: AccessKey) -> None:
    card = TravelDocumentCard(elsa("BAC"))
    error = refusal(lambda: read(Wired(card), key))
    assert (error.code, error.recognised, card.wrong_keys) == (Completion.ACCESS_KEY_NEEDED, Recognised.TRAVEL_DOCUMENT, 0)


@pytest.mark.parametrize("way", WAYS)
def test_a_key_with_a_character_that_no_document_has_is_wrong(way: str) -> None:
    card = TravelDocumentCard(elsa(way))
    assert refusal(lambda: read(Wired(card), replace(KEY, number="吕"))).code is Completion.ACCESS_KEY_WRONG
    assert card.wrong_keys == 0


def test_a_wrong_card_access_number_is_tried_once() -> None:
    card = TravelDocumentCard(elsa("PACE GENERIC AES_128 12"))
    assert refusal(lambda: read(Wired(card), AccessKey(card_access_number="274919"))).code is Completion.ACCESS_KEY_WRONG
    assert card.wrong_keys == 1


@pytest.mark.parametrize("code", [Completion.UNSUPPORTED_DATA, Completion.HARDWARE_ERROR, Completion.INVALID_MEDIA])
def test_a_reader_that_refuses_extended_length_gets_short_commands(code: Completion) -> None:
    class ShortReader(Wired):
        def transmit(self, command: bytes) -> bytes:
            if len(command) > 6 and command[4] == 0:
                raise DeviceError(code)
            return super().transmit(command)

    assert read(ShortReader(TravelDocumentCard(elsa("BAC")))).photo == PHOTO


@pytest.mark.parametrize("code", [Completion.MEDIA_REMOVED, Completion.TIME_OUT, Completion.DEVICE_NOT_READY])
def test_a_card_that_is_gone_is_asked_nothing_more(code: Completion) -> None:
    class Gone:
        count = 0

        def transmit(self, command: bytes) -> bytes:
            self.count += 1
            raise DeviceError(code)

    card = Gone()
    assert (refusal(lambda: read(card)).code, card.count) == (code, 1)


def commands_of(way: str) -> int:
    card = Wired(TravelDocumentCard(elsa(way)))
    read(card)
    return card.count


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", ["6987", "6988", "9000", "990290009000", "6982", "6A82"])
def test_an_answer_without_protection_ends_the_reading(way: str, fault: str) -> None:
    """Wherever it comes: an unprotected 9000 above all is never taken for an answer."""
    total = commands_of(way)
    for nth in range(total - 8, total + 1):
        card = FaultAt(TravelDocumentCard(elsa(way)), nth, lambda: bytes.fromhex(fault))
        assert refusal(partial(read, Wired(card))).code is Completion.INVALID_DATA


@pytest.mark.parametrize("way", [*WAYS, "PACE CHIP_AUTHENTICATION AES_128 13"])
def test_a_chip_that_breaks_off_at_any_command_gives_nothing(way: str) -> None:
    for nth in range(3, commands_of(way) + 1):
        card = FaultAt(TravelDocumentCard(elsa(way), ExtendedLength.REFUSED), nth, lambda: b"\x6f\x00")
        ended = outcome(partial(read, Wired(card)))
        if isinstance(ended, DeviceError):
            assert ended.code in (Completion.INVALID_DATA, Completion.UNSUPPORTED_DATA)
        else:
            assert nth <= 4, f"command {nth} makes no difference"
            assert ended.verified is Verified.ISSUER


class Bent(Wired):
    """One bit of one answer is another one on its way."""

    def __init__(self, card: TravelDocumentCard, nth: int, bit: int) -> None:
        super().__init__(card)
        self._nth, self._bit = nth, bit

    def transmit(self, command: bytes) -> bytes:
        answer = bytearray(super().transmit(command))
        if self.count == self._nth:
            answer[self._bit // 8 % len(answer)] ^= 1 << self._bit % 8
        return bytes(answer)


@pytest.mark.parametrize("way", WAYS)
@given(nth=st.integers(1, 25), bit=st.integers(0, 400))
def test_a_bit_that_changes_on_the_way_never_changes_what_is_read(way: str, nth: int, bit: int) -> None:
    ended = outcome(lambda: read(Bent(TravelDocumentCard(elsa(way)), nth, bit)))
    if isinstance(ended, DeviceError):
        assert KEY.number not in ended.technical
    else:
        assert (ended.number, ended.name, ended.photo) == ("UT7Q41B9Z", "NORDQVIST ELSA MÄRTA", PHOTO)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bytes.fromhex("7583FFFFFF7F61"), "bytes"),
        (bytes.fromhex("758203E87F6100") + bytes(8), "ends at"),
        (bytes.fromhex("75807F6100000000"), "makes no sense"),
        (b"", "no length|never ends|ends at"),
        (tlv(0x75, tlv(0x7F61, tlv(0x7F60, b"\x81\x00" * 400))), "too many objects"),
        (tlv(0x75, tlv(0x7F61, bytes.fromhex("7F6082FFFF00"))), "runs past its end"),
    ],
    ids=["over-long", "ends early", "indefinite length", "empty", "endless objects", "past its end"],
)
def test_a_file_that_lies_about_itself_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(DeviceError, match=words) as caught:
        read_chip(signed_anew(File.DG2, content))
    assert caught.value.code is Completion.INVALID_DATA


def signed_anew(file: File, content: bytes) -> Chip:
    """The issuer itself wrote that."""
    chip = elsa("BAC").with_file(file, content)
    groups = {number: chip.files[0x0100 + number] for number in (1, 2, 11)}
    return chip.with_file(File.SOD, ISSUER.security_object(groups))


FILES = st.sampled_from([File.SOD, File.DG1, File.DG2, File.DG11])


@given(file=FILES, content=st.binary(max_size=300))
def test_files_of_any_bytes_are_refused_in_words(file: File, content: bytes) -> None:
    error = refusal(lambda: read_chip(elsa("BAC").with_file(file, content)))
    assert error.code in (Completion.INVALID_DATA, Completion.FRAUD_ATTEMPT, Completion.UNSUPPORTED_DATA)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # the library's, of a serial that the change made negative
@given(at=st.integers(0, 1500), bit=st.integers(0, 7))
def test_a_security_object_with_one_bit_changed_vouches_for_nothing(at: int, bit: int) -> None:
    chip = elsa("BAC")
    sod = bytearray(chip.files[File.SOD])
    sod[at % len(sod)] ^= 1 << bit
    ended = outcome(lambda: read_chip(chip.with_file(File.SOD, bytes(sod))))
    if isinstance(ended, DeviceError):
        assert ended.code in (Completion.INVALID_DATA, Completion.FRAUD_ATTEMPT)
    else:
        assert (ended.number, ended.photo) == ("UT7Q41B9Z", PHOTO)


@given(content=st.binary(max_size=80))
def test_a_card_access_of_any_bytes_leaves_the_older_way(content: bytes) -> None:
    chip = replace(elsa("BAC"), master_files={File.CARD_ACCESS: content})
    assert read_chip(chip).number == "UT7Q41B9Z"


@given(says=st.binary(min_size=2, max_size=60))
def test_a_card_that_says_the_same_of_everything_is_refused_in_words(says: bytes) -> None:
    with pytest.raises(DeviceError):
        read(Wired(Scripted(says)))


def test_what_is_printed_is_what_opens_the_chip() -> None:
    document = find_document("holder-permit")
    chip = chip_of(document, ISSUER, photo=PHOTO)
    access = read_lines(printed_lines(document)).access_key
    assert read_chip(chip, access).kind is DocumentKind.HK_MACAU_PERMIT
