"""Which base libraries a hall collects, out of what, and which other halls may have what of them: libraries.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Protocol

from flows.items import ITEMS
from hall.departments.connection import Connection
from hall.departments.setting import SettingsWrong
from hall.libraries.toml_table import Table
from hall.store.libraries import Shelf

COLLECTION = "collection"
"""The purpose of whoever collects a whole library; any other purpose is a matter's code."""

MOST_MINUTES = 7 * 24 * 60
PEER = re.compile(r"[A-Za-z0-9]{1,32}", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
CODE = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)


class Shared(Protocol):
    """The catalogue, as far as collecting goes."""

    def withheld(self, item: str, department: str, matter: str, today: date) -> str: ...


@dataclass(frozen=True)
class Every:
    """Collected again so many minutes after the last try."""

    minutes: int


@dataclass(frozen=True)
class Daily:
    """Collected once a day at this time in Asia/Shanghai."""

    at: time


@dataclass(frozen=True)
class Source:
    """What one department gives to one library. `on_change`: whoever bears this name may knock, and it is collected at
    once; "" nobody."""

    shelf: Shelf
    items: tuple[str, ...]
    when: Every | Daily
    on_change: str = ""


@dataclass(frozen=True)
class Library:
    """One base library (基础库). What was not confirmed for `keep_days` is struck off, and what was not for `serve_hours`
    is not served any more."""

    code: str
    title: str
    title_en: str
    key: str
    keep_days: int
    serve_hours: int
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Grant:
    """What another hall may have of a library, and what for: "collection", or the code of a matter."""

    library: str
    items: tuple[str, ...]
    purposes: tuple[str, ...]


@dataclass(frozen=True)
class Knock:
    """Where another hall is told that something is new here, and how this hall proves itself to it."""

    address: str
    ca_file: Path
    certificate_file: Path
    key_file: Path


@dataclass(frozen=True)
class PeerSetting:
    """Another hall, enrolled here under `code`."""

    code: str
    title: str
    grants: tuple[Grant, ...]
    knock: Knock | None = None

    def grant(self, library: str, purpose: str) -> Grant | None:
        return next((one for one in self.grants if one.library == library and purpose in one.purposes), None)


