"""What another hall gets of the libraries: only what it is granted, for the purpose it is granted for, and written down."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from flows.application import Record
from flows.items import ITEMS
from flows.usage import UseKind
from hall.departments.connection import OWN_KEY
from hall.errors import NotAllowed, TooOld
from hall.libraries.library import Libraries
from hall.libraries.setting import COLLECTION, Library
from hall.store.libraries import Changed, Edition, Entry
from hall.store.request import Request
from hall.store.store import Store
from hall.store.usage import FROM_LIBRARY, Reading, Whose
from hall.working_day import Clock

PAGE = 200
"""Keys in one answer."""

LONGEST_VISIT = 64
CHECK = "check"
"""What the other hall's check of this connection asks for: whether it is let in, and nobody's record."""

_Kind = tuple[str, datetime, str]
Row = dict[str, Any]
"""An entry as JSON: each item where its name says, e.g. {"person": {"name": …}}, beside department, as_of and doubt."""


@dataclass(frozen=True)
class AskChanges:
    """What is new since a mark, "" for everything; no items: all that are granted."""

    mark: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskLookUp:
    """What is known under a key, for a matter, in a visit of the other hall."""

    key: str
    matter: str
    visit: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Given:
    """One answer. `known_at`: nothing here is older news than that. `whole`: the pages together are everything."""

    rows: tuple[Row, ...]
    mark: str = ""
    more: bool = False
    whole: bool = False
    known_at: datetime | None = None


@dataclass(frozen=True)
class _Place:
    """How far another hall has come: through everything, by blind index, and then on from a number; or from a number."""

    number: int
    found: str | None = None

    def text(self, head: str) -> str:
        return f"{head}.{self.number}" if self.found is None else f"{head}.{self.number}.{self.found}"

    @staticmethod
    def of(mark: str, head: str, edition: Edition) -> _Place:
        """A mark of another edition, of other items, or from before the floor begins at the beginning."""
        ours, _, place = mark.partition(".")
        number, _, found = place.partition(".")
        known = ours == head and number.isdecimal() and len(number) < 19 and all(sign in "0123456789abcdef" for sign in found)
        if not known or int(number) > edition.number or int(number) < edition.floor or len(found) % 2:
            return _Place(edition.number, "")
        return _Place(int(number), found if place.count(".") else None)


class Giving:
    """Answers other halls. `peer` is what the certificate says."""

    def __init__(self, libraries: Libraries, store: Store, clock: Clock) -> None:
        self._libraries, self._store, self._clock = libraries, store, clock

    async def changes(self, peer: str, library: str, asked: AskChanges) -> Given:
        here, items = await self._granted(peer, library, asked.items, COLLECTION)
        edition = await self._store.edition(library)
        head = f"{edition.epoch}-{hashlib.sha256(' '.join(sorted(items)).encode()).hexdigest()[:12]}"
        place = _Place.of(asked.mark, head, edition)
        whole = place.found is not None
        known_at = await self._known_at(here)
        if known_at is None:
            raise TooOld
        if place.found is not None:
            part = await self._store.all_after(library, place.found, PAGE)
            after = _Place(place.number, part.after if part.more else None)
        else:
            part = await self._store.changes_after(library, place.number, PAGE)
            after = _Place(int(part.after))
        rows = tuple(row for changed in part.subjects for row in _rows(here, changed, items, whole=whole))
        keys = [changed.key for changed in part.subjects if here.key == OWN_KEY]
        if rows:
            request = Request("", f"peer:{peer}", self._clock())
            await self._store.give(library, items, keys, request, f"{COLLECTION} {len(part.subjects)}")
        return Given(rows, after.text(head), part.more, whole, known_at)

    async def look_up(self, peer: str, library: str, asked: AskLookUp) -> Given:
        """Raises TooOld where the answer would not be known to be true any more."""
        if asked.matter == CHECK and self._knows(peer, library):
            return Given(())
        here, items = await self._granted(peer, library, asked.items, asked.matter)
        if not asked.visit.isascii() or not asked.visit.isprintable() or len(asked.visit) > LONGEST_VISIT:
            raise NotAllowed
        key = ITEMS[here.key].kind.normal(asked.key)
        of = (Whose(key),) if here.key == OWN_KEY else ()
        reading = Reading(UseKind.ASKED, asked.visit, asked.matter, of, items, f"{library} {FROM_LIBRARY}")
        await self._store.keep_reading(reading, Request("", f"peer:{peer}", self._clock()))
        entries = await self._libraries.served(here, key)
        if not entries and not await self._sure(here):
            raise TooOld
        rows = [row for entry in entries for row in _rows_of(here, entry, items, entry.known_at)]
        return Given(tuple(rows))

    async def _granted(self, peer: str, library: str, items: Sequence[str], purpose: str) -> tuple[Library, tuple[str, ...]]:
        """Raises NotAllowed, written down, for whatever is not granted."""
        settings = self._libraries.settings
        here, other = settings.library(library), settings.peer(peer)
        grant = other.grant(library, purpose) if other else None
        if here is None or grant is None or not set(items) <= {*grant.items, here.key}:
            request = Request("", f"peer:{peer}", self._clock())
            about = f"library:{library}" if here else "library:unknown"
            await self._store.audit("library_refused", request, about, [item for item in items if item in ITEMS])
            raise NotAllowed
        return here, tuple(item for item in grant.items if not items or item in items)

    def _knows(self, peer: str, library: str) -> bool:
        other = self._libraries.settings.peer(peer)
        return other is not None and any(grant.library == library for grant in other.grants)

    async def _known_at(self, library: Library) -> datetime | None:
        """The oldest news that is served. A department that was never collected whole has none."""
        return min((known for known in await self._known(library) if known is not None), default=None)

    async def _sure(self, library: Library) -> bool:
        """Whether nothing under a key means that no department had anything, not long ago."""
        oldest = self._clock() - timedelta(hours=library.serve_hours)
        return all(known is not None and known >= oldest for known in await self._known(library))

    async def _known(self, library: Library) -> list[datetime | None]:
        return [(await self._store.shelf(source.shelf)).known_at for source in library.sources]


def _rows(library: Library, changed: Changed, items: Sequence[str], *, whole: bool) -> list[Row]:
    """Who has nothing that is granted is gone, or was never there."""
    rows = [row for entry in changed.entries for row in _rows_of(library, entry, items)]
    return rows if rows or whole else [_row(library, changed.key, {}) | {"gone": True}]


def _rows_of(library: Library, entry: Entry, items: Sequence[str], known_at: datetime | None = None) -> Iterator[Row]:
    """A row for each origin, date and doubt."""
    records = sorted((record for record in entry.records if record.item in items), key=_kind)
    for (department, as_of, doubt), group in groupby(records, key=_kind):
        row = _row(library, entry.key, {record.item: record.value for record in group})
        row |= {"department": department, "as_of": as_of.isoformat(), "doubt": doubt}
        yield row | ({"known_at": known_at.isoformat()} if known_at else {})


def _kind(record: Record) -> _Kind:
    return "/".join(filter(None, (record.department, record.origin))), record.as_of, record.doubt


def _row(library: Library, key: str, values: Mapping[str, str]) -> Row:
    row: dict[str, dict[str, str]] = {}
    for item, value in {**values, library.key: key}.items():
        family, _, name = item.partition(".")
        row.setdefault(family, {})[name] = value
    return dict(row)
