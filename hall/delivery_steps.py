"""One step of a delivery: what a department is asked then, and what its answer means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from flows.application import Status
from hall.correction_targets import CorrectionTarget
from hall.rest_book import NotThere
from hall.store.outbox import Accepted, Asked
from hall.targets import DeliveryTarget, Ending, State

ENDINGS: Mapping[Status, Ending] = {
    Status.APPROVED: "complete",
    Status.MAKING: "complete",
    Status.READY: "complete",
    Status.DELIVERED: "complete",
    Status.REFUSED: "withdrawn",
}
"""What a department is told in the end; another one may be making the document by then."""


@dataclass(frozen=True)
class Done:
    """The step succeeded; `number` is what the department gave in return, `sent` the fingerprint of what it was sent."""

    number: str = ""
    sent: str = ""


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
    """The department agreed or refused, or answered what it was asked about a record."""

    verdict: str


@dataclass(frozen=True)
class ByHand:
    """This department takes no such thing over the wire: a person goes there."""


Result = Done | Failed | Waits | Decided | ByHand


@dataclass(frozen=True)
class Place:
    """Where a delivery is: its step, the department's number and the fingerprint of what it took; `again`: it was on its
    way before, so that the department may have it although nobody here knows."""

    step: str
    number: str
    sent: str = ""
    again: bool = False


async def deliver(target: DeliveryTarget, key: str, accepted: Accepted, place: Place) -> Result:
    """An accepted application. `key` is one for the whole delivery: a repeat after a lost answer must meet the
    first attempt."""
    number = place.number
    match place.step:
        case "accept":
            return await _accept(target, key, accepted, again=place.again)
        case "read_back":
            if not await target.read_back(key, number, place.sent):
                raise NotThere()
            return Done()
        case "approval":
            return _said(await target.state(number), target.poll_s)
        case "outcome":
            await target.end(key, number, ENDINGS[accepted.status])
            return Done()
        case _:
            raise ValueError(place.step)


async def _accept(target: DeliveryTarget, key: str, accepted: Accepted, *, again: bool) -> Done:
    """A department that does not know its keys would give a second number: where it can be asked, it is asked first."""
    application, decision = accepted.application, accepted.decision
    number = await target.found(key) if again else ""
    return Done(number or await target.accept(key, application, decision), target.fingerprint(application, decision))


async def ask_owner(target: CorrectionTarget, key: str, asked: Asked, step: str, number: str) -> Result:
    """A request to look into a record."""
    match step:
        case "request":
            return Done(await target.request(key, asked.correction, asked.evidence))
        case "read_back":
            await target.answer(key, number, asked.correction.dispute.item)
            return Done()
        case "answer":
            answer = await target.answer(key, number, asked.correction.dispute.item)
            return Waits(target.poll_s) if answer.state == "pending" else Decided(with_code(answer.state, answer.reason))
        case _:
            raise ValueError(step)


def with_code(verdict: str, reason: str) -> str:
    """Only a code is kept: a department's free text may hold anything about anybody."""
    return f"{verdict} {reason}" if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", reason) else verdict


def _said(state: State, poll_s: float) -> Result:
    match state.state:
        case "pending":
            return Waits(poll_s)
        case "agreed":
            return Decided("agreed")
        case "refused":
            return Decided(with_code("refused", state.reason))
        case never:
            assert_never(never)
