"""Commands on what clerks fill in at the counter: sealed drafts, and the ticket that is called where it is issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from flows.application import Attached, Identity, Status, Ticket
from flows.fold import Given
from flows.wire import from_json, to_json
from hall.errors import AtAnotherWindow, DraftMoved, NotKnown
from hall.store.counter import CounterDraft, Elsewhere, Faulty, Handed
from hall.store.database import Commands
from hall.store.line_rows import call_here
from hall.store.request import Request
from hall.store.row import Row
from hall.store.transaction import Transaction
from hall.store.visit_rows import With, leave, person, submit


@dataclass(frozen=True)
class _Typed:
    """The sealed part of a draft."""

    identity: Identity
    guardian: Identity | None
    flow_version: str
    given: Mapping[str, Given] = field(default_factory=dict)
    faulty: Mapping[str, Faulty] = field(default_factory=dict)


def begin(tx: Transaction, draft: CounterDraft) -> CounterDraft:
    drop_old(tx, draft.day, draft.opened_at)
    if (found := draft_at(tx, draft.window, draft.clerk)) is not None:
        return found
    if tx.one("visit", visit=draft.visit) is not None:
        raise NotKnown  # a page from before: its visit was handed in or left
    place = {"visit": draft.visit, "at_window": draft.window, "clerk": draft.clerk, "matter": draft.matter}
    times = {"day": draft.day, "at": draft.opened_at}
    who = person(tx, draft.identity.number)
    tx.all("begin_draft", **place, **times, person=who, sealed=_sealed(tx, draft), pictures=_pictures(tx, draft))
    if (found := draft_at(tx, draft.window, draft.clerk)) is None:
        raise DraftMoved  # the visit's number is another clerk's
    return found


def drop_old(tx: Transaction, day: date, at: datetime) -> None:
    for row in tx.all("old_drafts", day=day):
        _give_up(tx, row["visit"], Request(f"leave:{row['visit']}", "hall", at))


def draft_at(tx: Transaction, window: str, clerk: str) -> CounterDraft | None:
    row = tx.one("draft_at", at_window=window, clerk=clerk)
    return _draft(tx, row) if row else None


def draft_version(tx: Transaction, visit: str, window: str, clerk: str) -> int | None:
    row = tx.one("draft_version", visit=visit, at_window=window, clerk=clerk)
    return int(row["version"]) if row else None


def keep(tx: Transaction, draft: CounterDraft, pictures: bool) -> CounterDraft:
    bound = {"visit": draft.visit, "at_window": draft.window, "clerk": draft.clerk}
    row = tx.one("keep_draft", **bound, version=draft.version, sealed=_sealed(tx, draft))
    if row is None:
        now = draft_at(tx, draft.window, draft.clerk)
        if now is None or replace(draft, version=now.version) != now:
            raise DraftMoved
        return now  # the same click twice
    if pictures:
        tx.all("keep_draft_pictures", visit=draft.visit, pictures=_pictures(tx, draft))
    return replace(draft, version=int(row["version"]))


def drop(tx: Transaction, draft: CounterDraft, request: Request) -> None:
    _give_up(tx, draft.visit, request)


def elsewhere(tx: Transaction, number: str, matter: str, visit: str) -> tuple[Elsewhere, ...]:
    who = person(tx, number)
    drafts = [
        Elsewhere(row["visit"], row["at_window"], datetime.fromisoformat(row["opened_at"]), clerk=row["clerk"])
        for row in tx.all("drafts_of", person=who, matter=matter, visit=visit)
    ]
    tickets = [
        Elsewhere(row["visit"], row["window"], datetime.fromisoformat(row["issued_at"]), row["number"], Status(row["status"]))
        for row in tx.all("tickets_of", person=who, matter=matter, visit=visit)
    ]
    return (*drafts, *tickets)


def hand_over(tx: Transaction, handed: Handed, request: Request) -> Ticket:
    return from_json(Ticket, tx.once(request, lambda: _hand_over(tx, handed, request)))


def _hand_over(tx: Transaction, handed: Handed, request: Request) -> str:
    application = handed.application
    if tx.one("draft_window", visit=application.visit) is None:
        raise DraftMoved
    who = person(tx, application.identity.number)
    for row in tx.all("tickets_of", person=who, matter=application.matter, visit=application.visit):
        if row["status"] == Status.CALLED:
            raise AtAnotherWindow(row["number"], row["window"])
    ticket = submit(tx, application, handed.place, handed.submission, With(None, handed.issued, ()))
    if handed.here and handed.issued is None:
        call_here(tx, application.visit, handed.place.day, request)
    tx.all("drop_draft", visit=application.visit)
    return to_json(replace(ticket, ahead=0) if handed.here else ticket).decode()


def _give_up(tx: Transaction, visit: str, request: Request) -> None:
    tx.all("drop_draft", visit=visit)
    leave(tx, visit, request)


def _sealed(tx: Transaction, draft: CounterDraft) -> bytes:
    typed = _Typed(draft.identity, draft.guardian, draft.flow_version, draft.given, draft.faulty)
    return tx.key.seal(to_json(typed), "counter_draft", draft.visit)


def _pictures(tx: Transaction, draft: CounterDraft) -> bytes:
    return tx.key.seal(to_json(dict(draft.pictures)), "counter_pictures", draft.visit)


def _draft(tx: Transaction, row: Row) -> CounterDraft:
    visit = row["visit"]
    typed = from_json(_Typed, tx.key.unseal(row["sealed"], "counter_draft", visit))
    return CounterDraft(
        visit,
        row["at_window"],
        row["clerk"],
        row["matter"],
        date.fromisoformat(row["working_day"]),
        datetime.fromisoformat(row["opened_at"]),
        typed.identity,
        typed.guardian,
        typed.flow_version,
        int(row["version"]),
        typed.given,
        from_json(dict[str, Attached], tx.key.unseal(row["pictures"], "counter_pictures", visit)),
        typed.faulty,
    )


class CounterCommands(Commands):
    """See hall.store.counter.CounterStore."""

    async def begin_draft(self, draft: CounterDraft) -> CounterDraft:
        return await self.write(lambda tx: begin(tx, draft))

    async def drop_old_drafts(self, day: date, at: datetime) -> None:
        await self.write(lambda tx: drop_old(tx, day, at))

    async def draft_at(self, window: str, clerk: str) -> CounterDraft | None:
        return await self.read(lambda tx: draft_at(tx, window, clerk))

    async def draft_version(self, visit: str, window: str, clerk: str) -> int | None:
        return await self.read(lambda tx: draft_version(tx, visit, window, clerk))

    async def keep_draft(self, draft: CounterDraft, pictures: bool) -> CounterDraft:
        return await self.write(lambda tx: keep(tx, draft, pictures))

    async def drop_draft(self, draft: CounterDraft, request: Request) -> None:
        await self.write(lambda tx: drop(tx, draft, request))

    async def elsewhere(self, number: str, matter: str, visit: str) -> tuple[Elsewhere, ...]:
        return await self.read(lambda tx: elsewhere(tx, number, matter, visit))

    async def submit_at_counter(self, handed: Handed, request: Request) -> Ticket:
        return await self.write(lambda tx: hand_over(tx, handed, request))
