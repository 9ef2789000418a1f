"""The table of what may be done with a case, walked from every side."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.application import ACCEPTING, POSSIBLE, TRANSITIONS, Action, Attached, Status
from flows.delivery import Delivery, DeliveryStep
from flows.flow import Flow, Page
from flows.fold import start
from flows.matters import MATTERS
from flows.matters.hk_macau_permit import FLOW
from tests.flows.people import ENDORSE, TODAY, application, begin_and_fold, identity

ENDS = {Status.ACCEPTED, Status.NOT_ACCEPTED}
MADE = {Status.MAKING, Status.READY, Status.DELIVERED}
FROM_OUTSIDE = {Status.ISSUED, Status.APPROVED, Status.REFUSED, Status.REPLACED, *MADE}
"""What no clerk does: the hall issues by itself, and departments agree, refuse, and make documents."""

STAYING = {Action.BRING, Action.FOLLOW_UP}


def reachable(start: Status) -> set[Status]:
    found = {start}
    while more := {to for (at, _), to in TRANSITIONS.items() if at in found} - found:
        found |= more
    return found


def test_every_status_is_reached_from_a_submission() -> None:
    assert reachable(Status.SUBMITTED) == set(Status) - FROM_OUTSIDE


@pytest.mark.parametrize("status", sorted(set(Status) - ENDS - FROM_OUTSIDE | {Status.ISSUED}))
def test_no_case_is_stuck_before_its_end(status: Status) -> None:
    assert reachable(status) >= ENDS


@pytest.mark.parametrize("status", sorted(ENDS | MADE | {Status.APPROVED, Status.REFUSED, Status.REPLACED}))
def test_nothing_more_can_be_done_with_a_decided_case(status: Status) -> None:
    """But what was promised for later is still taken; that moves no case."""
    assert POSSIBLE[status] <= STAYING


def test_a_case_that_the_hall_ended_by_itself_can_still_be_taken_to_a_counter() -> None:
    assert POSSIBLE[Status.ISSUED] == {Action.REQUEUE}


def test_only_a_clerk_who_called_the_case_may_decide_it() -> None:
    deciding = {Action.AMEND, Action.CONFIRM, Action.ACCEPT_LACKING, Action.PROPOSE, Action.RETURN, Action.REJECT}
    assert {at for at, action in TRANSITIONS if action in deciding} == {Status.CALLED}
    accepting = {at for at, to in TRANSITIONS.items() if to is Status.ACCEPTED and at[0] is not Status.ACCEPTED}
    alone = {(Status.CALLED, Action.CONFIRM), (Status.CALLED, Action.ACCEPT_LACKING)}
    assert accepting == {*alone, (Status.TO_APPROVE, Action.APPROVE)}
    assert {action for _, action in accepting} == ACCEPTING


def test_bringing_a_paper_and_following_up_move_no_case() -> None:
    assert all(at is to for (at, action), to in TRANSITIONS.items() if action in STAYING)


def test_possible_is_the_table_and_nothing_else() -> None:
    assert {(status, action) for status, actions in POSSIBLE.items() for action in actions} == set(TRANSITIONS)
    assert set(POSSIBLE) == set(Status)
    assert {action for _, action in TRANSITIONS} == set(Action)


def test_a_picture_is_found_by_the_sm3_digest_of_its_content() -> None:
    """The vector of GB/T 32905, appendix A."""
    assert Attached("image/png", b"abc").digest == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_the_slip_is_the_random_tail_of_the_visit() -> None:
    made = application(FLOW, "lyu", begin_and_fold(FLOW, "lyu", ENDORSE))
    assert made.slip == "456789AB"
    assert replace(made, visit="0198f3a2-7c11-7abc-9def-fedcba987654").slip == "BA987654"


def test_a_delivery_is_closed_by_the_number_the_department_gave() -> None:
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    accept, read_back = DeliveryStep("accept", 1, at, "SL20261123001"), DeliveryStep("read_back")
    assert (Delivery("v", "exit_entry", (accept, read_back)).number, Delivery("v", "exit_entry", (read_back,)).number) == (
        "SL20261123001",
        "",
    )
    assert not Delivery("v", "exit_entry", (accept, read_back)).done
    assert Delivery("v", "exit_entry", (accept, replace(read_back, done_at=at))).done


@pytest.mark.parametrize("flow", MATTERS.values(), ids=MATTERS)
def test_every_matter_can_begin_without_any_department(flow: Flow) -> None:
    known = start(flow, identity("lyu"), None, TODAY)
    assert flow.asked(known)
    assert flow.title
    assert flow.summary
    assert flow.bring
    assert flow.route(known)
    assert flow.fee(known).yuan >= 0
    assert flow.certificate(known) is None


def test_a_field_name_used_twice_is_refused() -> None:
    page = FLOW.pages[0]
    with pytest.raises(ValueError, match="used twice"):
        Flow(code="x", version="1", title="x", pages=(page, Page(name="again", title="x", fields=page.fields[:1])))
