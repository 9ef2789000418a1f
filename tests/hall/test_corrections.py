"""A disputed record at terminal and counter: seen by the clerk, settled or sent, and none is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.application import Action, Attached, Status
from flows.correction import CORRECTION_TRANSITIONS, MOST_EVIDENCE, CorrectionAction, CorrectionState
from flows.wire import OpenVisit
from hall.amendments import Said
from hall.errors import (
    AnotherRequest,
    CorrectionMoved,
    DisputedAlready,
    NotAllowed,
    NotKnown,
    NotPossible,
    NotTaken,
    TooMuchEvidence,
)
from hall.store.corrections import Move
from hall.store.request import Request
from hall.store.standing import Place
from hall.working_day import working_day
from tests.hall.corrections_stage import (
    ADDRESS,
    ONE,
    TWO,
    Owner,
    by,
    deliver,
    disputed,
    disputing,
    picture,
    state,
    told,
)
from tests.hall.fakes import AT_ONCE, FLOW, ME, NOON, RECORDS, Hall, dump, filled_in, visit_id


def test_what_was_said_at_the_terminal_waits_for_the_clerk_and_the_answer_stays(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction = await disputed(hall)
        case = await hall.desk.case(ONE, "3", "zhang")
        assert [one.state for one in case.corrections] == [CorrectionState.OPEN]
        assert case.application.answers["address"].value == RECORDS["household.address"]
        assert (correction.number, correction.name, correction.field) == (ME.number, ME.name, "address")
        line = next(line for line in await hall.store.audit_of(ONE) if line.event == "correction_opened")
        assert (line.items, line.outcome) == (("household.address",), "household CHANGED")

    told(story, tmp_path)


@pytest.mark.parametrize("action", [Action.CONFIRM, Action.RETURN, Action.REJECT])
def test_what_is_not_settled_when_the_case_is_decided_is_sent_with_the_decision(tmp_path: Path, action: Action) -> None:
    async def story(hall: Hall) -> None:
        correction = await disputed(hall)
        await hall.decide(action)
        assert await state(hall, correction.id) is CorrectionState.SENT
        events = [line.event for line in await hall.store.audit_of(ONE)]
        assert events.count("correction_sent") == 1
        owner = Owner()
        await deliver(hall, owner)
        ((key, asked, _),) = owner.requests
        assert (key, asked.dispute) == (f"{correction.id}:household", correction.dispute)

    told(story, tmp_path)


def test_an_amendment_decides_nothing(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction = await disputed(hall)
        await hall.decide(Action.AMEND)
        assert await state(hall, correction.id) is CorrectionState.OPEN

    told(story, tmp_path)


def test_settled_at_the_counter_nobody_is_asked(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction, owner = await disputed(hall), Owner()
        for reason in ("", "REPEATED", "CHANGED"):
            with pytest.raises(NotTaken):
                await hall.corrections.settle(correction.id, reason, "", by("settle"))
        await hall.corrections.settle(correction.id, "AGREES", "看过户口簿", by("settle"))
        await hall.decide(Action.CONFIRM)
        await deliver(hall, owner)
        assert owner.requests == []
        kept = await hall.store.correction(correction.id)
        assert (kept.state, kept.reason, kept.note) == (CorrectionState.SETTLED, "AGREES", "看过户口簿")

    told(story, tmp_path)


def test_evidence_is_a_paper_of_the_case_or_an_upload_and_no_more_than_four(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction, owner = await disputed(hall), Owner()
        with pytest.raises(NotKnown):
            await hall.corrections.keep_paper(correction.id, "mobile", by("no paper"))
        with pytest.raises(NotTaken):
            await hall.corrections.upload(correction.id, b"GIF89a no picture", by("no picture"))
        for number in range(MOST_EVIDENCE):
            for _ in range(2):
                await hall.corrections.upload(correction.id, picture(), by(f"add {number}"))
        with pytest.raises(TooMuchEvidence):
            await hall.corrections.upload(correction.id, picture("black"), by("one more"))
        await hall.corrections.send(correction.id, by("send"))
        await deliver(hall, owner)
        ((_, asked, pictures),) = owner.requests
        assert asked.pictures == len(pictures) == MOST_EVIDENCE
        assert {one.media_type for one in pictures} == {"image/jpeg"}

    told(story, tmp_path)


def test_a_paper_that_was_photographed_goes_with_it(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        paper = Attached("image/jpeg", picture())
        application = await disputing(hall)
        mobile = replace(application.answers["mobile"], value=paper.digest)
        kept = replace(application, answers={**application.answers, "mobile": mobile}, attached={paper.digest: paper})
        request = Request("submit", "terminal:K07", NOON)
        await hall.store.submit(kept, Place(working_day(NOON), NOON), request)
        await hall.queue.call_next("3", "zhang", "call")
        (correction,) = await hall.store.corrections(ONE)
        await hall.corrections.keep_paper(correction.id, "mobile", by("paper"))
        assert await hall.store.evidence(correction.id) == (paper,)

    told(story, tmp_path)


def test_a_clerk_may_open_one_for_the_citizen_about_any_record_of_the_case(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await hall.called(1)
        for _ in range(2):
            opened = await hall.corrections.open(ONE, ADDRESS, by("open"))
        kept = await hall.store.correction(opened)
        assert (kept.field, kept.asked_by, kept.window, kept.dispute.claim) == ("address", "clerk:zhang", "3", ADDRESS.claim)
        with pytest.raises(DisputedAlready):
            await hall.corrections.open(ONE, ADDRESS, by("again"))
        with pytest.raises(AnotherRequest):
            await hall.corrections.open(ONE, replace(ADDRESS, reason="WRONG"), by("open"))
        await hall.decide(Action.CONFIRM)
        assert await state(hall, opened) is CorrectionState.SENT
        with pytest.raises(NotPossible):
            await hall.corrections.open(ONE, replace(ADDRESS, item="contact.mobile"), by("too late"))

    told(story, tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "佛山市禅城区别的路9号"},  # it changed since the clerk saw it
        {"department": "exit_entry"},
        {"reason": "BECAUSE"},
        {"claim": ADDRESS.value},
        {"item": "contact.mobile", "value": RECORDS["contact.mobile"], "claim": "138"},
    ],
)
def test_what_a_clerk_says_is_judged_beside_the_record_as_it_is_now(tmp_path: Path, wrong: dict[str, str]) -> None:
    async def story(hall: Hall) -> None:
        await hall.called(1)
        with pytest.raises(NotTaken):
            await hall.corrections.open(ONE, replace(ADDRESS, **wrong), by("open"))
        assert await hall.store.corrections(ONE) == ()

    told(story, tmp_path)


@pytest.mark.parametrize("item", ["guardian.name", "no.such.item"])
def test_nobody_disputes_what_is_not_the_citizens_record(tmp_path: Path, item: str) -> None:
    async def story(hall: Hall) -> None:
        await hall.called(1)
        with pytest.raises(NotKnown):
            await hall.corrections.open(ONE, replace(ADDRESS, item=item), by("open"))

    told(story, tmp_path)


def test_only_the_window_that_has_the_case_touches_its_open_disputes(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction = await disputed(hall)
        before = dump(hall.path)
        for attempt in (
            hall.corrections.send(correction.id, by("a", "4")),
            hall.corrections.settle(correction.id, "AGREES", "", by("b", "4")),
            hall.corrections.upload(correction.id, picture(), by("c", "4")),
            hall.corrections.open(ONE, replace(ADDRESS, item="contact.mobile"), by("d", "4")),
        ):
            with pytest.raises(NotAllowed):
                await attempt
        assert dump(hall.path) == before

    told(story, tmp_path)


def test_a_double_click_sends_once_and_a_late_one_is_told_how_it_stands(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction = await disputed(hall)
        answers = await asyncio.gather(*(hall.corrections.send(correction.id, by("send")) for _ in range(5)))
        assert set(answers) == {CorrectionState.SENT}
        with pytest.raises(CorrectionMoved) as moved:
            await hall.corrections.settle(correction.id, "AGREES", "", by("settle"))
        assert moved.value.state is CorrectionState.SENT
        events = [line.event for line in await hall.store.audit_of(ONE)]
        assert events.count("correction_sent") == 1

    told(story, tmp_path)


WAYS = {
    CorrectionState.OPEN: (),
    CorrectionState.SENT: (CorrectionAction.SEND, CorrectionAction.HAND_OVER),
    CorrectionState.CORRECTED: (CorrectionAction.SEND, CorrectionAction.HAND_OVER, CorrectionAction.CORRECT),
    CorrectionState.UPHELD: (CorrectionAction.SEND, CorrectionAction.HAND_OVER, CorrectionAction.UPHOLD),
    CorrectionState.NEEDS_MORE: (CorrectionAction.SEND, CorrectionAction.HAND_OVER, CorrectionAction.ASK_MORE),
    CorrectionState.SETTLED: (CorrectionAction.SETTLE,),
}


@pytest.mark.parametrize("at", list(CorrectionState))
def test_every_move_of_the_table_is_possible_and_no_other(tmp_path: Path, at: CorrectionState) -> None:
    async def story(hall: Hall) -> None:
        for number, action in enumerate(CorrectionAction, start=1):
            correction = await disputed(hall, visit_id(number))
            for step in WAYS[at]:
                await hall.store.move_correction(correction.id, Move(step), request(f"{number} way {step}"))
            moving = hall.store.move_correction(correction.id, Move(action), request(f"{number} {action}"))
            if (at, action) in CORRECTION_TRANSITIONS:
                await moving
            else:
                with pytest.raises(CorrectionMoved):
                    await moving
            assert await state(hall, correction.id) is CORRECTION_TRANSITIONS.get((at, action), at)
            said = Said(seen=await hall.seen(visit_id(number)))
            await hall.desk.decide(visit_id(number), Action.CONFIRM, window="3", clerk="zhang", key=f"end {number}", said=said)

    told(story, tmp_path)


def request(key: str) -> Request:
    return Request(key, "clerk:zhang", NOON, "3")


def test_a_certificate_is_not_issued_when_a_fact_on_it_is_disputed(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        done = await hall.visits.submit(ONE, "K07", await disputing(hall, flow=AT_ONCE))
        assert (done.certificate, (await hall.store.standing(ONE)).status) == ("", Status.SUBMITTED)
        (open_one,) = await hall.store.corrections(ONE)
        assert open_one.state is CorrectionState.OPEN

    told(story, tmp_path)


def test_one_about_something_else_is_sent_at_once_with_the_certificate(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        done = await hall.visits.submit(ONE, "K07", await disputing(hall, flow=AT_ONCE, field="mobile"))
        assert done.certificate
        (sent,) = await hall.store.corrections(ONE)
        assert (sent.state, sent.dispute.item) == (CorrectionState.SENT, "contact.mobile")

    told(story, tmp_path)


@pytest.mark.parametrize(
    "forged",
    [
        {"value": "佛山市禅城区别的路9号"},
        {"department": "exit_entry"},
        {"item": "contact.mobile"},
        {"as_of": datetime(2020, 1, 1, tzinfo=UTC)},
        {"reason": "BECAUSE"},
        {"claim": "汉字在终端上打不出来"},
    ],
)
def test_a_dispute_that_the_terminal_did_not_show_is_refused(tmp_path: Path, forged: dict[str, object]) -> None:
    async def story(hall: Hall) -> None:
        application = await disputing(hall)
        wrong = {"address": replace(application.disputes["address"], **forged)}  # type: ignore[arg-type]
        with pytest.raises(NotTaken) as refused:
            await hall.visits.submit(ONE, "K07", replace(application, disputes=wrong))
        assert [(one.field, one.code) for one in refused.value.problems] == [("address", "invented_dispute")]
        assert await hall.store.corrections(ONE) == ()

    told(story, tmp_path)


def test_one_that_comes_out_of_an_outbox_is_kept_too(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        application = await disputing(hall)
        for _ in range(2):
            await hall.visits.submit_sealed(ONE, "K07", application)
        assert [one.state for one in await hall.store.corrections(ONE)] == [CorrectionState.OPEN]

    told(story, tmp_path)


def test_one_that_no_look_up_of_this_hall_showed_is_refused(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        application = await disputing(hall)
        never_opened = replace(filled_in(TWO, None, NOON), disputes=application.disputes)
        with pytest.raises(NotTaken):
            await hall.visits.submit_sealed(TWO, "K07", never_opened)

    told(story, tmp_path)


def test_an_application_submitted_anew_asks_no_owner_twice(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await hall.visits.submit(ONE, "K07", await disputing(hall))
        again = await disputing(hall, TWO)
        await hall.visits.submit(TWO, "K07", again)
        (first,), (second,) = await hall.store.corrections(ONE), await hall.store.corrections(TWO)
        assert (first.state, first.reason, second.state) == (CorrectionState.SETTLED, "REPEATED", CorrectionState.OPEN)
        third = await hall.open(visit_id(3), "K07", FLOW.code, ME)
        await hall.visits.submit(visit_id(3), "K07", filled_in(visit_id(3), third.lookup, NOON))
        assert await state(hall, second.id) is CorrectionState.SENT, "what is not said again is not taken back"

    told(story, tmp_path)


def test_a_case_that_nobody_came_for_loses_no_dispute(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await hall.visits.submit(ONE, "K07", await disputing(hall))
        (left,) = await hall.store.corrections(ONE)
        today = working_day(hall.clock())
        assert await hall.store.send_left(today, Request("", "hall", NOON)) == 0
        for sent in (1, 0):
            assert await hall.store.send_left(today + timedelta(days=1), Request("", "hall", NOON)) == sent
        assert await state(hall, left.id) is CorrectionState.SENT

    told(story, tmp_path)


def test_no_value_no_claim_and_no_name_lies_open_in_the_file(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await hall.called(1)
        opened = await hall.corrections.open(ONE, ADDRESS, by("open"))
        await hall.corrections.upload(opened, picture("red"), by("picture"))
        await hall.corrections.settle(opened, "AGREES", "看过户口簿的那一页", by("settle"))
        text = "\n".join(dump(hall.path))
        assert "correction_opened" in text
        assert not [value for value in (ADDRESS.value, ADDRESS.claim, ME.name, ME.number, "户口簿的那一页") if value in text]

    told(story, tmp_path)


def test_a_terminal_of_before_sends_no_disputes_and_is_understood(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        opened = await hall.visits.open(ONE, "K07", OpenVisit(FLOW.code, FLOW.version, ME))
        assert opened.corrections == ()
        await hall.visits.submit(ONE, "K07", filled_in(ONE, opened.lookup, NOON))
        assert await hall.store.corrections(ONE) == ()

    told(story, tmp_path)
