"""What is read from the base libraries: by key, by other halls in parts, and in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flows.usage import UseKind
from hall.store import library_shelves
from hall.store.database import Commands
from hall.store.libraries import Changed, Changes, Edition, Entry, Figures, Part, Share, Shelf, ShelfState
from hall.store.library_entries import blind, gone_key, opened
from hall.store.request import Request
from hall.store.row import Row, Value
from hall.store.transaction import Transaction
from hall.store.usage import Reading, Whose
from hall.store.usage_rows import keep_reading


class LibraryCommands(Commands):
    """See hall.store.libraries.LibraryStore."""

    async def shelves(self) -> tuple[ShelfState, ...]:
        return await self.read(library_shelves.shelves)

    async def shelf(self, shelf: Shelf) -> ShelfState:
        return await self.read(lambda tx: library_shelves.shelf(tx, shelf))

    async def begin_round(self, shelf: Shelf, items: Sequence[str], at: datetime, anew: timedelta) -> ShelfState:
        return await self.write(lambda tx: library_shelves.begin_round(tx, shelf, items, at, anew))

    async def put(self, shelf: Shelf, part: Part, request: Request) -> ShelfState:
        return await self.write(lambda tx: library_shelves.put(tx, shelf, part, request))

    async def fail_round(self, shelf: Shelf, problem: str, at: datetime, *, anew: bool = False) -> ShelfState:
        return await self.write(lambda tx: library_shelves.fail_round(tx, shelf, problem, at, anew=anew))

    async def settle(self, shelf: Shelf, at: datetime, *, passed_on: bool, most: int = 100) -> bool:
        return await self.write(lambda tx: library_shelves.settle(tx, shelf, at, passed_on=passed_on, most=most))

    async def clear_shelf(self, shelf: Shelf, request: Request) -> None:
        await self.write(lambda tx: library_shelves.clear_shelf(tx, shelf, request))

    async def remove_shelf(self, shelf: Shelf) -> None:
        await self.write(lambda tx: library_shelves.remove_shelf(tx, shelf))

    async def want(self, shelf: Shelf) -> None:
        await self.write(lambda tx: library_shelves.want(tx, shelf))

    async def entries_of(self, library: str, key: str) -> tuple[Entry, ...]:
        return await self.read(lambda tx: _entries(tx, library, blind(tx, library, key)))

    async def edition(self, library: str) -> Edition:
        return await self.read(lambda tx: _edition(tx, library))

    async def changes_after(self, library: str, number: int, most: int) -> Changes:
        return await self.read(lambda tx: _changes_after(tx, library, number, most))

    async def all_after(self, library: str, found: str, most: int) -> Changes:
        return await self.read(lambda tx: _all_after(tx, library, found, most))

    async def figures(self, library: str) -> Figures:
        return await self.read(lambda tx: _figures(tx, library))

    async def give(self, library: str, items: Sequence[str], about: Sequence[str], request: Request, outcome: str) -> None:
        reading = Reading(
            UseKind.GIVEN, f"library:{library}", "collection", tuple(Whose(number) for number in about), tuple(items), outcome
        )
        await self.write(lambda tx: keep_reading(tx, reading, request))

    async def forget_gone(self, before: datetime) -> None:
        await self.write(lambda tx: (tx.all("raise_floor", before=before), tx.all("forget_gone", before=before)))


def _entries(tx: Transaction, library: str, found: bytes) -> tuple[Entry, ...]:
    return tuple(opened(tx, library, found, row) for row in tx.all("served", library=library, found=found))


def _edition(tx: Transaction, library: str) -> Edition:
    row = tx.one("library", library=library)
    return Edition(row["epoch"], row["number"], row["floor"]) if row else Edition("", 0, 0)


def _changes_after(tx: Transaction, library: str, number: int, most: int) -> Changes:
    asked: dict[str, Value] = {"library": library, "number": number, "most": most + 1}
    rows = [(row["number"], row) for row in (*tx.all("changed_after", **asked), *tx.all("gone_after", **asked))]
    rows.sort(key=lambda row: row[0])
    page = dict((row["found"], row) for _, row in rows[:most])
    subjects = tuple(_changed(tx, library, row) for row in page.values())
    after = rows[:most][-1][0] if rows else _edition(tx, library).number
    return Changes(subjects, str(after), len(rows) > most)


def _changed(tx: Transaction, library: str, row: Row) -> Changed:
    """A key as it is now, whatever the row said of it."""
    entries = _entries(tx, library, row["found"])
    return Changed(entries[0].key if entries else gone_key(tx, library, row), entries)


def _all_after(tx: Transaction, library: str, found: str, most: int) -> Changes:
    rows = [row["found"] for row in tx.all("all_after", library=library, found=bytes.fromhex(found), most=most + 1)]
    page = rows[:most]
    subjects = tuple(Changed(entries[0].key, entries) for entries in (_entries(tx, library, one) for one in page))
    return Changes(subjects, page[-1].hex() if page else found, len(rows) > most)


def _figures(tx: Transaction, library: str) -> Figures:
    shares = {(row["department"], row["item"]): Share(row["has"], row["doubtful"]) for row in tx.all("shares", library=library)}
    contradictions = {row["item"]: int(row["subjects"]) for row in tx.all("contradictions", library=library)}
    return Figures(shares, contradictions)
