"""The Latin letters of a Chinese name, proposed: the citizen confirms them, an earlier document goes before them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flows.names import spelling
from flows.policy import Dated, declare, read

LONGEST_GIVEN_NAME = 3
"""More characters after the surname are met in names of other scripts only, whose letters are not the characters' pinyin."""

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")


@dataclass(frozen=True, kw_only=True)
class Surnames(Dated):
    """`compound` are surnames of two characters; `readings` those that are not read as usual."""

    compound: tuple[str, ...]
    readings: Mapping[str, str]


SURNAMES = read(Surnames, "surnames")
declare("surnames", [SURNAMES])


def propose(name: str) -> tuple[str, str]:
    """Surname and given names in capital letters; ("", "") for a name that characters do not spell."""
    written = "".join(name.split())
    surname, given = _parted(written)
    if not given or len(given) > LONGEST_GIVEN_NAME or not _HAN.fullmatch(written):
        return "", ""
    latin = SURNAMES.readings.get(spelling(surname)) or _letters(surname), _letters(given)
    return latin if all(latin) else ("", "")


def _parted(name: str) -> tuple[str, str]:
    length = 2 if spelling(name[:2]) in SURNAMES.compound and len(name) > 2 else 1
    return name[:length], name[length:]


def _letters(characters: str) -> str:
    """The characters' pinyin without tones, joined; "" when one of them has none in the table."""
    from pypinyin import Style, pinyin  # its tables are large: only who proposes loads them

    syllables = [found[0] for found in pinyin(characters, style=Style.NORMAL, errors=lambda unknown: "?")]
    latin = "".join(_passport(syllable) for syllable in syllables)
    return latin.upper() if re.fullmatch(r"[a-z]+", latin) else ""


def _passport(syllable: str) -> str:
    """ü as documents print it: LÜ LYU and NÜ NYU, but LÜE LUE and NÜE NUE. pypinyin writes v for it."""
    return syllable.replace("ve", "ue").replace("v", "yu")
