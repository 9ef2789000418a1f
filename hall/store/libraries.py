"""What the hall keeps of its base libraries (归集): shelves of sealed entries, found by a blind index of their key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from flows.application import Record
from hall.departments.connection import Subject
from hall.store.request import Request


@dataclass(frozen=True)
class Shelf:
    """What one library has of one department."""

    library: str
    department: str


@dataclass(frozen=True)
class ShelfState:
    """How a shelf stands.

    `began_at`: a round is under way, from mark to mark; None: none is. `fresh`: that round names everything there is and
    what it does not name is gone. `known_at`: what is served was so at the department at that moment. `changed` and
    `gone` are of the last whole round; `problem` is a code, "" when the last try went well.
    """

    shelf: Shelf
    items: tuple[str, ...] = ()
    mark: str = ""
    began_at: datetime | None = None
    fresh: bool = False
    batches: int = 0
    entries: int = 0
    built: int = 0
    changed: int = 0
    gone: int = 0
    tried_at: datetime | None = None
    succeeded_at: datetime | None = None
    known_at: datetime | None = None
    took_ms: int = 0
    failures: int = 0
    problem: str = ""
    wanted: bool = False


@dataclass(frozen=True)
class Reached:
    """A batch is on the shelf whole: where the next one goes on, and whether there is one."""

    mark: str
    more: bool


@dataclass(frozen=True)
class Part:
    """Some subjects of a batch, put on the shelf in one transaction; the last part also moves the mark.

    `known_at`: the department had it so at that moment. `passed_on`: other halls collect this library, so that they must
    be able to learn what is gone.
    """

    subjects: Sequence[Subject]
    known_at: datetime
    at: datetime
    whole: bool = False
    passed_on: bool = False
    reached: Reached | None = None


@dataclass(frozen=True)
class Entry:
    """What a shelf has under one key. `known_at`: the department had it so at that moment."""

    shelf: Shelf
    key: str
    records: tuple[Record, ...]
    known_at: datetime


@dataclass(frozen=True)
class Changed:
    """One key that changed: its entries on all shelves, none when it is gone."""

    key: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Changes:
    """Part of what another hall collects. `after` is where the next part goes on; `more`: there is one."""

    subjects: tuple[Changed, ...]
    after: str
    more: bool


@dataclass(frozen=True)
class Edition:
    """Which changes of a library can be told: those after `floor`, up to `number`. Another epoch is another library."""

    epoch: str
    number: int
    floor: int


@dataclass(frozen=True)
class Share:
    """How many entries of a shelf have an item, and how many of those are in doubt."""

    has: int
    doubtful: int


@dataclass(frozen=True)
class Figures:
    """A library in numbers: shares by department and item, contradictions by item."""

    shares: Mapping[tuple[str, str], Share]
    contradictions: Mapping[str, int]


class LibraryStore(Protocol):
    """The collected libraries. Every command may be repeated: entries are put in the place of what was there."""

    async def shelves(self) -> tuple[ShelfState, ...]: ...

    async def shelf(self, shelf: Shelf) -> ShelfState:
        """How it stands; a blank state for one that was never collected."""
        ...

    async def begin_round(self, shelf: Shelf, items: Sequence[str], at: datetime, anew: timedelta) -> ShelfState:
        """Goes on with the round under way, or begins one. When the items are others than before, or everything was
        collected longer ago than `anew`, it begins at the beginning."""
        ...

    async def put(self, shelf: Shelf, part: Part, request: Request) -> ShelfState:
        """Entries and, with the last part of a batch, the mark: both or neither. The end of a round is audited with
        its counts."""
        ...

    async def fail_round(self, shelf: Shelf, problem: str, at: datetime, *, anew: bool = False) -> ShelfState:
        """A try that failed. The next goes on from the mark, or `anew` from the beginning."""
        ...

    async def settle(self, shelf: Shelf, at: datetime, *, passed_on: bool, most: int = 100) -> bool:
        """Numbers what took over and strikes off what went, a little at a time; whether there is more to do."""
        ...

    async def clear_shelf(self, shelf: Shelf, request: Request) -> None:
        """Nothing of it is served from now on; `settle` strikes it off."""
        ...

    async def remove_shelf(self, shelf: Shelf) -> None:
        """Forgets an empty shelf."""
        ...

    async def want(self, shelf: Shelf) -> None:
        """Somebody asks that this shelf be collected now."""
        ...

    async def entries_of(self, library: str, key: str) -> tuple[Entry, ...]:
        """What every shelf of a library serves under a key."""
        ...

    async def edition(self, library: str) -> Edition: ...

    async def changes_after(self, library: str, number: int, most: int) -> Changes:
        """What changed after that number, oldest change first; `after` is a number."""
        ...

    async def all_after(self, library: str, found: str, most: int) -> Changes:
        """Everything, by blind index; "" for the beginning; `after` is a blind index."""
        ...

    async def figures(self, library: str) -> Figures: ...

    async def give(self, library: str, items: Sequence[str], about: Sequence[str], request: Request, outcome: str) -> None:
        """Writes down that another hall is given items of these keys, before it is."""
        ...

    async def forget_gone(self, before: datetime) -> None:
        """Keys that went before that day; whoever has not asked since must collect everything anew."""
        ...
