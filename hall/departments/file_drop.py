"""A department that drops whole tables as CSV files into a folder."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from flows.application import Record
from hall.departments.connection import DepartmentFailure, Finding, Purpose
from hall.departments.records import instant, records_of
from hall.departments.setting import Described, Kind, Setting

LARGEST_FILE = 64 * 1024 * 1024
FILE_DATE = "文件日期"
"""The column that every row is given: when the department wrote the file, from its name."""

Row = dict[str, str]


@dataclass(frozen=True)
class _Drop:
    """One file as it was read: rows by key."""

    path: Path
    changed_ns: int
    rows: Mapping[str, Sequence[Row]]


class FileDropConnection(Described):
    """Answers from the newest file NAME_YYYYMMDD[THHMMSS].csv in the folder.

    The convention: written under another suffix and renamed when complete; GB18030; a heading; a
    last row `END,<number of rows>`. A file without it is torn and no older one takes its place.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"files-{setting.code}")
        self._drop: _Drop | None = None

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        drop = await asyncio.get_running_loop().run_in_executor(self._thread, self._newest)
        return records_of(self._setting, drop.rows.get(key, ()), items, lambda row, column: row[column])

    async def check(self) -> Sequence[Finding]:
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._newest)
        except DepartmentFailure as failure:
            return [Finding("look-up", self._setting.words(failure), good=False)]
        return [Finding("look-up", "answers as it should", good=True)]

    async def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _newest(self) -> _Drop:
        try:
            dated = [(stamp, path) for path in Path(self._setting.address).glob("*.csv") if (stamp := _stamp(path))]
            if not dated:
                raise DepartmentFailure("down")
            stamp, path = max(dated)
            facts = path.stat()
            if self._drop is None or (self._drop.path, self._drop.changed_ns) != (path, facts.st_mtime_ns):
                if facts.st_size > LARGEST_FILE:
                    raise DepartmentFailure("garbled")
                self._drop = _Drop(path, facts.st_mtime_ns, self._read(path.read_bytes(), stamp))
        except OSError as error:
            raise DepartmentFailure("down") from error
        return self._drop

    def _read(self, content: bytes, stamp: str) -> dict[str, list[Row]]:
        columns = {*self._setting.items.values(), self._setting.as_of, *self._setting.doubts.values()} - {"", FILE_DATE}
        by_key: dict[str, list[Row]] = defaultdict(list)
        for row in _table(content, columns):
            row[FILE_DATE] = stamp
            by_key[row[self._setting.items[self._setting.key]]].append(row)
        return dict(by_key)


def _stamp(path: Path) -> str:
    """When the department wrote the file, as digits, from its name; "" for a file that is no drop."""
    found = re.search(r"_(\d{8})(?:T(\d{6}))?$", path.stem)
    digits = found[1] + (found[2] or "") if found else ""
    try:
        return digits if digits and instant(digits) else ""
    except ValueError:
        return ""


def _table(content: bytes, columns: set[str]) -> list[Row]:
    try:
        heading, *rows, end = csv.reader(io.StringIO(content.decode("gb18030"), newline=""), strict=True)
    except (ValueError, csv.Error):
        raise DepartmentFailure("garbled") from None
    whole = content.endswith(b"\n") and end == ["END", str(len(rows))]
    if not whole or not columns <= set(heading) or any(len(row) != len(heading) for row in rows):
        raise DepartmentFailure("garbled")
    wanted = [(heading.index(column), column) for column in columns]
    return [{column: row[place] for place, column in wanted} for row in rows]


def _wrong_path(path: str, options: Mapping[str, str]) -> str:
    return "" if path == path.strip() and "\n" not in path else "is no name of a column"


KIND = Kind(connect=FileDropConnection, needs=frozenset(), may=frozenset(), wrong_path=_wrong_path)
