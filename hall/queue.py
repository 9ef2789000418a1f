"""The hall's one line: who is next, called once, and what becomes of those who do not come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flows.application import Action, Decision, Identity
from flows.flow import Matters
from flows.matters import MATTERS
from flows.wire import to_json
from hall.case import QueueLine
from hall.store.store import Request, Store
from hall.working_day import Clock, working_day

HEAD_STARTS: Mapping[str, timedelta] = {"ordinary": timedelta(0), "elderly": timedelta(minutes=30)}
"""A head start, not strict priority: the elderly count as having come half an hour earlier, and
nobody waits for ever."""

ELDERLY_FROM = 60  # years: 老年人权益保障法 Art. 2


def line_class(identity: Identity, day: date) -> str:
    """The row of HEAD_STARTS for a person, by the birthday on the card."""
    had_birthday = (day.month, day.day) >= (identity.birth.month, identity.birth.day)
    age = day.year - identity.birth.year - (not had_birthday)
    return "elderly" if age >= ELDERLY_FROM else "ordinary"


class Queue:
    """Nothing calls a ticket but a clerk's click, and each click carries its key."""

    def __init__(self, store: Store, clock: Clock, *, matters: Matters = MATTERS) -> None:
        self._store = store
        self._clock = clock
        self._matters = matters

    async def call_next(self, window: str, clerk: str, key: str) -> str | None:
        """The visit now at the window; None when nobody waits. A window that holds one gets that one."""
        request = self._request(key, clerk, window, ["call_next", window, clerk])
        return await self._store.call_next(working_day(request.at), request)

    async def recall(self, visit: str, window: str, clerk: str, key: str) -> None:
        await self._act(Action.RECALL, visit, window, clerk, key)

    async def miss(self, visit: str, window: str, clerk: str, key: str) -> None:
        """Nobody came. NotPossible before the ticket was called LEAST_CALLS times."""
        await self._act(Action.MISS, visit, window, clerk, key)

    async def requeue(self, visit: str, clerk: str, key: str) -> None:
        """Back into today's line with the old number, at the place of one who comes now."""
        await self._act(Action.REQUEUE, visit, "", clerk, key)

    async def lines(self) -> tuple[QueueLine, ...]:
        """Today's tickets, waiting first in calling order."""
        standings = await self._store.lines(working_day(self._clock()))
        return tuple(QueueLine(s.ticket, s.status, s.window, s.calls, self._matters[s.ticket.matter].title) for s in standings)

    async def _act(self, action: Action, visit: str, window: str, clerk: str, key: str) -> None:
        request = self._request(key, clerk, window, [action.value, visit, window, clerk])
        decision = Decision(visit, action, clerk, window, request.at)
        await self._store.act(decision, request, working_day(request.at))

    def _request(self, key: str, clerk: str, window: str, contents: list[str]) -> Request:
        return Request(key, f"clerk:{clerk}", self._clock(), window, to_json(contents))
