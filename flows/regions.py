"""Administrative regions: the codes of GB/T 2260 by their days, and the city in a written address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flows.policy import Dated, read

_MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
_CITY = re.compile(r"(?:[^市]{2,8}?(?:省|自治区))?(?:([^省市区县]{2,5}?)市|([^省市区县]{2,12}?(?:自治州|地区|盟)))")


@dataclass(frozen=True, kw_only=True)
class RegionTable(Dated):
    """Regions by code, each by its own name only: 440604 is 禅城区. `became` are those that were renamed or merged
    when the table ended, each with the code that its ground has since."""

    names: Mapping[str, str]
    became: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Regions:
    table: tuple[RegionTable, ...]


TABLES = read(Regions, "regions").table
_NAMES = {code: name for table in TABLES for code, name in table.names.items()}
_BECAME = {code: now for table in TABLES for code, now in table.became.items()}


def city(address: str) -> str:
    """The city or prefecture, 市 left off, e.g. 佛山; "" when the address does not begin with one."""
    written = "".join(address.split())
    if written.startswith(_MUNICIPALITIES):
        return written[:2]
    found = _CITY.match(written)
    return (found[1] or found[2]) if found else ""


def city_of_region(code: str) -> str:
    """The city of a region, written as `city` writes it; "" when the table does not know it. Retired codes count."""
    if not re.fullmatch(r"\d{6}", code, re.ASCII):
        return ""
    province = name(f"{code[:2]}0000")
    own = province if province.startswith(_MUNICIPALITIES) else name(f"{code[:4]}00") if code[2:4] != "00" else ""
    return own.removesuffix("市")


def name(code: str) -> str:
    """A region's own name, in force or retired; "" for a code that the table does not know, which is no mistake."""
    return _NAMES.get(code, "")


def full_name(code: str) -> str:
    """From the province on, as far as the table knows: 广东省佛山市禅城区."""
    levels = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
    return "".join(name(level) for level in levels)


def became(code: str) -> str:
    """The code that a region's ground has now: its own while the table knows of no other."""
    return became(_BECAME[code]) if code in _BECAME else code


def every() -> tuple[str, ...]:
    """Every code the table knows, in force or retired."""
    return tuple(_NAMES)


def in_force(code: str, day: date) -> bool:
    """Whether the table has this code for that day."""
    return any(code in table.names and table.in_force(day) for table in TABLES)


def within(code: str, day: date) -> tuple[str, ...]:
    """The codes one level below a province (two digits of code) or a city (four) that are in force on a day."""
    ends = {2: r"\d\d00", 4: r"\d\d"}[len(code)]
    codes = (found for table in TABLES if table.in_force(day) for found in table.names)
    return tuple(sorted(found for found in codes if re.fullmatch(code + ends, found) and found != code.ljust(6, "0")))
