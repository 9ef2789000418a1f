"""Commands on promised papers and second persons: each is one guarded move of the table, with its line of history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flows.application import TRANSITIONS, Action, Attached, Decision, Status
from hall.basis import Basis
from hall.errors import NotFree, NotPossible, NotSeen, SamePerson
from hall.store import case_rows
from hall.store.correction_rows import send_open
from hall.store.database import Commands
from hall.store.delivery_rows import add_deliveries
from hall.store.promise_rows import close_promised, open_promise, promised, promised_picture
from hall.store.promises import MOST_LISTED, InReview, PaperState, PromisedPaper
from hall.store.request import Request
from hall.store.standing import Standing, Told
from hall.store.store import KeptCase
from hall.store.ticket_rows import record, standing
from hall.store.transaction import Transaction

HANDS = frozenset({Action.AMEND, Action.PROPOSE})
"""Whoever did one of these with a case is not its second person."""


def hands(kept: KeptCase) -> frozenset[str]:
    return frozenset(decision.by for decision in kept.decisions if decision.action in HANDS)


def bring(tx: Transaction, decision: Decision, request: Request, pictures: Mapping[str, Attached]) -> Status:
    return Status(tx.once(request, lambda: _bring(tx, decision, request, pictures)))


def _bring(tx: Transaction, decision: Decision, request: Request, pictures: Mapping[str, Attached]) -> str:
    status = _after(tx, decision)
    for paper in decision.papers:
        if not close_promised(tx, decision, paper, PaperState.BROUGHT, pictures.get(paper)):
            raise NotPossible(status)
    record(tx, decision, request)
    return status.value


def follow_up(tx: Transaction, decision: Decision, request: Request, closes: bool) -> Status:
    return Status(tx.once(request, lambda: _follow_up(tx, decision, request, closes)))


def _follow_up(tx: Transaction, decision: Decision, request: Request, closes: bool) -> str:
    status = _after(tx, decision)
    owed = [one.paper for one in promised(tx, decision.visit) if one.state is PaperState.OPEN]
    if not owed:
        raise NotPossible(status)
    for paper in owed if closes else ():
        close_promised(tx, decision, paper, PaperState.CLOSED)
    record(tx, replace(decision, papers=tuple(owed)), request)
    return status.value


def approve(tx: Transaction, decision: Decision, request: Request, told: Told, basis: Basis) -> Status:
    return Status(tx.once(request, lambda: _approve(tx, decision, request, told, basis)))


def _approve(tx: Transaction, decision: Decision, request: Request, told: Told, basis: Basis) -> str:
    kept = _second(tx, decision)
    if basis.application != kept.application:
        raise NotSeen
    proposed = next(one for one in reversed(kept.decisions) if one.action is Action.PROPOSE)
    accepted = replace(decision, promise=proposed.promise)
    add_deliveries(tx, decision.visit, told, request.at)
    open_promise(tx, accepted)
    send_open(tx, decision.visit, request)
    record(tx, accepted, request, basis.lookup)
    return Status.ACCEPTED.value


def send_back(tx: Transaction, decision: Decision, request: Request) -> Status:
    return Status(tx.once(request, lambda: _send_back(tx, decision, request)))


def _send_back(tx: Transaction, decision: Decision, request: Request) -> str:
    _second(tx, decision)
    record(tx, decision, request)
    return Status.SENT_BACK.value


def _second(tx: Transaction, decision: Decision) -> KeptCase:
    """The case after the second person's move; commands of one hall follow one another, so nothing comes in between."""
    after, kept = _after(tx, decision), case_rows.case(tx, decision.visit)
    if decision.by in hands(kept):
        raise SamePerson
    tx.all("move_reviewed", visit=decision.visit, before=kept.standing.status, after=after)
    return kept


def take_up(tx: Transaction, decision: Decision, request: Request) -> Status:
    return Status(tx.once(request, lambda: _take_up(tx, decision, request)))


def _take_up(tx: Transaction, decision: Decision, request: Request) -> str:
    after = _after(tx, decision)
    if tx.one("take_up", visit=decision.visit, at_window=decision.window, at=request.at) is None:
        raise NotFree
    record(tx, decision, request)
    return after.value


def _after(tx: Transaction, decision: Decision) -> Status:
    """The status that the table gives; NotPossible where it gives none."""
    now = standing(tx, decision.visit).status
    after = TRANSITIONS.get((now, decision.action))
    if after is None:
        raise NotPossible(now)
    return after


def open_promises(tx: Transaction) -> tuple[tuple[Standing, tuple[PromisedPaper, ...]], ...]:
    visits = [str(row["visit"]) for row in tx.all("open_promises", most=MOST_LISTED)]
    return tuple((standing(tx, visit), promised(tx, visit)) for visit in visits)


def in_review(tx: Transaction) -> tuple[InReview, ...]:
    visits = [str(row["visit"]) for row in tx.all("in_review", most=MOST_LISTED)]
    return tuple(InReview(standing(tx, visit), case_rows.history(tx, visit)[-1]) for visit in visits)


class PromiseCommands(Commands):
    """See hall.store.promises.PromiseStore and ReviewStore."""

    async def open_promises(self) -> tuple[tuple[Standing, tuple[PromisedPaper, ...]], ...]:
        return await self.read(open_promises)

    async def bring(self, decision: Decision, request: Request, pictures: Mapping[str, Attached]) -> Status:
        return await self.write(lambda tx: bring(tx, decision, request, pictures))

    async def follow_up(self, decision: Decision, request: Request, *, closes: bool) -> Status:
        return await self.write(lambda tx: follow_up(tx, decision, request, closes))

    async def promised_picture(self, visit: str, paper: str) -> Attached:
        return await self.read(lambda tx: promised_picture(tx, visit, paper))

    async def approve(self, decision: Decision, request: Request, told: Told, basis: Basis) -> Status:
        return await self.write(lambda tx: approve(tx, decision, request, told, basis))

    async def send_back(self, decision: Decision, request: Request) -> Status:
        return await self.write(lambda tx: send_back(tx, decision, request))

    async def take_up(self, decision: Decision, request: Request) -> Status:
        return await self.write(lambda tx: take_up(tx, decision, request))

    async def in_review(self) -> tuple[InReview, ...]:
        return await self.read(in_review)
