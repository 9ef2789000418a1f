"""A record's owner is asked and answers, once; a person stands in where no machine does; the citizen is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.application import Action, Assurance
from flows.correction import CorrectionAction, CorrectionState
from hall.correction_targets import CorrectionAnswer
from hall.departments.connection import DepartmentFailure
from hall.errors import (
    CorrectionMoved,
    NotAllowed,
    NotKnown,
)
from tests.hall.corrections_stage import (
    ONE,
    TWO,
    ZHANG,
    Owner,
    by,
    deliver,
    disputed,
    state,
    told,
)
from tests.hall.fakes import FLOW, ME, Hall, visit_id


@pytest.mark.parametrize(
    ("answer", "after"),
    [
        (CorrectionAnswer("corrected"), CorrectionState.CORRECTED),
        (CorrectionAnswer("upheld", "as_in_archive"), CorrectionState.UPHELD),
        (CorrectionAnswer("needs_more"), CorrectionState.NEEDS_MORE),
    ],
)
def test_the_owners_answer_is_taken_once_and_told_once(tmp_path: Path, answer: CorrectionAnswer, after: CorrectionState) -> None:
    async def story(hall: Hall) -> None:
        correction, owner = await disputed(hall), Owner()
        await hall.decide(Action.CONFIRM)
        await deliver(hall, owner)
        assert [one.state for one in await hall.corrections.of(ME.number)] == [CorrectionState.SENT]
        owner.says = answer
        await deliver(hall, owner)
        kept = await hall.store.correction(correction.id)
        assert (kept.state, kept.reason, kept.receipt) == (after, answer.reason, "JH1")
        owner.says = CorrectionAnswer("upheld")
        await hall.store.decided(correction.id, "household", "upheld", hall.clock())
        await deliver(hall, owner)
        assert await state(hall, correction.id) is after

        news = (await hall.open(TWO, "K07", FLOW.code, ME)).corrections
        assert [(one.id, one.state, one.item) for one in news] == [(correction.id, after, "household.address")]
        for _ in range(2):
            await hall.visits.heard(TWO, "K07", [correction.id])
        assert (await hall.open(visit_id(3), "K07", FLOW.code, ME)).corrections == ()
        events = [line.event for line in await hall.store.audit_of(ONE)]
        assert (events.count("correction_answered"), events.count("correction_told")) == (1, 1)
        assert await hall.corrections.of(ME.number) == ()

    told(story, tmp_path)


def test_only_whoever_laid_the_card_is_told_and_only_of_their_own(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction, owner = await disputed(hall), Owner(says=CorrectionAnswer("corrected"))
        await hall.decide(Action.CONFIRM)
        await deliver(hall, owner)
        other = replace(ME, number="440602195001010028", name="吕阿婆")
        typed = replace(ME, assurance=Assurance.NONE)
        assert (await hall.open(visit_id(3), "K07", FLOW.code, other)).corrections == ()
        assert (await hall.open(visit_id(4), "K07", FLOW.code, typed)).corrections == ()
        await hall.visits.heard(visit_id(3), "K07", [correction.id, "nobody's"])
        assert len((await hall.open(TWO, "K07", FLOW.code, ME)).corrections) == 1
        with pytest.raises(NotAllowed):
            await hall.visits.heard(TWO, "K08", [correction.id])
        with pytest.raises(NotKnown):
            await hall.visits.heard(visit_id(9), "K07", [correction.id])

    told(story, tmp_path)


@pytest.mark.parametrize(
    ("failure", "problem"),
    [(DepartmentFailure("down"), "down"), (DepartmentFailure("late"), "late"), (DepartmentFailure("garbled"), "garbled")],
)
def test_a_department_that_fails_is_asked_again_with_the_same_key(tmp_path: Path, failure: Exception, problem: str) -> None:
    async def story(hall: Hall) -> None:
        correction, owner = await disputed(hall), Owner(failures=[failure])
        await hall.decide(Action.CONFIRM)
        await deliver(hall, owner)
        steps = (await hall.store.correction(correction.id)).steps
        assert [(step.name, step.tries, step.problem) for step in steps[:1]] == [("request", 1, problem)]
        await deliver(hall, owner)
        assert {key for key, _, _ in owner.requests} == {f"{correction.id}:household"}
        assert len(owner.given) == 1
        assert (await hall.store.correction(correction.id)).receipt == "JH1"

    told(story, tmp_path)


def test_what_cannot_be_sent_in_ten_tries_goes_into_a_persons_hands(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction, owner = await disputed(hall), Owner(failures=[DepartmentFailure("down")] * 40)
        await hall.decide(Action.CONFIRM)
        await deliver(hall, owner, rounds=20)
        kept = await hall.store.correction(correction.id)
        assert (len(owner.requests), kept.by_hand, kept.state) == (10, True, CorrectionState.SENT)

    told(story, tmp_path)


def test_a_department_that_has_the_request_is_asked_for_its_answer_for_ever(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction, owner = await disputed(hall), Owner()
        await hall.decide(Action.CONFIRM)
        await deliver(hall, owner)
        owner.failures = [DepartmentFailure("down")] * 30
        await deliver(hall, owner, rounds=25)
        kept = await hall.store.correction(correction.id)
        assert (kept.by_hand, kept.steps[-1].problem) == (False, "down")
        owner.failures, owner.says = [], CorrectionAnswer("corrected")
        await deliver(hall, owner)
        assert await state(hall, correction.id) is CorrectionState.CORRECTED

    told(story, tmp_path)


def test_a_request_that_the_department_does_not_have_after_all_is_no_success(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction, owner = await disputed(hall), Owner(forgets=True)
        await hall.decide(Action.CONFIRM)
        await deliver(hall, owner)
        steps = (await hall.store.correction(correction.id)).steps
        assert [(step.name, bool(step.done_at), step.problem) for step in steps] == [
            ("request", True, ""),
            ("read_back", False, "not_there"),
            ("answer", False, ""),
        ]

    told(story, tmp_path)


def test_a_department_without_an_interface_is_asked_by_hand_and_its_answer_written_down(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction = await disputed(hall)
        await hall.decide(Action.CONFIRM)
        await deliver(hall)
        assert [one.by_hand for one in await hall.corrections.waiting()] == [True]
        sheet = await hall.corrections.sheet(correction.id, ZHANG)
        assert sheet.correction.dispute == correction.dispute
        assert (await hall.store.audit_of(ONE))[-1].event == "correction_shown"
        with pytest.raises(NotAllowed):
            await hall.corrections.write_down(correction.id, CorrectionAction.SEND, "", by("no answer"))
        for _ in range(2):
            await hall.corrections.write_down(correction.id, CorrectionAction.CORRECT, "", by("answer"))
        assert await state(hall, correction.id) is CorrectionState.CORRECTED
        assert await hall.corrections.waiting() == ()
        with pytest.raises(CorrectionMoved):
            await hall.corrections.write_down(correction.id, CorrectionAction.UPHOLD, "", by("another"))

    told(story, tmp_path)


def test_a_person_may_take_over_and_the_machine_then_stays_out(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        correction, owner = await disputed(hall), Owner()
        await hall.decide(Action.CONFIRM)
        await deliver(hall, owner)
        with pytest.raises(NotAllowed):
            await hall.corrections.write_down(correction.id, CorrectionAction.UPHOLD, "", by("too early"))
        await hall.corrections.hand_over(correction.id, by("over"))
        owner.says = CorrectionAnswer("upheld")
        await deliver(hall, owner)
        await hall.store.decided(correction.id, "household", "upheld", hall.clock())
        assert await state(hall, correction.id) is CorrectionState.SENT
        await hall.corrections.write_down(correction.id, CorrectionAction.CORRECT, "电话答复", by("answer"))
        assert await state(hall, correction.id) is CorrectionState.CORRECTED

    told(story, tmp_path)


def test_papers_that_were_wanted_go_with_a_new_request_that_names_the_first(tmp_path: Path) -> None:
    async def story(hall: Hall) -> None:
        await disputed(hall)
        owner = Owner(says=CorrectionAnswer("needs_more"))
        await hall.decide(Action.CONFIRM)
        await deliver(hall, owner)
        second = await disputed(hall, TWO)
        assert second.earlier == "JH1"

    told(story, tmp_path)
