"""校核: disputes about departments' records, from the counter to their owners' answers and back to the citizen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

from flows.application import Attached, Lookup, Record
from flows.claims import claim_mistake, reason_mistake
from flows.correction import ANSWERING, UNDER_WAY, Correction, CorrectionAction, CorrectionNews, CorrectionState
from flows.dispute import SETTLEMENTS, Dispute
from flows.flow import Flow, Known
from flows.items import ITEMS
from flows.pictures import Paper
from flows.recheck import Problem
from flows.usage import UseKind
from hall.by import By
from hall.errors import NotAllowed, NotKnown, NotTaken
from hall.pictures import prepare
from hall.store.corrections import Move
from hall.store.store import KeptCase, Store
from hall.store.usage import Reading, Whose
from hall.working_day import Clock, working_day


class Held(Protocol):
    """The desk, as far as a dispute needs it: a case that a window has before it, and the records of now."""

    async def records(self, visit: str, window: str, clerk: str) -> tuple[KeptCase, Flow, Lookup]: ...


@dataclass(frozen=True)
class Challenge:
    """A record that a clerk was told is wrong, as the clerk saw it; `claim` may be Chinese text here."""

    item: str
    department: str
    value: str
    reason: str
    claim: str = ""


@dataclass(frozen=True)
class Sheet:
    """One request with everything that goes to the department."""

    correction: Correction
    evidence: tuple[Attached, ...]


class Corrections:
    """Each change is one move of CORRECTION_TRANSITIONS; a repeat of a click changes nothing."""

    def __init__(self, store: Store, desk: Held, clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    async def open(self, visit: str, challenge: Challenge, by: By) -> str:
        """For a citizen at the counter. What the clerk saw must still be what the department says."""
        request = by.request(self._clock(), [visit, challenge])
        if (answer := await self._store.answered(request)) is not None:
            return answer
        kept, flow, lookup = await self._desk.records(visit, by.window, by.clerk)
        dispute = _dispute(challenge, lookup)
        known = Known({}, {}, working_day(request.at))
        if wrong := reason_mistake(dispute) or claim_mistake(dispute, known):
            raise NotTaken((Problem(challenge.item, "mistaken", wrong),))
        application = kept.application
        whose = (application.identity.number, application.name)
        shown_in = (name for name in application.answers if name in flow.fields and flow.fields[name].item == dispute.item)
        row = next(shown_in, dispute.item)
        opened = Correction(str(uuid4()), visit, row, *whose, dispute, request.by, request.at, by.window)
        return await self._store.open_correction(opened, request)

    async def keep_paper(self, correction: str, field: str, by: By) -> CorrectionState:
        """A paper or picture of the case goes with the request."""
        kept = await self._store.case((await self._store.correction(correction)).visit)
        answer = kept.application.answers.get(field)
        picture = kept.application.attached.get(answer.value) if answer else None
        if picture is None:
            raise NotKnown
        return await self._add(correction, picture, by)

    async def upload(self, correction: str, content: bytes, by: By) -> CorrectionState:
        """A picture from the clerk's side; drawn anew and made small like every other."""
        request = by.request(self._clock(), [correction, Attached("", content).digest])
        if (answer := await self._store.answered(request)) is not None:
            return CorrectionState(answer)
        prepared = await prepare(content, Paper(), working_day(request.at))
        move = Move(CorrectionAction.ADD_EVIDENCE, evidence=prepared.attached)
        return await self._store.move_correction(correction, move, request)

    async def send(self, correction: str, by: By) -> CorrectionState:
        return await self._move(correction, Move(CorrectionAction.SEND), by)

    async def settle(self, correction: str, reason: str, note: str, by: By) -> CorrectionState:
        """The citizen agrees with the record after all, or takes it back."""
        if reason not in SETTLEMENTS or not SETTLEMENTS[reason].offered:
            raise NotTaken((Problem("reason", "unfinished", "请选择理由"),))
        return await self._move(correction, Move(CorrectionAction.SETTLE, reason, note), by)

    async def hand_over(self, correction: str, by: By) -> CorrectionState:
        """From now on a person takes it to the department and writes down its answer."""
        return await self._move(correction, Move(CorrectionAction.HAND_OVER), by)

    async def write_down(self, correction: str, answer: CorrectionAction, note: str, by: By) -> CorrectionState:
        """What the department answered to a person."""
        if answer not in ANSWERING:
            raise NotAllowed
        return await self._move(correction, Move(answer, note=note), by)

    async def sheet(self, correction: str, by: By) -> Sheet:
        """With its values, to be printed or looked into: each reading is written down."""
        found = await self._store.correction(correction)
        matter = (await self._store.standing(found.visit)).ticket.matter
        whose, dispute = (Whose(found.number),), found.dispute
        reading = Reading(UseKind.DISPUTE, found.visit, matter, whose, (dispute.item,), dispute.department)
        await self._store.keep_reading(reading, by.request(self._clock(), []))
        return Sheet(found, await self._store.evidence(correction))

    async def evidence(self, correction: str, position: int) -> Attached:
        """One picture of a sheet, from 1; its reading is covered by that of the sheet."""
        pictures = await self._store.evidence(correction)
        if not 0 < position <= len(pictures):
            raise NotKnown
        return pictures[position - 1]

    async def waiting(self) -> tuple[Correction, ...]:
        """Those whose owner has not answered, oldest first."""
        return await self._store.sent_corrections()

    async def of(self, number: str) -> tuple[CorrectionNews, ...]:
        """What one person said was wrong and nobody has answered yet, oldest first, without a value."""
        every = await self._store.corrections_of(number)
        return tuple(news_of(one) for one in every if one.state in UNDER_WAY)

    async def _add(self, correction: str, picture: Attached, by: By) -> CorrectionState:
        move = Move(CorrectionAction.ADD_EVIDENCE, evidence=picture)
        return await self._store.move_correction(correction, move, by.request(self._clock(), [correction, picture.digest]))

    async def _move(self, correction: str, move: Move, by: By) -> CorrectionState:
        return await self._store.move_correction(correction, move, by.request(self._clock(), [correction, move]))


def news_of(correction: Correction) -> CorrectionNews:
    dispute, answered_at = correction.dispute, correction.answered_at
    return CorrectionNews(
        correction.id,
        dispute.item,
        dispute.department,
        correction.state,
        working_day(correction.asked_at),
        working_day(answered_at) if answered_at else None,
    )


def _dispute(challenge: Challenge, lookup: Lookup) -> Dispute:
    record = _record(challenge, lookup)
    claim = ITEMS[record.item].kind.normal(challenge.claim)
    return Dispute(record.item, record.department, record.value, record.as_of, challenge.reason, claim)


def _record(challenge: Challenge, lookup: Lookup) -> Record:
    """Somebody else's record (a guardian's) is not this citizen's to dispute."""
    if challenge.item not in ITEMS or challenge.item.startswith("guardian."):
        raise NotKnown
    normal = ITEMS[challenge.item].kind.normal
    for record in lookup.records(challenge.item):
        if record.department == challenge.department and normal(record.value) == normal(challenge.value):
            return record
    raise NotTaken((Problem(challenge.item, "invented_dispute", "登记刚刚变了，请看最新内容再提出"),))
