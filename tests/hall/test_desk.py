"""The desk: what a clerk sees, what may be decided, and what a decision leaves behind."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from flows.application import POSSIBLE, Action, Status
from hall.desk import DESK_ACTIONS
from hall.errors import AnotherRequest, NotAllowed, NotKnown, NotPossible
from hall.store.outbox import Accepted
from tests.hall.fakes import dump, open_hall, visit_id

ONE = visit_id(1)
AFTER = {
    Action.AMEND: Status.CALLED,
    Action.CONFIRM: Status.ACCEPTED,
    Action.RETURN: Status.RETURNED,
    Action.REJECT: Status.NOT_ACCEPTED,
    Action.ACCEPT_LACKING: Status.ACCEPTED,
}


def test_the_clerk_sees_the_case_beside_fresh_records(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            hall.exchange.records = {**hall.exchange.records, "household.address": "佛山市禅城区文华路2号"}
            case = await hall.desk.case(ONE, "3", "zhang")
            assert case.application.answers["address"].value == "佛山市禅城区同济路1号"
            assert case.then is not None
            assert case.now is not None
            assert case.then.records("household.address") != case.now.records("household.address")
            assert {(d.field, d.record) for d in case.differences} >= {
                ("address", "佛山市禅城区文华路2号"),
                ("mobile", "138 0013 8000"),
            }
            assert case.possible == POSSIBLE[Status.CALLED] - {Action.MISS, Action.PROPOSE}
            assert (case.fee.yuan, case.blanks, case.ticket.number) == (15, (), "A001")
            assert [d.action for d in case.decisions] == [Action.CALL]
            events = [(line.event, line.actor) for line in await hall.store.audit_of(ONE)]
            assert events[-2:] == [("case_opened", "clerk:zhang"), ("records_asked", "clerk:zhang")]

    asyncio.run(story())


def test_what_departments_said_is_forgotten_when_the_case_is_decided_but_not_when_it_is_amended(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            hall.exchange.forgotten.clear()
            await hall.decide(Action.AMEND, "amend")
            assert hall.exchange.forgotten == []
            await hall.decide(Action.CONFIRM, "confirm")
            assert hall.exchange.forgotten == [ONE]

    asyncio.run(story())


def test_only_the_window_that_holds_the_ticket_may_see_the_case(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.submit(2)
            hall.clock.later(minutes=1)
            await hall.submit(1)
            await hall.queue.call_next("3", "zhang", "call")
            before = dump(hall.path)
            for visit, window in ((visit_id(2), "4"), (ONE, "3"), (ONE, "")):
                with pytest.raises(NotAllowed):
                    await hall.desk.case(visit, window, "wang")
            with pytest.raises(NotKnown):
                await hall.desk.case(visit_id(9), "3", "zhang")
            assert dump(hall.path) == before

    asyncio.run(story())


def test_a_decided_case_stays_visible_to_its_window_until_the_next_call(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.ACCEPTED)
            case = await hall.desk.case(ONE, "3", "zhang")
            assert (case.status, case.possible) == (Status.ACCEPTED, frozenset())
            assert case.now == (await hall.store.case(ONE)).decided_upon
            assert [delivery.department for delivery in case.deliveries] == ["exit_entry", "household"]
            await hall.submit(2)
            hall.clock.later(minutes=1)
            await hall.queue.call_next("3", "zhang", "next")
            with pytest.raises(NotAllowed):
                await hall.desk.case(ONE, "3", "zhang")

    asyncio.run(story())


@pytest.mark.parametrize("action", sorted(DESK_ACTIONS))
@pytest.mark.parametrize("status", list(Status))
def test_the_table_of_actions_alone_says_what_is_possible(tmp_path: Path, status: Status, action: Action) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(status)
            before = dump(hall.path)
            if action in POSSIBLE[status] - {Action.PROPOSE}:  # nobody else has to agree in this matter
                assert await hall.decide(action) is AFTER[action]
                return
            with pytest.raises(NotPossible) as refused:
                await hall.decide(action)
            assert refused.value.status is status
            assert dump(hall.path) == before

    asyncio.run(story())


@pytest.mark.parametrize("action", sorted(set(Action) - DESK_ACTIONS))
def test_moves_of_the_queue_and_of_others_are_not_decisions_of_the_window(tmp_path: Path, action: Action) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            with pytest.raises(NotAllowed):
                await hall.decide(action)

    asyncio.run(story())


def test_of_two_windows_only_the_holder_decides(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            with pytest.raises(NotAllowed):
                await hall.decide(Action.CONFIRM, "other", window="4")
            assert await hall.decide(Action.CONFIRM) is Status.ACCEPTED

    asyncio.run(story())


def test_of_two_clicks_at_once_the_second_is_refused_with_the_status_the_first_made(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            first, second = await asyncio.gather(
                hall.decide(Action.CONFIRM, "a"), hall.decide(Action.REJECT, "b"), return_exceptions=True
            )
            refused = next(one for one in (first, second) if isinstance(one, NotPossible))
            assert {first, second} - {refused} == {refused.status}
            assert len((await hall.store.case(ONE)).decisions) == 2

    asyncio.run(story())


def test_a_repeated_decision_gets_the_first_answer_and_another_one_under_its_key_is_refused(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.decide(Action.AMEND, "amend")
            await hall.decide(Action.CONFIRM, "confirm")
            before = dump(hall.path)
            assert await hall.decide(Action.AMEND, "amend") is Status.CALLED
            assert await hall.decide(Action.CONFIRM, "confirm") is Status.ACCEPTED
            with pytest.raises(AnotherRequest):
                await hall.decide(Action.REJECT, "confirm")
            assert dump(hall.path) == before

    asyncio.run(story())


def test_a_confirmation_is_on_its_way_to_every_department_in_the_same_moment(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.decide(Action.AMEND, "amend")
            assert await hall.store.due_deliveries(hall.clock()) == ()
            await hall.decide(Action.CONFIRM)
            entries = await hall.store.due_deliveries(hall.clock())
            assert [(entry.subject, entry.department) for entry in entries] == [(ONE, "exit_entry"), (ONE, "household")]
            parcel = entries[0].parcel
            assert isinstance(parcel, Accepted)
            assert parcel.application.answers["mobile"].value == "13700137000"
            assert parcel.decision.action is Action.CONFIRM
            assert [step.name for step in entries[0].delivery.steps] == ["accept", "read_back"]
            assert await hall.store.due_deliveries(hall.clock()) == (), "leased"
            assert await hall.store.due_deliveries(hall.clock() + timedelta(minutes=1)) == entries

    asyncio.run(story())


def test_a_returned_case_is_called_again_with_its_amendments(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.decide(Action.AMEND, "amend")
            await hall.decide(Action.RETURN, "return")
            await hall.queue.requeue(ONE, "zhang", "back")
            await hall.queue.call_next("5", "wang", "again")
            case = await hall.desk.case(ONE, "5", "wang")
            assert case.ticket.number == "A001"
            assert case.application.answers["mobile"].value == "13700137000"
            assert [d.action for d in case.decisions] == [
                Action.CALL,
                Action.AMEND,
                Action.RETURN,
                Action.REQUEUE,
                Action.CALL,
            ]

    asyncio.run(story())
