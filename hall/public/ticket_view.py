"""How a ticket stands, in two languages and in words that a tired person understands at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from flows.application import Status
from flows.flow import Flow
from flows.waiting import WaitSpan
from flows.words import languages
from hall.store.standing import Standing

Mood = Literal["plain", "now", "care", "good"]

KEPT = timedelta(days=180)
"""A ticket's page is there so long after it was issued."""
KEPT_ENDED = timedelta(days=30)
ENDED = frozenset({Status.NOT_ACCEPTED, Status.REFUSED, Status.REPLACED, Status.ISSUED, Status.DELIVERED})
ENGLISH = languages()["en"]


@dataclass(frozen=True)
class Said:
    """One state for the citizen: what it is, and what to do; both in Chinese and English."""

    mood: Mood
    title: tuple[str, str]
    advice: tuple[str, str]


SAID: Mapping[Status, Said] = {
    Status.SUBMITTED: Said(
        "plain",
        ("正在等候", "Waiting"),
        ("请留意叫号屏和广播，叫到您时本页会变。", "Watch the board; this page changes when it is your turn."),
    ),
    Status.CALLED: Said(
        "now",
        ("请到 {window} 号窗口", "Please go to window {window}"),
        ("请带好身份证和材料。", "Bring your ID card and papers."),
    ),
    Status.HELD: Said(
        "plain",
        ("已挂起，位置为您留着", "On hold, your place is kept"),
        ("办好手上的事就回来，到原窗口或任一窗口说一声。", "Come back when you have what you need and tell any window."),
    ),
    Status.TO_APPROVE: Said(
        "plain",
        ("窗口已办，正在复核", "Being checked by a second clerk"),
        ("不必等候在窗口前，复核后本页会变。", "You need not wait at the window."),
    ),
    Status.SENT_BACK: Said(
        "care",
        ("复核后还要再办", "A window has to look at it again"),
        ("请到原窗口或咨询台询问。", "Please ask at your window or the help desk."),
    ),
    Status.MAKING: Said(
        "good", ("正在制证", "Your document is being made"), ("制好后本页会变。", "This page changes when it is ready.")
    ),
    Status.READY: Said(
        "now",
        ("可以领取了", "Ready to collect"),
        ("请带身份证和回执来领取。", "Bring your ID card and the receipt to collect it."),
    ),
    Status.DELIVERED: Said("good", ("已领取或已寄出", "Collected or sent"), ("这件事已经办完。", "This matter is finished.")),
    Status.NO_SHOW: Said(
        "care",
        ("已过号", "Your number was called"),
        (
            "没有关系：请到任一窗口或咨询台说一声，号码不变，重新排队。",
            "No harm done: tell any window or the help desk, and you keep your number.",
        ),
    ),
    Status.RETURNED: Said(
        "care",
        ("需要补充材料", "More papers are needed"),
        ("请按告知书补齐后再来，不必重新填报。", "Come back with what the notice lists; nothing has to be filled in again."),
    ),
    Status.ACCEPTED: Said("good", ("已受理", "Accepted"), ("部门正在办理。", "The department is working on it.")),
    Status.APPROVED: Said("good", ("已批准", "Approved"), ("请留意领取通知。", "You will be told when to collect it.")),
    Status.ISSUED: Said(
        "good", ("已当场办结", "Done on the spot"), ("证明已在终端打印。", "The paper was printed at the terminal.")
    ),
    Status.NOT_ACCEPTED: Said(
        "care",
        ("不予受理", "Not accepted"),
        ("理由和救济途径写在通知书上；可到窗口咨询。", "The notice says why and what you can do; any window will explain."),
    ),
    Status.REFUSED: Said(
        "care",
        ("不予许可", "Refused"),
        ("理由和救济途径写在决定书上；可到窗口咨询。", "The decision says why and what you can do; any window will explain."),
    ),
    Status.REPLACED: Said(
        "plain",
        ("已由新的号码代替", "Replaced by a newer number"),
        ("您重新提交过，请看新的号码。", "You submitted again; look at the newer ticket."),
    ),
}


@dataclass(frozen=True)
class TicketView:
    """`ahead` is None for a ticket that does not wait; `wait` in two languages, None when it cannot be told; `day` is that of
    a ticket whose day is still to come; `bring` are papers in Chinese and English."""

    number: str
    matter: tuple[str, str]
    said: Said
    ahead: int | None
    wait: tuple[str, str] | None
    day: date | None
    bring: tuple[tuple[str, str], ...]


def ticket_view(standing: Standing, flow: Flow, ahead: int | None, wait: WaitSpan | None, today: date) -> TicketView:
    said = SAID[standing.status]
    title = tuple(text.format(window=standing.window) for text in said.title)
    return TicketView(
        standing.ticket.number,
        _both(flow.title),
        Said(said.mood, (title[0], title[1]), said.advice),
        ahead,
        _span(wait) if wait else None,
        standing.ticket.working_day if standing.status is Status.SUBMITTED and standing.ticket.working_day > today else None,
        tuple(_both(thing) for thing in flow.bring) if standing.status in (Status.SUBMITTED, Status.CALLED) else (),
    )


def has_ended(standing: Standing, today: date) -> bool:
    """Whether the page of a ticket is there no more."""
    kept = KEPT_ENDED if standing.status in ENDED else KEPT
    return today > standing.ticket.working_day + kept


def _span(wait: WaitSpan) -> tuple[str, str]:
    message, values = wait.told()
    chinese, english = _both(message)
    return chinese.format(**values), english.format(**values)


def _both(words: str) -> tuple[str, str]:
    return words, ENGLISH.get(words, words)
