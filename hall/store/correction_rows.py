"""Commands on disputes: each is one move of the table, with its audit line; values are sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from flows.application import Application, Attached, Status
from flows.correction import (
    ANSWERING,
    ANSWERS,
    CORRECTION_TRANSITIONS,
    MOST_EVIDENCE,
    Correction,
    CorrectionAction,
    CorrectionState,
)
from flows.dispute import REPEATED
from flows.wire import from_json, to_json
from hall.errors import CorrectionMoved, DisputedAlready, NotAllowed, NotKnown, NotPossible, TooMuchEvidence
from hall.store.corrections import Move
from hall.store.database import Commands
from hall.store.delivery_rows import add_delivery, deliveries
from hall.store.request import Request
from hall.store.row import instant
from hall.store.transaction import Transaction

STEPS = ("request", "read_back", "answer")

CODES: Mapping[CorrectionAction, str] = {
    CorrectionAction.ADD_EVIDENCE: "correction_evidence",
    CorrectionAction.SEND: "correction_sent",
    CorrectionAction.SETTLE: "correction_settled",
    CorrectionAction.HAND_OVER: "correction_by_hand",
    CorrectionAction.CORRECT: "correction_answered",
    CorrectionAction.UPHOLD: "correction_answered",
    CorrectionAction.ASK_MORE: "correction_answered",
}


def open_disputes(tx: Transaction, application: Application, request: Request) -> None:
    """What the citizen said at the terminal, with the submission."""
    visit, number, name = application.visit, application.identity.number, application.name
    for field, dispute in application.disputes.items():
        _open(tx, Correction(str(uuid4()), visit, field, number, name, dispute, request.by, request.at), request)


def send_open(tx: Transaction, visit: str, request: Request) -> None:
    """Whatever was not settled goes to its owner: none is lost."""
    for each in _open_of(tx, visit):
        _move(tx, each, Move(CorrectionAction.SEND), request)


def replace_open(tx: Transaction, visit: str, newer: Application, request: Request) -> None:
    """The case gave way to a newer one: what is said there again is not asked twice."""
    again = {(dispute.item, dispute.department) for dispute in newer.disputes.values()}
    for each in _open_of(tx, visit):
        repeated = (each.dispute.item, each.dispute.department) in again
        move = Move(CorrectionAction.SETTLE, REPEATED) if repeated else Move(CorrectionAction.SEND)
        _move(tx, each, move, request)


def answered(tx: Transaction, correction_id: str, department: str, verdict: str, at: datetime) -> None:
    """The owner's answer, once; a person may have taken it over meanwhile."""
    names = {"subject": correction_id, "department": department}
    if tx.one("step_done", **names, name="answer", number=verdict, at=at, sent="") is None:
        return
    word, _, reason = verdict.partition(" ")
    now, action = one(tx, correction_id), CorrectionAction(word)
    if not now.by_hand and (now.state, action) in CORRECTION_TRANSITIONS:
        _move(tx, now, Move(action, reason), Request("", "hall", at))


def hand_over(tx: Transaction, correction_id: str, at: datetime) -> None:
    now = one(tx, correction_id)
    if now.state is CorrectionState.SENT and not now.by_hand:
        _move(tx, now, Move(CorrectionAction.HAND_OVER), Request("", "hall", at))


def one(tx: Transaction, correction_id: str) -> Correction:
    row = tx.one("correction", correction=correction_id)
    if row is None:
        raise NotKnown
    kept = from_json(Correction, tx.key.unseal(row["sealed"], "correction", correction_id))
    return replace(
        kept,
        state=CorrectionState(row["state"]),
        by_hand=bool(row["by_hand"]),
        reason=row["reason"],
        pictures=row["pictures"],
        answered_at=instant(row["answered_at"]),
        steps=tuple(step for delivery in deliveries(tx, correction_id) for step in delivery.steps),
    )


def of_visit(tx: Transaction, visit: str) -> tuple[Correction, ...]:
    return _these(tx, "corrections_of_visit", visit=visit)


def evidence(tx: Transaction, correction_id: str) -> tuple[Attached, ...]:
    rows = tx.all("evidence", correction=correction_id)
    return tuple(from_json(Attached, tx.key.unseal(row["sealed"], "evidence", correction_id)) for row in rows)


def is_correction(tx: Transaction, subject: str) -> bool:
    return tx.one("visit_of_correction", correction=subject) is not None


def _open(tx: Transaction, opened: Correction, request: Request) -> str:
    """The id; "" when this very record is disputed in this case already."""
    dispute, person = opened.dispute, tx.key.person(opened.number)
    names = {"item": dispute.item, "department": dispute.department}
    before = tx.one("wanting_more", person=person, **names)
    opened = replace(opened, earlier=one(tx, before["correction"]).receipt if before else "")
    sealed = tx.key.seal(to_json(opened), "correction", opened.id)
    ids = {"correction": opened.id, "visit": opened.visit}
    if tx.one("add_correction", person=person, at=request.at, sealed=sealed, **ids, **names) is None:
        return ""
    tx.event("correction_opened", request.at, opened.visit, request.window)
    tx.audit("correction_opened", request, opened.visit, (dispute.item,), f"{dispute.department} {dispute.reason}")
    return opened.id


