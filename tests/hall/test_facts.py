"""What the hall works out of an application: when it is due, whom it concerns, which version it was begun with."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.application import CITIZEN, Action, Answer
from flows.flow import Matters, Term
from flows.wire import OpenVisit
from hall.console import words
from hall.errors import NotKnown, NotTaken, VersionNotKnown
from hall.facts import applicant_name, due, told
from hall.store.standing import Told
from tests.hall.fakes import EARLIER, FLOW, JOINT, ME, NOON, filled_in, open_hall, visit_id

ONE = visit_id(1)
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("term", "accepted", "said"),
    [
        (Term(7, "working_days"), MONDAY, "应于 2026-12-02 前办结（7 个工作日，自受理次日起）"),
        (Term(20, "days"), MONDAY, "应于 2026-12-13 前办结（20 日，自受理次日起）"),
        (
            Term(7, "working_days"),
            date(2034, 1, 3),
            "办理期限 7 个工作日，自受理次日起；期限内的节假日安排尚未公布，暂不能算出日期",
        ),
    ],
    ids=["working days", "days, as the law writes it", "a year whose holidays nobody knows"],
)
def test_the_day_by_which_it_is_done_is_said_in_the_laws_own_unit(term: Term, accepted: date, said: str) -> None:
    found = due(term, accepted)
    assert found is not None
    assert words.due(found) == said


def test_a_matter_without_a_term_promises_no_day() -> None:
    assert due(None, MONDAY) is None


def test_the_term_counts_from_the_day_of_acceptance_and_not_of_submission(tmp_path: Path) -> None:
    flow = replace(FLOW, term=lambda known: Term(7, "working_days"))

    async def story() -> None:
        async with open_hall(tmp_path, matters=Matters([flow])) as hall:
            await hall.called(1, flow=flow)
            hall.clock.later(days=1)
            await hall.decide(Action.CONFIRM)
            hall.clock.later(days=1)
            found = (await hall.desk.case(ONE, "3", "zhang")).due
            assert found is not None
            assert (found.begins, found.day) == (date(2026, 11, 24), date(2026, 12, 3))

    asyncio.run(story())


def test_departments_that_an_answer_leaves_out_are_not_told() -> None:
    application = filled_in(ONE, None, NOON, flow=JOINT)
    assert told(JOINT, application) == Told(("population", "social_security", "traffic"), approvals=True)
    without = replace(application, answers={**application.answers, "register_traffic": Answer("no", CITIZEN)})
    assert told(JOINT, without) == Told(("population", "social_security"), approvals=True)


def test_a_child_whose_number_was_typed_is_named_by_the_answer() -> None:
    application = filled_in(ONE, None, NOON)
    assert applicant_name(FLOW, application) == ME.name
    typed = replace(application, identity=replace(ME, name=""), answers={"name": Answer("吕小满", CITIZEN)})
    assert applicant_name(FLOW, typed) == "吕小满"


def test_a_case_begun_with_an_earlier_version_keeps_it_to_the_end(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", FLOW.code, ME, version="0")
            assert set(hall.exchange.asked_items[-1]) == set(EARLIER.items)
            await hall.visits.submit(ONE, "K07", filled_in(ONE, opened.lookup, NOON, flow=EARLIER))
            await hall.queue.call_next("3", "zhang", "call")
            case = await hall.desk.case(ONE, "3", "zhang")
            assert case.flow is EARLIER
            assert hall.exchange.asked[-1].flow_version == "0"
            await hall.decide(Action.CONFIRM)

    asyncio.run(story())


def test_a_version_that_this_hall_never_had_is_refused_and_nothing_is_asked(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            with pytest.raises(VersionNotKnown):
                await hall.open(ONE, "K07", FLOW.code, ME, version="2")
            with pytest.raises(VersionNotKnown):
                await hall.visits.submit_sealed(ONE, "K07", replace(filled_in(ONE, None, NOON), flow_version="2"))
            with pytest.raises(NotKnown):
                await hall.visits.open(ONE, "K07", OpenVisit("fishing", "1", ME))
            assert hall.exchange.asked == []

    asyncio.run(story())


def test_an_application_of_another_version_than_its_visit_is_not_taken(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", FLOW.code, ME)
            with pytest.raises(NotTaken):
                await hall.visits.submit(ONE, "K07", filled_in(ONE, opened.lookup, NOON, flow=EARLIER))

    asyncio.run(story())
