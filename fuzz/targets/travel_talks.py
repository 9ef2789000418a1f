"""Talks with the chip of a travel document that are changed on their way, and answers that its own keys protect."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from devices.apdu import Card, Channel, Command
from devices.cards.icao_9303.ciphers import Cipher
from devices.cards.icao_9303.secure_messaging import CHECKSUM, STATUS, ProtectedChannel, Protection, SessionKeys
from devices.cards.icao_9303.tlv import tlv
from devices.cards.icao_9303.trust import Trust
from devices.cards.travel_document import find_travel_document, read_travel_document
from devices.simulators.travel_document import ExtendedLength, TravelDocumentCard
from devices.simulators.travel_document_files import Chip, chip_of
from devices.simulators.travel_document_issuer import Issuer
from devices.simulators.travel_document_specimens import find_document
from fuzz.choices import Choices
from fuzz.target import Target
from fuzz.told_card import STATUS_WORDS, ToldCard

_PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(250))
_WAYS = ("BAC", "PACE GENERIC AES_128 12", "PACE CHIP_AUTHENTICATION AES_256 13", "PACE GENERIC TRIPLE_DES 15")
_FILES = (0x0101, 0x0102, 0x010B, 0x011D)
_KEY = find_document("elsa-passport").access_key


@cache
def _issued() -> tuple[tuple[Chip, ...], Trust]:
    issuer = Issuer()
    return tuple(chip_of(find_document("elsa-passport"), issuer, opens=way, photo=_PHOTO) for way in _WAYS), (issuer.csca,)


def talks(entry: bytes) -> None:
    """Whatever comes of it: a document that the issuer vouches for says what the issuer wrote."""
    chips, trust = _issued()
    choices = Choices(entry)
    chip = chips[choices.below(len(chips))]
    extended = tuple(ExtendedLength)[choices.below(len(ExtendedLength))]
    card = ToldCard(TravelDocumentCard(chip, extended), choices)
    if find_travel_document(card):
        document = read_travel_document(card, access=_KEY, trust=trust, media_id=7, device_id="left")
        assert (document.number, document.photo) == (_KEY.number, _PHOTO)


def talk_seeds() -> Sequence[bytes]:
    plain = [bytes((way,)) for way in range(len(_WAYS))]
    bent = [bytes((way, 1)) + bytes(nth) + b"\x05\x04\x7f" for way in range(len(_WAYS)) for nth in (3, 5, 7, 9, 12)]
    return [*plain, *bent, b"\0\0\0\0\0\x0b\x20\x00\x00", b"\0\0\0\0\x08\x05AAAAA\x00", b"\0\0\x0a\x00\x15"]


def changed_files(entry: bytes) -> None:
    """Files of any bytes behind a session that is sound."""
    chips, trust = _issued()
    choices = Choices(entry)
    file = _FILES[choices.below(len(_FILES))]
    chip = chips[0]
    content = chip.files[file]
    at = choices.below(len(content))
    put = choices.taken(choices.below(0x20))
    content = content[:at] + put + content[at + choices.below(0x20) :] if choices.below(2) == 0 else choices.rest()
    chip = Chip({**chip.files, file: content}, chip.access)
    card = ToldCard(TravelDocumentCard(chip), Choices(b""))
    document = read_travel_document(card, access=_KEY, trust=trust, media_id=7, device_id="left")
    assert document.number == _KEY.number


def changed_file_seeds() -> Sequence[bytes]:
    return [bytes((file, 0, at, 4)) + b"\x5f\x1f\x82\xff" + b"\x04\x00" for file in range(len(_FILES)) for at in (0, 3, 9, 40)]


class _Chip:
    """Protects with the right keys whatever the choices say."""

    def __init__(self, keys: SessionKeys, choices: Choices) -> None:
        self._protection = Protection(keys)
        self._choices = choices

    def transmit(self, command: bytes) -> bytes:
        choices, protection = self._choices, self._protection
        protection.step()
        protection.step()
        body = choices.taken(choices.below(0x40))
        objects = protection.cryptogram(body, of_objects=choices.below(4) == 1)
        if choices.below(3) == 1:
            objects = choices.taken(choices.below(0x40))
        objects += tlv(STATUS, STATUS_WORDS[choices.below(len(STATUS_WORDS))].to_bytes(2, "big")[: 2 - choices.below(3)])
        return objects + tlv(CHECKSUM, protection.checksum(objects)) + b"\x90\x00"


def protected_answers(entry: bytes) -> None:
    choices = Choices(entry)
    cipher = tuple(Cipher)[choices.below(len(Cipher))]
    length = {Cipher.TRIPLE_DES: 16, Cipher.AES_128: 16, Cipher.AES_192: 24, Cipher.AES_256: 32}[cipher]
    keys = SessionKeys(cipher, bytes(range(length)), bytes(range(1, length + 1)))
    card: Card = _Chip(keys, choices)
    if choices.below(4) == 3:
        card = ToldCard(_Program(card), choices)
    channel = ProtectedChannel(Channel(card), keys)
    for _ in range(4):
        channel.send(Command(0x00, 0xB0 + choices.below(2), 0x00, 0x00, choices.taken(choices.below(8)), 0x100))


class _Program:
    """A card as a program."""

    atr = b""

    def __init__(self, card: Card) -> None:
        self.answer = card.transmit

    def reset(self) -> None:
        pass


def protected_answer_seeds() -> Sequence[bytes]:
    sound = [bytes((cipher, 0)) + b"\0\0\x05AAAAA" + bytes(8) for cipher in range(len(Cipher))]
    return [*sound, b"\1\0\0\0\0\0\1\x0a\x87\x09\x01ABCDEFGH\0\0", b"\1\3\0\0\0\0\0\0\0\5\3A"]


TARGETS = (
    Target("talks", talks, talk_seeds, longest=1024),
    Target("changed_files", changed_files, changed_file_seeds, longest=1024),
    Target("protected_answers", protected_answers, protected_answer_seeds, longest=1024),
)
