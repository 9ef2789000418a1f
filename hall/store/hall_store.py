"""The hall's store: the commands of every topic, on one database."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from hall.store.audit_file import Place
from hall.store.case_rows import CaseCommands
from hall.store.correction_rows import CorrectionCommands
from hall.store.event_rows import EventCommands
from hall.store.figures_rows import FigureCommands
from hall.store.library_reading import LibraryCommands
from hall.store.outbox_rows import OutboxCommands
from hall.store.sqlite import SqliteDatabase
from hall.store.staff_rows import StaffCommands
from hall.store.usage_rows import UsageCommands
from hall.store.visit_rows import VisitCommands
from hall.working_day import Clock, utc_now


class HallStore(
    VisitCommands,
    CaseCommands,
    OutboxCommands,
    EventCommands,
    StaffCommands,
    FigureCommands,
    UsageCommands,
    LibraryCommands,
    CorrectionCommands,
):
    """See hall.store.store.Store."""

    @classmethod
    def open(cls, place: Place, *, hall: str, key_file: Path | None = None, clock: Clock = utc_now) -> Self:
        """On one SQLite file, or on a PostgreSQL, maybe with other processes: they need the same `key_file`, which is
        beside the file by default."""
        if isinstance(place, Path):
            return cls(SqliteDatabase.open(place, hall=hall, key_file=key_file, clock=clock))
        from hall.store.postgresql import PostgresqlDatabase  # a hall on a file does without

        if key_file is None:
            raise ValueError("a hall on PostgreSQL has its field key in a file of its own")
        return cls(PostgresqlDatabase.open(place, hall=hall, key_file=key_file, clock=clock))
