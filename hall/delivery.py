"""Outcomes back to the departments: steps remembered one by one, closed by the department's own number."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never

from flows.application import DeliveryStep, Status
from hall.departments.connection import DepartmentFailure
from hall.store.store import OutboxEntry, OutboxStore
from hall.targets import DeliveryTarget, Ending, NotThere, State

log = logging.getLogger(__name__)

MOST_TRIES = 12
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 600.0
STEP_S = 15.0
LONGEST_SLEEP_S = 60.0
FOR_A_PERSON = datetime(9999, 12, 31, tzinfo=UTC)
"""The next try of a step that was tried often enough: a person must look at its problem."""

ENDINGS: Mapping[Status, Ending] = {Status.APPROVED: "complete", Status.REFUSED: "withdrawn"}


@dataclass(frozen=True)
class Done:
    """The step succeeded; `number` is what the department gave in return."""

    number: str = ""


@dataclass(frozen=True)
class Failed:
    """The step is tried again; `problem` is a code."""

    problem: str


@dataclass(frozen=True)
class Waits:
    """The department has not decided yet; it is asked again after so long."""

    poll_s: float


@dataclass(frozen=True)
class Decided:
    """The department agreed or refused."""

    verdict: str


Result = Done | Failed | Waits | Decided


class Deliverer:
    """Sends what the outbox holds. `wake` is set when a clerk has confirmed something."""

    def __init__(
        self, outbox: OutboxStore, targets: Sequence[DeliveryTarget], clock: Callable[[], datetime], wake: asyncio.Event
    ) -> None:
        self._outbox = outbox
        self._targets = {target.department: target for target in targets}
        self._clock = clock
        self._wake = wake

    async def run(self) -> None:
        """For ever: whatever goes wrong, the next delivery is tried."""
        while True:
            self._wake.clear()
            try:
                await self.run_once()
                sleep_s = await self._until_next_s()
            except Exception as error:  # the store is away; its error may hold a row, so only its type is logged
                log.error("deliveries_stopped", extra={"error": type(error).__name__})
                sleep_s = LONGEST_SLEEP_S
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), sleep_s)

    async def run_once(self) -> int:
        """Sends what is due and returns how many deliveries were completed; one stuck holds no other."""
        due = await self._outbox.due_deliveries(self._clock())
        done = await asyncio.gather(*(self._deliver(entry) for entry in due))
        return sum(done)

    async def _until_next_s(self) -> float:
        due = await self._outbox.next_delivery_at()
        wait_s = (due - self._clock()).total_seconds() if due else LONGEST_SLEEP_S
        return min(max(wait_s, FIRST_WAIT_S), LONGEST_SLEEP_S)

    async def _deliver(self, entry: OutboxEntry) -> bool:
        number = entry.delivery.number
        for step in entry.delivery.steps:
            if step.done_at:
                continue
            match await self._try(entry, step, number):
                case Done(given):
                    number = given or number
                    await self._outbox.step_done(entry.visit, entry.department, step.name, given, self._clock())
                case Waits(poll_s):
                    again = self._clock() + timedelta(seconds=poll_s)
                    await self._outbox.step_waits(entry.visit, entry.department, step.name, again)
                    return False
                case Decided(verdict):
                    # What is told next hangs on the others too: the outbox brings it when all have decided.
                    await self._outbox.decided(entry.visit, entry.department, verdict, self._clock())
                    return False
                case Failed(problem):
                    await self._failed(entry, step, problem)
                    return False
                case never:
                    assert_never(never)
        log.info("outcome_delivered", extra={"visit": entry.visit, "department": entry.department})
        return True

    async def _try(self, entry: OutboxEntry, step: DeliveryStep, number: str) -> Result:
        target = self._targets.get(entry.department)
        if target is None:
            return Failed("no_target")
        try:
            async with asyncio.timeout(STEP_S):
                return await _step(target, entry, step, number)
        except TimeoutError:
            return Failed("late")
        except DepartmentFailure as failure:
            return Failed(failure.reason)
        except NotThere:
            return Failed("not_there")
        except Exception as error:
            log.error("delivery_broke", extra={"department": entry.department, "error": type(error).__name__})
            return Failed("broken")

    async def _failed(self, entry: OutboxEntry, step: DeliveryStep, problem: str) -> None:
        at = next_try(step.tries + 1, self._clock())
        extra = {"visit": entry.visit, "department": entry.department, "step": step.name, "problem": problem}
        log.warning("delivery_step_failed", extra={**extra, "tries": step.tries + 1, "left_to_a_person": at == FOR_A_PERSON})
        await self._outbox.step_failed(entry.visit, entry.department, step.name, problem, at)


def next_try(tries: int, now: datetime) -> datetime:
    """When a step that failed so many times is tried again: 0.5 s, doubling to 10 minutes, twelve tries."""
    if tries >= MOST_TRIES:
        return FOR_A_PERSON
    return now + timedelta(seconds=min(FIRST_WAIT_S * 2 ** (tries - 1), LONGEST_WAIT_S))


async def _step(target: DeliveryTarget, entry: OutboxEntry, step: DeliveryStep, number: str) -> Result:
    # One key for the whole delivery: a repeat after a lost answer must meet the first attempt.
    key = f"{entry.visit}:{entry.department}"
    match step.name:
        case "accept":
            return Done(await target.accept(key, entry.application, entry.decision))
        case "read_back":
            if not await target.read_back(key, number):
                raise NotThere()
            return Done()
        case "approval":
            return _said(await target.state(number), target.poll_s)
        case "outcome":
            await target.end(key, number, ENDINGS[entry.status])
            return Done()
        case _:
            raise ValueError(step.name)


def _said(state: State, poll_s: float) -> Result:
    match state.state:
        case "pending":
            return Waits(poll_s)
        case "agreed":
            return Decided("agreed")
        case "refused":
            # Only a code is kept: a department's free text may hold anything about anybody.
            coded = re.fullmatch(r"[a-z][a-z0-9_]{0,39}", state.reason)
            return Decided(f"refused {state.reason}" if coded else "refused")
        case never:
            assert_never(never)
