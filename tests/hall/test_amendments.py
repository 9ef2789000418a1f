"""Amendments and reasons: what a clerk may change, and what must be there before a confirmation."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from flows.application import CLERK, Action, Change, Status
from flows.compare import DifferenceKind
from hall.amendments import Said
from hall.errors import NotAllowed, NotPossible, NotTaken
from tests.hall.fakes import FLOW, ME, NOON, Hall, dump, filled_in, open_hall, visit_id

ONE = visit_id(1)


async def called_with_blanks(hall: Hall) -> None:
    """A citizen who left the employer to the counter, now at window 3."""
    opened = await hall.open(ONE, "K07", FLOW.code, filled_in(ONE, None, NOON).identity)
    left = filled_in(ONE, opened.lookup, NOON, left=frozenset({"employer"}))
    await hall.visits.submit(ONE, "K07", left)
    await hall.queue.call_next("3", "zhang", "call")


def test_an_amendment_carries_the_clerk_and_what_was_there_before(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.decide(Action.AMEND, mobile=" 137-0013-7000 ", employer="佛山市另一公司")
            case = await hall.desk.case(ONE, "3", "zhang")
            assert case.application.answers["mobile"].value == "13700137000"
            assert case.application.answers["mobile"].source == CLERK
            assert case.decisions[-1].changes == (
                Change("mobile", "13900139000", "13700137000"),
                Change("employer", "佛山市某某有限公司", "佛山市另一公司"),
            )
            line = next(line for line in await hall.store.audit_of(ONE) if line.event == "case_amended")
            assert (line.items, line.outcome) == (("mobile", "employer"), "TYPING_ERROR")

    asyncio.run(story())


def test_differences_are_of_the_amended_application(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            conflicts = [d for d in (await hall.desk.case(ONE, "3", "zhang")).differences if d.field == "mobile"]
            assert conflicts
            await hall.decide(Action.AMEND, mobile="13800138000")
            case = await hall.desk.case(ONE, "3", "zhang")
            assert [d for d in case.differences if d.field == "mobile" and d.kind is not DifferenceKind.MISSING] == []

    asyncio.run(story())


@pytest.mark.parametrize(
    ("amended", "code"),
    [
        ({"mobile": "12"}, "mistaken"),
        ({"mobile": ""}, "unfinished"),
        ({"way": "by pigeon"}, "mistaken"),
        ({"shoe_size": "43"}, "not_asked"),
        ({"mobile": "13900139000"}, "unfinished"),
        ({}, "unfinished"),
    ],
    ids=["not a phone number", "emptied", "no such option", "no such field", "nothing changed", "nothing given"],
)
def test_a_wrong_amendment_is_not_taken(tmp_path: Path, amended: dict[str, str], code: str) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            before = dump(hall.path)
            said = Said("TYPING_ERROR", amended=amended)
            with pytest.raises(NotTaken) as refused:
                await hall.desk.decide(ONE, Action.AMEND, window="3", clerk="zhang", key="k", said=said)
            assert [problem.code for problem in refused.value.problems] == [code]
            assert dump(hall.path) == before

    asyncio.run(story())


@pytest.mark.parametrize("reason", ["", "NO_SUCH_REASON", "wrong action"])
@pytest.mark.parametrize("action", [Action.AMEND, Action.RETURN, Action.REJECT])
def test_amending_returning_and_rejecting_need_a_reason_of_their_own(tmp_path: Path, action: Action, reason: str) -> None:
    given = {"wrong action": "NOT_ELIGIBLE" if action is not Action.REJECT else "CARD_TO_RENEW"}.get(reason, reason)

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            amended = {"mobile": "13700137000"} if action is Action.AMEND else {}
            with pytest.raises(NotTaken) as refused:
                await hall.desk.decide(ONE, action, window="3", clerk="zhang", key="k", said=Said(given, amended=amended))
            assert [problem.field for problem in refused.value.problems] == ["reason"]
            assert (await hall.store.standing(ONE)).status is Status.CALLED

    asyncio.run(story())


def test_values_given_with_another_action_are_refused_not_lost(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            with pytest.raises(NotAllowed):
                await hall.decide(Action.CONFIRM, mobile="13700137000")

    asyncio.run(story())


def test_confirming_waits_for_the_fields_left_to_the_counter(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await called_with_blanks(hall)
            assert (await hall.desk.case(ONE, "3", "zhang")).blanks == ("employer",)
            with pytest.raises(NotTaken) as refused:
                await hall.decide(Action.CONFIRM)
            assert [(p.field, p.code) for p in refused.value.problems] == [("employer", "unfinished")]
            await hall.decide(Action.AMEND, "fill", employer="退休")
            assert await hall.decide(Action.CONFIRM) is Status.ACCEPTED

    asyncio.run(story())


def test_an_amendment_that_opens_a_new_question_must_answer_it_before_confirming(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.decide(Action.AMEND, "post", way="post")
            assert (await hall.desk.case(ONE, "3", "zhang")).blanks == ("post_to",)
            with pytest.raises(NotTaken):
                await hall.decide(Action.CONFIRM)

    asyncio.run(story())


def test_two_amendments_of_the_same_value_at_once_keep_the_first_and_refuse_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            both_have_read, act = asyncio.Barrier(2), hall.store.act

            async def together(*given: Any, **named: Any) -> Status:
                await both_have_read.wait()
                return await act(*given, **named)

            monkeypatch.setattr(hall.store, "act", together)
            typed = ("13700137000", "13600136000")
            amending = (hall.decide(Action.AMEND, mobile, mobile=mobile) for mobile in typed)
            answers = dict(zip(typed, await asyncio.gather(*amending, return_exceptions=True), strict=True))
            (kept,) = (mobile for mobile, answer in answers.items() if answer is Status.CALLED)
            (refused,) = (answer for answer in answers.values() if answer is not Status.CALLED)
            assert isinstance(refused, NotPossible)
            assert (await hall.store.case(ONE)).application.answers["mobile"].value == kept

    asyncio.run(story())


def test_a_clerk_may_choose_what_the_terminal_sends_to_the_counter(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", FLOW.code, ME)
            with pytest.raises(NotTaken) as refused:
                await hall.visits.submit(ONE, "K07", filled_in(ONE, opened.lookup, NOON, way="courier"))
            assert [(p.field, p.words) for p in refused.value.problems] == [("way", "请到人工窗口办理")]
            await hall.visits.submit(ONE, "K07", filled_in(ONE, opened.lookup, NOON))
            await hall.queue.call_next("3", "zhang", "call")
            await hall.decide(Action.AMEND, way="courier")
            answer = (await hall.desk.case(ONE, "3", "zhang")).application.answers["way"]
            assert (answer.value, answer.source) == ("courier", CLERK)
            with pytest.raises(NotTaken) as gone:
                await hall.decide(Action.AMEND, "other", way="balloon")
            assert [p.words for p in gone.value.problems] == ["今天没有风"]

    asyncio.run(story())
