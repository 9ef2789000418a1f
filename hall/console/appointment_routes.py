"""Appointments at a window: made, listed by day, cancelled. Who they are for is typed in a POST and shown masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from hall.appointments import PROBLEMS, Wish, masked
from hall.console import queue_words
from hall.console.asked import Asked, Clerk, form_of, key_of, services_of, session_of
from hall.console.clock import at_time
from hall.console.language import listed, say
from hall.console.pages import page
from hall.errors import AppointmentMoved, AppointmentTaken, SlotWrong
from hall.store.appointments import Appointment, AppointmentState
from hall.working_day import working_day

NOTICES = {"booked": "预约已登记。", "cancelled": "预约已取消。"}
TAKEN = "此人当天已预约同一事项，没有再登记一次。"
MOVED = "这个预约已经到号、取消或过期，刚才的操作没有执行；下面是最新情况。"


@dataclass(frozen=True)
class Row:
    """One appointment as the list shows it."""

    appointment: str
    time: str
    who: str
    matter: str
    state: AppointmentState
    state_word: str
    booked_by: str


@dataclass(frozen=True)
class Told:
    """What the page says of what was done: `problem` why it was not, `wrong` its code, `typed` what is not to be lost."""

    notice: str = ""
    problem: str = ""
    wrong: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@get("/appointments")
async def appointments(request: Asked) -> Response[str]:
    clerk, notice = await session_of(request), say(NOTICES.get(request.query_params.get("notice", ""), ""))
    return await _page(request, clerk, _day_of(request, request.query_params.get("day", "")), Told(notice))


@post("/appointments", status_code=303)
async def book(request: Asked) -> Response[str]:
    clerk, form = await session_of(request), await form_of(request)
    wish = Wish(*(form.get(name, "") for name in ("number", "name", "matter", "day", "time")))
    day = _day_of(request, wish.day)
    try:
        await services_of(request).appointments.book(wish, clerk.clerk, clerk.window, key_of(form))
    except SlotWrong as error:
        told = Told(problem=say(PROBLEMS[error.problem]), wrong=error.problem, typed=form, status=error.http)
        return await _page(request, clerk, day, told)
    except AppointmentTaken as error:
        return await _page(request, clerk, day, Told(problem=say(TAKEN), typed=form, status=error.http))
    return Redirect(f"/appointments?day={day.isoformat()}&notice=booked", status_code=303)


@post("/appointments/{appointment:str}/cancel", status_code=303)
async def cancel(request: Asked, appointment: FromPath[str]) -> Response[str]:
    clerk, form = await session_of(request), await form_of(request)
    day = _day_of(request, form.get("day", ""))
    try:
        await services_of(request).appointments.cancel(appointment, clerk.clerk, clerk.window, key_of(form))
    except AppointmentMoved as error:
        return await _page(request, clerk, day, Told(problem=say(MOVED), status=error.http))
    return Redirect(f"/appointments?day={day.isoformat()}&notice=cancelled", status_code=303)


async def _page(request: Asked, clerk: Clerk, day: date, told: Told) -> Response[str]:
    services = services_of(request)
    found = await services.appointments.of(day, clerk.clerk, clerk.window)
    hours, matters = services.queue.hours, services.matters
    return page(
        "appointments.html",
        status=told.status,
        hall=services.config,
        session=clerk,
        day=day.isoformat(),
        today=working_day(services.clock()).isoformat(),
        opening="" if hours.always else listed(map(str, hours.of(day))),
        closed=not hours.of(day),
        rows=[_row(one, say(matters[one.matter].title) if one.matter in matters else one.matter) for one in found],
        matters=[(code, say(flow.title)) for code, flow in matters.items()],
        told=told,
    )


def _row(one: Appointment, title: str) -> Row:
    short = masked(one)
    by = one.booked_by.removeprefix("clerk:")
    return Row(
        appointment=one.appointment,
        time=at_time(one.slot)[:5],
        who=say("{name}（尾号 {number}）", name=short.name, number=short.number),
        matter=title,
        state=one.state,
        state_word=say(queue_words.APPOINTMENT[one.state]),
        booked_by=say("预约系统") if by == "hall" else by,
    )


def _day_of(request: Asked, written: str) -> date:
    """Today, when it is no day."""
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        return working_day(services_of(request).clock())


ROUTES = [appointments, book, cancel]
