"""Commands on visits and submitted applications; personal data goes through the field key only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flows.application import Application, Identity, Lookup, Status, Ticket
from flows.correction import CorrectionNews
from flows.kept import Offer
from flows.waiting import MOST_AHEAD
from flows.wire import from_json, to_json
from hall.certificates import Issued
from hall.errors import AnotherRequest, NotKnown
from hall.store import certificate_rows
from hall.store.appointment_rows import take_appointment
from hall.store.certificate_rows import keep_certificate
from hall.store.correction_rows import open_disputes, replace_open, send_open
from hall.store.database import Commands
from hall.store.document_rows import keep_of_submission
from hall.store.documents import NewDocument
from hall.store.request import Request
from hall.store.row import Row, instant
from hall.store.standing import Place
from hall.store.store import KeptVisit
from hall.store.transaction import Transaction

ABANDONED = timedelta(hours=24)
"""Longer than a night: a terminal may bring a visit's submission in its outbox the next morning."""

IN_LINE, ISSUED = "A", "Z"
"""The letters of ticket numbers: one series stands in line, the other ended where it began."""


@dataclass(frozen=True)
class _Opened:
    """The sealed part of a visit."""

    identity: Identity
    lookup: Lookup
    flow_version: str = ""  # visits of a hall before it kept versions
    guardian: Identity | None = None
    corrections: tuple[CorrectionNews, ...] = ()
    kept: tuple[Offer, ...] = ()


def keep_visit(tx: Transaction, kept: KeptVisit, request: Request) -> KeptVisit:
    tx.once(request, lambda: _keep(tx, kept, request))
    first = kept_visit(tx, kept.visit)
    if first is None:
        raise NotKnown
    return first


def _keep(tx: Transaction, kept: KeptVisit, request: Request) -> str:
    tx.all("drop_abandoned", before=request.at - ABANDONED)
    opened = _Opened(kept.identity, kept.lookup, kept.flow_version, kept.guardian, kept.corrections, kept.kept)
    sealed = tx.key.seal(to_json(opened), "visit", kept.visit)
    place = {"visit": kept.visit, "terminal": kept.terminal, "matter": kept.matter}
    tx.all("add_visit", **place, today=kept.today, at=request.at, sealed=sealed)
    row = tx.one("visit", visit=kept.visit)
    if row is None or row["state"] != "open":
        raise NotKnown
    tx.audit("visit_opened", request, kept.visit, outcome=kept.matter)
    return ""


def kept_visit(tx: Transaction, visit: str) -> KeptVisit | None:
    row = tx.one("visit", visit=visit)
    if row is None or row["sealed"] is None:
        return None
    opened = from_json(_Opened, tx.key.unseal(row["sealed"], "visit", visit))
    today = date.fromisoformat(row["today"])
    return KeptVisit(
        visit,
        row["terminal"],
        row["matter"],
        opened.identity,
        opened.lookup,
        today,
        submitted=row["state"] == "submitted",
        flow_version=opened.flow_version,
        guardian=opened.guardian,
        corrections=opened.corrections,
        kept=opened.kept,
    )


def leave(tx: Transaction, visit: str, request: Request) -> None:
    tx.once(request, lambda: _leave(tx, visit, request))


def _leave(tx: Transaction, visit: str, request: Request) -> str:
    row = tx.one("visit", visit=visit)
    if row is not None and row["state"] == "submitted":
        return ""
    tx.all("left_before_opening", visit=visit, at=request.at)
    tx.all("drop_visit", visit=visit)
    tx.audit("visit_left", request, visit)
    return ""


def ticket(tx: Transaction, request: Request) -> Ticket | None:
    answer = tx.answered(request)
    return None if answer is None else from_json(Ticket, answer)


@dataclass(frozen=True)
class With:
    """What goes with a submission: records of a visit never opened here, what ends the matter at once, what is kept."""

    lookup: Lookup | None
    issued: Issued | None
    documents: tuple[NewDocument, ...]


def submit(tx: Transaction, application: Application, place: Place, request: Request, given: With) -> Ticket:
    return from_json(Ticket, tx.once(request, lambda: _submit(tx, application, place, request, given)))


