"""Outcomes back to the departments: steps remembered one by one, closed by the department's own number."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from flows.application import Application, Decision, DeliveryStep
from hall.departments import read_settings
from hall.departments.connection import DepartmentFailure, Setting
from hall.departments.rest import Http, parse
from hall.store.store import OutboxEntry, OutboxStore

log = logging.getLogger(__name__)

MOST_TRIES = 12
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 600.0
STEP_S = 15.0
LONGEST_SLEEP_S = 60.0
FOR_A_PERSON = datetime(9999, 12, 31, tzinfo=UTC)
"""The next try of a step that was tried often enough: a person must look at its problem."""


class DeliveryTarget(Protocol):
    """A department that takes outcomes."""

    @property
    def department(self) -> str: ...

    async def accept(self, key: str, application: Application, decision: Decision) -> str:
        """The department's own number (受理编号); the same one whenever it is asked again with this key."""
        ...

    async def read_back(self, key: str, number: str) -> bool:
        """Whether the department really has it."""
        ...


class NotThere(Exception):
    """The department gave a number, but has no such application."""


class RestTarget:
    """A department that takes applications over REST: POST with Idempotency-Key, then GET."""

    def __init__(self, setting: Setting) -> None:
        self.department = setting.code
        self._path = setting.options["applications_path"]
        self._http = Http(setting)

    async def accept(self, key: str, application: Application, decision: Decision) -> str:
        body = json.dumps(_told(application, decision), ensure_ascii=False).encode()
        answer = await self._ask("POST", self._path, body, {"Idempotency-Key": key})
        number = answer.get("number")
        if not isinstance(number, str) or not number:
            raise DepartmentFailure("garbled")
        return number

    async def read_back(self, key: str, number: str) -> bool:
        answer = await self._ask("GET", f"{self._path}/{quote(number, safe='')}", b"", {})
        return answer.get("number") == number and answer.get("key") == key

    async def close(self) -> None:
        await self._http.close()

    async def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> dict[str, object]:
        answer = await self._http.ask(method, path, "application/json", body, headers)
        told = {} if answer is None else parse(answer)
        if not isinstance(told, dict):
            raise DepartmentFailure("garbled")
        return told


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
            problem, given = await self._try(entry, step, number)
            number = given or number
            if problem:
                await self._failed(entry, step, problem)
                return False
            await self._outbox.step_done(entry.visit, entry.department, step.name, given, self._clock())
        log.info("outcome_delivered", extra={"visit": entry.visit, "department": entry.department})
        return True

    async def _try(self, entry: OutboxEntry, step: DeliveryStep, number: str) -> tuple[str, str]:
        """The problem, if any, and the number that the step brought."""
        target = self._targets.get(entry.department)
        if target is None:
            return "no_target", ""
        try:
            async with asyncio.timeout(STEP_S):
                return "", await _step(target, entry, step, number)
        except TimeoutError:
            return "late", ""
        except DepartmentFailure as failure:
            return failure.reason, ""
        except NotThere:
            return "not_there", ""
        except Exception as error:
            log.error("delivery_broke", extra={"department": entry.department, "error": type(error).__name__})
            return "broken", ""

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


def targets(folder: Path, state: Path) -> tuple[RestTarget, ...]:
    """The departments whose TOML file names an `applications_path`."""
    return tuple(RestTarget(setting) for setting in read_settings(folder, state) if "applications_path" in setting.options)


async def _step(target: DeliveryTarget, entry: OutboxEntry, step: DeliveryStep, number: str) -> str:
    # One key for the whole delivery: a repeat after a lost answer must meet the first attempt.
    key = f"{entry.visit}:{entry.department}"
    match step.name:
        case "accept":
            return await target.accept(key, entry.application, entry.decision)
        case "read_back":
            if not await target.read_back(key, number):
                raise NotThere()
            return ""
        case _:
            raise ValueError(step.name)


def _told(application: Application, decision: Decision) -> dict[str, object]:
    """What the department gets to know: the person, the answers with their sources, who accepted it."""
    return {
        "visit": application.visit,
        "matter": application.matter,
        "idNo": application.identity.number,
        "name": application.identity.name,
        "answers": {
            name: {"value": answer.value, "source": answer.source.name or answer.source.kind}
            for name, answer in application.answers.items()
        },
        "submittedAt": application.submitted_at.isoformat(),
        "acceptedAt": decision.at.isoformat(),
        "acceptedBy": decision.by,
        "window": decision.window,
    }
