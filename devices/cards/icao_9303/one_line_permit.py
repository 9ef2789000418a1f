"""What the permits with one printed line hold in DG1: that line and 60 characters no other document has.

Two published readers agree on the places; no card was at hand. The Chinese name is written in the letters A to P, one a
nibble of its GBK code, four a character: three characters at most.
"""

from __future__ import annotations

import re
from datetime import date

from devices.cards.icao_9303.data_groups import AdditionalDetails
from devices.cards.icao_9303.holder import Holder, birth_date, latin_name, own_name, sex, warnings, zone_in
from devices.cards.mrz import parse_zone

LINE, CHINESE_NAME, LATIN_NAME, SEX = slice(0, 30), slice(30, 42), slice(42, 60), slice(60, 61)
LENGTH = 90
COUNTRY = "CHN"
_NIBBLES = "ABCDEFGHIJKLMNOP"


def has_one_line(text: str, code: str) -> bool:
    if len(text) != LENGTH:
        return False
    zone = zone_in(text[LINE])
    return zone is not None and zone.code == code


def one_line_holder(text: str, details: AdditionalDetails, today: date) -> Holder:
    zone = parse_zone(text[LINE])
    own, short, latin = own_name(details), text[CHINESE_NAME], text[LATIN_NAME]
    surname, _, given = latin.strip("<").partition("<<")
    name = own or chinese_name(short)
    return Holder(
        number=zone.number,
        name=name,
        latin_name=latin_name(surname.replace("<", " "), given.replace("<", " ")),
        sex=sex(text[SEX]),
        birth=birth_date(zone, details, today),
        expiry=zone.expiry_date(),
        nationality=COUNTRY,
        issuer=COUNTRY,
        warnings=warnings(name, cut=not latin.endswith("<") or not (own or short.endswith("<"))),
    )


def chinese_name(letters: str) -> str:
    """U+FFFD where the letters are no GBK."""
    coded = letters.rstrip("<")
    if not re.fullmatch("([A-P]{2})*", coded):
        return "\ufffd"
    nibbles = "".join(f"{_NIBBLES.index(letter):X}" for letter in coded)
    return bytes.fromhex(nibbles).decode("gbk", "replace")
