"""Departments that take correction requests about their records over REST, and say what came of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast, get_args

from flows.application import Attached
from flows.correction import Correction
from flows.dispute import DISPUTE_REASONS
from flows.items import ITEMS
from hall.departments.connection import OWN_KEY, DepartmentFailure
from hall.departments.setting import Setting
from hall.rest_book import NotThere, RestBook

Answering = Literal["pending", "corrected", "upheld", "needs_more"]


@dataclass(frozen=True)
class CorrectionAnswer:
    """How a request stands with the record's owner; `reason` is its own code."""

    state: Answering
    reason: str = ""


class CorrectionTarget(Protocol):
    """A department that looks into its own records."""

    @property
    def department(self) -> str: ...

    @property
    def poll_s(self) -> float:
        """How often it is asked for its answer."""
        ...

    async def request(self, key: str, correction: Correction, evidence: Sequence[Attached]) -> str:
        """The department's own number; the same one whenever it is asked again with this key."""
        ...

    async def answer(self, key: str, number: str, item: str) -> CorrectionAnswer:
        """How it stands; raises NotThere, and DepartmentFailure for what is about another request."""
        ...


class RestCorrections:
    """POST with Idempotency-Key, then GET to read it back and for the answer. `hall` is how this hall calls itself."""

    def __init__(self, setting: Setting, hall: str) -> None:
        self.department, self.poll_s = setting.code, setting.poll_s
        self._hall = hall
        self._book = RestBook(setting, setting.options["corrections_path"])

    async def request(self, key: str, correction: Correction, evidence: Sequence[Attached]) -> str:
        asked = json.dumps(_asked(correction, evidence, self._hall), ensure_ascii=False)
        return await self._book.add(key, asked.encode())

    async def answer(self, key: str, number: str, item: str) -> CorrectionAnswer:
        entry = await self._book.entry(number)
        if entry is None:
            raise NotThere()
        state, reason = entry.get("state"), entry.get("reason", "")
        same = (entry.get("number"), entry.get("key"), entry.get("item")) == (number, key, item)
        if not same or state not in get_args(Answering):
            raise DepartmentFailure("garbled")
        return CorrectionAnswer(cast(Answering, state), reason if isinstance(reason, str) else "")

    async def close(self) -> None:
        await self._book.close()


def correction_targets_of(settings: Iterable[Setting], hall: str) -> tuple[RestCorrections, ...]:
    """The departments whose TOML file names a `corrections_path`; a request says whose record it is by number, so one
    that knows people by another key is asked by hand."""
    asked = (s for s in settings if "corrections_path" in s.options and s.key == OWN_KEY)
    return tuple(RestCorrections(setting, hall) for setting in asked)


def _asked(correction: Correction, evidence: Sequence[Attached], hall: str) -> dict[str, object]:
    """What the owner gets to know: whose record it is, what it says, why that is said to be wrong, and who asks."""
    dispute = correction.dispute
    reason = DISPUTE_REASONS.get(dispute.reason)
    return {
        "request": correction.id,
        "idNo": correction.number,
        "name": correction.name,
        "item": dispute.item,
        "title": ITEMS[dispute.item].title if dispute.item in ITEMS else dispute.item,
        "value": dispute.value,
        "asOf": dispute.as_of.isoformat(),
        "reason": dispute.reason,
        "reasonWords": reason.formal if reason else dispute.reason,
        "claim": dispute.claim,
        "evidence": [
            {"digest": one.digest, "mediaType": one.media_type, "content": base64.b64encode(one.content).decode()}
            for one in evidence
        ],
        "earlier": correction.earlier,
        "askedAt": correction.asked_at.isoformat(),
        "askedBy": correction.asked_by,
        "window": correction.window,
        "hall": hall,
    }
