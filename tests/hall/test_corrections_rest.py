"""Correction requests to a real demonstration department: once, read back, answered, and the register really changed."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from flows.application import Attached
from flows.correction import Correction
from flows.dispute import Dispute
from hall.correction_targets import CorrectionAnswer, RestCorrections, correction_targets_of
from hall.demo import corrections
from hall.demo.behaviour import Mode, Place
from hall.demo.corrections import Judges
from hall.demo.people import everybody
from hall.departments.connection import DepartmentFailure
from hall.rest_book import NotThere
from tests.hall.corrections_stage import picture
from tests.hall.demo_desk import LATE_S, LYU, PURPOSE, TOO_LONG, DemoDesk
from tests.patience import SOON_S

SOMEBODY = [person for person in everybody() if person.exit_entry and person.social_security][-1]
"""Whom no other test asks for: what is corrected here stays so."""
HER = replace(LYU, number=SOMEBODY.number, name=SOMEBODY.name)
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
MOBILE = Dispute("contact.mobile", "exit_entry", "13702840011", NOW, "CHANGED", "13802845678")


def about(dispute: Dispute) -> Correction:
    return Correction(str(uuid4()), "a visit", "mobile", HER.number, HER.name, dispute, "clerk:zhang", NOW, "3")


def asking(desk: DemoDesk, story: Callable[[RestCorrections], Awaitable[None]], code: str = "exit_entry", **other: float) -> None:
    async def told() -> None:
        setting = next(s for s in desk.read() if s.code == code)
        target = RestCorrections(replace(setting, **other), "禅城区行政服务中心")  # type: ignore[arg-type]
        try:
            await story(target)
        finally:
            await target.close()

    asyncio.run(told())


def officer_has_thought(desk: DemoDesk, key: str, code: str = "exit_entry") -> None:
    """As if the request lay there since an hour."""
    with sqlite3.connect(Place(desk.state, code).folder / "corrections.sqlite") as book:
        book.execute(
            "UPDATE correction SET asked_at = ? WHERE key = ?", ((datetime.now(UTC) - timedelta(hours=1)).isoformat(), key)
        )
    book.close()


def kept(desk: DemoDesk, key: str) -> list[dict[str, object]]:
    """What lies in the department's own book under a key."""
    with sqlite3.connect(Place(desk.state, "exit_entry").folder / "corrections.sqlite") as book:
        rows = book.execute("SELECT contents FROM correction WHERE key = ?", (key,)).fetchall()
    book.close()
    return [json.loads(contents) for (contents,) in rows]


def test_the_owner_gets_everything_once_and_gives_its_own_number(demo_desk: DemoDesk) -> None:
    asked, paper = about(MOBILE), Attached("image/jpeg", picture())

    async def story(target: RestCorrections) -> None:
        numbers = {await target.request(asked.id, asked, [paper]) for _ in range(3)}
        (number,) = numbers
        assert number.startswith("CRJJH")
        assert await target.answer(asked.id, number, "contact.mobile") == CorrectionAnswer("pending")

    asking(demo_desk, story)
    (told,) = kept(demo_desk, asked.id)
    assert (told["idNo"], told["item"], told["value"], told["claim"]) == (HER.number, MOBILE.item, MOBILE.value, MOBILE.claim)
    assert (told["reason"], told["reasonWords"], told["window"]) == ("CHANGED", "已经变更", "3")
    assert (told["hall"], told["askedBy"]) == ("禅城区行政服务中心", "clerk:zhang")
    assert told["evidence"] == [{"digest": paper.digest, "mediaType": "image/jpeg", "content": told["evidence"][0]["content"]}]  # type: ignore[index]


