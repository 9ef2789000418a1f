"""Travel documents as the tests lay them: every specimen, opened in every way, and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from devices.apdu import Card
from devices.cards.icao_9303.trust import Trust
from devices.cards.travel_document import read_travel_document
from devices.device import DeviceError
from devices.document import AccessKey, IdentityDocument
from devices.simulators.travel_document import TravelDocumentCard
from devices.simulators.travel_document_files import Chip, chip_of
from devices.simulators.travel_document_issuer import Issuer
from devices.simulators.travel_document_specimens import find_document
from devices.simulators.vpcd import CardProgram

ISSUER = Issuer()
TRUST: Trust = (ISSUER.csca,)
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
KEY = find_document("elsa-passport").access_key
BY_ZONE = replace(KEY, card_access_number="")
BY_NUMBER = AccessKey(card_access_number=KEY.card_access_number)


class Wired:
    """A simulated card without pcscd between; `count` is how many commands it was sent."""

    def __init__(self, program: CardProgram) -> None:
        self._program = program
        self.count = 0

    def transmit(self, command: bytes) -> bytes:
        self.count += 1
        return self._program.answer(command)


def elsa(opens: str = "", *, issuer: Issuer = ISSUER) -> Chip:
    """The chip of a foreigner's passport, opened in another way than its own."""
    return chip_of(find_document("elsa-passport"), issuer, opens=opens, photo=PHOTO)


def read(card: Card, access: AccessKey | None = KEY, trust: Trust = TRUST) -> IdentityDocument:
    return read_travel_document(card, access=access, trust=trust, media_id=7, device_id="left")


def outcome(reading: Callable[[], IdentityDocument]) -> IdentityDocument | DeviceError:
    """Whatever reading ends with; any other error is none that a reader may raise."""
    try:
        return reading()
    except DeviceError as error:
        return error


def refusal(reading: Callable[[], IdentityDocument]) -> DeviceError:
    """The error that reading must end with."""
    error = outcome(reading)
    assert isinstance(error, DeviceError), "the card was read"
    return error


def read_chip(chip: Chip, access: AccessKey | None = KEY, trust: Trust = TRUST) -> IdentityDocument:
    return read(Wired(TravelDocumentCard(chip)), access, trust)
