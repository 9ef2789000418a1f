"""What a travel document says of its holder, and how a kind of document is told apart and read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from devices.cards.icao_9303.data_groups import AdditionalDetails
from devices.cards.mrz import Check, MachineReadableZone, parse_zone
from devices.device import DeviceError
from devices.document import DocumentKind, Warning

NOT_STATED = "9"
_SEXES = {"M": "1", "F": "2"}


@dataclass(frozen=True)
class Holder:
    """`sex` is in GB/T 2261.1, `nationality` and `issuer` as in ICAO 9303-3; empty what the document does not say."""

    number: str
    name: str
    latin_name: str
    sex: str
    birth: date | None
    expiry: date | None
    nationality: str
    issuer: str
    warnings: frozenset[Warning]


@dataclass(frozen=True)
class TravelDocument:
    """A kind of document. Both functions are given the text of DG1; `is_this` raises nothing. The date is today's."""

    kind: DocumentKind
    is_this: Callable[[str], bool]
    holder: Callable[[str, AdditionalDetails, date], Holder]


def zone_in(text: str) -> MachineReadableZone | None:
    """None when that is no zone, or one whose number does not check out."""
    try:
        zone = parse_zone(text)
    except DeviceError:
        return None
    return None if Check.NUMBER in zone.wrong else zone


def standard_holder(text: str, details: AdditionalDetails, today: date) -> Holder:
    """Of a document whose zone holds everything. The name is that in the holder's own script where DG11 has one."""
    zone = parse_zone(text)
    latin = latin_name(zone.surname, zone.given_names)
    own = own_name(details)
    return Holder(
        number=zone.number,
        name=own or latin,
        latin_name=latin,
        sex=sex(zone.sex),
        birth=birth_date(zone, details, today),
        expiry=zone.expiry_date(),
        nationality=zone.nationality,
        issuer=zone.issuer,
        warnings=warnings(own or latin, cut=zone.name_fills_its_field),
    )


def latin_name(surname: str, given_names: str) -> str:
    return ", ".join(filter(None, (surname, given_names)))


def own_name(details: AdditionalDetails) -> str:
    """Of DG11, where fillers part the names as in the zone: Chinese ones stand together without a blank."""
    parts = list(filter(None, re.split("[< ]+", details.full_name)))
    return "".join(parts) if any("CJK" in unicodedata.name(c, "") for c in details.full_name) else " ".join(parts)


def sex(letter: str) -> str:
    return _SEXES.get(letter, NOT_STATED)


def birth_date(zone: MachineReadableZone, details: AdditionalDetails, today: date) -> date | None:
    """With the century of DG11 where that agrees with the zone."""
    if re.fullmatch("[0-9]{8}", details.birth) and details.birth.endswith(zone.birth):
        try:
            return date.fromisoformat(details.birth)
        except ValueError:
            return None
    return zone.birth_date(today)


def warnings(name: str, *, cut: bool) -> frozenset[Warning]:
    said = {Warning.NAME_MAY_BE_CUT: cut, Warning.UNDECODABLE_TEXT: "\ufffd" in name}
    return frozenset(warning for warning, true in said.items() if true)