def _submit(tx: Transaction, application: Application, place: Place, request: Request, given: With) -> str:
    if tx.one("ticket", visit=application.visit) is not None:
        raise AnotherRequest  # its first answer is forgotten: whether this is the same, nobody can say any more
    kept = kept_visit(tx, application.visit)
    records, issued = kept.lookup if kept else given.lookup, given.issued
    if records is None:
        raise NotKnown
    tx.all("visit_submitted", visit=application.visit)
    place = _place_of_earlier(tx, application, place, request)
    take_appointment(tx, application.visit, place, request)
    tx.all(
        "add_application",
        visit=application.visit,
        person=person(tx, application.identity.number),
        sealed=sealed_application(tx, application),
        lookup=tx.key.seal(to_json(records), "lookup", application.visit),
    )
    ticket = _ticket(tx, application, place, request.at, Status.ISSUED if issued else Status.SUBMITTED)
    tx.event("ticket_issued", request.at, application.visit)
    tx.audit("ticket_issued", request, application.visit, outcome="to_counter" if application.to_counter else "")
    open_disputes(tx, application, request)
    if issued:
        keep_certificate(tx, issued, ticket.number, request)
        send_open(tx, application.visit, request)
    keep_of_submission(tx, application, given.documents, request)
    return to_json(ticket).decode()


def _place_of_earlier(tx: Transaction, application: Application, place: Place, request: Request) -> Place:
    """Whoever submits a matter again, at this terminal or another, is called once and keeps the place in the line."""
    who = person(tx, application.identity.number)
    kept = place
    for earlier in tx.all("visits_of", person=who):
        visit = str(earlier["visit"])
        row = tx.one("replace_waiting", matter=application.matter, visit=visit)
        if row is None:
            continue
        if row["queue_day"] == place.day.isoformat() and not place.appointment:
            kept = _place_of(row, kept)
        tx.event("ticket_replaced", request.at, visit)
        tx.audit("ticket_replaced", request, visit)
        replace_open(tx, visit, application, request)
    return kept


def _place_of(row: Row, place: Place) -> Place:
    arrived, not_before = instant(row["arrived_at"]), instant(row["not_before"])
    due, named = datetime.fromisoformat(row["due"]), {"line_class": row["class"], "ground": row["ground"]}
    return replace(place, due=due, arrived=arrived, not_before=not_before, **named)


def _ticket(tx: Transaction, application: Application, place: Place, at: datetime, status: Status) -> Ticket:
    letter = ISSUED if status is Status.ISSUED else IN_LINE
    count = tx.all("next_number", day=place.day, letter=letter)[0]["number"]
    number = f"{letter}{count:03}"
    names = {"visit": application.visit, "number": number, "matter": application.matter, "status": status.value}
    names |= {"class": place.line_class, "ground": place.ground}
    stands = {"day": place.day, "due": place.due, "arrived": place.arrived or place.due, "not_before": place.not_before or ""}
    row = tx.all("add_ticket", **names, **stands, at=at)[0]
    if status is not Status.SUBMITTED:
        return Ticket(number, application.visit, application.matter, place.day, at, 0)
    ahead = tx.all("ahead", day=place.day, due=place.due, id=row["id"], most=MOST_AHEAD)[0]["ahead"]
    return Ticket(number, application.visit, application.matter, place.day, at, int(ahead), wait=place.wait)


def person(tx: Transaction, number: str) -> bytes:
    return tx.key.person(number)


def sealed_application(tx: Transaction, application: Application) -> bytes:
    return tx.key.seal(to_json(application), "application", application.visit)


def visits_of(tx: Transaction, number: str) -> tuple[str, ...]:
    return tuple(row["visit"] for row in tx.all("visits_of", person=person(tx, number)))


class VisitCommands(Commands):
    """See hall.store.store.VisitStore."""

    async def keep_visit(self, kept: KeptVisit, request: Request) -> KeptVisit:
        return await self.write(lambda tx: keep_visit(tx, kept, request))

    async def visit(self, visit: str) -> KeptVisit | None:
        return await self.read(lambda tx: kept_visit(tx, visit))

    async def leave(self, visit: str, request: Request) -> None:
        await self.write(lambda tx: leave(tx, visit, request))

    async def ticket(self, request: Request) -> Ticket | None:
        return await self.read(lambda tx: ticket(tx, request))

    async def submit(
        self,
        application: Application,
        place: Place,
        request: Request,
        lookup: Lookup | None = None,
        issued: Issued | None = None,
        documents: tuple[NewDocument, ...] = (),
    ) -> Ticket:
        given = With(lookup, issued, documents)
        return await self.write(lambda tx: submit(tx, application, place, request, given))

    async def certificate(self, visit: str) -> Issued | None:
        return await self.read(lambda tx: certificate_rows.of_visit(tx, visit))

    async def certificate_by(self, code: str) -> Issued | None:
        return await self.read(lambda tx: certificate_rows.by_code(tx, code))

    async def visits_of(self, number: str) -> tuple[str, ...]:
        return await self.read(lambda tx: visits_of(tx, number))
