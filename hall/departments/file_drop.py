"""A department that drops whole tables as files into a folder: CSV, XML or lines of fixed width."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TypeVar

from lxml import etree

from flows.application import Record
from flows.items import ITEMS
from hall.departments.connection import Batch, Finding, Purpose
from hall.departments.drop_folder import LARGEST_FILE, STAMP, DropWrong, Folder, Found, wrong_name
from hall.departments.drop_formats import ENCODINGS, FORMATS, POSITIONS, Layout, Values, rows
from hall.departments.item_check import judged
from hall.departments.records import SHANGHAI, is_gone, records_of, subjects_of
from hall.departments.setting import Described, Kind, Setting

FILE_DATE = "文件日期"
"""The column that every row is given: when the department wrote the file, from its name."""
ENDINGS = {"csv": "csv", "xml": "xml", "fixed": "txt"}
TRAILER = "END"
OPTIONS = {
    "csv": frozenset({"format", "encoding", "name", "marker", "trailer", "check_key", "delimiter", "heading"}),
    "fixed": frozenset({"format", "encoding", "name", "marker", "trailer", "check_key"}),
    "xml": frozenset({"format", "encoding", "name", "marker", "check_key", "rows", "namespace"}),
}
COLLECT = frozenset({"drops", "deltas", "gone"})

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
        self._layout = _layout(setting)
        self._places = {column: place for place, column in enumerate((*self._layout.columns, FILE_DATE))}
        marker, deltas = setting.options.get("marker", ""), setting.collect.get("deltas", "")
        self._wholes = Folder(Path(setting.address), _name(setting.options), marker, but=deltas)
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
        """A whole drop at once, then delta by delta. The mark names the files that were collected."""
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
        collected = _collected(mark, names)
        if collected == len(drops):
            return Batch((), mark)
        drop = drops[collected]
        subjects = subjects_of(self._setting, [row for told in drop.rows.values() for row in told], items, self._read)
        whole = collected == 0
        if whole and not subjects:
            raise DropWrong("collection", f"{drop.found.name} has no row: it would empty the library")
        after = json.dumps([names[0], names[collected]], ensure_ascii=False)
        return Batch(subjects, after, more=collected + 1 < len(drops), whole=whole)

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


def _name(options: Mapping[str, str]) -> str:
    return options.get("name", f"*_{STAMP}.{ENDINGS.get(options.get('format', 'csv'), '')}")


def _layout(setting: Setting) -> Layout:
    options, collect = setting.options, setting.collect
    kind = options.get("format", "csv")
    columns = [*setting.items.values(), setting.as_of, *setting.doubts.values(), collect.get("gone", "")]
    without_trailer = kind == "xml" or "marker" in options
    return Layout(
        format=kind,
        columns=tuple(dict.fromkeys(column for column in columns if column and column != FILE_DATE)),
        encoding=options.get("encoding", "gb18030"),
        trailer=options.get("trailer", "" if without_trailer else TRAILER),
        delimiter=options.get("delimiter", ","),
        heading=options.get("heading", "yes") == "yes",
        element=setting.rows,
        namespace=options.get("namespace", ""),
    )


def _collected(mark: str, names: Sequence[object]) -> int:
    """How many of these files were collected; none when there is another whole drop, or the last one is not there."""
    if not mark:
        return 0
    try:
        whole, last = json.loads(mark)
    except (ValueError, TypeError):
        raise DropWrong("collection", "this mark is none of this department") from None
    return names.index(last) + 1 if whole == names[0] and last in names else 0


def _wrong_path(path: str, options: Mapping[str, str]) -> str:
    if path == FILE_DATE:
        return ""
    match options.get("format", "csv"):
        case "fixed":
            found = POSITIONS.fullmatch(path)
            return "" if found and int(found[1]) <= int(found[2]) else "is no span of bytes such as 1-18"
        case "xml":
            return _wrong_xpath(path, options)
        case _ if options.get("heading") == "no":
            return "" if re.fullmatch("[1-9][0-9]{0,3}", path) else "is no number of a column"
        case _:
            return "" if path == path.strip() and "\n" not in path else "is no name of a column"


def _wrong_xpath(path: str, options: Mapping[str, str]) -> str:
    try:
        etree.XPath(path, namespaces={"d": options["namespace"]} if options.get("namespace") else None)
    except etree.XPathError:
        return "is no XPath"
    return "" if "namespace" in options or "d:" not in path else "has the prefix d and there is no namespace"


def _judge(setting: Setting) -> Iterator[str]:
    options = setting.options
    kind, encoding = options.get("format", "csv"), options.get("encoding", "gb18030")
    if kind not in FORMATS:
        yield f"format must be one of {', '.join(FORMATS)}"
        return
    given = {name for name, value in options.items() if value} | ({"rows"} if setting.rows else set())
    yield from (f"a file_drop in {kind} has no {name}" for name in sorted(given - OPTIONS[kind]))
    if encoding not in ENCODINGS:
        yield f"encoding must be one of {', '.join(ENCODINGS)}"
    if kind == "fixed" and encoding.startswith("utf-16"):
        yield "positions are bytes, which utf-16 is not written in"
    if kind == "xml" and not re.fullmatch(r"(d:)?[\w.-]+", setting.rows):
        yield "rows must name the element of a row, with the prefix d when it is in the namespace"
    if len(options.get("delimiter", ",")) != 1 or options.get("delimiter") in ('"', "\n", "\r"):
        yield "delimiter must be one character"
    if options.get("heading", "yes") not in ("yes", "no"):
        yield "heading must be yes or no, in quotes"
    if not re.fullmatch(r"(\.\w+)?", options.get("marker", "")):
        yield "marker must be an ending such as .ok"
    yield from _judge_names(setting)


def _judge_names(setting: Setting) -> Iterator[str]:
    collect, name = setting.collect, _name(setting.options)
    yield from (f"name {wrong}" for wrong in [wrong_name(name)] if wrong)
    if not collect:
        return
    yield from (f"collect.{one} is nothing that can be set" for one in sorted(set(collect) - COLLECT))
    if collect.get("drops") != "whole":
        yield 'collect.drops must be "whole": what a drop does not name is gone'
    if collect.get("gone") and (wrong := _wrong_path(collect["gone"], setting.options)):
        yield f"collect.gone {collect['gone']!r} {wrong}"
    if "deltas" in collect and (wrong_name(collect["deltas"]) or not (STAMP in collect["deltas"] and STAMP in name)):
        yield f"collect.deltas and name must be names of files with {STAMP} in them: a delta is younger than its whole"


KIND = Kind(
    connect=FileDropConnection,
    needs=frozenset(),
    may=frozenset().union(*OPTIONS.values()),
    wrong_path=_wrong_path,
    judge=lambda setting: tuple(_judge(setting)),
    collects=True,
)
