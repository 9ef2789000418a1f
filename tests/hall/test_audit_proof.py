"""What a running hall knows of its audit's chain: all of it, without anybody waiting for a long one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hall import audit_proof
from hall.audit import AuditEvent
from hall.audit_proof import AuditProof, Proof
from hall.errors import AuditUnavailable
from hall.store.request import Request
from tests.hall.fakes import NOON, Hall, change, open_hall, visit_id
from tests.patience import SOON_S

ONE = visit_id(1)
OTHER_ACTOR = "UPDATE audit SET actor = 'clerk:wang' WHERE number = 2"


@dataclass
class Rests:
    """The pauses between pieces: nobody waits in a test, but whoever asks meanwhile comes in between."""

    proof: AuditProof | None = None
    seen: list[Proof] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        assert self.proof
        assert seconds > 0
        self.seen.append(await self.proof.proof())


@asynccontextmanager
async def proving(folder: Path, lines: int, rests: Rests | None = None) -> AsyncIterator[tuple[Hall, AuditProof]]:
    async with open_hall(folder) as hall:
        await written(hall, lines)
        rests = rests or Rests()
        rests.proof = AuditProof(hall.store, hall.clock, rests)
        yield hall, rests.proof


async def written(hall: Hall, lines: int) -> None:
    for _ in range(lines):
        await hall.store.audit("case_opened", Request("", "clerk:zhang", NOON), ONE)


def test_a_short_chain_is_proved_for_whoever_looks_first_and_goes_on_with_every_line(tmp_path: Path) -> None:
    async def story() -> None:
        async with proving(tmp_path, lines=3) as (hall, proof):
            assert await proof.proof() == Proof(NOON, None, None)
            await written(hall, 3)
            hall.clock.later(minutes=5)
            assert await proof.proof() == Proof(NOON, None, None)
            await written(hall, 1)
            change(hall.path, "UPDATE audit SET outcome = 'nothing' WHERE number = 7")
            assert await proof.proof() == Proof(NOON, 7, None)

    asyncio.run(story())


def test_lines_that_were_cut_off_at_the_end_are_missed(tmp_path: Path) -> None:
    async def story() -> None:
        async with proving(tmp_path, lines=6) as (hall, proof):
            assert (await proof.proof()).broken is None
            change(hall.path, "DELETE FROM audit WHERE number > 4")
            assert (await proof.proof()).broken == 5

    asyncio.run(story())


def test_an_old_line_that_was_changed_is_found_when_an_auditor_asks(tmp_path: Path) -> None:
    async def story() -> None:
        async with proving(tmp_path, lines=3) as (hall, proof):
            await proof.proof()
            change(hall.path, OTHER_ACTOR)
            hall.clock.later(minutes=5)
            assert await proof.proof() == Proof(NOON, None, None)
            await proof.anew()
            assert await proof.proof() == Proof(hall.clock(), 2, None)

    asyncio.run(story())


def test_an_old_line_that_was_changed_is_found_within_a_day(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with proving(tmp_path, lines=3) as (hall, proof):
            await proof.look()
            change(hall.path, OTHER_ACTOR)
            hall.clock.later(hours=23)
            await proof.look()
            assert await proof.proof() == Proof(NOON, None, None)
            hall.clock.later(hours=1)
            await proof.look()
            assert await proof.proof() == Proof(hall.clock(), 2, None)

    with caplog.at_level(logging.ERROR):
        asyncio.run(story())
    assert [(one.message, one.__dict__["line"]) for one in caplog.records] == [("audit_broken", 2)]


def test_a_long_chain_is_followed_in_pieces_and_looked_at_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_proof, "PIECE", 4)
    rests = Rests()

    async def story() -> None:
        async with proving(tmp_path, lines=18, rests=rests) as (_, proof):
            await proof.look()
            assert await proof.proof() == Proof(NOON, None, None)

    asyncio.run(story())
    assert rests.seen == [Proof(None, None, 8), Proof(None, None, 16), Proof(NOON, None, None)]


def test_while_a_long_chain_is_followed_again_what_was_proved_still_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_proof, "PIECE", 4)

    async def story() -> None:
        async with proving(tmp_path, lines=18) as (hall, proof):
            await proof.look()
            hall.clock.later(hours=1)
            await proof.anew()
            assert await proof.proof() == Proof(NOON, None, 4)
            await proof.look()
            assert await proof.proof() == Proof(hall.clock(), None, None)

    asyncio.run(story())


def test_a_line_written_while_the_chain_is_read_breaks_nothing(tmp_path: Path) -> None:
    class Busy:
        """Something is written after every answer."""

        def __init__(self, hall: Hall) -> None:
            self.hall = hall

        async def last_audit(self) -> int:
            newest = await self.hall.store.last_audit()
            await written(self.hall, 1)
            return newest

        async def audit_after(self, number: int, limit: int) -> tuple[AuditEvent, ...]:
            lines = await self.hall.store.audit_after(number, limit)
            await written(self.hall, 1)
            return lines

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await written(hall, 3)
            proof = AuditProof(Busy(hall), hall.clock)  # type: ignore[arg-type]
            assert [(await proof.proof()).broken for _ in range(3)] == [None] * 3

    asyncio.run(story())


def test_a_store_that_is_away_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_proof, "LOOK_S", 0.001)
    back = asyncio.Event()

    class Away:
        """Refuses three times."""

        def __init__(self, hall: Hall) -> None:
            self.hall, self.times = hall, 0

        async def last_audit(self) -> int:
            self.times += 1
            if self.times <= 3:
                raise AuditUnavailable
            back.set()
            return await self.hall.store.last_audit()

        def __getattr__(self, name: str) -> object:
            return getattr(self.hall.store, name)

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await written(hall, 3)
            proof = AuditProof(Away(hall), hall.clock)  # type: ignore[arg-type]
            work = asyncio.create_task(proof.run())
            async with asyncio.timeout(SOON_S):
                await back.wait()
            work.cancel()
            assert (await proof.proof()).broken is None

    with caplog.at_level(logging.ERROR):
        asyncio.run(story())
    assert {one.message for one in caplog.records} == {"audit_not_proved"}
