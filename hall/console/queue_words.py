"""The line in words: waits as a span, why a ticket stands where it stands, what the door says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flows.waiting import WaitSpan
from hall.console.clock import HALL_ZONE, at_time
from hall.console.language import say
from hall.console.words import STATUS
from hall.hours import Moment
from hall.line_policy import APPOINTMENT as BOOKED
from hall.line_policy import ORDINARY, passing_words, words_of
from hall.store.appointments import AppointmentState
from hall.store.standing import Standing
from hall.windows import SKILL

CANNOT_TELL = "说不准"

SHUT: Mapping[Moment, str] = {
    Moment.BREAK: "现在是休息时间",
    Moment.BEFORE: "大厅还没有开门",
    Moment.CLOSED: "今天的办公时间已经结束",
}
SHUT_UNTIL: Mapping[Moment, str] = {
    Moment.BREAK: "现在是休息时间，{at} 开门",
    Moment.BEFORE: "大厅还没有开门，{at} 开门",
    Moment.CLOSED: "今天的办公时间已经结束，{at} 开门",
}

APPOINTMENT: Mapping[AppointmentState, str] = {
    AppointmentState.BOOKED: "未到",
    AppointmentState.TAKEN: "已到",
    AppointmentState.LATE: "迟到，按普通排队",
    AppointmentState.MISSED: "没有来",
    AppointmentState.CANCELLED: "已取消",
}


def wait(span: WaitSpan | None) -> str:
    if span is None:
        return say(CANNOT_TELL)
    message, values = span.told()
    return say(message, **values)


def shut(moment: Moment, opens_at: datetime | None) -> str:
    """Why nobody is expected outside the hours, and until when; "" while the hall is open."""
    if moment is Moment.OPEN:
        return ""
    if opens_at is None:
        return say(SHUT[moment])
    return say(SHUT_UNTIL[moment], at=_day_and_minute(opens_at))


def door(moment: Moment, opens_at: datetime | None) -> str:
    """What a clerk reads who calls outside the hours; "" while the hall is open."""
    found = shut(moment, opens_at)
    return say("{shut}。仍可叫号，按加班办理。", shut=found) if found else ""


def meant_for(line: str) -> str:
    """Whom a ticket is meant for."""
    if line.startswith(SKILL):
        return say("专长「{skill}」", skill=line.removeprefix(SKILL))
    return say("{window} 号窗口", window=line)


def waited_for(line: str, matter: str) -> str:
    """What nobody in the hall is there for: tickets meant for somebody, or a matter."""
    if line:
        return say("有号在等 {whom}", whom=meant_for(line))
    return say("有「{matter}」在等", matter=say(matter))


def notes(one: Standing) -> tuple[str, ...]:
    """Why a ticket stands where it stands, shortest first."""
    found = []
    if one.line_class != ORDINARY:
        found.append(_class(one))
    if one.carried:
        found.append(say("上一办公日转来"))
    if one.beside:
        found.append(say("同一申请人在 {window} 号窗口", window=one.meant_for))
    elif one.from_why:
        found.append(_passed_on(one))
    if one.ended:
        found.append(say("闭馆时没有叫到"))
    return tuple(found)


def _class(one: Standing) -> str:
    line_class, begins = say(words_of(one.line_class)), at_time(one.not_before)[:5] if one.not_before else ""
    if not begins:
        return line_class
    if one.line_class == BOOKED:
        return say("预约 {time} 起叫", time=begins)
    return say("{line_class} {time} 起叫", line_class=line_class, time=begins)


def _passed_on(one: Standing) -> str:
    by, why = {"window": one.from_window, "clerk": one.from_clerk}, say(passing_words(one.from_why))
    if not one.meant_for:
        return say("{window} 号窗口 {clerk} 转来：{why}", why=why, **by)
    return say("{window} 号窗口 {clerk} 转来，请 {whom}办：{why}", whom=meant_for(one.meant_for), why=why, **by)


def stale(one: Standing, window: str, *, busy: bool) -> str:
    """Why a click was refused, and how the ticket stands now."""
    number, status = one.ticket.number, say(STATUS[one.status])
    if busy:
        return say("本窗口已有一件在办，{number} 没有叫过来。请先办完或挂起正在办的一件。", number=number)
    if not one.window or one.window == window:
        return say("刚才的操作没有执行：{number} 现在是「{status}」。下面是最新情况。", number=number, status=status)
    message = "刚才的操作没有执行：{number} 现在是「{status}」，在 {window} 号窗口。下面是最新情况。"
    return say(message, number=number, status=status, window=one.window)


def _day_and_minute(at: datetime) -> str:
    return at.astimezone(HALL_ZONE).strftime("%m-%d %H:%M")
