"""How a department's rows become records: canonical values, dates, doubts; what cannot be one is garbled."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from flows.application import Record
from flows.items import ITEMS
from hall.departments.connection import DepartmentFailure, Subject
from hall.departments.setting import Setting
from hall.working_day import SHANGHAI

log = logging.getLogger(__name__)

LONGEST_VALUE = 1000
BREAK = re.compile(r"[\t\r\n]+")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no value can hold: it would end a line, a field of a database or a text in UTF-8 too early."""
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
        newest[record.item] = replace(first, doubt="twice")
    return tuple(newest.values())


def subjects_of(
    setting: Setting, rows: Sequence[Row], items: Sequence[str], read: Callable[[Row, str], object]
) -> tuple[Subject, ...]:
    """What a collection's rows tell, key by key. One entry that cannot be read does not hold up the others."""
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_key[_key(setting, row, read)].append(row)
    told = [_subject(setting, key, its_rows, items, read) for key, its_rows in by_key.items()]
    subjects = tuple(subject for subject in told if subject)
    if len(subjects) < len(told):
        log.warning("subjects_unreadable", extra={"department": setting.code, "count": len(told) - len(subjects)})
    if rows and not subjects:
        raise DepartmentFailure("garbled", "no entry of the collection can be read")
    return subjects


def is_gone(setting: Setting, said: object) -> bool:
    """Whether the register's own mark says that an entry is there no more: `[codes.gone]` translates it, "" is not gone;
    without such a table anything but nothing, 0 and false is."""
    told = _mark(said)
    return bool(setting.codes.get("gone", {"0": ""}).get(told, told))


def instant(text: str) -> datetime:
    """A department's time of day as UTC; without a zone it is Beijing time. Raises ValueError."""
    compact = re.fullmatch(r"(\d{8})(\d{6})?", text)
    if compact:
        text = f"{compact[1]}T{compact[2] or '000000'}"
    local = datetime.fromisoformat(text)
    return (local if local.tzinfo else local.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _key(setting: Setting, row: Row, read: Callable[[Row, str], object]) -> str:
    try:
        return ITEMS[setting.key].kind.normal(_text(read(row, setting.items[setting.key])))
    except DepartmentFailure:
        return ""


def _subject(
    setting: Setting, key: str, rows: Sequence[Row], items: Sequence[str], read: Callable[[Row, str], object]
) -> Subject | None:
    gone = setting.collect.get("gone")
    if not key:
        return None
    try:
        there = [row for row in rows if not (gone and is_gone(setting, read(row, gone)))]
        return Subject(key, records_of(setting, there, items, read), gone=not there)
    except DepartmentFailure:
        return None


def _as_of(records: Sequence[Record]) -> datetime:
    return max((record.as_of for record in records), default=datetime.min.replace(tzinfo=UTC))


def as_of_row(setting: Setting, row: Row, read: Callable[[Row, str], object]) -> datetime:
    """When the department last looked at this entry; without such a path it is as the department has it now."""
    return _instant_at(setting.as_of, row, read) if setting.as_of else datetime.now(UTC)


def _instant_at(path: str, row: Row, read: Callable[[Row, str], object]) -> datetime:
    try:
        return instant(_text(read(row, path)))
    except ValueError:
        raise DepartmentFailure("garbled", f"{path} gives no time") from None


def _of_row(setting: Setting, row: Row, wanted: Sequence[str], read: Callable[[Row, str], object]) -> list[Record]:
    as_of = as_of_row(setting, row, read)
    origin = _text(read(row, setting.origin)) if setting.origin else ""
    known_at = _known_at(setting, row, read)
    found = []
    for item in wanted:
        value, flaw = value_of(setting, item, row, read)
        if value:
            found.append(Record(item, value, setting.code, as_of, doubt_of(setting, item, row, read) or flaw, origin, known_at))
    return found


def _known_at(setting: Setting, row: Row, read: Callable[[Row, str], object]) -> datetime | None:
    """None also where a row does not say it: then it is so now."""
    said = setting.known_at and _text(read(row, setting.known_at))
    return _instant_at(setting.known_at, row, read) if said else None


def doubt_of(setting: Setting, item: str, row: Row, read: Callable[[Row, str], object]) -> str:
    """The department's own doubt about this value, "" for none."""
    told = _mark(read(row, setting.doubts[item])) if item in setting.doubts else ""
    return setting.codes.get("doubt", {}).get(told, told)


def value_of(setting: Setting, item: str, row: Row, read: Callable[[Row, str], object]) -> tuple[str, str]:
    """The canonical value, "" for none, and why it is in doubt when we must doubt it ourselves."""
    raw = _text(read(row, setting.items[item]))
    if not raw:
        return "", ""
    if _is_misread(raw):
        raise DepartmentFailure("garbled", "gives UTF-8 that somebody read as GBK")
    table = setting.codes.get(item)
    if table is not None and raw not in table:
        return raw, "unknown_code"
    value = ITEMS[item].kind.normal(raw if table is None else table[raw])
    lost = not value.isascii() and ("?" in value or "\ufffd" in value)
    return value, "lost_character" if lost else ""


def _mark(raw: object) -> str:
    return "" if raw is False else _text(raw)


def _text(raw: object) -> str:
    match raw:
        case None:
            return ""
        case str() if len(raw) <= LONGEST_VALUE:
            return CONTROL.sub("\ufffd", BREAK.sub(" ", raw.strip()))
        case bool():
            return "true" if raw else "false"
        case int():
            return str(raw)
        case _:
            raise DepartmentFailure("garbled", f"gives {_shape(raw)}, not a single value")


def _shape(raw: object) -> str:
    match raw:
        case list():
            return "a list"
        case dict():
            return "an object"
        case str():
            return f"a text of more than {LONGEST_VALUE} characters"
        case _:
            return f"a {type(raw).__name__}"


def _is_misread(text: str) -> bool:
    """Whether this is UTF-8 that somebody read as GBK (吕晓岚 → 鍚曟檽宀?).

    Only longer texts are judged: about one name of three characters in 36,000 looks like it by chance.
    """
    if len(text) < 4 or text.isascii():
        return False
    as_read = text.encode("gbk", "ignore")
    meant = as_read.decode("utf-8", "ignore")
    return 3 * sum("\u4e00" <= c <= "\u9fff" for c in meant) > 0.8 * len(as_read)
