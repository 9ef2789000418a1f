"""The other side of a social security card with EF05 and EF06, with contacts or without, for tests and demonstrations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from devices.cards.social_security_card import NAME_EXTENSION, SSSE
from devices.simulators.specimens import Specimen
from devices.simulators.vpcd import contactless

_HISTORICAL = bytes.fromhex("00814E43238697159900BF7C7A")
_Records = tuple[tuple[int, bytes], ...]
VERSIONS = ("1.00", "2.00", "3.00")


def text(value: str, length: int) -> bytes:
    """A text as the card holds it: GB18030, padded with zero bytes, whole characters only."""
    kept = b""
    for character in value:
        code = character.encode("gb18030")
        if len(kept) + len(code) > length:
            break
        kept += code
    return kept.ljust(length, b"\x00")


def digits(value: str, length: int) -> bytes:
    return bytes.fromhex(value.ljust(2 * length, "F"))


def files(person: Specimen) -> Mapping[int, _Records]:
    """EF05 and EF06 of a specimen's card. A name longer than 30 bytes goes on in the extension."""
    first = text(person.name, 30)
    rest = person.name[len(first.rstrip(b"\x00").decode("gb18030")) :]
    return {
        0xEF05: (
            (0x01, bytes.fromhex("440600D15600000500BF7C7A48FB4966")),
            (0x02, text("2", 1)),
            (0x03, text(person.card_version, 4)),
            (0x04, digits("440600813475", 12)),
            (0x05, digits("20240105", 4)),
            (0x06, digits(f"{person.card_expiry:%Y%m%d}", 4)),
            (0x07, text(person.card_number, 9)),
        ),
        0xEF06: (
            (0x08, text(person.number, 18)),
            (0x09, first),
            (0x4E, text(rest, 20)),
            (0x0A, text(person.sex, 1)),
            (0x0B, digits(person.ethnic_group, 1)),
            (0x0C, digits(person.number[:6], 3)),
            (0x0D, digits(f"{person.birth:%Y%m%d}", 4)),
        ),
    }


@dataclass
class SocialSecurityCard:
    """A card of version 1.00 or 2.00 opens EF06 to everybody; `protected` as 3.00 does not. By its contacts a card speaks
    T=0, where an answer to a body is fetched apart; without them T=1."""

    files: Mapping[int, _Records]
    protected: bool = False
    contactless: bool = False
    _pending: bytes = field(default=b"", init=False)
    _application: bool = field(default=False, init=False)
    _file: int = field(default=0, init=False)

    @property
    def atr(self) -> bytes:
        return contactless(_HISTORICAL) if self.contactless else bytes((0x3B, 0x60 | len(_HISTORICAL), 0, 0)) + _HISTORICAL

    def reset(self) -> None:
        self._pending, self._application, self._file = b"", False, 0

    def answer(self, command: bytes) -> bytes:
        if len(command) < 4 or command[0] != 0x00:
            return b"\x6e\x00"
        match command[1]:
            case 0xC0:
                return self._get_response(command[4] if len(command) > 4 else 0)
            case 0xA4:
                return self._select(command)
            case 0xB2:
                return self._read(command[2], command[3], command[4] if len(command) > 4 else 0)
            case _:
                return b"\x6d\x00"

    def _get_response(self, expected: int) -> bytes:
        body, self._pending = self._pending, b""
        if not body:
            return b"\x6f\x00"
        return body + b"\x90\x00" if expected in (0, len(body)) else bytes((0x6C, len(body)))

    def _select(self, command: bytes) -> bytes:
        wanted, asks = command[5 : 5 + command[4]], len(command) > 5 + command[4]
        if asks and not self.contactless:
            return b"\x67\x00"
        if command[2] != 0x04:
            return self._select_file(int.from_bytes(wanted, "big"))
        if wanted != SSSE:
            return b"\x6a\x82"
        self._application, self._file = True, 0
        template = b"\x84\x0f" + SSSE + b"\xa5\x03\x88\x01\x01"
        said = b"\x6f" + bytes((len(template),)) + template
        if self.contactless:
            return (said if asks else b"") + b"\x90\x00"
        self._pending = said
        return bytes((0x61, len(said)))

    def _select_file(self, file: int) -> bytes:
        if not self._application or file not in self.files:
            return b"\x6a\x82"
        self._file = file
        return b"\x90\x00"

    def _read(self, reference: int, by: int, expected: int) -> bytes:
        if self._file not in self.files:
            return b"\x69\x86"
        if self.protected and (self._file == 0xEF06 or reference == 0x07):
            return b"\x69\x82"
        records = self.files[self._file]
        by_number = dict(enumerate(records, start=1))
        found = by_number.get(reference) if by & 0x07 == 0x04 else next((r for r in records if r[0] == reference), None)
        if found is None:
            return b"\x6a\x83"
        body = bytes((found[0], len(found[1]))) + found[1]
        return body + b"\x90\x00" if expected == len(body) else bytes((0x6C, len(body)))


def card_of(person: Specimen, *, contactless: bool = False) -> SocialSecurityCard:
    """The card that this person would have: one of version 1.00 has no room for a long name, and from 3.00 on it keeps the
    holder to itself."""
    written = dict(files(person))
    if person.card_version == "1.00":
        written[0xEF06] = tuple(record for record in written[0xEF06] if record[0] != NAME_EXTENSION.tag)
    return SocialSecurityCard(written, protected=person.card_version >= "3", contactless=contactless)
