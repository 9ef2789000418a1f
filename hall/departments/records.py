"""How a department's rows become records: canonical values, dates, doubts; what cannot be one is garbled."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from flows.application import Record
from flows.items import ITEMS
from hall.departments.connection import DepartmentFailure
from hall.departments.setting import Setting

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_VALUE = 1000
Row = TypeVar("Row")


def records_of(
    setting: Setting, rows: Sequence[Row], items: Sequence[str], read: Callable[[Row, str], object]
) -> tuple[Record, ...]:
    """The records that a department's rows hold; `read` follows one path into one row.

    Old registers hold some people twice: what two rows tell differently is kept from the newest
    row, in doubt.
    """
    wanted = [item for item in setting.items if item in items or item == setting.key]
    told = sorted((_of_row(setting, row, wanted, read) for row in rows), key=_as_of, reverse=True)
    newest: dict[str, Record] = {}
    for record in (record for row_records in told for record in row_records):
        first = newest.setdefault(record.item, record)
        if first.value == record.value:
            continue
        if record.item == setting.key:
            raise DepartmentFailure("wrong_person")
        newest[record.item] = Record(first.item, first.value, first.department, first.as_of, "twice")
    return tuple(newest.values())


def is_gone(setting: Setting, said: object) -> bool:
    """Whether the register's own mark says that an entry is there no more: `[codes.gone]` translates it, "" is not gone;
    without such a table anything but nothing and 0 is."""
    told = _text(said)
    table = setting.codes.get("gone", {"0": ""})
    return bool(table.get(told, told))


def instant(text: str) -> datetime:
    """A department's time of day as UTC; without a zone it is Beijing time. Raises ValueError."""
    compact = re.fullmatch(r"(\d{8})(\d{6})?", text)
    if compact:
        local = datetime.strptime(compact[1] + (compact[2] or "000000"), "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
    else:
        local = datetime.fromisoformat(text)
    return (local if local.tzinfo else local.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _as_of(records: Sequence[Record]) -> datetime:
    return max((record.as_of for record in records), default=datetime.min.replace(tzinfo=UTC))


def _of_row(setting: Setting, row: Row, wanted: Sequence[str], read: Callable[[Row, str], object]) -> list[Record]:
    as_of = _instant_of(_text(read(row, setting.as_of))) if setting.as_of else datetime.now(UTC)
    doubt = _text(read(row, setting.doubt)) if setting.doubt else ""
    doubt = setting.codes.get("doubt", {}).get(doubt, doubt)
    found = []
    for item in wanted:
        raw = _text(read(row, setting.items[item]))
        if raw:
            value, flaw = _value(setting, item, raw)
            found.append(Record(item, value, setting.code, as_of, (item in setting.doubt_of and doubt) or flaw))
    return found


def _value(setting: Setting, item: str, raw: str) -> tuple[str, str]:
    """The canonical value, and why it is in doubt when we must doubt it ourselves."""
    if _is_misread(raw):
        raise DepartmentFailure("garbled")
    table = setting.codes.get(item)
    if table is not None and raw not in table:
        return raw, "unknown_code"
    value = ITEMS[item].kind.normal(raw if table is None else table[raw])
    lost = not value.isascii() and ("?" in value or "\ufffd" in value)
    return value, "lost_character" if lost else ""


def _text(raw: object) -> str:
    match raw:
        case None:
            return ""
        case str() if len(raw) <= LONGEST_VALUE:
            return raw.strip()
        case int() if not isinstance(raw, bool):
            return str(raw)
        case _:
            raise DepartmentFailure("garbled")


def _instant_of(text: str) -> datetime:
    try:
        return instant(text)
    except ValueError:
        raise DepartmentFailure("garbled") from None


def _is_misread(text: str) -> bool:
    """Whether this is UTF-8 that somebody read as GBK (吕晓岚 → 鍚曟檽宀?).

    Only longer texts are judged: about one name of three characters in 36,000 looks like it by chance.
    """
    if len(text) < 4 or text.isascii():
        return False
    as_read = text.encode("gbk", "ignore")
    meant = as_read.decode("utf-8", "ignore")
    return 3 * sum("\u4e00" <= c <= "\u9fff" for c in meant) > 0.8 * len(as_read)
