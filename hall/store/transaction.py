"""One transaction's view of the tables: named statements, events, audit lines and first answers."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from hall.audit import EVENTS, START, AuditEvent, chained
from hall.errors import AnotherRequest, AuditUnavailable
from hall.store.field_key import FieldKey
from hall.store.request import Request
from hall.store.row import Row, Stored, Value
from hall.working_day import working_day

Run = Callable[[str, Mapping[str, Stored]], Sequence[Row]]
"""Carries out a named statement."""


class Transaction:
    """What a command works with, on any engine and any connection. `failure` is what the engine raises."""

    def __init__(self, run: Run, failure: type[Exception], hall: str, key: FieldKey) -> None:
        self._run = run
        self.failure = failure
        self._hall = hall
        self.key = key

    def all(self, query: str, **values: Value) -> Sequence[Row]:
        """Every row of a named statement."""
        return self._run(query, {"hall": self._hall, **{name: _stored(value) for name, value in values.items()}})

    def one(self, query: str, **values: Value) -> Row | None:
        rows = self.all(query, **values)
        return rows[0] if rows else None

    def event(self, name: str, at: datetime, visit: str, window: str = "") -> None:
        """A numbered event for the pages."""
        row = self.all("next_event")[0]
        self.all("add_event", number=row["event"], day=working_day(at), name=name, visit=visit, window=window)

    def audit(self, event: str, request: Request, about: str, items: Sequence[str] = (), outcome: str = "") -> int:
        """One line of the audit; its number. When it cannot be written, the whole command is undone."""
        if event not in EVENTS:
            raise KeyError(event)
        try:
            last = self.one("last_audit")
            number, before = (last["number"] + 1, last["hash"]) if last else (1, START)
            line = AuditEvent(number, request.at.astimezone(UTC), event, request.by, about, tuple(items), outcome, "")
            line = replace(line, hash=chained(before, line))
            kept = json.dumps(line.items)
            self.all(
                "add_audit",
                number=number,
                at=line.at,
                event=event,
                actor=line.actor,
                object=about,
                items=kept,
                outcome=outcome,
                hash=line.hash,
            )
            return number
        except self.failure as error:
            raise AuditUnavailable from error

    def answered(self, request: Request) -> str | None:
        """The first answer to this request, if it was asked before."""
        row = self.one("answered", key=request.key)
        if row is None:
            return None
        if not hmac.compare_digest(row["asked"], self.key.index(request.contents)):
            raise AnotherRequest
        return str(row["answer"])

    def once(self, request: Request, command: Callable[[], str]) -> str:
        """Runs a command unless this request was answered before; keeps the answer with it."""
        before = self.answered(request)
        if before is not None:
            return before
        answer = command()
        self.all("remember", key=request.key, at=request.at, asked=self.key.index(request.contents), answer=answer)
        return answer


def _stored(value: Value) -> Stored:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case _:
            return value
