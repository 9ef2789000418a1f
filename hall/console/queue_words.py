"""The line in words: waits as a span, why a ticket stands where it stands, what the door says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flows.waiting import WaitSpan
from hall.console.clock import HALL_ZONE, at_time
from hall.console.words import STATUS
from hall.hours import Moment
from hall.line_policy import ORDINARY, passing_words, words_of
from hall.store.appointments import AppointmentState
from hall.store.store import Standing
from hall.windows import SKILL

CANNOT_TELL = "说不准"

APPOINTMENT: Mapping[AppointmentState, str] = {
    AppointmentState.BOOKED: "未到",
    AppointmentState.TAKEN: "已到",
    AppointmentState.LATE: "迟到，按普通排队",
    AppointmentState.MISSED: "没有来",
    AppointmentState.CANCELLED: "已取消",
}


def wait(span: WaitSpan | None) -> str:
    """A wait as a person says it; never a single number, which nobody can keep."""
    if span is None:
        return CANNOT_TELL
    if span.most_min is None:
        return f"{span.least_min} 分钟以上"
    if span.least_min == 0:
        return f"{span.most_min} 分钟以内"
    return f"约 {span.least_min}–{span.most_min} 分钟"


def door(moment: Moment, opens_at: datetime | None) -> str:
    """What a clerk reads who calls outside the hours; "" while the hall is open."""
    if moment is Moment.OPEN:
        return ""
    words = {Moment.BREAK: "现在是休息时间", Moment.BEFORE: "大厅还没有开门", Moment.CLOSED: "今天的办公时间已经结束"}[moment]
    opens = f"，{_day_and_minute(opens_at)} 开门" if opens_at else ""
    return f"{words}{opens}。仍可叫号，按加班办理。"


def meant_for(line: str) -> str:
    """Whom a ticket is meant for."""
    return f"专长「{line.removeprefix(SKILL)}」" if line.startswith(SKILL) else f"{line} 号窗口"


def notes(one: Standing) -> tuple[str, ...]:
    """Why a ticket stands where it stands, shortest first."""
    found = []
    if one.line_class != ORDINARY:
        slot = f" {at_time(one.not_before)[:5]} 起叫" if one.not_before else ""
        found.append(words_of(one.line_class) + slot)
    if one.carried:
        found.append("上一办公日转来")
    if one.beside:
        found.append(f"同一申请人在 {one.meant_for} 号窗口")
    elif one.from_why:
        where = f"，请 {meant_for(one.meant_for)}办" if one.meant_for else ""
        found.append(f"{one.from_window} 号窗口 {one.from_clerk} 转来{where}：{passing_words(one.from_why)}")
    if one.ended:
        found.append("闭馆时没有叫到")
    return tuple(found)


def stale(one: Standing, window: str, *, busy: bool) -> str:
    """Why a click was refused, and how the ticket stands now."""
    number, where = one.ticket.number, f"，在 {one.window} 号窗口" if one.window and one.window != window else ""
    if busy:
        return f"本窗口已有一件在办，{number} 没有叫过来。请先办完或挂起正在办的一件。"
    return f"刚才的操作没有执行：{number} 现在是「{STATUS[one.status]}」{where}。下面是最新情况。"


def _day_and_minute(at: datetime) -> str:
    return at.astimezone(HALL_ZONE).strftime("%m-%d %H:%M")