@dataclass(frozen=True)
class LibrarySettings:
    """Everything libraries.toml says; a hall without the file collects nothing."""

    libraries: tuple[Library, ...] = ()
    peers: tuple[PeerSetting, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(source for library in self.libraries for source in library.sources)

    def library(self, code: str) -> Library | None:
        return next((library for library in self.libraries if library.code == code), None)

    def peer(self, code: str) -> PeerSetting | None:
        return next((peer for peer in self.peers if peer.code == code), None)

    @property
    def peer_titles(self) -> Mapping[str, str]:
        """The other halls by what stands for them in the audit."""
        return {f"peer:{peer.code}": peer.title for peer in self.peers}

    def passed_on(self, library: str) -> bool:
        """Whether another hall collects this library, so that it must learn what is gone."""
        return any(peer.grant(library, COLLECTION) for peer in self.peers)


def load(path: Path | None, state: Path, connections: Sequence[Connection], catalogue: Shared, today: date) -> LibrarySettings:
    """What the file says; raises SettingsWrong naming everything that does not fit items, departments and catalogue."""
    if path is None:
        return LibrarySettings()
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsWrong([f"{path.name}: cannot be read as TOML ({type(error).__name__})"]) from error
    problems: list[str] = []
    reading = _Reading({c.code: c for c in connections}, catalogue, today, state)
    settings = reading.settings(Table(table, path.name, problems.append))
    if problems:
        raise SettingsWrong(problems)
    return settings


class _Reading:
    """Takes libraries and peers out of the file's tables."""

    def __init__(self, known: Mapping[str, Connection], catalogue: Shared, today: date, state: Path) -> None:
        self._known, self._catalogue, self._today, self._state = known, catalogue, today, state

    def settings(self, table: Table) -> LibrarySettings:
        table.only("libraries", "peers")
        libraries = tuple(self._library(one) for one in table.tables("libraries", "a library"))
        _once(table.wrong, "library", [library.code for library in libraries])
        titled = {library.code: library for library in libraries}
        peers = tuple(self._peer(one, titled) for one in table.tables("peers", "a peer"))
        _once(table.wrong, "peer", [peer.code for peer in peers])
        return LibrarySettings(libraries, peers)

    def _library(self, table: Table) -> Library:
        table.only("code", "title", "title_en", "key", "keep_days", "serve_hours", "sources")
        code, key = table.code("code", CODE), table.text("key")
        if key and key not in ITEMS:
            table.wrong(f"key {key} is no item of shared data")
        library = Library(
            code=code,
            title=table.text("title"),
            title_en=table.text("title_en"),
            key=key,
            keep_days=table.count("keep_days", 3650),
            serve_hours=table.count("serve_hours", 24 * 365),
            sources=tuple(self._source(one, code, key) for one in table.tables("sources", "a source")),
        )
        if not library.sources:
            table.wrong("sources are missing: a library is collected out of at least one department")
        if library.serve_hours > library.keep_days * 24:
            table.wrong("serve_hours is longer than keep_days: what is struck off cannot be served")
        _once(table.wrong, "source", [source.shelf.department for source in library.sources])
        return library

    def _source(self, table: Table, library: str, key: str) -> Source:
        table.only("department", "items", "every_minutes", "daily", "on_change")
        department, items = table.text("department"), table.texts("items")
        on_change = table.code("on_change", PEER) if table.has("on_change") else ""
        source = Source(Shelf(library, department), items, _when(table), on_change)
        if department:
            self._judge_source(table, source, key)
        return source

    def _judge_source(self, table: Table, source: Source, key: str) -> None:
        department = source.shelf.department
        connection = self._known.get(department)
        if connection is None:
            table.wrong(f"there is no department {department}")
            return
        if not connection.collects:
            table.wrong(f"{department} does not say how it is collected: its file has no [collect]")
        if key and connection.key != key:
            table.wrong(f"{department} finds its records by {connection.key}, the library by {key}")
        for item in source.items:
            if item not in connection.items:
                table.wrong(f"{department} has no field for {item}")
            elif self._catalogue.withheld(item, department, COLLECTION, self._today) == "not_shared":
                table.wrong(f"{item} of {department} is not shared (不予共享) and is never collected")

    def _peer(self, table: Table, libraries: Mapping[str, Library]) -> PeerSetting:
        table.only("code", "title", "grants", "knock")
        knock = self._knock(table.table("knock")) if table.has("knock") else None
        grants = tuple(_grant(one, libraries) for one in table.tables("grants", "a grant"))
        return PeerSetting(table.code("code", PEER), table.text("title"), grants, knock)

    def _knock(self, table: Table) -> Knock:
        table.only("address", "ca_file", "certificate_file", "key_file")
        address = table.text("address")
        if address and not re.fullmatch(r"https://[A-Za-z0-9.\-]+(:\d{1,5})?", address, re.ASCII):
            table.wrong("address must be like https://city.example.cn:8443")
        ca_file, certificate_file, key_file = (
            Path(table.text(name).replace("${state}", str(self._state))) for name in ("ca_file", "certificate_file", "key_file")
        )
        return Knock(address, ca_file, certificate_file, key_file)


def _grant(table: Table, libraries: Mapping[str, Library]) -> Grant:
    table.only("library", "items", "purposes")
    grant = Grant(table.text("library"), table.texts("items"), table.texts("purposes"))
    library = libraries.get(grant.library)
    if grant.library and library is None:
        table.wrong(f"there is no library {grant.library}")
    if library is not None:
        here = {library.key, *(item for source in library.sources for item in source.items)}
        for item in sorted(set(grant.items) - here):
            table.wrong(f"the library {library.code} collects no {item}")
    return grant


def _when(table: Table) -> Every | Daily:
    if table.has("every_minutes") == table.has("daily"):
        table.wrong("either every_minutes or daily must say when it is collected")
        return Every(1)
    if table.has("every_minutes"):
        return Every(table.count("every_minutes", MOST_MINUTES))
    said = table.text("daily")
    if not TIME.fullmatch(said):
        table.wrong('daily must be a time of day such as "02:30"')
        return Every(1)
    return Daily(time.fromisoformat(said))


def _once(wrong: Callable[[str], None], what: str, codes: Sequence[str]) -> None:
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        wrong(f"the {what} {code} is there twice")
