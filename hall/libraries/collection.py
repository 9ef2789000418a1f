"""Everything of a hall's base libraries in one place: what is collected, served, given to other halls, and struck off."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hall.departments.connection import Connection
from hall.libraries.collector import Collector
from hall.libraries.giving import Giving
from hall.libraries.keeping import tidy
from hall.libraries.knocker import Knocker
from hall.libraries.library import Libraries
from hall.libraries.setting import LibrarySettings
from hall.store.store import Store
from hall.working_day import Clock

log = logging.getLogger(__name__)

TIDY_S = 3600.0


@dataclass(frozen=True)
class Collection:
    """The parts share one reading of libraries.toml; a hall without it has all of them and collects nothing."""

    settings: LibrarySettings
    libraries: Libraries
    collector: Collector
    giving: Giving
    knocker: Knocker
    store: Store
    clock: Clock

    @classmethod
    def open(
        cls, settings: LibrarySettings, connections: Sequence[Connection], store: Store, clock: Clock, lock: Path
    ) -> Collection:
        """`lock` is held by the one process that collects."""
        libraries, knocker = Libraries(settings, store, clock), Knocker(settings)
        by_code = {connection.code: connection for connection in connections}
        collector = Collector(settings, by_code, store, clock, lock, changed=knocker.changed)
        return cls(settings, libraries, collector, Giving(libraries, store, clock), knocker, store, clock)

    @property
    def stand_in(self) -> Libraries | None:
        """What is read in place of a silent department; None where nothing is collected."""
        return self.libraries if self.settings.libraries else None

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.collector.run())
            group.create_task(self.knocker.run())
            group.create_task(self._tidy())

    async def close(self) -> None:
        await self.knocker.close()

    async def _tidy(self) -> None:
        while True:
            try:
                await tidy(self.settings, self.store, self.clock)
            except Exception as error:  # the store is away; an hour later is early enough
                log.error("tidying_failed", extra={"error": type(error).__name__})
            await asyncio.sleep(TIDY_S)
