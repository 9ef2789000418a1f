"""The hall's one line: who is next, called once, and what becomes of those who do not come."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flows.application import Action, Application, Status
from flows.flow import Matters
from flows.matters import MATTERS
from flows.waiting import WaitSpan
from flows.wire import to_json
from hall.case import QueueLine
from hall.errors import FormNotUnderstood
from hall.hours import ALWAYS, Hours, Moment
from hall.line_policy import order_on
from hall.place import line_class, place_of
from hall.staff import IDLE, LONGEST
from hall.steps import StepTimes, step_times
from hall.store.line import LinePage, TicketMove, Turn
from hall.store.request import Request
from hall.store.standing import Place, Standing
from hall.store.store import Store
from hall.waiting import Waiting
from hall.windows import Windows
from hall.working_day import Clock, working_day

PAGE = 12
"""Waiting tickets on one page of the line."""

Lines = tuple[QueueLine, ...]


@dataclass(frozen=True)
class LineView:
    """A page of the line as the console shows it. `undone`: codes of matters, or whom a ticket is meant for, that somebody
    waits for and no window with a clerk can do. `last`: the visit that this window called last, "" for none."""

    day: date
    moment: Moment
    waiting: Lines
    at_windows: Lines
    held: Lines
    others: Lines
    tallies: Mapping[Status, int]
    later: int
    page: int
    undone: tuple[tuple[str, str], ...]
    wait: WaitSpan | None
    opens_at: datetime | None = None
    beside: Lines = ()
    last: str = ""


class Queue:
    """Nothing calls a ticket but a clerk's click, and each click carries its key."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        matters: Matters = MATTERS,
        hours: Hours = ALWAYS,
        windows: Windows | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._matters = matters
        self.hours = hours
        self.windows = windows or Windows()
        self.waiting = Waiting(store, clock)
        self._turned: date | None = None
        self._looking = asyncio.Lock()
        self._seen_at: tuple[int, datetime] | None = None
        self._seen: dict[int, LineView] = {}

    async def call_next(self, window: str, clerk: str, key: str) -> str | None:
        """The visit now at the window; None when nobody waits. A window that holds one gets that one."""
        await self.turn()
        request = self._request(key, clerk, window, ["call_next", window, clerk])
        return await self._store.call_next(working_day(request.at), request, self.windows.scope(window))

    async def place(self, application: Application, arrived: datetime, now: datetime, *, at_once: bool = False) -> Place:
        """Where a new ticket stands: today, or in the next open day's line. What is issued at once stands in none."""
        identity, matter, day = application.identity, application.matter, self.hours.line_day(now)
        if at_once:
            return place_of(identity, arrived, now, ALWAYS)
        slot = await self._store.appointment_of(identity.number, matter, day)
        wait = await self.expected_for(matter) if slot is None and day == working_day(now) else None
        return replace(place_of(identity, arrived, now, self.hours, slot), wait=wait)

    async def recall(self, visit: str, window: str, clerk: str, key: str) -> None:
        await self._move(Action.RECALL, visit, window, clerk, key)

    async def miss(self, visit: str, window: str, clerk: str, key: str) -> None:
        """Nobody came. NotPossible before the ticket was called often and long enough (assets/policy/queue.toml)."""
        order = order_on(working_day(self._clock()))
        rule = {"least_calls": order.no_show_calls, "called_before": self._clock() - order.no_show_after}
        await self._move(Action.MISS, visit, window, clerk, key, **rule)

    async def requeue(self, visit: str, clerk: str, key: str) -> None:
        """Back into today's line with the old number: at the place of one who comes now, or, who was held, at its own."""
        await self._move(Action.REQUEUE, visit, "", clerk, key)

    async def hold(self, visit: str, window: str, clerk: str, key: str) -> None:
        """The person fetches something: the window is free, the place is kept."""
        await self._move(Action.HOLD, visit, window, clerk, key)

    async def resume(self, visit: str, window: str, clerk: str, key: str) -> None:
        """Who was held is back, at this window or another. WindowBusy when it has somebody else."""
        await self._move(Action.RESUME, visit, window, clerk, key)

    async def take(self, visit: str, window: str, clerk: str, key: str) -> None:
        """The next matter of whom this window served last."""
        await self._move(Action.TAKE, visit, window, clerk, key)

    async def pass_on(self, visit: str, window: str, clerk: str, key: str, *, to: str, why: str) -> None:
        """To another window that does the matter, or to those with a skill ("skill:NAME"), with a head start."""
        order, standing = order_on(working_day(self._clock())), await self._store.standing(visit)
        if not order.is_passing(why) or to not in self.windows.targets(standing.ticket.matter, window):
            raise FormNotUnderstood
        due = self._clock() - timedelta(minutes=order.pass_on_bonus_min)
        await self._move(Action.PASS_ON, visit, window, clerk, key, reason=why, line=to, due=due)

    async def put_forward(self, visit: str, clerk: str, key: str, *, ground: str) -> None:
        """优先 by a ground of law; "" takes it back. Only the ground's code is kept, never what lies behind it."""
        at = self._clock()
        order, kept = order_on(working_day(at)), await self._store.case(visit)
        if ground and not order.is_ground(ground):
            raise FormNotUnderstood
        own = line_class(kept.application.identity, working_day(at))
        new = "priority" if ground else own
        bonus = max(order.bonus(new), order.bonus(own))
        arrived, due = kept.standing.arrived_at or at, kept.standing.due or at
        moved = arrived - bonus if kept.standing.not_before is None else min(due, arrived - bonus)
        named = {"reason": ground, "line_class": new, "due": moved}
        await self._move(Action.PRIORITY, visit, "", clerk, key, **named)

    async def lines(self) -> Lines:
        """Today's tickets, waiting first in calling order."""
        return self._shown(await self._store.lines(working_day(self._clock())))

    async def view(self, window: str, page: int = 1) -> LineView:
        """What the queue page shows: counts that stop at a thousand, and a dozen waiting tickets. Read once for all pages
        that look at the same moment."""
        shared = await self._shared(page)
        last = await self._store.last_at(window) or ""
        return replace(shared, beside=self._shown(await self._store.beside(window)), last=last)

    async def _shared(self, page: int) -> LineView:
        now = self._clock()
        moment = (await self._store.last_event(), now.replace(second=now.second // 5 * 5, microsecond=0))
        async with self._looking:
            if self._seen_at != moment:
                self._seen_at, self._seen = moment, {}
            if page not in self._seen:
                found = await self._store.line_page(working_day(now), most=PAGE, skip=(page - 1) * PAGE)
                open_ = await self.open_windows()
                wait = await self.waiting.of_line(open_)
                self._seen[page] = self._viewed(found, now, page, await self.undone(open_), wait)
            return self._seen[page]

    async def turn(self) -> None:
        """What is left of earlier days goes on in order or is ended. Costs nothing once a day is turned."""
        at = self._clock()
        day = working_day(at)
        if self._turned == day:
            return
        standing = self.hours.standing_day(day)
        turn = Turn(day, standing if self.hours.keep else None, standing)
        while await self._store.turn_day(turn, Request("", "hall", at)):
            pass
        self._turned = day

    async def open_windows(self) -> tuple[str, ...]:
        """Windows where a clerk is logged in."""
        now = self._clock()
        return await self._store.open_windows(now - IDLE, now - LONGEST)

    async def undone(self, open_: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Whom tickets are meant for ("" anybody) and their matters, where somebody waits in vain: no window that can do
        it is one of those with a clerk."""
        now = self._clock()
        lines = [("", matter) for matter in self._matters]
        away = [line for line in lines if self.windows.numbers and not set(open_) & set(self.windows.serving(*line))]
        skills = sorted({skill for number in self.windows.numbers for skill in self.windows.scope(number).skills})
        away += [(number, "") for number in self.windows.numbers if number not in open_]
        away += [(f"skill:{s}", "") for s in skills if not any(s in self.windows.scope(n).skills for n in open_)]
        return await self._store.stranded(working_day(now), away, now)

    async def expected(self, visit: str) -> WaitSpan | None:
        """How long a waiting ticket probably still waits; None when there is no basis to tell."""
        standing = await self._store.standing(visit)
        return await self.waiting.of(visit, self._serving(standing.meant_for, standing.ticket.matter, await self.open_windows()))

    async def expected_for(self, matter: str) -> WaitSpan | None:
        """The same for somebody who comes now with this matter."""
        return await self.waiting.of_line(self._serving("", matter, await self.open_windows()))

    async def steps(self, day: date) -> tuple[StepTimes, ...]:
        """What was measured of every sitting of a day; doubtful steps are marked, never left out."""
        return step_times(await self._store.step_times(day), day)

    def _serving(self, line: str, matter: str, open_: Sequence[str]) -> tuple[str, ...]:
        return tuple(n for n in open_ if not self.windows.numbers or n in self.windows.serving(line, matter))

    def _viewed(
        self, found: LinePage, now: datetime, page: int, undone: tuple[tuple[str, str], ...], wait: WaitSpan | None
    ) -> LineView:
        return LineView(
            day=working_day(now),
            moment=self.hours.moment(now),
            waiting=self._shown(found.waiting, (page - 1) * PAGE),
            at_windows=self._shown(found.at_windows),
            held=self._shown(found.held),
            others=self._shown(found.others),
            tallies=found.tallies,
            later=found.later,
            page=page,
            undone=undone,
            wait=wait,
            opens_at=self.hours.next_opening(now),
        )

    def _shown(self, standings: Sequence[Standing], first: int = 0) -> Lines:
        order, now = order_on(working_day(self._clock())), self._clock()
        calls, limit = order.no_show_calls, now - order.no_show_after

        def may_miss(one: Standing) -> bool:
            since = one.calls_since
            return one.calls >= calls and since is not None and (since <= limit or since > now)

        return tuple(
            QueueLine(
                s.ticket, s.status, s.window, s.calls, self._matters[s.ticket.matter].title, standing=s, may_miss=may_miss(s)
            )
            for s in standings
        )

    async def _move(self, action: Action, visit: str, window: str, clerk: str, key: str, **how: object) -> None:
        said = [str(how[name]) for name in ("reason", "line") if name in how]
        request = self._request(key, clerk, window, [action.value, visit, window, clerk, *said])
        await self._store.move_ticket(TicketMove(visit, action, working_day(request.at), **how), request)  # type: ignore[arg-type]

    def _request(self, key: str, clerk: str, window: str, contents: list[str]) -> Request:
        return Request(key, f"clerk:{clerk}", self._clock(), window, to_json(contents))
