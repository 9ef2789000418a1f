"""A visit as the hall sees it: opened, submitted, left; repeated and out of order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.application import CITIZEN, Answer, Source, SourceKind, Status
from hall.errors import AnotherApplication, AnotherRequest, NotAllowed, NotKnown, NotTaken
from tests.hall.fakes import FLOW, GRANDMOTHER, JOINT, ME, NOON, dump, filled_in, open_hall, visit_id

ONE = visit_id(1)


def test_a_visit_is_opened_submitted_and_gets_a_ticket(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", FLOW.code, ME)
            assert opened.today == "2026-11-23"
            assert opened.lookup.records("household.address")[0].value == "佛山市禅城区同济路1号"
            ticket = (await hall.visits.submit(ONE, "K07", filled_in(ONE, opened.lookup, NOON))).ticket
            assert (ticket.number, ticket.visit, ticket.working_day, ticket.ahead) == ("A001", ONE, date(2026, 11, 23), 0)
            assert (await hall.submit(2)).ahead == 1
            lines = await hall.store.audit_of(ONE)
            assert [line.event for line in lines] == ["records_asked", "visit_opened", "ticket_issued"]
            assert lines[0].items == FLOW.items
            assert lines[0].outcome == "household"

    asyncio.run(story())


def test_opening_again_returns_the_first_records_and_asks_nobody(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            first = await hall.open(ONE, "K07", FLOW.code, ME)
            hall.exchange.records = {}
            assert await hall.open(ONE, "K07", FLOW.code, ME) == first
            assert len(hall.exchange.asked) == 1

    asyncio.run(story())


def test_opening_again_for_somebody_else_is_refused(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.open(ONE, "K07", FLOW.code, ME)
            with pytest.raises(AnotherRequest):
                await hall.open(ONE, "K07", FLOW.code, GRANDMOTHER)

    asyncio.run(story())


def test_the_same_submission_gets_the_same_ticket_and_another_one_is_refused(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", FLOW.code, ME)
            application = filled_in(ONE, opened.lookup, NOON)
            ticket = await hall.visits.submit(ONE, "K07", application)
            hall.clock.later(days=1)
            assert await hall.visits.submit(ONE, "K07", application) == ticket
            with pytest.raises(AnotherApplication):
                await hall.visits.submit(ONE, "K07", filled_in(ONE, opened.lookup, NOON, mobile="13700137000"))
            assert len(await hall.store.visits_of(ME.number)) == 1

    asyncio.run(story())


def test_twice_the_same_submission_at_once_makes_one_ticket(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", FLOW.code, ME)
            application = filled_in(ONE, opened.lookup, NOON)
            first, second = await asyncio.gather(*(hall.visits.submit(ONE, "K07", application) for _ in range(2)))
            assert first == second
            assert len(await hall.queue.lines()) == 1

    asyncio.run(story())


def test_a_changed_locked_value_is_not_taken_and_the_refusal_is_audited_without_values(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", FLOW.code, ME)
            good = filled_in(ONE, opened.lookup, NOON)
            forged = replace(good, answers={**good.answers, "address": Answer("广州市天河区", CITIZEN)})
            before = dump(hall.path)
            with pytest.raises(NotTaken) as refused:
                await hall.visits.submit(ONE, "K07", forged)
            assert [(p.field, p.code) for p in refused.value.problems] == [("address", "locked_value_changed")]
            line = (await hall.store.audit_of(ONE))[-1]
            assert (line.event, line.items, line.outcome) == ("application_refused", ("address",), "locked_value_changed")
            added = set(dump(hall.path)) - set(before)
            assert len(added) == 1, "only the audit line"
            assert (await hall.visits.submit(ONE, "K07", good)).ticket.number == "A001"

    asyncio.run(story())


def test_an_application_of_somebody_else_is_not_taken(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", FLOW.code, ME)
            with pytest.raises(NotTaken):
                await hall.visits.submit(ONE, "K07", filled_in(ONE, opened.lookup, NOON, GRANDMOTHER))
            with pytest.raises(NotAllowed):
                await hall.visits.submit(visit_id(2), "K07", filled_in(ONE, opened.lookup, NOON))

    asyncio.run(story())


def test_another_terminal_sees_submits_and_ends_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", FLOW.code, ME)
            application = filled_in(ONE, opened.lookup, NOON)
            before = dump(hall.path)
            with pytest.raises(NotAllowed):
                await hall.open(ONE, "K08", FLOW.code, ME)
            with pytest.raises(NotAllowed):
                await hall.visits.submit(ONE, "K08", application)
            with pytest.raises(NotAllowed):
                await hall.visits.submit_sealed(ONE, "K08", application)
            with pytest.raises(NotAllowed):
                await hall.visits.leave(ONE, "K08")
            assert dump(hall.path) == before

    asyncio.run(story())


def test_an_unknown_matter_and_an_unknown_visit_are_not_known(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            with pytest.raises(NotKnown):
                await hall.open(ONE, "K07", "no-such-matter", ME)
            with pytest.raises(NotKnown):
                await hall.visits.submit(ONE, "K07", filled_in(ONE, None, NOON))

    asyncio.run(story())


def test_leaving_drops_the_records_and_the_visit_stays_closed(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", FLOW.code, ME)
            await hall.visits.leave(ONE, "K07")
            assert await hall.store.visit(ONE) is None
            with pytest.raises(NotKnown):
                await hall.visits.submit(ONE, "K07", filled_in(ONE, opened.lookup, NOON))
            with pytest.raises(NotKnown):
                await hall.open(ONE, "K07", FLOW.code, ME)
            assert len(hall.exchange.asked) == 1

    asyncio.run(story())


def test_leaving_before_the_records_came_keeps_them_out(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.visits.leave(ONE, "K07")
            with pytest.raises(NotKnown):
                await hall.open(ONE, "K07", FLOW.code, ME)
            assert await hall.store.visit(ONE) is None

    asyncio.run(story())


def test_leaving_after_submitting_changes_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            ticket = await hall.submit(1)
            await hall.visits.leave(ONE, "K07")
            assert (await hall.store.standing(ONE)).ticket.number == ticket.number
            assert (await hall.store.case(ONE)).lookup.sources

    asyncio.run(story())


def test_a_visit_nobody_ended_is_dropped_a_day_later(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.open(ONE, "K07", FLOW.code, ME)
            hall.clock.later(hours=25)
            await hall.open(visit_id(2), "K07", FLOW.code, ME)
            assert await hall.store.visit(ONE) is None
            assert await hall.store.visit(visit_id(2)) is not None

    asyncio.run(story())


def test_a_sealed_submission_of_a_visit_never_opened_is_looked_up_for_the_clerk(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            application = filled_in(ONE, None, NOON - timedelta(hours=1))
            ticket = await hall.visits.submit_sealed(ONE, "K07", application)
            assert await hall.visits.submit_sealed(ONE, "K07", application) == ticket
            assert len(hall.exchange.asked) == 1
            assert (await hall.store.case(ONE)).lookup.records("contact.mobile")

    asyncio.run(story())


def test_a_sealed_submission_may_not_claim_a_department(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            good = filled_in(ONE, None, NOON)
            forged = Answer("13800138000", Source(SourceKind.DEPARTMENT, "household"))
            with pytest.raises(NotTaken) as refused:
                await hall.visits.submit_sealed(ONE, "K07", replace(good, answers={**good.answers, "mobile": forged}))
            assert refused.value.problems[0].code == "invented_source"
            assert hall.exchange.asked == []

    asyncio.run(story())


def test_a_sealed_submission_of_an_opened_visit_is_checked_with_its_records(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            opened = await hall.open(ONE, "K07", FLOW.code, ME)
            hall.clock.now = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
            ticket = (await hall.visits.submit_sealed(ONE, "K07", filled_in(ONE, opened.lookup, NOON))).ticket
            assert ticket.working_day == date(2026, 11, 24)
            assert len(hall.exchange.asked) == 1

    asyncio.run(story())


def test_a_late_sealed_submission_keeps_the_hour_of_arrival_in_the_line(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(2)
            hall.clock.later(minutes=5)
            await hall.visits.submit_sealed(ONE, "K07", filled_in(ONE, None, NOON - timedelta(minutes=10)))
            assert [line.ticket.number for line in await hall.queue.lines()] == ["A002", "A001"]

    asyncio.run(story())


def test_the_same_matter_submitted_anew_replaces_what_still_waits_and_keeps_its_place(tmp_path: Path) -> None:
    """One live application a person and matter, also when two terminals were begun at once."""

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            hall.clock.later(minutes=5)
            await hall.submit(2)
            hall.clock.later(minutes=5)
            again = await hall.submit(3, ME)
            assert again.ahead == 0
            lines = {line.ticket.visit: line.status for line in await hall.queue.lines()}
            assert lines == {
                visit_id(3): Status.SUBMITTED,
                visit_id(2): Status.SUBMITTED,
                visit_id(1): Status.REPLACED,
            }
            assert await hall.queue.call_next("3", "zhang", "call") == visit_id(3)

    asyncio.run(story())


def test_a_case_in_a_clerks_hands_is_not_replaced(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            called = await hall.called(1)
            await hall.submit(2, ME)
            assert (await hall.store.standing(called)).status is Status.CALLED

    asyncio.run(story())


def test_another_matter_of_the_same_person_waits_beside_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(1)
            await hall.submit(2, ME, flow=JOINT)
            assert [line.status for line in await hall.queue.lines()] == [Status.SUBMITTED, Status.SUBMITTED]

    asyncio.run(story())
