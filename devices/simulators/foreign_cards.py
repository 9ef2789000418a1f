"""Cards that people lay on a reader by mistake: bank, transport and memory cards, a resident card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from devices.cards.foreign_card import CHIP_NUMBER, PAYMENT_DIRECTORIES, TRANSPORT_APPLICATIONS
from devices.simulators.vpcd import Scripted, contactless

_CONTACT = bytes.fromhex("3B6500002063CB6800")
_UNIONPAY_DEBIT = bytes.fromhex("A000000333010101")


@dataclass
class ForeignCard:
    """Knows nothing but these applications, by name, and says of each what stands here. By its contacts a card speaks T=0."""

    applications: Mapping[bytes, bytes]
    atr: bytes = contactless()
    asked: list[bytes] = field(default_factory=list)
    _pending: bytes = field(default=b"", init=False)

    def reset(self) -> None:
        self._pending = b""

    def answer(self, command: bytes) -> bytes:
        self.asked.append(command)
        pending, self._pending = self._pending, b""
        if command[1] == 0xC0:
            return pending + b"\x90\x00"
        if command[:4] != b"\x00\xa4\x04\x00":
            return b"\x6d\x00"
        said = self.applications.get(command[5 : 5 + command[4]])
        if said is None:
            return b"\x6a\x82"
        asks = len(command) > 5 + command[4]
        if self.atr != _CONTACT:
            return (said if asks else b"") + b"\x90\x00"
        if asks:
            return b"\x67\x00"
        self._pending = said
        return bytes((0x61, len(said)))


def _tagged(tag: str, *values: bytes) -> bytes:
    value = b"".join(values)
    return bytes.fromhex(tag) + bytes((len(value),)) + value


def _directory(name: bytes, *applications: bytes) -> bytes:
    """What a payment directory says when it is selected (EMV book 1, 12.2.3; book C-8 without contacts)."""
    entries = (_tagged("61", _tagged("4F", application), _tagged("87", b"\x01")) for application in applications)
    return _tagged("6F", _tagged("84", name), _tagged("A5", _tagged("BF0C", *entries)))


def _named(name: bytes) -> bytes:
    return _tagged("6F", _tagged("84", name))


def bank_card() -> ForeignCard:
    return ForeignCard({PAYMENT_DIRECTORIES[0]: _directory(PAYMENT_DIRECTORIES[0], _UNIONPAY_DEBIT)})


def bank_card_by_its_contacts() -> ForeignCard:
    return ForeignCard({PAYMENT_DIRECTORIES[1]: _named(PAYMENT_DIRECTORIES[1])}, _CONTACT)


def bank_card_for_the_bus() -> ForeignCard:
    """With the transport application that many bank cards have."""
    both = _directory(PAYMENT_DIRECTORIES[0], TRANSPORT_APPLICATIONS[0], _UNIONPAY_DEBIT)
    return ForeignCard({PAYMENT_DIRECTORIES[0]: both, TRANSPORT_APPLICATIONS[0]: _named(TRANSPORT_APPLICATIONS[0])})


def transport_card(application: bytes = TRANSPORT_APPLICATIONS[0]) -> ForeignCard:
    """交通联合 cards list their application in a payment directory as banks do, older ones have none."""
    listed = {PAYMENT_DIRECTORIES[0]: _directory(PAYMENT_DIRECTORIES[0], application)}
    union = application == TRANSPORT_APPLICATIONS[0]
    return ForeignCard({application: _named(application), **(listed if union else {})})


def octopus() -> Scripted:
    """A FeliCa card: the reader answers for it, and carries no command to it."""
    return Scripted(b"\x6a\x81", atr=contactless(bytes.fromhex("804F0CA00000030611003B00000000")))


def memory_card(name: str = "0001") -> Scripted:
    """MIFARE Classic 1K, or by another name of PC/SC part 3: 0002 4K, 0003 Ultralight."""
    return Scripted(b"\x6a\x81", atr=contactless(bytes.fromhex(f"804F0CA00000030603{name}00000000")))


def resident_card() -> Scripted:
    """On a reader that makes its ATQB an answer to reset, and carries no command that it would heed."""
    return Scripted(b"\x6f\x00", atr=contactless(bytes.fromhex("D103860C00808000")))


def resident_card_passed_through(chip_number: bytes = bytes(range(1, 9))) -> Scripted:
    """On a reader that says nothing of it and carries bare commands: it says its chip number to anybody."""
    return Scripted(lambda command: chip_number + b"\x90\x00" if command == bytes(CHIP_NUMBER) else b"\x6d\x00")


def mute_card() -> Scripted:
    """Upside down, or two on one another: an answer to reset that is longer than any can be."""
    return Scripted(b"\x6f\x00", atr=b"\x3b" + bytes(33))
