"""A department that drops whole tables as files into a folder: CSV, XML or lines of fixed width."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TypeVar

from flows.application import Record
from flows.items import ITEMS
from hall.departments.connection import Batch, Finding, Purpose
from hall.departments.drop_folder import LARGEST_FILE, DropWrong, Folder, Found
from hall.departments.drop_formats import Values, rows
from hall.departments.drop_settings import FILE_DATE, OPTIONS, judge, layout_of, name_of, wrong_path
from hall.departments.item_check import judged
from hall.departments.records import is_gone, records_of, subjects_of
from hall.departments.setting import Described, Kind, Setting
from hall.working_day import SHANGHAI

PART = 5_000
"""Keys that are collected at once."""

T = TypeVar("T")


@dataclass(frozen=True)
class Drop:
    """One file as it was read: rows by key, each with the file's date at its end."""

    found: Found
    rows: Mapping[str, Sequence[Values]]


class FileDropConnection(Described):
    """Answers from the newest whole drop and the deltas after it. A newest one that is torn is not replaced by an older
    one: what it says anew of somebody would be missing, and nobody would know. Only while a large one is still being read
    the one before it answers."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._threads = ThreadPoolExecutor(2, thread_name_prefix=f"files-{setting.code}")  # one reads, one collects
        self._layout = layout_of(setting)
        self._places = {column: place for place, column in enumerate((*self._layout.columns, FILE_DATE))}
        marker, deltas = setting.options.get("marker", ""), setting.collect.get("deltas", "")
        self._wholes = Folder(Path(setting.address), name_of(setting.options), marker, but=deltas)
        self._deltas = Folder(Path(setting.address), deltas, marker)
        self._one_reads = Lock()
        self._read_so_far: Mapping[Found, Drop | DropWrong] = {}
        self._known: tuple[Drop, ...] = ()
        self._reading: asyncio.Future[tuple[Drop, ...]] | None = None

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        return records_of(self._setting, self._entries(await self._current(), key), items, self._read)

    async def check(self) -> Sequence[Finding]:
        return await self._in_thread(lambda: list(self._steps()))

    async def changes(self, mark: str, items: Sequence[str]) -> Batch:
        """A whole drop part by part, then delta by delta. The mark names the files that were collected."""
        if not self.collects:
            return await super().changes(mark, items)
        return await self._in_thread(lambda: self._changes(mark, items))

    async def close(self) -> None:
        if self._reading:
            self._reading.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _current(self) -> tuple[Drop, ...]:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._in_thread(self._drops))
            self._reading.add_done_callback(_noticed)
        known = self._known
        if known:
            await asyncio.wait({self._reading}, timeout=self.deadline_s / 2)
        if known and not self._reading.done():
            return known
        return await asyncio.shield(self._reading)

    def _drops(self) -> tuple[Drop, ...]:
        """The newest whole drop and the deltas after it, each read once; raises DropWrong."""
        with self._one_reads:
            whole = self._wholes.newest()
            after = [found for found in self._deltas.found() if found.at > whole.at] if self._deltas.name else []
            before = self._read_so_far
            read = self._read_so_far = {found: before.get(found) or self._drop(found) for found in (whole, *after)}
            for drop in read.values():
                if isinstance(drop, DropWrong):
                    raise DropWrong(drop.step, drop.detail, drop.reason)
            self._known = tuple(drop for drop in read.values() if isinstance(drop, Drop))
            return self._known

    def _drop(self, found: Found) -> Drop | DropWrong:
        """What is wrong with it is remembered too: it would be found out anew at every look-up."""
        if found.size > LARGEST_FILE:
            return DropWrong("file", f"{found.name} is larger than {LARGEST_FILE // 1024**2} MB")
        key, stamp = self._layout.columns.index(self._setting.items[self._setting.key]), found.stamp
        by_key: dict[str, list[Values]] = defaultdict(list)
        try:
            with self._wholes.opened(found) as file:
                for row in rows(file, self._layout):
                    by_key[self._normal(row[key])].append((*row, stamp))
        except DropWrong as wrong:
            return wrong
        by_key.pop("", None)  # whoever has no key can be found by nobody
        return Drop(found, dict(by_key))

    def _changes(self, mark: str, items: Sequence[str]) -> Batch:
        drops = self._drops()
        names = [[drop.found.name, drop.found.changed_ns] for drop in drops]
        number, begin = _place(mark, names)
        if number == len(drops):
            return Batch((), mark)
        told = drops[number].rows
        rows = [row for key in islice(told, begin, begin + PART) for row in told[key]]
        ends = begin + PART >= len(told)
        after = json.dumps([names[0], names[number], None if ends else begin + PART], ensure_ascii=False)
        more = not ends or number + 1 < len(drops)
        return Batch(subjects_of(self._setting, rows, items, self._read), after, more, whole=number == 0)

    def _entries(self, drops: Sequence[Drop], key: str) -> list[Values]:
        """What the newest file that knows this key says of it and does not call gone."""
        normal = self._normal(key)
        told = next((drop.rows[normal] for drop in reversed(drops) if normal in drop.rows), ())
        return [row for row in told if not self._is_gone(row)]

    def _steps(self) -> Iterator[Finding]:
        """What a check tells; the first step that fails is the last, but of the items every one is judged."""
        setting = self._setting
        yield Finding("settings", f"{len(setting.items)} items, found by {setting.key}", good=True)
        try:
            newest = self._wholes.newest()
            yield Finding("folder", f"{setting.address} can be looked into", good=True)
            yield Finding("file", f"{newest.name} of {newest.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} is the newest", good=True)
            drops = self._drops()
            yield Finding("encoding", f"it is written in {self._layout.encoding}", good=True)
            yield Finding("complete", f"nothing is missing in {', '.join(drop.found.name for drop in drops)}", good=True)
            twice = sum(len(told) > 1 for drop in drops for told in drop.rows.values())
            yield Finding("columns", f"all are there; {len(drops[0].rows)} keys, {twice} of them more than once", good=True)
            yield from self._looked_up(self._entries(drops, setting.check_key))
        except DropWrong as wrong:
            yield Finding(wrong.step, wrong.detail, good=False)

    def _looked_up(self, entries: Sequence[Values]) -> Iterator[Finding]:
        if entries:
            yield Finding("look-up", f"it finds {len(entries)} {'entry' if len(entries) == 1 else 'entries'}", good=True)
            yield from judged(self._setting, entries[0], self._read)
        elif "check_key" in self._setting.options:
            raise DropWrong("look-up", "it finds nobody, although check_key says whom to ask for")
        else:
            words = "it finds nobody, as it should; with a check_key the columns of the items would be tried too"
            yield Finding("look-up", words, good=True)

    def _read(self, row: Values, column: str) -> str:
        return row[self._places[column]]

    def _is_gone(self, row: Values) -> bool:
        name = self._setting.collect.get("gone")
        return bool(name) and is_gone(self._setting, self._read(row, str(name)))

    def _normal(self, key: str) -> str:
        return ITEMS[self._setting.key].kind.normal(key.strip())


def _noticed(reading: asyncio.Future[tuple[Drop, ...]]) -> None:
    """What is wrong is told to whoever asks next, also when nobody waited for it."""
    if not reading.cancelled():
        reading.exception()


def _place(mark: str, names: Sequence[object]) -> tuple[int, int]:
    """Which of these files is collected next, and from which key on: the first one when there is another whole drop, or
    when the last one that was collected is not there any more."""
    if not mark:
        return 0, 0
    try:
        whole, last, begin = json.loads(mark)
    except (ValueError, TypeError):
        raise DropWrong("collection", "this mark is none of this department") from None
    if whole != names[0] or last not in names:
        return 0, 0
    return (names.index(last) + 1, 0) if begin is None else (names.index(last), int(begin))


KIND = Kind(
    connect=FileDropConnection,
    needs=frozenset(),
    may=frozenset().union(*OPTIONS.values()),
    wrong_path=wrong_path,
    judge=lambda setting: tuple(judge(setting)),
    collects=True,
)
