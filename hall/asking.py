"""One department as the exchange asks it: not too much at once, not while it fails, once more when it is unusually slow."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flows.application import Outcome, Record
from flows.items import ITEMS
from hall.breaker import Breaker
from hall.departments.connection import Connection, DepartmentFailure, Purpose, Reason
from hall.hedge import Hedge
from hall.metrics import Metrics, Why
from hall.places import Places

log = logging.getLogger(__name__)

T = TypeVar("T")
Records = tuple[Record, ...]
Put = Callable[[], Coroutine[Any, Any, Records]]
"""Puts a question once; raises DepartmentFailure."""

SLOW = 0.75
"""An answer after this share of the deadline is taken, but counts as a failure: the next will be late."""

LEAST_S = 0.05
"""Who has less left when a place is free does not ask any more."""

FAIR = 0.5
"""Who waited for a place or a key may have little time left: a question that had less than this share of the
deadline says nothing about the department."""


@dataclass(frozen=True)
class Told:
    """What came of asking: records, () when there are none; or the reason why the department told nothing."""

    records: Records
    reason: Reason | None
    elapsed_ms: int

    @property
    def outcome(self) -> Outcome:
        if self.reason is not None:
            return Outcome.NO_ANSWER
        return Outcome.RECORD if self.records else Outcome.NO_RECORD


class Department:
    """Everybody's questions to one department."""

    def __init__(self, connection: Connection, budget_s: float, metrics: Metrics) -> None:
        self.connection = connection
        self._budget_s = budget_s
        self._breaker = Breaker()
        self._places = Places(connection.at_once)
        self._hedge = Hedge(self._deadline_s)
        self._metrics = metrics
        metrics.watch(connection.code, lambda: self._breaker.state, lambda: self._places.taken)

    @property
    def _deadline_s(self) -> float:
        return min(self.connection.deadline_s, self._budget_s)

    async def ask(
        self, key: str, items: Sequence[str], purpose: Purpose, *, until: float, written: Callable[[], Awaitable[None]]
    ) -> Told:
        """Asks as soon as `written` has written it down; never later than `until`, the loop's time."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        records: Records = ()
        reason: Reason | None = None
        try:
            records = await self._in_turn(lambda: self._put(key, items, purpose), until, written)
        except DepartmentFailure as failure:
            reason = failure.reason
        return Told(records, reason, round((loop.time() - began) * 1000))

    async def _in_turn(self, put: Put, until: float, written: Callable[[], Awaitable[None]]) -> Records:
        if self._breaker.is_shut:
            raise DepartmentFailure(self._breaker.reason)
        async with self._places.one(until - LEAST_S):
            # It may have begun to fail while this one waited.
            if not self._breaker.admits():
                raise DepartmentFailure(self._breaker.reason)
            await _before(until, written(), "busy")
            return await self._judged(put, until)

    async def _judged(self, put: Put, until: float) -> Records:
        """The answer, after what it says about the department was noted. One whose asker goes away says nothing."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        ends = min(began + self._deadline_s, until)
        self._hedge.asked()
        try:
            records = await _before(ends, self._first_good(put) if self.connection.hedged else put(), "late")
        except DepartmentFailure as failure:
            self._judge(failure.reason, ends - began)
            raise
        took = loop.time() - began
        self._hedge.answered(took)
        self._metrics.took(self.connection.code, took)
        self._judge("late" if took > SLOW * self._deadline_s else None, ends - began)
        return records

    def _judge(self, reason: Reason | None, given_s: float) -> None:
        log.info("department_asked", extra={"department": self.connection.code, "reason": reason or ""})
        match reason:
            case None:
                self._breaker.succeeded()
            case "wrong_person" | "busy":
                pass  # the fault of one record; ours
            case "late" if given_s < FAIR * self._deadline_s:
                pass
            case _:
                self._breaker.failed(reason)

    async def _first_good(self, put: Put) -> Records:
        """The first good answer to a question that is put once more when none has come after an unusual time, or at once
        when the line broke.

        A broken line is nobody's word. Whatever else comes is one, and the last: nonsense, a refusal or another
        person's record is not asked away.
        """
        first = asyncio.create_task(put())
        second = None
        try:
            await asyncio.wait([first], timeout=self._hedge.unusual_s)
            if not first.done():
                second = await self._once_more(put, "slow")
            elif _line_broke(first):
                second = await self._once_more(put, "down")
            return await _first_word({first, second} if second else {first})
        finally:
            await ended([first, second] if second else [first])

    async def _once_more(self, put: Put, why: Why) -> asyncio.Task[Records] | None:
        """The second question, in a place of its own; None where no place is free or second questions are too many."""
        if self._places.all_taken or not self._hedge.allows():
            return None
        await self._places.take()
        second = asyncio.create_task(put())
        second.add_done_callback(lambda _: self._places.give_back())
        self._metrics.asked_again(self.connection.code, why)
        return second

    async def _put(self, key: str, items: Sequence[str], purpose: Purpose) -> Records:
        """Puts the question once; what is not about this key is refused."""
        try:
            told = await self.connection.look_up(key, items, purpose)
        except DepartmentFailure:
            raise
        except TimeoutError:
            raise DepartmentFailure("late") from None
        except Exception as error:
            # One badly behaved connection must not stop the form. The error may quote the answer,
            # so only its type is logged.
            log.error("department_connection_broke", extra={"department": self.connection.code, "error": type(error).__name__})
            raise DepartmentFailure("garbled") from None
        _refuse_another(self.connection.key, key, told)
        return told


async def ended(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancels them and waits until they are over: a place is given back only when its question really ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _before(until: float, awaited: Awaitable[T], reason: Reason) -> T:
    """Its result, or DepartmentFailure when that has not come by then."""
    try:
        async with asyncio.timeout_at(until):
            return await awaited
    except TimeoutError:
        raise DepartmentFailure(reason) from None


async def _first_word(asking: set[asyncio.Task[Records]]) -> Records:
    while True:
        done, asking = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        words = [task for task in done if not _line_broke(task)]
        if words or not asking:
            return min(words or done, key=lambda task: task.exception() is not None).result()


def _line_broke(task: asyncio.Task[Records]) -> bool:
    failure = task.exception()
    return isinstance(failure, DepartmentFailure) and failure.reason == "down"


def _refuse_another(item: str, key: str, told: Records) -> None:
    """An answer about somebody else, or that does not say about whom, is not kept."""
    normal = ITEMS[item].kind.normal
    owners = {normal(record.value) for record in told if record.item == item}
    if told and not owners:
        raise DepartmentFailure("garbled")
    if owners - {normal(key)}:
        raise DepartmentFailure("wrong_person")