def _move(tx: Transaction, now: Correction, move: Move, request: Request) -> CorrectionState:
    """The one place that moves a dispute and writes event and audit of it."""
    action, after = move.action, CORRECTION_TRANSITIONS.get((now.state, move.action))
    if after is None:
        raise CorrectionMoved(now.state)
    moved = replace(
        now,
        state=after,
        by_hand=now.by_hand or action is CorrectionAction.HAND_OVER,
        reason=move.reason or now.reason,
        note=move.note or now.note,
        answered_at=request.at if after in ANSWERS else None,
    )
    _keep(tx, moved)
    if move.evidence is not None:
        sealed = tx.key.seal(to_json(move.evidence), "evidence", now.id)
        tx.all("add_evidence", correction=now.id, sealed=sealed)
    if action is CorrectionAction.SEND:
        add_delivery(tx, now.id, now.dispute.department, STEPS, request.at)
    elif after is not now.state or action is CorrectionAction.HAND_OVER:
        tx.all("end_delivery", subject=now.id)
    outcome = f"{now.dispute.department} {after} {move.reason}".rstrip()
    tx.event(CODES[action], request.at, now.visit, request.window)
    tx.audit(CODES[action], request, now.visit, (now.dispute.item,), outcome)
    return after


def _keep(tx: Transaction, moved: Correction) -> None:
    tx.all(
        "move_correction",
        correction=moved.id,
        state=moved.state,
        by_hand=int(moved.by_hand),
        reason=moved.reason,
        answered_at=moved.answered_at,
        sealed=tx.key.seal(to_json(moved), "correction", moved.id),
    )


def _open_of(tx: Transaction, visit: str) -> Iterator[Correction]:
    return (each for each in of_visit(tx, visit) if each.state is CorrectionState.OPEN)


def _these(tx: Transaction, query: str, **values: str | bytes | date) -> tuple[Correction, ...]:
    return tuple(one(tx, row["correction"]) for row in tx.all(query, **values))


class CorrectionCommands(Commands):
    """See hall.store.corrections.CorrectionStore."""

    async def open_correction(self, correction: Correction, request: Request) -> str:
        return await self.write(lambda tx: tx.once(request, lambda: _opened(tx, correction, request)))

    async def move_correction(self, correction: str, move: Move, request: Request) -> CorrectionState:
        return CorrectionState(await self.write(lambda tx: tx.once(request, lambda: _moved(tx, correction, move, request))))

    async def correction(self, correction: str) -> Correction:
        return await self.read(lambda tx: one(tx, correction))

    async def evidence(self, correction: str) -> tuple[Attached, ...]:
        return await self.read(lambda tx: evidence(tx, correction))

    async def corrections(self, visit: str) -> tuple[Correction, ...]:
        return await self.read(lambda tx: of_visit(tx, visit))

    async def corrections_of(self, number: str) -> tuple[Correction, ...]:
        return await self.read(lambda tx: _these(tx, "corrections_of_person", person=tx.key.person(number)))

    async def unheard(self, number: str) -> tuple[Correction, ...]:
        return await self.read(lambda tx: _these(tx, "unheard_corrections", person=tx.key.person(number)))

    async def sent_corrections(self) -> tuple[Correction, ...]:
        return await self.read(lambda tx: _these(tx, "sent_corrections"))

    async def heard(self, number: str, corrections: Sequence[str], request: Request) -> None:
        await self.write(lambda tx: tx.once(request, lambda: _heard(tx, number, corrections, request)))

    async def send_left(self, day: date, request: Request) -> int:
        return await self.write(lambda tx: _send_left(tx, day, request))

    async def by_hand(self, subject: str, at: datetime) -> None:
        await self.write(lambda tx: hand_over(tx, subject, at))


def _opened(tx: Transaction, correction: Correction, request: Request) -> str:
    _held(tx, correction.visit, request.window)
    opened = _open(tx, correction, request)
    if not opened:
        raise DisputedAlready
    return opened


def _moved(tx: Transaction, correction_id: str, move: Move, request: Request) -> str:
    """A clerk's move. What only its owner may answer is refused."""
    now = one(tx, correction_id)
    if now.state is CorrectionState.OPEN:
        _held(tx, now.visit, request.window)
    if now.state is CorrectionState.SENT and move.action in ANSWERING and not now.by_hand:
        raise NotAllowed
    if move.evidence is not None and now.pictures >= MOST_EVIDENCE:
        raise TooMuchEvidence
    return _move(tx, now, move, request).value


def _heard(tx: Transaction, number: str, corrections: Sequence[str], request: Request) -> str:
    for correction_id in corrections:
        row = tx.one("hear_correction", correction=correction_id, person=tx.key.person(number), at=request.at)
        if row is not None:
            tx.audit("correction_told", request, row["visit"], (row["item"],), row["department"])
    return ""


def _send_left(tx: Transaction, day: date, request: Request) -> int:
    left = _these(tx, "left_corrections", day=day)
    for each in left:
        _move(tx, each, Move(CorrectionAction.SEND), request)
    return len(left)


def _held(tx: Transaction, visit: str, window: str) -> None:
    """Only the window that has the case, and only before it is decided."""
    ticket = tx.one("ticket", visit=visit)
    if ticket is None:
        raise NotKnown
    if ticket["status"] != Status.CALLED:
        raise NotPossible(Status(ticket["status"]))
    if ticket["window"] != window:
        raise NotAllowed