@pytest.mark.parametrize(
    ("judges", "answer"),
    [
        (Judges.UPHOLD, CorrectionAnswer("upheld", "as_in_the_archive")),
        (Judges.ASK, CorrectionAnswer("needs_more", "original_wanted")),
        (Judges.HOLD, CorrectionAnswer("pending")),
    ],
)
def test_the_officers_answer_comes_back_by_the_same_address(
    demo_desk: DemoDesk, judges: Judges, answer: CorrectionAnswer
) -> None:
    asked = about(MOBILE)
    corrections.tell(Place(demo_desk.state, "exit_entry"), judges)

    async def story(target: RestCorrections) -> None:
        number = await target.request(asked.id, asked, ())
        officer_has_thought(demo_desk, asked.id)
        assert await target.answer(asked.id, number, MOBILE.item) == answer

    try:
        asking(demo_desk, story)
    finally:
        corrections.tell(Place(demo_desk.state, "exit_entry"), Judges.CORRECT)


@pytest.mark.parametrize(
    ("code", "dispute"),
    [
        ("exit_entry", replace(MOBILE, claim="13912340099")),
        ("social_security", replace(MOBILE, department="social_security", claim="13912340088")),
    ],
)
def test_corrected_means_that_the_departments_own_register_says_so_now(demo_desk: DemoDesk, code: str, dispute: Dispute) -> None:
    asked = about(dispute)

    async def story(target: RestCorrections) -> None:
        number = await target.request(asked.id, asked, ())
        officer_has_thought(demo_desk, asked.id, code)
        assert (await target.answer(asked.id, number, dispute.item)).state == "corrected"
        exchange = demo_desk.exchange()
        try:
            found = await exchange.lookup(HER, ["contact.mobile", "permit.number", "employment.employer"], PURPOSE)
        finally:
            await exchange.close()
        record = next(r for r in found.records("contact.mobile") if r.department == code)
        assert record.value == dispute.claim
        assert record.as_of.date() >= datetime.now(UTC).date() - timedelta(days=1)

    asking(demo_desk, story, code)


def test_without_a_right_value_the_officer_wants_papers(demo_desk: DemoDesk) -> None:
    asked = about(replace(MOBILE, claim=""))

    async def story(target: RestCorrections) -> None:
        number = await target.request(asked.id, asked, ())
        officer_has_thought(demo_desk, asked.id)
        assert await target.answer(asked.id, number, MOBILE.item) == CorrectionAnswer("needs_more", "no_right_value")

    asking(demo_desk, story)


def test_an_answer_about_another_request_is_none(demo_desk: DemoDesk) -> None:
    one, other = about(MOBILE), about(replace(MOBILE, item="permit.expiry", value="2025-10-08", claim=""))

    async def story(target: RestCorrections) -> None:
        first, second = [await target.request(asked.id, asked, ()) for asked in (one, other)]
        for key, number, item in ((one.id, second, MOBILE.item), (other.id, second, MOBILE.item), (other.id, first, MOBILE.item)):
            with pytest.raises(DepartmentFailure, match="garbled"):
                await target.answer(key, number, item)
        with pytest.raises(NotThere):
            await target.answer(one.id, "CRJJH00000000", MOBILE.item)
        with pytest.raises(DepartmentFailure, match="garbled"):
            await target.request(one.id, other, ())

    asking(demo_desk, story)


@pytest.mark.parametrize(("mode", "reason"), [(Mode.DOWN, "down"), (Mode.NONSENSE, "garbled"), (Mode.SLOW, "late")])
def test_a_department_that_fails_makes_no_second_request(demo_desk: DemoDesk, mode: Mode, reason: str) -> None:
    asked = about(MOBILE)

    async def story(target: RestCorrections) -> None:
        await target.request(asked.id, asked, ())

    limit_s = LATE_S if mode is Mode.SLOW else SOON_S
    with demo_desk.told("exit-entry", mode, TOO_LONG), pytest.raises(DepartmentFailure, match=reason):
        asking(demo_desk, story, deadline_s=limit_s)
    asking(demo_desk, story, deadline_s=SOON_S)
    assert len(kept(demo_desk, asked.id)) == 1


def test_departments_that_name_a_path_take_correction_requests_and_no_others(demo_desk: DemoDesk) -> None:
    owners = correction_targets_of(demo_desk.read(), "")
    taking = {"exit_entry", "medical_insurance", "population", "social_security", "traffic"}
    assert {owner.department for owner in owners} == taking

    async def close() -> None:
        for owner in owners:
            await owner.close()

    asyncio.run(close())
