"""复核: nothing is accepted alone where a second person has to agree, and nobody is their own second person."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.application import POSSIBLE, Action, Assurance, Status
from flows.second_person import SECOND_PERSON
from hall.amendments import Said
from hall.by import By
from hall.errors import NotAllowed, NotFree, NotKnown, NotPossible, NotSeen, NotTaken, SamePerson
from hall.store.outbox import Accepted
from tests.hall.fakes import CHECKED, GRANDMOTHER, ME, NOON, Hall, dump, filled_in, open_hall, visit_id

ONE = visit_id(1)
BACK = Said(ticked={"REVIEW_PAPERS": (), "REVIEW_OTHER": ("看不清",)})


def by(clerk: str, window: str = "4", key: str = "review") -> By:
    return By(clerk, window, key)


async def approve(hall: Hall, who: By) -> Status:
    return await hall.reviews.approve(ONE, await hall.seen(ONE), who)


def test_a_proposal_frees_the_window_and_sends_nothing_until_another_agrees(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.TO_APPROVE)
            assert await hall.store.due_deliveries(hall.clock()) == ()
            await hall.submit(2)
            assert await hall.queue.call_next("3", "zhang", "next") == visit_id(2)
            (line,) = await hall.reviews.waiting()
            assert (line.why, line.review.last.by, line.sent_back) == ("测试要求复核", "zhang", False)
            asked = len(hall.exchange.asked)
            case = await hall.desk.for_second(ONE, "wang", "4")
            assert (case.possible, len(hall.exchange.asked)) == (frozenset({Action.APPROVE, Action.SEND_BACK}), asked + 1)
            assert await approve(hall, by("wang")) is Status.ACCEPTED
            assert hall.exchange.asked_anew[-1], "asked anew, as for any acceptance"
            entries = await hall.store.due_deliveries(hall.clock())
            assert [entry.department for entry in entries] == ["exit_entry", "household"]
            parcel = entries[0].parcel
            assert isinstance(parcel, Accepted)
            assert (parcel.decision.action, parcel.decision.by) == (Action.APPROVE, "wang")
            assert await hall.reviews.waiting() == ()

    asyncio.run(story())


@pytest.mark.parametrize("doing", ["approve", "send back", "open", "see a picture"])
def test_whoever_proposed_it_is_refused_as_second_person(tmp_path: Path, doing: str) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.TO_APPROVE)
            before, zhang = dump(hall.path), by("zhang")
            does: dict[str, Callable[[], Awaitable[object]]] = {
                "approve": lambda: approve(hall, zhang),
                "send back": lambda: hall.reviews.send_back(ONE, BACK, zhang),
                "open": lambda: hall.desk.for_second(ONE, "zhang", "4"),
                "see a picture": lambda: hall.reviews.picture(ONE, "photo", zhang),
            }
            with pytest.raises(SamePerson):
                await does[doing]()
            assert dump(hall.path) == before

    asyncio.run(story())


def test_whoever_amended_it_is_no_second_person_either_also_in_the_store_itself(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1, flow=CHECKED)
            said = Said("TYPING_ERROR", amended={"mobile": "13700137000"})
            await hall.desk.decide(ONE, Action.AMEND, window="3", clerk="li", key="amend", said=said)
            await hall.decide(Action.PROPOSE, "propose")
            for clerk in ("li", "zhang"):
                with pytest.raises(SamePerson):
                    await approve(hall, by(clerk))
                decision = replace((await hall.store.case(ONE)).decisions[-1], action=Action.SEND_BACK, by=clerk)
                request = by(clerk).request(hall.clock(), ["past the desk"])
                with pytest.raises(SamePerson):
                    await hall.store.send_back(decision, request)
            assert await approve(hall, by("wang")) is Status.ACCEPTED

    asyncio.run(story())


def test_nobody_accepts_alone_where_a_second_person_has_to_agree(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1, flow=CHECKED)
            case = await hall.desk.case(ONE, "3", "zhang")
            left = {Action.CONFIRM, Action.ACCEPT_LACKING, Action.MISS}
            assert (case.counter.why_second, case.possible) == ("测试要求复核", POSSIBLE[Status.CALLED] - left)
            for action in (Action.CONFIRM, Action.ACCEPT_LACKING):
                with pytest.raises(NotPossible):
                    await hall.decide(action, action)

    asyncio.run(story())


def test_records_that_changed_after_the_page_was_drawn_hold_an_approval_back(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.TO_APPROVE)
            seen = await hall.seen(ONE)
            hall.exchange.records = {**hall.exchange.records, "contact.mobile": "13600136000"}
            with pytest.raises(NotSeen):
                await hall.reviews.approve(ONE, seen, by("wang"))
            assert await hall.store.due_deliveries(hall.clock()) == ()
            assert await approve(hall, by("wang", key="having seen it")) is Status.ACCEPTED

    asyncio.run(story())


def test_a_promise_waits_with_the_case_and_begins_with_the_acceptance(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1, flow=CHECKED)
            said = Said(lacking=("LEASE",), until="2026-11-27", promised_by="吕晓岚", seen=await hall.seen(ONE))
            await hall.desk.decide(ONE, Action.PROPOSE, window="3", clerk="zhang", key="propose", said=said)
            assert await hall.promises.waiting() == ()
            await approve(hall, by("wang"))
            (line,) = await hall.promises.waiting()
            assert [paper.paper for paper in line.papers] == ["LEASE"]

    asyncio.run(story())


def test_what_is_sent_back_goes_on_at_a_window_that_holds_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.TO_APPROVE)
            assert await hall.reviews.send_back(ONE, BACK, by("wang")) is Status.SENT_BACK
            await hall.submit(2)
            await hall.queue.call_next("3", "zhang", "next")
            before = dump(hall.path)
            with pytest.raises(NotFree):
                await hall.reviews.take_up(ONE, by("zhang", "3", "take up"))
            with pytest.raises(NotKnown):
                await hall.reviews.take_up(ONE, by("chief", "", "take up without a window"))
            assert dump(hall.path) == before
            assert await hall.reviews.take_up(ONE, by("li", "5", "take up")) is Status.CALLED
            with pytest.raises(NotPossible):
                await hall.reviews.take_up(ONE, by("zhang", "6", "too late"))
            case = await hall.desk.case(ONE, "5", "li")
            grounds = [(ground.words, ground.lines) for ground in case.decisions[-2].grounds]
            assert grounds == [("材料不齐或看不清", ()), ("其他原因", ("看不清",))]
            assert Action.PROPOSE in case.possible

    asyncio.run(story())


def test_of_two_second_persons_the_later_is_told_what_the_first_did(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.TO_APPROVE)
            seen = await hall.seen(ONE)

            async def first() -> None:
                await hall.reviews.send_back(ONE, BACK, by("li", "5", "first"))

            hall.exchange.meanwhile = first
            with pytest.raises(NotPossible) as refused:
                await hall.reviews.approve(ONE, seen, by("wang"))
            assert refused.value.status is Status.SENT_BACK
            assert await hall.store.due_deliveries(hall.clock()) == ()

    asyncio.run(story())


@pytest.mark.parametrize(
    "said", [Said(), Said(ticked={"REVIEW_OTHER": ()}), Said(ticked={"NOT_ELIGIBLE": ()}), Said(ticked={"X": ()})]
)
def test_sending_back_needs_a_reason_of_its_own(tmp_path: Path, said: Said) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.TO_APPROVE)
            before = dump(hall.path)
            with pytest.raises(NotTaken):
                await hall.reviews.send_back(ONE, said, by("wang"))
            assert dump(hall.path) == before

    asyncio.run(story())


@pytest.mark.parametrize("status", list(Status))
def test_a_second_person_acts_only_where_the_table_says_so(tmp_path: Path, status: Status) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(status)
            before = dump(hall.path)
            for action, doing in (
                (Action.APPROVE, lambda: approve(hall, by("wang"))),
                (Action.SEND_BACK, lambda: hall.reviews.send_back(ONE, BACK, by("wang"))),
                (Action.TAKE_UP, lambda: hall.reviews.take_up(ONE, by("wang", "9"))),
            ):
                if action not in POSSIBLE[status]:
                    with pytest.raises(NotPossible) as refused:
                        await doing()  # type: ignore[no-untyped-call]
                    assert refused.value.status is status
            assert dump(hall.path) == before

    asyncio.run(story())


def test_a_window_that_proposed_it_only_looks_on(tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.in_status(Status.TO_APPROVE)
            case = await hall.desk.case(ONE, "3", "zhang")
            assert (case.possible, case.accepted) == (frozenset(), False)
            with pytest.raises(NotAllowed):
                await hall.desk.case(ONE, "4", "wang")

    asyncio.run(story())


def test_the_real_rule_is_about_children_whose_number_was_typed() -> None:
    day = date(2026, 11, 23)
    read = replace(filled_in(ONE, None, NOON), matter="passport")
    typed = replace(read, identity=replace(ME, assurance=Assurance.NONE))
    child = replace(typed, guardian=GRANDMOTHER)
    assert [bool(SECOND_PERSON.why(one, day)) for one in (read, typed, child)] == [False, False, True]
    assert SECOND_PERSON.why(replace(child, matter="resident-card"), day) == ""
    assert SECOND_PERSON.why(child, date(2025, 12, 31)) == ""
