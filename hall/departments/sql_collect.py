"""Collects a register in the order of its mark: the column of last change, or a number that rises."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, FromClause, and_, bindparam, func, or_, select

from flows.items import ITEMS
from hall.departments.connection import Batch, DepartmentFailure, Subject
from hall.departments.records import subjects_of
from hall.departments.setting import Setting
from hall.departments.sql_rows import Row, columns, read, source
from hall.working_day import SHANGHAI

USUAL_BATCH = 500
FEW = 20
COLLECT_S = 30.0
OVERLAP = timedelta(minutes=10)
"""What is committed so long after its mark was written is still found."""
OVERLAP_NUMBERS = 1000
AHEAD = timedelta(days=1)
"""A mark further in the future is a slip of the pen; it must not hide everything that comes after it."""
STAMP = "%Y%m%d%H%M%S"
NO_MARK = "the mark must be a column of times, numbers or texts"
KINDS: Mapping[str, type] = {"time": datetime, "day": date, "whole": int, "number": Decimal, "real": float, "text": str}
READ: Mapping[str, Any] = {**KINDS, "time": datetime.fromisoformat, "day": date.fromisoformat}


@dataclass(frozen=True)
class Mark:
    """How far a collection has come. `top` is the newest mark there was when this round began, seen as the newest
    `since` then; `settled`: after this round nothing up to the top can come to light any more.

    Within a round it goes on `at` a mark, on a `page`. The key at which the page ended is kept in memory only: marks
    are stored, and a key is a person's number. Who does not know the page any more repeats what has the same mark.
    """

    top: Any
    since: datetime
    settled: bool = False
    at: Any = None
    page: str = ""

    def text(self) -> str:
        if not is_mark(self.top):
            raise DepartmentFailure("garbled", NO_MARK)
        kind = next(name for name, written in KINDS.items() if type(self.top) is written)
        at = "" if self.at is None else _written(self.at)
        return json.dumps([kind, _written(self.top), self.since.isoformat(), self.settled, at, self.page], ensure_ascii=False)

    @staticmethod
    def of(text: str) -> Mark | None:
        if not text:
            return None
        try:
            kind, top, since, settled, at, page = json.loads(text)
            return Mark(READ[kind](top), datetime.fromisoformat(since), settled, READ[kind](at) if at else None, page)
        except (ValueError, KeyError, TypeError):
            raise DepartmentFailure("garbled", "this mark is none of this department") from None


class Collection:
    """Pages through a register, round by round. Nothing is lost where marks are equal, where rows change between two
    pages, or where a row comes to light late; what lies in the overlap of two rounds is told twice."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._size = int(setting.collect.get("batch", USUAL_BATCH))
        self._place: tuple[str, Any] = ("", None)

    def batch(self, connection: Connection, mark: str, items: Sequence[str], now: datetime | None = None) -> Batch:
        """The next page of keys, and all that the register has under each of them."""
        before = Mark.of(mark)
        within = before if before and before.at is not None else None
        this_round = within or self._round(connection, before, now or datetime.now(UTC))
        if this_round is None:
            return Batch((), mark)
        rows = self._page(connection, before)
        more = len(rows) == self._size
        self._place = (uuid4().hex, rows[-1][1]) if more else ("", None)
        after = replace(this_round, at=rows[-1][0] if more else None, page=self._place[0])
        return Batch(self._subjects(connection, [key for _, key in rows], items), after.text(), more)

    def _round(self, connection: Connection, before: Mark | None, now: datetime) -> Mark | None:
        """A new round; None when nothing has a mark."""
        mark, _ = self._columns()
        top = connection.scalar(select(func.max(mark)))
        limit = _ahead(top, now)
        if limit is not None and top > limit:
            top = connection.scalar(select(func.max(mark)).where(mark <= limit))
        if top is None:
            return None
        if before is None or top != before.top:
            return Mark(top, now)
        return replace(before, settled=before.settled or now - before.since >= OVERLAP)

    def _page(self, connection: Connection, before: Mark | None) -> list[tuple[Any, Any]]:
        mark, key = self._columns()
        statement = select(mark, key).where(mark.is_not(None), key.is_not(None)).order_by(mark, key).limit(self._size)
        if before is not None:
            statement = statement.where(self._from_here(mark, key, before))
        return [(row[0], row[1]) for row in connection.execute(statement)]

    def _from_here(self, mark: ColumnElement[Any], key: ColumnElement[Any], before: Mark) -> ColumnElement[bool]:
        page, last = self._place
        if before.at is None:
            return and_(mark > before.top if before.settled else mark >= _a_little_before(before.top))
        if before.page != page:
            return and_(mark >= before.at)
        return and_(mark >= before.at, or_(mark > before.at, key > last))

    def _subjects(self, connection: Connection, keys: Sequence[Any], items: Sequence[str]) -> tuple[Subject, ...]:
        """Each key once, with every row under it: a person whom the register holds twice is looked at as a whole."""
        if not keys:
            return ()
        asked = self._source(columns(self._setting, items))
        name = self._setting.items[self._setting.key]
        chosen = select(*asked.c).where(asked.c[name].in_(bindparam("keys", expanding=True)))
        rows = connection.execute(chosen, {"keys": list(dict.fromkeys(keys))}).mappings().all()
        away = {self._normal(key) for key in keys} - {self._normal(row[name]) for row in rows} - {""}
        return (*self._read(rows, items), *(Subject(key, (), gone=True) for key in sorted(away)))

    def _read(self, rows: Sequence[Row], items: Sequence[str]) -> tuple[Subject, ...]:
        try:
            return subjects_of(self._setting, rows, items, read)
        except DepartmentFailure:
            if len(rows) > FEW:
                raise
            return ()  # a few spoilt entries do not hold up what comes after them

    def _normal(self, key: object) -> str:
        return ITEMS[self._setting.key].kind.normal(str(key).strip())

    def _columns(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Mark and key."""
        asked = self._source(columns(self._setting, ()))
        return asked.c[self._setting.collect["mark"]], asked.c[self._setting.items[self._setting.key]]

    def _source(self, names: Sequence[str]) -> FromClause:
        with_mark = tuple(dict.fromkeys((*names, self._setting.collect["mark"])))
        return source(self._setting, with_mark, self._setting.collect.get("query"))


def is_mark(value: object) -> bool:
    return type(value) in KINDS.values()


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _a_little_before(top: Any) -> Any:
    match top:
        case datetime():
            return top - OVERLAP
        case int() | Decimal():
            return top - OVERLAP_NUMBERS
        case str() if (stamp := _stamp(top)) is not None:
            return (stamp - OVERLAP).strftime(STAMP)
        case _:
            return top


def _ahead(top: Any, now: datetime) -> Any:
    """The latest mark that can be meant, in the kind of this one; None when any can."""
    latest = now.astimezone(SHANGHAI) + AHEAD
    match top:
        case datetime():
            return latest if top.tzinfo else latest.replace(tzinfo=None)
        case date():
            return latest.date()
        case str() if _stamp(top) is not None:
            return latest.strftime(STAMP)
        case _:
            return None


def _stamp(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), STAMP) if len(text.strip()) == 14 else None
    except ValueError:
        return None
