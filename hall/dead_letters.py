"""死信: deliveries that were given up, and what a supervisor does with them: resend, take out, carry by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.flow import Flow, Matters
from flows.matters import MATTERS
from flows.usage import UseKind
from flows.wire import to_json
from hall.by import By
from hall.delivery import delivery_key
from hall.departments.connection import DepartmentFailure
from hall.errors import AcceptedAlready, FormNotUnderstood
from hall.rest_book import LONGEST_NUMBER
from hall.store.dead_letters import Addressed, Counts, Troubled
from hall.store.outbox import Accepted
from hall.store.request import Request
from hall.store.store import Store
from hall.store.usage import Reading, Whose
from hall.targets import DeliveryTarget, package
from hall.working_day import SHANGHAI, Clock

MOST_SHOWN = 400


@dataclass(frozen=True)
class Overview:
    """Every delivery that somebody may want to look at, with the counts by department."""

    counts: Mapping[str, Counts]
    troubled: tuple[Troubled, ...]


@dataclass(frozen=True)
class Package:
    """One application as it would be sent, to be carried to a department. `seal` is the SM3 digest of `contents`, also in
    the audit: a file that comes back can be told from a forged one."""

    department: str
    key: str
    accepted: Accepted
    flow: Flow
    contents: bytes
    seal: str
    at: datetime
    hall: str

    @property
    def json(self) -> bytes:
        head = {"hall": self.hall, "department": self.department, "key": self.key, "takenOutAt": self.at.isoformat()}
        whole = {**head, "seal": {"sm3": self.seal}, "contents": json.loads(self.contents)}
        return json.dumps(whole, ensure_ascii=False, indent=1).encode()


class DeadLetters:
    """Nothing here sends: what is resent, the deliverer sends."""

    def __init__(
        self, store: Store, targets: Sequence[DeliveryTarget], clock: Clock, *, hall: str = "", matters: Matters = MATTERS
    ) -> None:
        self._store = store
        self._targets = {target.department: target for target in targets}
        self._clock = clock
        self._hall = hall
        self._matters = matters

    async def overview(self, department: str = "") -> Overview:
        """`accepted` counts since midnight in the hall."""
        midnight = self._clock().astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        counts = dict(await self._store.delivery_counts(midnight))
        for code in self._targets:
            counts.setdefault(code, Counts())
        return Overview(counts, await self._store.troubled(department, MOST_SHOWN))

    async def resend(self, letters: Sequence[Addressed], by: By) -> int:
        """How many go out again, with a fresh budget of tries."""
        return await self._store.resend(letters, self._request(by, ["resend", *map(_named, letters)]))

    async def resend_all(self, department: str, by: By) -> int:
        """Everything that was given up for a department by now."""
        request = self._request(by, ["resend all", department])
        if (answer := await self._store.answered(request)) is not None:
            return int(answer)
        return await self._store.resend(await self._store.dead_letters(department), request)

    async def reopen(self, letters: Sequence[Addressed], by: By) -> int:
        """What the department lost is sent from the beginning."""
        return await self._store.reopen(letters, self._request(by, ["reopen", *map(_named, letters)]))

    async def package(self, at: Addressed, by: By) -> Package:
        """What a person carries to the department; a read of a person's application, so it is audited first."""
        accepted = await self._store.letter(at)
        application = accepted.application
        contents = json.dumps(package(application, accepted.decision), ensure_ascii=False).encode()
        seal = hashlib.new("sm3", contents).hexdigest()
        guardian = (Whose(application.guardian.number, as_guardian=True),) if application.guardian else ()
        whose = (Whose(application.identity.number), *guardian)
        reading = Reading(UseKind.EXPORTED, at.subject, application.matter, whose, (), f"{at.department} {seal}")
        await self._store.keep_reading(reading, self._request(by, []))
        flow, key = self._matters.of(application), delivery_key(at.subject, at.department)
        return Package(at.department, key, accepted, flow, contents, seal, self._clock(), self._hall)

    async def carried(self, at: Addressed, number: str, by: By) -> None:
        """A person took it there. A department that can be asked and has it under another number keeps that one:
        AcceptedAlready, so that no case is accepted twice."""
        number = number.strip()
        if not 0 < len(number) <= LONGEST_NUMBER or not number.isprintable():
            raise FormNotUnderstood
        request = self._request(by, ["carried", _named(at), number])
        if await self._store.answered(request) is None and (there := await self._found(at)) not in ("", number):
            raise AcceptedAlready(there)
        await self._store.carried(at, number, request)

    async def _found(self, at: Addressed) -> str:
        """The number under which the department has it; "" also when it cannot be asked now: it is asked at night."""
        target = self._targets.get(at.department)
        try:
            return await target.found(delivery_key(at.subject, at.department)) if target else ""
        except DepartmentFailure:
            return ""

    def _request(self, by: By, contents: Sequence[str]) -> Request:
        return Request(by.key, f"clerk:{by.clerk}", self._clock(), by.window, to_json([by.clerk, *contents]))


def _named(at: Addressed) -> str:
    return delivery_key(at.subject, at.department)
