"""Outcomes back to the departments: steps remembered one by one, closed by the department's own number."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import assert_never

from flows.delivery import DeliveryStep
from hall.correction_targets import CorrectionTarget
from hall.delivery_steps import ByHand, Decided, Done, Failed, Result, Waits, ask_owner, deliver
from hall.departments.connection import DepartmentFailure
from hall.store.outbox import Accepted, Asked, OutboxEntry, OutboxStore
from hall.targets import DeliveryTarget, NotThere

log = logging.getLogger(__name__)

MOST_TRIES = 12
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 600.0
STEP_S = 15.0
LONGEST_SLEEP_S = 60.0
FOR_A_PERSON = datetime(9999, 12, 31, tzinfo=UTC)
"""The next try of a step that was tried often enough: a person must look at its problem."""


class Deliverer:
    """Sends what the outbox holds: accepted cases to `targets`, correction requests to the records' `owners`. `wake`
    is set when a clerk has decided something."""

    def __init__(
        self,
        outbox: OutboxStore,
        targets: Sequence[DeliveryTarget],
        clock: Callable[[], datetime],
        wake: asyncio.Event,
        owners: Sequence[CorrectionTarget] = (),
    ) -> None:
        self._outbox = outbox
        self._targets = {target.department: target for target in targets}
        self._owners = {owner.department: owner for owner in owners}
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
                    await self._outbox.step_done(entry.subject, entry.department, step.name, given, self._clock())
                case Waits(poll_s):
                    again = self._clock() + timedelta(seconds=poll_s)
                    await self._outbox.step_waits(entry.subject, entry.department, step.name, again)
                    return False
                case Decided(verdict):
                    # What is told next hangs on the others too: the outbox brings it when all have decided.
                    await self._outbox.decided(entry.subject, entry.department, verdict, self._clock())
                    return False
                case ByHand():
                    await self._outbox.by_hand(entry.subject, self._clock())
                    return False
                case Failed(problem):
                    await self._failed(entry, step, problem)
                    return False
                case never:
                    assert_never(never)
        log.info("outcome_delivered", extra={"subject": entry.subject, "department": entry.department})
        return True

    async def _try(self, entry: OutboxEntry, step: DeliveryStep, number: str) -> Result:
        try:
            async with asyncio.timeout(STEP_S):
                return await self._step(entry, step.name, number)
        except TimeoutError:
            return Failed("late")
        except DepartmentFailure as failure:
            return Failed(failure.reason)
        except NotThere:
            return Failed("not_there")
        except Exception as error:
            log.error("delivery_broke", extra={"department": entry.department, "error": type(error).__name__})
            return Failed("broken")

    async def _step(self, entry: OutboxEntry, step: str, number: str) -> Result:
        # One key for the whole delivery: a repeat after a lost answer must meet the first attempt.
        key = f"{entry.subject}:{entry.department}"
        match entry.parcel:
            case Accepted() as accepted:
                target = self._targets.get(entry.department)
                return await deliver(target, key, accepted, step, number) if target else Failed("no_target")
            case Asked() as asked:
                owner = self._owners.get(entry.department)
                return await ask_owner(owner, key, asked, step, number) if owner else ByHand()
            case never:
                assert_never(never)

    async def _failed(self, entry: OutboxEntry, step: DeliveryStep, problem: str) -> None:
        at = next_try(step.tries + 1, self._clock())
        if at == FOR_A_PERSON and step.name == "answer":
            at = self._clock() + timedelta(seconds=LONGEST_WAIT_S)  # it has the request: it is asked for ever
        extra = {"subject": entry.subject, "department": entry.department, "step": step.name, "problem": problem}
        log.warning("delivery_step_failed", extra={**extra, "tries": step.tries + 1, "left_to_a_person": at == FOR_A_PERSON})
        await self._outbox.step_failed(entry.subject, entry.department, step.name, problem, at)
        if at == FOR_A_PERSON and isinstance(entry.parcel, Asked):
            await self._outbox.by_hand(entry.subject, self._clock())


def next_try(tries: int, now: datetime) -> datetime:
    """When a step that failed so many times is tried again: 0.5 s, doubling to 10 minutes, twelve tries."""
    if tries >= MOST_TRIES:
        return FOR_A_PERSON
    return now + timedelta(seconds=min(FIRST_WAIT_S * 2 ** (tries - 1), LONGEST_WAIT_S))
