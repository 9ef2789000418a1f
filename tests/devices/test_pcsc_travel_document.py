"""Travel documents over a real pcscd: every kind, every way into the chip, and every way it can fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from devices.cards.icao_9303.elementary_files import File
from devices.cards.icao_9303.trust import Trust
from devices.device import Completion, DeviceStatus
from devices.document import AccessKey, DocumentKind, IdentityDocument, Recognised, Verified, Warning
from devices.simulators.travel_document import ExtendedLength, TravelDocumentCard
from devices.simulators.travel_document_files import chip_of, data_group_1
from devices.simulators.travel_document_issuer import Issuer
from devices.simulators.travel_document_specimens import find_document, zone_on_the_chip
from devices.simulators.vpcd import CardProgram, FaultAt, pulled
from tests.devices.laying import Slot, lying, refused, tell
from tests.devices.travel_documents import BY_NUMBER, BY_ZONE, ISSUER, KEY, PHOTO, TRUST, elsa

WAYS = [
    "BAC",
    "PACE GENERIC TRIPLE_DES 13",
    "PACE GENERIC AES_128 12",
    "PACE GENERIC AES_192 15",
    "PACE GENERIC AES_256 16",
    "PACE CHIP_AUTHENTICATION AES_128 13",
    "PACE CHIP_AUTHENTICATION AES_192 12",
    "PACE CHIP_AUTHENTICATION AES_256 16",
]


def read(slot: Slot, program: CardProgram, access: AccessKey | None = KEY, trust: Trust = TRUST) -> IdentityDocument:
    async def story() -> IdentityDocument:
        async with lying(slot, program, trust=trust) as (reader, event):
            document = await reader.read_identity(access=access)
            assert (document.media_id, document.device_id) == (event.media_id, "left")
            return document

    return tell(story())


def completion(slot: Slot, program: CardProgram, access: AccessKey | None = KEY) -> Completion:
    """How reading ends; the reader itself stays well."""

    async def story() -> Completion:
        async with lying(slot, program, trust=TRUST) as (reader, _):
            error = await refused(reader, access=access)
            assert reader.status().device is DeviceStatus.ONLINE
            return error.code

    return tell(story())


@pytest.mark.parametrize(
    ("key", "kind", "name", "latin", "number"),
    [
        ("lyu-passport", DocumentKind.PASSPORT, "吕晓岚", "LYU, XIAOLAN", "E62345678"),
        ("elsa-passport", DocumentKind.PASSPORT, "NORDQVIST ELSA MÄRTA", "NORDQVIST, ELSA MAERTA", "UT7Q41B9Z"),
        ("holder-permit", DocumentKind.HK_MACAU_PERMIT, "何知夏", "HE, ZHIXIA", "CB2345678"),
        ("uyghur-permit", DocumentKind.HK_MACAU_PERMIT, "阿卜杜热合曼·麦麦提依明·托合提", "TUOHETI, ABUDUREHE", "CB9017745"),
        ("hong-kong", DocumentKind.HOME_RETURN_PERMIT, "罗子衡", "LAW, TSZ HANG", "H20260713"),
        ("taiwan-resident", DocumentKind.TAIWAN_COMPATRIOT_PERMIT, "林予安", "LIN, YU AN", "20260719"),
    ],
)
def test_every_kind_of_document_is_read_and_vouched_for(
    slot: Slot, key: str, kind: DocumentKind, name: str, latin: str, number: str
) -> None:
    specimen = find_document(key)
    document = read(slot, TravelDocumentCard(chip_of(specimen, ISSUER)), specimen.access_key)
    assert (document.kind, document.name, document.latin_name, document.number) == (kind, name, latin, number)
    assert (document.birth, document.valid_to) == (specimen.birth, specimen.expiry)
    assert (document.sex, document.verified) == ("2" if specimen.sex == "F" else "1", Verified.ISSUER)
    assert document.photo.startswith(b"\xff\xd8\xff")
    assert document.photo.endswith(b"\xff\xd9")


@pytest.mark.parametrize("way", WAYS)
def test_every_way_into_the_chip(slot: Slot, way: str) -> None:
    document = read(slot, TravelDocumentCard(elsa(way)), BY_ZONE)
    assert (document.number, document.birth, document.photo) == ("UT7Q41B9Z", date(1974, 8, 12), PHOTO)
    assert document.verified is Verified.ISSUER


def test_the_card_access_number_alone_opens_a_chip_that_knows_pace(slot: Slot) -> None:
    assert read(slot, TravelDocumentCard(elsa("PACE GENERIC AES_128 13")), BY_NUMBER).number == "UT7Q41B9Z"


@pytest.mark.parametrize("extended", list(ExtendedLength), ids=lambda extended: extended.value)
def test_a_long_file_is_read_whatever_the_card_makes_of_extended_length(slot: Slot, extended: ExtendedLength) -> None:
    long = b"\xff\xd8\xff" + bytes(40_000)  # so that half of it lies beyond what READ BINARY reaches with its plain offset
    chip = chip_of(find_document("elsa-passport"), ISSUER, opens="PACE GENERIC AES_128 12", photo=long)
    assert read(slot, TravelDocumentCard(chip, extended)).photo == long


def test_a_tampered_zone_is_a_fraud(slot: Slot) -> None:
    specimen = find_document("elsa-passport")
    other = zone_on_the_chip(replace(specimen, given_names="ELSA MARTHA"))
    card = TravelDocumentCard(elsa("BAC").with_file(File.DG1, data_group_1(other)))
    assert completion(slot, card) is Completion.FRAUD_ATTEMPT


@pytest.mark.parametrize("way", WAYS[:2])
@pytest.mark.parametrize(
    "wrong", [replace(BY_ZONE, expiry="340416"), replace(BY_ZONE, number="UT7Q41B9S")], ids=["expiry", "number"]
)
def test_a_wrong_zone_is_told_and_tried_only_once(slot: Slot, way: str, wrong: AccessKey) -> None:
    card = TravelDocumentCard(elsa(way))
    assert completion(slot, card, wrong) is Completion.ACCESS_KEY_WRONG
    assert card.wrong_keys == 1


def test_without_a_key_the_document_says_that_it_needs_one(slot: Slot) -> None:
    async def story() -> None:
        card = TravelDocumentCard(elsa("BAC"))
        async with lying(slot, card) as (reader, _):
            error = await refused(reader)
            assert (error.code, error.recognised) == (Completion.ACCESS_KEY_NEEDED, Recognised.TRAVEL_DOCUMENT)
            assert card.wrong_keys == 0

    tell(story())


@pytest.mark.parametrize("trust", [(), (Issuer("XX").csca,)], ids=["no CSCA", "another country's CSCA"])
@pytest.mark.parametrize("way", ["BAC", "PACE CHIP_AUTHENTICATION AES_128 13"])
def test_an_issuer_that_nobody_here_knows_is_not_verified_and_never_genuine(slot: Slot, way: str, trust: Trust) -> None:
    document = read(slot, TravelDocumentCard(elsa(way)), KEY, trust)
    assert (document.verified, document.number) == (Verified.CHIP, "UT7Q41B9Z")
    assert Warning.ISSUER_UNKNOWN in document.warnings


def test_a_copied_chip_is_a_fraud(slot: Slot) -> None:
    genuine = elsa("PACE CHIP_AUTHENTICATION AES_128 13")
    assert completion(slot, TravelDocumentCard(replace(genuine, chip_key=genuine.chip_key - 1))) is Completion.FRAUD_ATTEMPT


@pytest.mark.parametrize("nth", [1, 4, 9, 14, 25], ids=lambda nth: f"command {nth}")
def test_a_card_pulled_in_the_middle_gives_nothing(slot: Slot, nth: int) -> None:
    async def story() -> None:
        card = FaultAt(TravelDocumentCard(elsa("PACE GENERIC AES_128 12")), nth, pulled)
        async with lying(slot, card, trust=TRUST) as (reader, _):
            assert (await refused(reader, access=KEY)).code is Completion.MEDIA_REMOVED

    tell(story())


def test_a_card_laid_again_after_a_wrong_key_is_read(slot: Slot) -> None:
    card = TravelDocumentCard(elsa("BAC"))
    assert completion(slot, card, replace(BY_ZONE, birth="740813")) is Completion.ACCESS_KEY_WRONG
    assert read(slot, card).number == "UT7Q41B9Z"
