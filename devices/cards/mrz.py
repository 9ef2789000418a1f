"""The machine-readable zone printed on travel documents (ICAO 9303-3 to 9303-6, and the Chinese permits that differ)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from devices.cards.mrz_layouts import ALPHABET, FILLER, LAYOUTS, Layout, Span, check_digit
from devices.cards.mrz_repair import mended
from devices.device import Completion, DeviceError
from devices.document import AccessKey

_CODE_LETTERS = str.maketrans({"1": "I", "2": "Z", "5": "S", "8": "B"})
"""Digits read in a document code, which has letters only and no check digit of its own; 0 may be O or D."""
_LENGTHS = frozenset({(1, 30), (2, 36), (2, 44), (3, 30)})


class Check(StrEnum):
    """What a check digit covers."""

    NUMBER = "number"
    BIRTH = "birth"
    EXPIRY = "expiry"
    OPTIONAL = "optional"
    COMPOSITE = "composite"


@dataclass(frozen=True)
class MachineReadableZone:
    """As printed, fillers removed. Dates are YYMMDD, of a birth not wholly known with fillers. `wrong` are the checks that
    do not fit, never any after `read_lines`. Names are empty where a layout has none or where one was misread."""

    layout: str
    code: str
    number: str
    birth: str
    expiry: str
    issuer: str = ""
    nationality: str = ""
    sex: str = ""
    surname: str = ""
    given_names: str = ""
    optional: str = ""
    wrong: frozenset[Check] = frozenset()
    name_fills_its_field: bool = False

    @property
    def access_key(self) -> AccessKey:
        return AccessKey(self.number, self.birth, self.expiry)

    def birth_date(self, today: date) -> date | None:
        """Nobody was born tomorrow: such a year is of the last century. None when it is no date."""
        born = _date("20", self.birth)
        return born if born is None or born <= today else _date("19", self.birth)

    def expiry_date(self) -> date | None:
        """Always of this century: no document of the last one is still around."""
        return _date("20", self.expiry)


def read_lines(lines: Sequence[str]) -> MachineReadableZone:
    """What a scanner read, misread characters mended where exactly one answer makes its check digit fit.

    DeviceError(INVALID_DATA) when the lines are no zone, or when there is no such answer. Two pairs nobody can tell
    apart, since the check digits do not: G and 6, L and 1.
    """
    clean = ["".join(line.split()).upper() for line in lines]
    if (len(clean), len(clean[0]) if clean else 0) not in _LENGTHS or len({len(line) for line in clean}) != 1:
        raise DeviceError(Completion.INVALID_DATA, "no machine-readable zone: wrong number or length of lines")
    text = "".join(clean)
    if not all(character in ALPHABET for character in text):
        raise DeviceError(Completion.INVALID_DATA, "no machine-readable zone: a character outside A-Z, 0-9 and <")
    text = text[:2].translate(_CODE_LETTERS) + text[2:]
    found = [zone for layout in _layouts(text, len(clean)) if (zone := _mended_zone(text, layout))]
    if len({zone.access_key for zone in found}) != 1:
        raise DeviceError(Completion.INVALID_DATA, "the machine-readable zone was misread", retry=True)
    return found[0]


def parse_zone(text: str) -> MachineReadableZone:
    """The zone that a chip holds in DG1: believed as it is, checks that do not fit are told in `wrong`.

    DeviceError(INVALID_DATA) when it is no zone.
    """
    layouts = [layout for lines in (1, 2, 3) for layout in _layouts(text, lines)]
    if not layouts or not all(character in ALPHABET for character in text):
        raise DeviceError(Completion.INVALID_DATA, "DG1 holds no machine-readable zone")
    return min((_zone(text, layout) for layout in layouts), key=lambda zone: len(zone.wrong))


def _layouts(text: str, lines: int) -> list[Layout]:
    return [x for x in LAYOUTS if (x.lines, x.length) == (lines, len(text)) and re.match(x.codes, text[:2])]


def _mended_zone(text: str, layout: Layout) -> MachineReadableZone | None:
    candidate = mended(text, layout)
    if candidate is None:
        return None
    zone = _zone(candidate, layout)
    # Nothing checks these: a digit among their letters may stand for more than one letter.
    uncertain = re.search("[0-9]", zone.code + zone.issuer + zone.nationality)
    return None if zone.wrong or uncertain or not _is_plausible(zone) else zone


def _is_plausible(zone: MachineReadableZone) -> bool:
    known = zone.birth.rstrip(FILLER)
    return bool(zone.number) and zone.expiry_date() is not None and (len(known) < 6 or _date("20", known) is not None)


def _zone(text: str, layout: Layout) -> MachineReadableZone:
    def part(span: Span | None) -> str:
        return text[span.start : span.stop].strip(FILLER) if span else ""

    number, optional = part(layout.number.span), part(layout.optional)
    if _is_long(text, layout):
        rest = optional.split(FILLER)[0]
        number, optional = number + rest[:-1], optional[len(rest) :].strip(FILLER)
    names = text[layout.names.start : layout.names.stop] if layout.names else ""
    surname, _, given = ("" if re.search("[0-9]", names) else names.strip(FILLER)).partition(FILLER * 2)
    return MachineReadableZone(
        layout=layout.name,
        code=part(Span(0, 2)),
        number=number,
        birth=text[layout.birth.span.start : layout.birth.span.stop],
        expiry=text[layout.expiry.span.start : layout.expiry.span.stop],
        issuer=part(layout.issuer),
        nationality=part(layout.nationality),
        sex=part(layout.sex),
        surname=surname.replace(FILLER, " ").strip(),
        given_names=" ".join(given.split(FILLER)).strip(),
        optional=optional,
        wrong=frozenset(_wrong(text, layout)),
        name_fills_its_field=bool(names) and not names.endswith(FILLER),
    )


def _wrong(text: str, layout: Layout) -> set[Check]:
    checks = {
        Check.NUMBER: layout.number,
        Check.BIRTH: layout.birth,
        Check.EXPIRY: layout.expiry,
        Check.OPTIONAL: layout.optional_check,
        Check.COMPOSITE: layout.composite,
    }
    wrong = {check for check, checked in checks.items() if checked and not checked.fits(text)}
    if _is_long(text, layout) and layout.optional:
        rest = text[layout.optional.start : layout.optional.stop].split(FILLER)[0]
        whole = text[layout.number.span.start : layout.number.span.stop] + rest[:-1]
        wrong -= {Check.NUMBER}
        wrong |= set() if rest and check_digit(whole) == rest[-1] else {Check.NUMBER}
    return wrong


def _is_long(text: str, layout: Layout) -> bool:
    """A number of more than nine characters goes on in the optional data (ICAO 9303-5, 4.2.2, note j)."""
    return layout.number_goes_on and text[layout.number.digit] == FILLER


def _date(century: str, text: str) -> date | None:
    try:
        return date.fromisoformat(f"{century}{text[:2]}-{text[2:4]}-{text[4:]}") if len(text) == 6 else None
    except ValueError:
        return None
