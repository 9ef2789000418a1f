"""The ticket as a citizen takes it away: when it will be theirs, on the screen and on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.application import Application, Assurance, Identity, Ticket
from flows.matters import MATTERS
from flows.waiting import WaitSpan
from flows.words import Language
from kiosk.present import Look
from kiosk.present_ticket import OnPaper, Receipt, slip, ticket_view
from tests.kiosk.fakes import PLACE, WORDS
from tests.kiosk.people import NOW

FLOW = MATTERS["specimen"]
VISIT = "019ab000-0000-7000-8000-000000000001"
LYU = Identity("440602199202299863", "吕晓岚", "2", NOW.date(), "resident_card", Assurance.SAM)
APPLICATION = Application(VISIT, FLOW.code, FLOW.version, "", LYU, {}, NOW)
TODAY = Ticket("A023", VISIT, FLOW.code, NOW.date(), NOW, 3)


def told(ticket: Ticket, language: Language) -> tuple[str, ...]:
    """Everything that the screen says of a ticket; paper says no other points."""
    look, receipt = Look(WORDS[language], False, NOW, PLACE), Receipt(APPLICATION, ticket)
    view = ticket_view(look, FLOW, receipt, OnPaper.SLIP, more=False)
    assert set(slip(look, FLOW, receipt).footer) <= set(view.points)
    return view.lead, *view.points


@pytest.mark.parametrize(
    ("wait", "chinese", "english"),
    [
        (WaitSpan(10, 20), "预计等候：约 10–20 分钟", "Expected wait: about 10 to 20 minutes"),
        (WaitSpan(0, 5), "预计等候：5 分钟以内", "Expected wait: up to 5 minutes"),
        (WaitSpan(90, None), "预计等候：90 分钟以上", "Expected wait: more than 90 minutes"),
    ],
)
def test_a_wait_is_told_as_a_span(wait: WaitSpan, chinese: str, english: str) -> None:
    ticket = replace(TODAY, wait=wait)
    assert {"前面还有 3 人", chinese} <= set(told(ticket, "zh"))
    assert english in told(ticket, "en")


def test_a_wait_that_cannot_be_told_is_not_told() -> None:
    assert not [words for words in told(TODAY, "zh") if "预计" in words]


def test_nobody_ahead_is_said_and_needs_no_estimate() -> None:
    points = told(replace(TODAY, ahead=0, wait=WaitSpan(0, 5)), "zh")
    assert "前面没有人，马上就会叫到您" in points
    assert not [words for words in points if "预计" in words]


def test_a_number_for_another_day_promises_no_call_today() -> None:
    ticket = replace(TODAY, ahead=0, working_day=TODAY.working_day + timedelta(days=3))
    chinese, english = told(ticket, "zh"), told(ticket, "en")
    assert chinese[:2] == ("大厅今天不再叫号，请那天开门后再来", "这是 2026 年 11 月 26 日的号码，那天按号叫")
    assert english[1] == "This number is for 2026-11-26 and will be called on that day"
    assert not [words for words in chinese if "马上" in words or "等候区" in words]
