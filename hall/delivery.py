"""Outcomes back to the departments: steps remembered one by one, closed by the department's own number."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import assert_never

from flows.delivery import DeliveryStep
from hall.correction_targets import CorrectionTarget
from hall.delivery_steps import ByHand, Decided, Done, Failed, Place, Result, Waits, ask_owner, deliver
from hall.departments.connection import DepartmentFailure
from hall.pauses import wait_at_most
from hall.rest_book import NotThere
from hall.store.outbox import Accepted, Asked, OutboxEntry, OutboxStore
from hall.targets import DeliveryTarget, Differs

log = logging.getLogger(__name__)

WAITS_S = (1, 5, 15, 45, 4 * 60, 15 * 60, 30 * 60, 3600, 160 * 60)
"""How long a step waits after its first failure, its second and so on: four hours and a half in all. None is as long as a
lease: an instant that is there already means that the failure was told."""
MOST_TRIES = len(WAITS_S) + 1
LEAST_SLEEP_S = 0.5
LONGEST_ASKING_S = 600.0
STEP_S = 15.0
LONGEST_SLEEP_S = 60.0
FOR_A_PERSON = datetime(9999, 12, 31, tzinfo=UTC)
"""The next try of a step that was tried often enough: a person must look at its problem."""


class Deliverer:
    """Sends what the outbox holds: accepted cases to `targets`, correction requests to the records' `owners`. `wake`
    is set when a clerk has decided something. Each delivery goes its way by itself: one that hangs holds no other."""

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
        self._busy: Counter[str] = Counter()

    async def run(self) -> None:
        """For ever: whatever goes wrong, the next delivery is tried."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                try:
                    for entry in await self._due():
                        group.create_task(self._guarded(entry))
                    sleep_s = await self._until_next_s()
                except Exception as error:  # the store is away; its error may hold a row, so only its type is logged
                    log.error("deliveries_stopped", extra={"error": type(error).__name__})
                    sleep_s = LONGEST_SLEEP_S
                await wait_at_most(self._wake, sleep_s)

    async def run_once(self) -> int:
        """Sends what is due and returns how many deliveries were completed; one stuck holds no other."""
        done = await asyncio.gather(*(self._deliver(entry) for entry in await self._due()))
        return sum(done)

    async def _due(self) -> Sequence[OutboxEntry]:
        due = await self._outbox.due_deliveries(self._clock(), self._busy)
        self._busy.update(entry.department for entry in due)
        return due

    async def _guarded(self, entry: OutboxEntry) -> None:
        """What happens to one delivery ends neither the others nor the hall; the lease brings it back."""
        try:
            await self._deliver(entry)
        except Exception as error:
            log.error("delivery_dropped", extra={"department": entry.department, "error": type(error).__name__})
        finally:
            self._wake.set()  # its place is free

    async def _until_next_s(self) -> float:
        due = await self._outbox.next_delivery_at()
        wait_s = (due - self._clock()).total_seconds() if due else LONGEST_SLEEP_S
        return min(max(wait_s, LEAST_SLEEP_S), LONGEST_SLEEP_S)

    async def _deliver(self, entry: OutboxEntry) -> bool:
        try:
            return await self._steps(entry)
        finally:
            self._busy[entry.department] -= 1

    async def _steps(self, entry: OutboxEntry) -> bool:
        number, sent = entry.delivery.number, entry.delivery.sent
        for step in entry.delivery.steps:
            if step.done_at:
                continue
            match await self._try(entry, Place(step.name, number, sent, entry.again)):
                case Done(given, fingerprint):
                    number, sent = given or number, fingerprint or sent
                    await self._outbox.step_done(entry.subject, entry.department, step.name, given, self._clock(), fingerprint)
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

    async def _try(self, entry: OutboxEntry, place: Place) -> Result:
        try:
            async with asyncio.timeout(STEP_S):
                return await self._step(entry, place)
        except TimeoutError:
            return Failed("late")
        except DepartmentFailure as failure:
            return Failed(failure.reason)
        except NotThere:
            return Failed("not_there")
        except Differs:
            return Failed("differs")
        except Exception as error:
            log.error("delivery_broke", extra={"department": entry.department, "error": type(error).__name__})
            return Failed("broken")

    async def _step(self, entry: OutboxEntry, place: Place) -> Result:
        key = delivery_key(entry.subject, entry.department)
        match entry.parcel:
            case Accepted() as accepted:
                target = self._targets.get(entry.department)
                return await deliver(target, key, accepted, place) if target else Failed("no_target")
            case Asked() as asked:
                owner = self._owners.get(entry.department)
                return await ask_owner(owner, key, asked, place.step, place.number) if owner else ByHand()
            case never:
                assert_never(never)

    async def _failed(self, entry: OutboxEntry, step: DeliveryStep, problem: str) -> None:
        at = next_try(step.tries + 1, self._clock())
        if at == FOR_A_PERSON and step.name == "answer":
            at = self._clock() + timedelta(seconds=LONGEST_ASKING_S)  # it has the request: it is asked for ever
        extra = {"subject": entry.subject, "department": entry.department, "step": step.name, "problem": problem}
        log.warning("delivery_step_failed", extra={**extra, "tries": step.tries + 1, "left_to_a_person": at == FOR_A_PERSON})
        await self._outbox.step_failed(entry.subject, entry.department, step.name, problem, at)
        if at == FOR_A_PERSON and isinstance(entry.parcel, Asked):
            await self._outbox.by_hand(entry.subject, self._clock())


def delivery_key(subject: str, department: str) -> str:
    """One for the whole delivery: a repeat after a lost answer must meet the first attempt."""
    return f"{subject}:{department}"


def next_try(tries: int, now: datetime) -> datetime:
    """When a step that failed so many times is tried again; after the tenth time never by itself."""
    if tries >= MOST_TRIES:
        return FOR_A_PERSON
    return now + timedelta(seconds=WAITS_S[tries - 1])
