"""What one entry of a department's makes of each item, in words that hold no value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from flows.flow import Known
from flows.items import ITEMS
from hall.departments.connection import DepartmentFailure, Finding
from hall.departments.records import doubt_of, value_of
from hall.departments.setting import Setting

FLAWS: Mapping[str, str] = {
    "unknown_code": "gives a code that [codes] does not translate",
    "lost_character": "gives a text in which a character was lost",
}
Row = TypeVar("Row")


def judged(setting: Setting, row: Row, read: Callable[[Row, str], object]) -> list[Finding]:
    """A finding for each item, of the entry that was asked for."""
    return [_judged(setting, item, row, read) for item in setting.items]


def _judged(setting: Setting, item: str, row: Row, read: Callable[[Row, str], object]) -> Finding:
    path, kind = " ".join(setting.items[item].split()), ITEMS[item].kind
    try:
        value, flaw = value_of(setting, item, row, read)
        doubted = bool(value and doubt_of(setting, item, row, read))
    except DepartmentFailure as failure:
        return Finding(item, f"{path} {failure.detail}", good=False)
    if flaw:
        return Finding(item, f"{path} {FLAWS[flaw]}", good=False)
    if not value:
        return Finding(item, f"{path} gives nothing", good=item != setting.key)
    if item == setting.key and value != kind.normal(setting.check_key):
        return Finding(item, f"{path} says that the answer is about somebody else", good=False)
    if item != setting.key and kind.mistake(value, Known({}, {}, date.today())):
        return Finding(item, f"{path} gives what is no {type(kind).__name__}", good=False)
    return Finding(item, f"{path} gives a {type(kind).__name__}{', in doubt' if doubted else ''}", good=True)
