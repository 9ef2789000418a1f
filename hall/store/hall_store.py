"""The hall's store: the commands of every topic, on one database."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from hall.store.appointment_rows import AppointmentCommands
from hall.store.audit_file import Place
from hall.store.board_rows import BoardCommands
from hall.store.case_rows import CaseCommands
from hall.store.correction_rows import CorrectionCommands
from hall.store.counter_rows import CounterCommands
from hall.store.dead_letter_rows import DeadLetterCommands
from hall.store.document_adopting import AdoptingCommands
from hall.store.document_rows import DocumentCommands
from hall.store.event_rows import EventCommands
from hall.store.feed_rows import FeedCommands
from hall.store.figures_rows import FigureCommands
from hall.store.hand_over_rows import HandOverCommands
from hall.store.library_reading import LibraryCommands
from hall.store.line_reading import LineCommands
from hall.store.outbox_rows import OutboxCommands
from hall.store.overview_rows import OverviewCommands
from hall.store.promise_commands import PromiseCommands
from hall.store.rating_rows import RatingCommands
from hall.store.reconciliation_rows import ReconciliationCommands
from hall.store.screen_rows import ScreenCommands
from hall.store.sqlite import SqliteDatabase
from hall.store.staff_rows import StaffCommands
from hall.store.terminal_state_rows import TerminalStateCommands
from hall.store.usage_rows import UsageCommands
from hall.store.visit_rows import VisitCommands
from hall.working_day import Clock, utc_now


class HallStore(
    VisitCommands,
    CaseCommands,
    LineCommands,
    AppointmentCommands,
    OutboxCommands,
    DeadLetterCommands,
    ReconciliationCommands,
    FeedCommands,
    EventCommands,
    BoardCommands,
    StaffCommands,
    FigureCommands,
    UsageCommands,
    LibraryCommands,
    TerminalStateCommands,
    CorrectionCommands,
    ScreenCommands,
    RatingCommands,
    HandOverCommands,
    CounterCommands,
    DocumentCommands,
    AdoptingCommands,
    PromiseCommands,
    OverviewCommands,
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
