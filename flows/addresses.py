"""Written addresses as households write them, from the province or city down to the door."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows import regions
from flows.fields import Choice, Option, Text
from flows.flow import Known

_LIKE_A_REGION = re.compile(r"[^省市区县\d]{2,12}?(省|自治区|特别行政区|市|自治州|地区|盟)")


@dataclass(frozen=True)
class Parted:
    """An address in two: the deepest region that the table knows, with its code, and what follows it."""

    code: str
    region: str
    rest: str


@dataclass(frozen=True)
class Address(Text):
    """One line without blanks from the province or city to the door: 广东省佛山市禅城区祖庙街道莲花路36号802房."""

    longest: int = 100

    def normal(self, text: str) -> str:
        return "".join(super().normal(text).split())

    def mistake(self, value: str, known: Known) -> str:
        if wrong := super().mistake(value, known):
            return wrong
        found = part(value)
        if not found.code and not _LIKE_A_REGION.match(value):
            return "地址请从省、市写起，例如“广东省佛山市禅城区”"
        return "" if len(found.rest) > 1 else "请写到街道和门牌号"

    def warning(self, value: str, known: Known) -> str:
        return super().warning(value, known) or ("" if part(value).code else "地址里的省、市不在代码表中，请核对")


def part(address: str) -> Parted:
    """Where the region of an address ends, as far as the table knows it. The province may be left out."""
    for length in range(min(_LONGEST, len(address)), 0, -1):
        if address[:length] in _WRITTEN:
            return Parted(_WRITTEN[address[:length]], address[:length], address[length:])
    return Parted("", "", address)


def joined(code: str, rest: str) -> str:
    """The written address of a region and what follows it."""
    return regions.full_name(code) + rest


def _districts(known: Known) -> tuple[Option, ...]:
    inside = regions.within(known.region[:4], known.today) if known.region else ()
    return tuple(Option(code, regions.name(code)) for code in inside)


DISTRICT = Choice(_districts, lambda code: regions.name(code) or code)
"""所在区: the districts of the hall's own city. A city that the table does not divide offers none: ask the whole address."""


def _ways() -> dict[str, str]:
    """Every region as addresses begin with it, the province written or left out, and its code."""
    ways = {regions.full_name(code): code for code in regions.every()}
    shorter = {regions.full_name(code).removeprefix(regions.name(f"{code[:2]}0000")): code for code in regions.every()}
    return {written: code for written, code in {**shorter, **ways}.items() if written}


_WRITTEN = _ways()
_LONGEST = max(map(len, _WRITTEN))
