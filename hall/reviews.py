"""复核: a second person agrees, or sends it back to the counter."""

from __future__ import annotations

from dataclasses import dataclass

from flows.application import Action, Attached, Decision, Status
from flows.flow import Matters
from flows.matters import MATTERS
from hall.amendments import Said
from hall.by import By
from hall.desk import Desk
from hall.errors import NotKnown, NotPossible, NotTaken, SamePerson
from hall.facts import told
from hall.grounds import grounds_of
from hall.store.promise_commands import hands
from hall.store.promises import InReview
from hall.store.store import KeptCase, Store
from hall.working_day import Clock, working_day


@dataclass(frozen=True)
class ReviewLine:
    """One case on the list; no name: it is a list for everybody at the counter. `hands` had it and
    cannot be its second person."""

    review: InReview
    title: str
    why: str
    hands: frozenset[str]

    @property
    def sent_back(self) -> bool:
        return self.review.standing.status is Status.SENT_BACK


class Reviews:
    """Nobody is their own second person; whatever is decided is decided once."""

    def __init__(self, store: Store, desk: Desk, clock: Clock, *, matters: Matters = MATTERS) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._matters = matters

    async def waiting(self) -> tuple[ReviewLine, ...]:
        """The longest waiting first."""
        day, lines = working_day(self._clock()), []
        for review in await self._store.in_review():
            kept = await self._store.case(review.standing.ticket.visit)
            title, why = self._matters.of(kept.application).title, self._desk.rules.why_second(kept, day)
            lines.append(ReviewLine(review, title, why, hands(kept)))
        return tuple(lines)

    async def approve(self, visit: str, seen: frozenset[str], by: By) -> Status:
        """Accepts it, if what the departments say now was on the page."""
        request = by.request(self._clock(), ["approve", visit, sorted(seen)])
        if (answer := await self._store.answered(request)) is not None:
            return Status(answer)
        kept = await self._second(visit, by)
        flow = self._matters.of(kept.application)
        basis = await self._desk.basis(flow, kept, request, seen)
        decision = Decision(visit, Action.APPROVE, by.clerk, by.window, request.at)
        return await self._store.approve(decision, request, told(flow, kept.application), basis)

    async def send_back(self, visit: str, said: Said, by: By) -> Status:
        request = by.request(self._clock(), ["send_back", visit, *said.contents()])
        if (answer := await self._store.answered(request)) is not None:
            return Status(answer)
        await self._second(visit, by)
        grounds, problems = grounds_of(Action.SEND_BACK, said.grounds, said.note)
        if problems:
            raise NotTaken(problems)
        decision = Decision(visit, Action.SEND_BACK, by.clerk, by.window, request.at, grounds[0].code, said.note, grounds=grounds)
        return await self._store.send_back(decision, request)

    async def take_up(self, visit: str, by: By) -> Status:
        """At a window that holds nothing; NotFree elsewhere."""
        if not by.window:
            raise NotKnown
        request = by.request(self._clock(), ["take_up", visit])
        return await self._store.take_up(Decision(visit, Action.TAKE_UP, by.clerk, by.window, request.at), request)

    async def picture(self, visit: str, name: str, by: By) -> Attached:
        """Its reading is covered by the opening of the case."""
        application = (await self._second(visit, by)).application
        answer = application.answers.get(name)
        found = application.attached.get(answer.value) if answer else None
        if found is None:
            raise NotKnown
        return found

    async def _second(self, visit: str, by: By) -> KeptCase:
        kept = await self._store.case(visit)
        if kept.standing.status is not Status.TO_APPROVE:
            raise NotPossible(kept.standing.status)
        if by.clerk in hands(kept):
            raise SamePerson
        return kept
