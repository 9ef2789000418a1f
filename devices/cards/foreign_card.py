"""Cards that are no document read here, and what they are. Nothing is asked of them but SELECT, and never a PIN.

What is standard: the answer to reset that a contactless reader makes up (PC/SC part 3, 3.1.3.2.3) and the directories of
payment applications (EMV book 1, 12.2). The names of transport applications are those that published readers of such cards
select: cities have more of them, and a card of one of those is an unknown card.
"""

from __future__ import annotations

from devices.apdu import Card, Channel, Command, StatusWord
from devices.document import Recognised

PAYMENT_DIRECTORIES = (b"2PAY.SYS.DDF01", b"1PAY.SYS.DDF01")
"""Contactless, contact."""
PAYMENT_SCHEMES = tuple(map(bytes.fromhex, ("A000000333", "A000000003", "A000000004", "A000000025", "A000000065")))
"""UnionPay, Visa, Mastercard, American Express, JCB: how each application of theirs begins."""
TRANSPORT_APPLICATIONS = (
    bytes.fromhex("A000000632010105"),  # 交通联合
    bytes.fromhex("A00000000386980701"),  # 全国城市一卡通
    bytes.fromhex("9156000014010001"),  # 北京一卡通
    b"PAY.SZT",  # 深圳通
    b"PAY.APPY",  # 岭南通
    b"AP1.WHCTC",  # 武汉通
)
CHIP_NUMBER = Command(0x00, 0x36, 0x00, 0x00, expected=8)
"""All that a resident card says to a reader without a security module."""

_STORAGE_CARD = bytes.fromhex("804F0CA000000306")
"""How the historical bytes of a chip without applications begin; the standard that it keeps comes next."""
_FELICA = 0x11
_RESIDENT_CARD = bytes.fromhex("D103860C008080")
"""Application data and protocol of a resident card's ATQB: what its historical bytes are made of."""
_CHIP_NUMBER_LENGTH = 8
_OPENS = (StatusWord.OK, StatusWord.FILE_DEACTIVATED, StatusWord.SECURITY_NOT_SATISFIED, StatusWord.CONDITIONS_NOT_SATISFIED)


def recognise_answer_to_reset(answer_to_reset: bytes) -> Recognised | None:
    """What a card is that needs not be asked. Octopus and its like (FeliCa) have no applications that a reader could select."""
    said = historical_bytes(answer_to_reset)
    if said.startswith(_RESIDENT_CARD):
        return Recognised.RESIDENT_CARD
    if said.startswith(_STORAGE_CARD):
        return Recognised.TRANSPORT_CARD if said[len(_STORAGE_CARD) :][:1] == bytes((_FELICA,)) else Recognised.MEMORY_CARD
    return None


def recognise_by_asking(card: Card) -> Recognised:
    """What a card is that none of the cards read here is. A bank card may carry a transport application and a transport card
    a payment directory: whose scheme the directory lists decides."""
    channel = Channel(card)
    directories = [listed for name in PAYMENT_DIRECTORIES if (listed := _select(channel, name)) is not None]
    if any(scheme in listed for listed in directories for scheme in PAYMENT_SCHEMES):
        return Recognised.BANK_CARD
    if any(_select(channel, name) is not None for name in TRANSPORT_APPLICATIONS):
        return Recognised.TRANSPORT_CARD
    if directories:
        return Recognised.BANK_CARD
    number = channel.send(CHIP_NUMBER)
    is_resident = number.status == StatusWord.OK and len(number.body) == _CHIP_NUMBER_LENGTH
    return Recognised.RESIDENT_CARD if is_resident else Recognised.UNKNOWN


def historical_bytes(answer_to_reset: bytes) -> bytes:
    """ISO 7816-3, 8.2: after the interface bytes, whose presence each TD announces. Empty when it makes no sense: pcscd checks
    nothing of what a card says here."""
    if len(answer_to_reset) < 2 or answer_to_reset[0] not in (0x3B, 0x3F):
        return b""
    at, following = 2, answer_to_reset[1]
    while following & 0xF0:
        at += (following >> 4).bit_count()
        if not following & 0x80:
            break
        if at > len(answer_to_reset):
            return b""
        following = answer_to_reset[at - 1]
    return answer_to_reset[at : at + (answer_to_reset[1] & 0x0F)]


def _select(channel: Channel, name: bytes) -> bytes | None:
    """What the application says of itself, None when there is none of that name."""
    answer = channel.send(Command(0x00, 0xA4, 0x04, 0x00, name, expected=0))
    return answer.body if answer.status in _OPENS else None
