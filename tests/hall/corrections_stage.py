"""What the tests of disputes share: a case with a disputed record, an owner who answers, a hall on a file."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from flows.application import Application, Attached
from flows.correction import Correction, CorrectionState
from flows.dispute import Dispute
from hall.by import By
from hall.correction_targets import CorrectionAnswer
from hall.corrections import Challenge
from hall.delivery import Deliverer
from hall.rest_book import NotThere
from tests.hall.fakes import FLOW, ME, RECORDS, Hall, filled_in, open_hall, visit_id

ONE, TWO = visit_id(1), visit_id(2)
ZHANG = By("zhang", "3")
ADDRESS = Challenge("household.address", "household", RECORDS["household.address"], "CHANGED", "佛山市禅城区文华路2号")


def by(key: str, window: str = "3") -> By:
    return By("zhang", window, key)


def picture(colour: str = "white") -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(drawn, "JPEG")
    return drawn.getvalue()


async def disputing(hall: Hall, visit: str = ONE, *, reason: str = "CHANGED", flow=FLOW, field: str = "address") -> Application:  # type: ignore[no-untyped-def]
    """A whole application whose citizen says that a record is wrong."""
    opened = await hall.open(visit, "K07", flow.code, ME)
    application = filled_in(visit, opened.lookup, hall.clock(), flow=flow)
    record = opened.lookup.records(flow.fields[field].item)[0]
    said = Dispute(record.item, record.department, record.value, record.as_of, reason)
    return replace(application, disputes={field: said})


async def disputed(hall: Hall, visit: str = ONE) -> Correction:
    """The same, submitted and called to window 3."""
    await hall.visits.submit(visit, "K07", await disputing(hall, visit))
    assert await hall.queue.call_next("3", "zhang", f"call {visit}") == visit
    (correction,) = await hall.store.corrections(visit)
    return correction


async def state(hall: Hall, correction: str) -> CorrectionState:
    return (await hall.store.correction(correction)).state


PENDING = CorrectionAnswer("pending")


@dataclass
class Owner:
    """A department that is asked; `failures` come first, `says` is its answer."""

    department: str = "household"
    poll_s: float = 2.0
    says: CorrectionAnswer = PENDING
    failures: Sequence[Exception] = ()
    forgets: bool = False

    def __post_init__(self) -> None:
        self.given: dict[str, str] = {}
        self.requests: list[tuple[str, Correction, tuple[Attached, ...]]] = []

    async def request(self, key: str, correction: Correction, evidence: Sequence[Attached]) -> str:
        self.requests.append((key, correction, tuple(evidence)))
        self._fail()
        return self.given.setdefault(key, f"JH{len(self.given) + 1}")

    async def answer(self, key: str, number: str, item: str) -> CorrectionAnswer:
        self._fail()
        if self.forgets or self.given.get(key) != number:
            raise NotThere
        return self.says

    def _fail(self) -> None:
        if self.failures:
            first, *self.failures = self.failures
            raise first


async def deliver(hall: Hall, *owners: Owner, rounds: int = 1) -> None:
    deliverer = Deliverer(hall.store, (), hall.clock, asyncio.Event(), owners)
    for _ in range(rounds):
        await deliverer.run_once()
        hall.clock.later(hours=3)


def told(story: Callable[[Hall], Awaitable[None]], folder: Path) -> None:
    async def run() -> None:
        async with open_hall(folder) as hall:
            await story(hall)

    asyncio.run(run())
