"""Invents a value for any kind of field: what a register might hold, or a citizen might say."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random
from typing import Any

from flows.document_numbers import DOCUMENTS, DocumentNumber
from flows.fields import Choice, Code, Date, PartialDate, Pattern, Phone, ResidentId
from flows.flow import Kind, Known
from flows.pictures import Picture
from flows.resident_number import check_character

NAMES = "吕晓岚 欧阳文静 单怀瑾 古丽娜尔·买买提 何嘉"
ADDRESSES = ("广东省佛山市禅城区祖庙街道莲花路36号802房", "广东省深圳市南山区粤海街道科苑路8号", "湖南省衡阳市石鼓区青山街道5号")
_PARSER: Any = re._parser  # type: ignore[attr-defined, unused-ignore]  # the only reader of patterns that Python has


def example(kind: Kind, known: Known, chance: Random) -> str:
    """A canonical value that the kind has no objection to, as far as that can be known beforehand."""
    match kind:
        case Choice():
            offered = [option.key for option in kind.options(known) if not option.why_not]
            return chance.choice(offered) if offered else ""
        case Code():
            return chance.choice(list(kind.table))
        case Date():
            return (known.today + timedelta(days=chance.randint(-12 * 365, 12 * 365))).isoformat()
        case PartialDate():
            return f"{known.today.year - chance.randint(0, 20)}-0{chance.randint(1, 9)}"[: chance.choice((4, 7))]
        case Phone():
            return f"13{chance.randint(0, 999_999_999):09}"
        case Picture():
            return chance.choice(list(known.attached)) if known.attached else ""
        case ResidentId():
            return resident_number(known, chance)
        case Pattern():
            return from_pattern(kind.form, chance)
        case DocumentNumber():
            code = chance.choice(kind.kinds)
            return resident_number(known, chance) if code == "resident" else from_pattern(DOCUMENTS[code].form, chance)
        case _:
            return kind.normal(chance.choice((*NAMES.split(), *ADDRESSES, "60", "佛山")))


def resident_number(known: Known, chance: Random) -> str:
    """A valid number of anybody between nought and ninety."""
    birth = known.today - timedelta(days=chance.randint(1, 90 * 365))
    first = f"{chance.choice(('440604', '440602', '430407', '653101'))}{birth:%Y%m%d}{chance.randint(1, 999):03}"
    return first + check_character(first)


def from_pattern(form: str, chance: Random) -> str:
    """A text that a regular expression of our own matches: letters, digits, sets, choices and repeats."""
    return "".join(_written(part, chance) for part in _PARSER.parse(form))


def _written(part: tuple[Any, Any], chance: Random) -> str:
    name, told = str(part[0]), part[1]
    match name:
        case "LITERAL":
            return chr(told)
        case "IN":
            return _one_of(told, chance)
        case "MAX_REPEAT":
            least, most, inner = told
            times = chance.randint(least, min(int(most), least + 3))
            return "".join(_written(each, chance) for _ in range(times) for each in inner)
        case "SUBPATTERN":
            return "".join(_written(each, chance) for each in told[-1])
        case "BRANCH":
            return "".join(_written(each, chance) for each in chance.choice(told[1]))
        case _:
            return ""


def _one_of(entries: list[tuple[Any, Any]], chance: Random) -> str:
    name, told = entries[chance.randrange(len(entries))]
    match str(name):
        case "RANGE":
            return chr(chance.randint(*told))
        case "CATEGORY":
            return str(chance.randint(0, 9))
        case _:
            return chr(told)
