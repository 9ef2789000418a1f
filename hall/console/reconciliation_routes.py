"""夜间核对: what every department has beside what it was sent, day by day; what is missing is sent again from here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import date

from litestar import Response, get, post
from litestar.response import Redirect, Stream

from hall.console.asked import Asked, form_of, services_of, token_of
from hall.console.delivery_routes import by, picked, supervisor_of
from hall.console.delivery_view import FindingLine, ReportLine, finding_lines, report_lines
from hall.console.delivery_words import COLUMNS, NOTICES
from hall.console.language import say
from hall.console.live import Fragment, live
from hall.console.pages import drawn, page
from hall.console.spreadsheet import spreadsheet
from hall.errors import NotKnown
from hall.working_day import working_day

_under_way: set[asyncio.Task[int]] = set()
"""Comparisons that a person asked for: the loop holds tasks only weakly."""


@get("/deliveries/reconciliation")
async def reconciliation_page(request: Asked) -> Response[str]:
    services, session = services_of(request), await supervisor_of(request)
    notice = NOTICES.get(request.query_params.get("notice", ""))
    day, days = await _day(request), await services.store.reconciliation_days()
    plan = services.reconciliation.plan
    reports, findings = await _shown(request, day)
    return page(
        "reconciliation.html",
        hall=services.config,
        session=session,
        notice=notice,
        day=day,
        days=days,
        plan=plan,
        today=working_day(services.clock()),
        reports=reports,
        findings=findings,
    )


@get("/deliveries/reconciliation/events", media_type="text/event-stream")
async def reconciliation_events(request: Asked) -> Stream:
    services = services_of(request)
    day = await _day(request)

    async def fragments() -> Mapping[str, Fragment] | None:
        if await services.staff.still(token_of(request)) is None:
            return None
        reports, findings = shown = await _shown(request, day)
        report = Fragment(shown, lambda: drawn("reconciliation_report.html", day=day, reports=reports, findings=findings))
        return {"report": report}

    pages: AsyncIterator[bytes] = live(services.store, fragments, services.closing, services.pages)
    return Stream(pages, media_type="text/event-stream")


@get("/deliveries/reconciliation.csv")
async def reconciliation_csv(request: Asked) -> Response[bytes]:
    """For a spreadsheet: numbers of the queue and of the departments, nothing of anybody."""
    services = services_of(request)
    await supervisor_of(request)
    day = await _day(request)
    lines = finding_lines(await services.store.findings(day), services.titles, services.matters)
    rows = ((one.title, one.kind, one.ticket, one.day, one.matter, one.ours, one.theirs) for one in lines)
    return spreadsheet([[say(head) for head in COLUMNS], *rows], f"reconciliation-{day.isoformat()}")


@post("/deliveries/reconciliation/run", status_code=303)
async def run(request: Asked) -> Redirect:
    """Compares today's once more; how it goes on is seen on the page."""
    services, session = services_of(request), await supervisor_of(request)
    who = by(session, await form_of(request))
    if await services.reconciliation.asked(who.clerk, who.window, who.key):
        task = asyncio.create_task(services.reconciliation.night(by=f"clerk:{who.clerk}", again=True))
        _under_way.add(task)
        task.add_done_callback(_under_way.discard)
    return Redirect("/deliveries/reconciliation?notice=reconciling", status_code=303)


@post("/deliveries/reconciliation/resend", status_code=303)
async def resend_missing(request: Asked) -> Redirect:
    services, session = services_of(request), await supervisor_of(request)
    form = await form_of(request)
    sent = await services.letters.reopen(picked(form), by(session, form))
    return Redirect(f"/deliveries/reconciliation?notice={'reopened' if sent else 'nothing'}", status_code=303)


async def _day(request: Asked) -> date:
    """The one asked for, or the newest with a report."""
    services = services_of(request)
    written = request.query_params.get("day", "")
    if not written:
        days = await services.store.reconciliation_days(1)
        return days[0] if days else working_day(services.clock())
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise NotKnown from None


async def _shown(request: Asked, day: date) -> tuple[tuple[ReportLine, ...], tuple[FindingLine, ...]]:
    services = services_of(request)
    reports, findings = await services.store.reports(day), await services.store.findings(day)
    return (
        report_lines(reports, services.titles, services.clock()),
        finding_lines(findings, services.titles, services.matters),
    )


ROUTES = [reconciliation_page, reconciliation_events, reconciliation_csv, run, resend_missing]
