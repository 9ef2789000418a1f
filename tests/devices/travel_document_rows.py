"""The rows of travel documents in the table of cards: every kind that is listed, opened in every way it can go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from devices.cards.icao_9303.elementary_files import File
from devices.cards.icao_9303.holder import TravelDocument
from devices.cards.icao_9303.trust import Trust
from devices.cards.travel_documents import TRAVEL_DOCUMENTS
from devices.device import Completion
from devices.document import AccessKey, DocumentKind, Recognised, Verified
from devices.simulators.travel_document import TravelDocumentCard
from devices.simulators.travel_document_files import Chip, chip_of, data_group_1
from devices.simulators.travel_document_specimens import DocumentSpecimen, document_specimens, find_document, zone_on_the_chip
from kiosk.present_card import CardState
from tests.devices.card_cells import Cell, OnChipReader, Outcome, Read, Refused, Row
from tests.devices.travel_documents import ISSUER, KEY, TRUST, elsa
from tests.kiosk.people import NOW

NAMES: Mapping[DocumentKind, tuple[str, str]] = {
    DocumentKind.PASSPORT: ("passport", "护照"),
    DocumentKind.HK_MACAU_PERMIT: ("permit to Hong Kong and Macau", "往来港澳通行证"),
    DocumentKind.TAIWAN_PERMIT: ("permit to Taiwan", "往来台湾通行证"),
    DocumentKind.HOME_RETURN_PERMIT: ("home return permit", "港澳居民来往内地通行证"),
    DocumentKind.TAIWAN_COMPATRIOT_PERMIT: ("Taiwan compatriot permit", "台湾居民来往大陆通行证"),
}
OTHER_TIME = "000101"


def travel_document_rows(on_module: Cell) -> list[Row]:
    """`on_module` is what a SAM_V makes of any of them."""
    listed = (row for document in TRAVEL_DOCUMENTS for row in _of_kind(document, on_module))
    return [*listed, *_others(on_module)]


def _of_kind(document: TravelDocument, on_module: Cell) -> list[Row]:
    key, kind = _specimen(document).access_key, document.kind
    wrong = Refused(Completion.ACCESS_KEY_WRONG, Recognised.TRAVEL_DOCUMENT)
    locked = Refused(Completion.ACCESS_KEY_NEEDED, Recognised.TRAVEL_DOCUMENT)
    genuine, unproved = Read(kind, Verified.ISSUER), Read(kind, Verified.CHIP)
    asked, elsewhere = CardState.TRAVEL_DOCUMENT, CardState.WRONG_KIND
    return [
        _row(document, on_module, _Way("trusted", "with its key, issuer known", "有密钥，签发者可信", key), genuine, elsewhere),
        _row(
            document,
            on_module,
            _Way("unknown", "with its key, issuer unknown", "有密钥，签发者未知", key, ()),
            unproved,
            elsewhere,
        ),
        _row(document, on_module, _Way("wrong-key", "with a wrong key", "密钥错误", _wrong(key)), wrong, asked),
        _row(document, on_module, _Way("no-key", "without a key", "没有密钥", None), locked, asked),
        _row(
            document,
            on_module,
            _Way("tampered", "with its key, zone tampered with", "机读区被篡改", key, tampered=True),
            Refused(Completion.FRAUD_ATTEMPT),
            CardState.NOT_GENUINE,
        ),
    ]


@dataclass(frozen=True)
class _Way:
    """How a document is laid there."""

    key: str
    english: str
    chinese: str
    access: AccessKey | None
    trust: Trust = TRUST
    tampered: bool = False


def _row(document: TravelDocument, on_module: Cell, way: _Way, outcome: Outcome, told: CardState) -> Row:
    def made() -> TravelDocumentCard:
        specimen = _specimen(document)
        chip = chip_of(specimen, ISSUER)
        return TravelDocumentCard(_tampered(specimen, chip) if way.tampered else chip)

    english, chinese = NAMES[document.kind]
    name = f"{document.kind.replace('_', '-')}-{way.key}"
    cell = OnChipReader(name, outcome, (told,), way.access, made=made, trust=way.trust)
    return Row(f"{english}, {way.english}", f"{chinese}，{way.chinese}", (on_module, cell))


def _others(on_module: Cell) -> list[Row]:
    fraud = Refused(Completion.FRAUD_ATTEMPT)
    unlisted = Refused(Completion.UNSUPPORTED_DATA, Recognised.TRAVEL_DOCUMENT)
    copied = OnChipReader("copied-chip", fraud, (CardState.NOT_GENUINE,), KEY, made=_copied, trust=TRUST)
    foreign = OnChipReader("unlisted-kind", unlisted, (CardState.TRAVEL_DOCUMENT,), KEY, made=_unlisted, trust=TRUST)
    return [
        Row("passport whose chip is a copy", "芯片为复制品的护照", (on_module, copied)),
        Row("travel document of a kind that is not listed", "未收录的旅行证件", (on_module, foreign)),
    ]


def _copied() -> TravelDocumentCard:
    genuine = elsa("PACE CHIP_AUTHENTICATION AES_128 13")
    return TravelDocumentCard(replace(genuine, chip_key=genuine.chip_key - 1))


def _unlisted() -> TravelDocumentCard:
    foreign_identity_card = replace(find_document("elsa-passport"), zone="TD1", code="ID")
    return TravelDocumentCard(chip_of(foreign_identity_card, ISSUER, opens="BAC"))


def _specimen(document: TravelDocument) -> DocumentSpecimen:
    """One of this kind that has not expired."""
    return next(specimen for specimen in document_specimens() if specimen.expiry > NOW.date() and _kind_of(specimen) is document)


def _kind_of(specimen: DocumentSpecimen) -> TravelDocument | None:
    zone = zone_on_the_chip(specimen)
    return next((document for document in TRAVEL_DOCUMENTS if document.is_this(zone)), None)


def _wrong(key: AccessKey) -> AccessKey:
    return replace(key, expiry=OTHER_TIME)


def _tampered(specimen: DocumentSpecimen, chip: Chip) -> Chip:
    """Somebody else's given name, check digits and all."""
    return chip.with_file(File.DG1, data_group_1(zone_on_the_chip(replace(specimen, given_names="XIN"))))
