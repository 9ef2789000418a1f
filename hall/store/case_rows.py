"""Commands on tickets and cases: every clerk's action is one guarded move of the state machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flows.application import ACCEPTING, CLERK, TRANSITIONS, Action, Answer, Application, Attached, Decision, Lookup, Status
from flows.wire import from_json
from hall.basis import Basis
from hall.errors import NotAllowed, NotPossible, NotSeen
from hall.store.certificate_rows import revoke
from hall.store.correction_rows import of_visit, send_open
from hall.store.database import Commands
from hall.store.delivery_rows import add_deliveries, deliveries
from hall.store.document_rows import taken_answer
from hall.store.promise_rows import open_promise, promised
from hall.store.request import Request
from hall.store.row import Value
from hall.store.standing import NOBODY, Standing, Told
from hall.store.store import KeptCase
from hall.store.ticket_rows import record, standing, standing_of
from hall.store.transaction import Transaction
from hall.store.visit_rows import sealed_application

REVOKING = frozenset({Action.AMEND, Action.RETURN, Action.REJECT})
"""After these, a paper issued at the terminal says something that the hall does not say any more."""

DECIDING = frozenset({Action.CONFIRM, Action.ACCEPT_LACKING, Action.RETURN, Action.REJECT})
"""After these the case leaves the counter: a dispute that was not settled there goes to the record's owner."""


@dataclass(frozen=True)
class With:
    """What goes with a decision: whom it is told, the pictures that its changes name, what an acceptance rests on."""

    told: Told
    attached: Mapping[str, Attached]
    basis: Basis | None


def act(tx: Transaction, decision: Decision, request: Request, day: date, given: With) -> Status:
    return Status(tx.once(request, lambda: _act(tx, decision, request, day, given)))


def _act(tx: Transaction, decision: Decision, request: Request, day: date, given: With) -> str:
    action = decision.action
    after = _move(tx, decision, request)
    if given.basis is not None and given.basis.application != _application(tx, decision.visit)[0]:
        raise NotSeen  # amended at another page while the departments were asked
    if decision.changes:
        _amend(tx, decision, given.attached)
    if action in ACCEPTING:
        add_deliveries(tx, decision.visit, given.told, request.at)
        open_promise(tx, decision)
    if action in REVOKING:
        revoke(tx, decision.visit, request)
    if action in DECIDING:
        send_open(tx, decision.visit, request)
    record(tx, decision, request, given.basis.lookup if given.basis else None)
    return after


def _move(tx: Transaction, decision: Decision, request: Request) -> str:
    """Guarded by the status it was seen in: commands of a hall are carried out one after the other."""
    now = standing(tx, decision.visit)
    after = TRANSITIONS.get((now.status, decision.action))
    if after is None:
        raise NotPossible(now.status)
    if now.window != request.window:
        raise NotAllowed
    guard: dict[str, Value] = {"visit": decision.visit, "window": request.window, "before": now.status, "at": request.at}
    if tx.one("advance", **guard, after=after, decided=int(after is not Status.CALLED)) is None:
        raise NotPossible(now.status)
    return after.value


def _amend(tx: Transaction, decision: Decision, attached: Mapping[str, Attached]) -> None:
    """Only what the clerk saw may be changed: a value that moved meanwhile stops the amendment. A picture that
    no answer names any more is not kept."""
    application = _application(tx, decision.visit)[0]
    answers = dict(application.answers)
    for change in decision.changes:
        if (answers[change.field].value if change.field in answers else "") != change.before:
            raise NotPossible(standing(tx, decision.visit).status)
        kept = taken_answer(tx, decision.visit, change.after)
        answers[change.field] = kept or Answer(change.after, CLERK, decision.at)
    named = {answer.value for answer in answers.values()}
    pictures = {digest: one for digest, one in {**application.attached, **attached}.items() if digest in named}
    amended = replace(application, answers=answers, attached=pictures)
    tx.all("amend_application", visit=decision.visit, sealed=sealed_application(tx, amended))


def lines(tx: Transaction, day: date) -> tuple[Standing, ...]:
    return tuple(standing_of(row) for row in tx.all("lines", day=day))


def last_at(tx: Transaction, window: str) -> str | None:
    row = tx.one("last_at", window=window)
    return str(row["visit"]) if row else None


def case(tx: Transaction, visit: str) -> KeptCase:
    now = standing(tx, visit)
    application, lookup = _application(tx, visit)
    rows = tx.all("decisions", visit=visit)
    upon = next((row["lookup"] for row in reversed(rows) if row["lookup"] is not None), None)
    decided_upon = from_json(Lookup, tx.key.unseal(upon, "decided_upon", visit)) if upon else None
    return KeptCase(
        now,
        application,
        lookup,
        tuple(_decision(tx, visit, row["sealed"]) for row in rows),
        deliveries(tx, visit),
        decided_upon,
        of_visit(tx, visit),
        promised(tx, visit),
    )


def history(tx: Transaction, visit: str) -> tuple[Decision, ...]:
    """Everything that was done with a case, oldest first."""
    return tuple(_decision(tx, visit, row["sealed"]) for row in tx.all("decisions", visit=visit))


def confirmed(tx: Transaction, visit: str) -> tuple[Application, Decision]:
    """What a department is told: the application as amended, and its acceptance."""
    accepted = next(one for one in reversed(history(tx, visit)) if one.action in ACCEPTING)
    return _application(tx, visit)[0], accepted


def _application(tx: Transaction, visit: str) -> tuple[Application, Lookup]:
    row = tx.all("application", visit=visit)[0]
    application = from_json(Application, tx.key.unseal(row["sealed"], "application", visit))
    return application, from_json(Lookup, tx.key.unseal(row["lookup"], "lookup", visit))


def _decision(tx: Transaction, visit: str, sealed: bytes) -> Decision:
    return from_json(Decision, tx.key.unseal(sealed, "decision", visit))


class CaseCommands(Commands):
    """See hall.store.store.QueueStore."""

    async def act(
        self,
        decision: Decision,
        request: Request,
        day: date,
        told: Told = NOBODY,
        attached: Mapping[str, Attached] = {},
        basis: Basis | None = None,
    ) -> Status:
        return await self.write(lambda tx: act(tx, decision, request, day, With(told, attached, basis)))

    async def answered(self, request: Request) -> str | None:
        return await self.read(lambda tx: tx.answered(request))

    async def standing(self, visit: str) -> Standing:
        return await self.read(lambda tx: standing(tx, visit))

    async def lines(self, day: date) -> tuple[Standing, ...]:
        return await self.read(lambda tx: lines(tx, day))

    async def last_at(self, window: str) -> str | None:
        return await self.read(lambda tx: last_at(tx, window))

    async def case(self, visit: str) -> KeptCase:
        return await self.read(lambda tx: case(tx, visit))
