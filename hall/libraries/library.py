"""The collected libraries as they are read: in the place of a silent department, marked with their age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flows.application import Record
from flows.items import ITEMS
from hall.departments.connection import OWN_KEY
from hall.libraries.setting import Library, LibrarySettings
from hall.store.libraries import Entry, LibraryStore
from hall.working_day import Clock


class Libraries:
    """What was collected and is not too old. Whoever reads writes it down first: nothing here does."""

    def __init__(self, settings: LibrarySettings, store: LibraryStore, clock: Clock) -> None:
        self.settings, self._store, self._clock = settings, store, clock

    async def kept(self, department: str, key: str, items: Sequence[str]) -> tuple[datetime, tuple[Record, ...]] | None:
        """When the department had it so, and its records; None when nothing is kept that may still be served."""
        found = [
            entry
            for library in self.settings.libraries
            for entry in await self.served(library, key)
            if entry.shelf.department == department
        ]
        told: dict[tuple[str, str], tuple[datetime, Record]] = {}
        for entry in found:
            for record in entry.records:
                if record.item in items:
                    told.setdefault((record.item, record.department), (entry.known_at, record))
        if not told:
            return None
        return min(known_at for known_at, _ in told.values()), tuple(record for _, record in told.values())

    async def owner(self, number: str) -> Sequence[str]:
        """The codes of the libraries that have an entry about the person with this number."""
        about = [library for library in self.settings.libraries if library.key == OWN_KEY]
        return tuple([library.code for library in about if await self._entries(library, number)])

    async def served(self, library: Library, key: str) -> tuple[Entry, ...]:
        """What may be served under a key, from every department that still gives it: not what is too old."""
        oldest = self._clock() - timedelta(hours=library.serve_hours)
        listed = {source.shelf.department: source.items for source in library.sources}
        return tuple(
            Entry(entry.shelf, entry.key, kept, entry.known_at)
            for entry in await self._entries(library, key)
            if entry.known_at >= oldest
            and (kept := tuple(record for record in entry.records if record.item in listed.get(entry.shelf.department, ())))
        )

    async def _entries(self, library: Library, key: str) -> tuple[Entry, ...]:
        return await self._store.entries_of(library.code, ITEMS[library.key].kind.normal(key))
