"""The chip cards that a PC/SC reader reads: one file each, one line each in CHIP_CARDS; and what any other card is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devices.apdu import Card
from devices.cards.foreign_card import recognise_answer_to_reset, recognise_by_asking
from devices.cards.icao_9303.trust import Trust
from devices.cards.social_security_card import find_social_security, read_social_security_card
from devices.cards.travel_document import find_travel_document, read_travel_document
from devices.cards.travel_documents import TRAVEL_DOCUMENTS
from devices.device import Completion, DeviceError
from devices.document import AccessKey, DocumentKind, IdentityDocument, Recognised


@dataclass(frozen=True)
class Reading:
    """Which presence is read, and with what: `access` is printed on the document, `trust` is the certificates of the
    authorities that countries sign by (CSCA), without which no signature vouches for anything."""

    media_id: int
    device_id: str
    access: AccessKey | None = None
    trust: Trust = ()


@dataclass(frozen=True)
class ChipCard:
    """`find` selects what only this kind of card has and says whether it is there; `read` goes on from there. `keeps_keys`:
    the session leaves keys in the card, and only a reset makes it forget them."""

    documents: tuple[DocumentKind, ...]
    find: Callable[[Card], bool]
    read: Callable[[Card, Reading], IdentityDocument]
    keeps_keys: bool = False


def _social_security(card: Card, reading: Reading) -> IdentityDocument:
    return read_social_security_card(card, media_id=reading.media_id, device_id=reading.device_id)


def _travel_document(card: Card, reading: Reading) -> IdentityDocument:
    return read_travel_document(
        card, access=reading.access, trust=reading.trust, media_id=reading.media_id, device_id=reading.device_id
    )


CHIP_CARDS: tuple[ChipCard, ...] = (
    ChipCard((DocumentKind.SOCIAL_SECURITY_CARD,), find_social_security, _social_security),
    ChipCard(tuple(one.kind for one in TRAVEL_DOCUMENTS), find_travel_document, _travel_document, keeps_keys=True),
)


def find_chip_card(card: Card, answer_to_reset: bytes, served: Sequence[ChipCard]) -> ChipCard:
    """Which of these cards it is. Any other is a DeviceError that says what it is instead: WRONG_READER where another kind of
    reader reads it, else UNSUPPORTED_DATA."""
    recognised = recognise_answer_to_reset(answer_to_reset)
    found = next((row for row in served if row.find(card)), None) if recognised is None else None
    if found is not None:
        return found
    recognised = recognised or recognise_by_asking(card)
    elsewhere = recognised is Recognised.RESIDENT_CARD
    code = Completion.WRONG_READER if elsewhere else Completion.UNSUPPORTED_DATA
    raise DeviceError(code, f"this is another card: {recognised}", recognised=recognised)
