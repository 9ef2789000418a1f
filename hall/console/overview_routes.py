"""大厅总览: one live page, the pages of single days, plots and tables; for supervisors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Stream

from hall.console import overview_csv
from hall.console.asked import Asked, services_of, session_of, token_of
from hall.console.live import Fragment, live
from hall.console.overview_day import DayView, day_view
from hall.console.overview_plots import PLOTS
from hall.console.overview_view import NowView, now_view
from hall.console.pages import drawn, page
from hall.console.spreadsheet import spreadsheet
from hall.errors import NotKnown
from hall.roles import Permission
from hall.working_day import working_day


@get("/overview")
async def overview_page(request: Asked) -> Response[str]:
    services, session = services_of(request), await session_of(request, Permission.OVERVIEW)
    now, day, today = await _now(request), await _of_day(request, None), working_day(services.clock())
    return page("overview.html", hall=services.config, session=session, now=now, day=day, today=today, days=await _days(request))


@get("/overview/events", media_type="text/event-stream")
async def overview_events(request: Asked) -> Stream:
    services = services_of(request)

    async def fragments() -> Mapping[str, Fragment] | None:
        await services.overview.rested()
        if await services.staff.still(token_of(request)) is None:
            return None
        now, day = await _now(request), await _of_day(request, None)

        def part(name: str, *shows: object) -> Fragment:
            return Fragment(shows, lambda: drawn(f"overview_{name}.html", now=now, day=day))

        return {
            "figures": part("figures", now, day),
            "lines": part("lines", now.rows, now.undone, now.classes, now.door),
            "windows": part("windows", now.windows),
            "terminals": part("terminals", now.terminals),
            "departments": part("departments", now.departments, now.since),
            "plots": part("plots", day),
        }

    pages: AsyncIterator[bytes] = live(services.store, fragments, services.closing, services.pages)
    return Stream(pages, media_type="text/event-stream")


@get("/overview/day")
async def day_page(request: Asked) -> Response[str]:
    """Any day, today too: the plots large, with their tables."""
    services, session = services_of(request), await session_of(request, Permission.OVERVIEW)
    day, today = await _of_day(request, await _asked_day(request)), working_day(services.clock())
    return page("overview_day.html", hall=services.config, session=session, day=day, today=today, days=await _days(request))


@get("/overview/plots/{name:str}")
async def plot(request: Asked, name: FromPath[str]) -> Response[str]:
    await session_of(request, Permission.OVERVIEW)
    draw = PLOTS.get(name)
    if draw is None:
        raise NotKnown
    figures = await services_of(request).overview.of_day(_day(request, await _asked_day(request)))
    return Response(draw(figures), media_type="image/svg+xml")


@get("/overview/tables/{name:str}")
async def table(request: Asked, name: FromPath[str]) -> Response[bytes]:
    """What stands now is named with today's date, whatever day is asked for."""
    await session_of(request, Permission.OVERVIEW)
    if (of_now := overview_csv.OF_NOW.get(name)) is not None:
        day, cells = _day(request, None), of_now(await _now(request))
    elif (of_day := overview_csv.OF_DAY.get(name)) is not None:
        day = _day(request, await _asked_day(request))
        cells = of_day(await _of_day(request, day))
    else:
        raise NotKnown
    return spreadsheet(cells, f"overview-{name}-{day.isoformat()}")


async def _now(request: Asked) -> NowView:
    services = services_of(request)
    return now_view(await services.overview.now(), services.titles, services.matters, services.queue.windows)


async def _of_day(request: Asked, day: date | None) -> DayView:
    services = services_of(request)
    return day_view(await services.overview.of_day(_day(request, day)), services.matters)


async def _days(request: Asked) -> tuple[date, date]:
    """The days that a date may be picked from."""
    services = services_of(request)
    today, known = working_day(services.clock()), await services.store.days()
    return (min(known[0], today), max(known[1], today)) if known else (today, today)


def _day(request: Asked, day: date | None) -> date:
    return day or working_day(services_of(request).clock())


async def _asked_day(request: Asked) -> date | None:
    """Today when none is named; NotKnown for what is no day, or one before or after all that the hall has."""
    written = request.query_params.get("day", "")
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise NotKnown from None
    first, last = await _days(request)
    if not first <= day <= last:
        raise NotKnown
    return day


ROUTES = [overview_page, overview_events, day_page, plot, table]
