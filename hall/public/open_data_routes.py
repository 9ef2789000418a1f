"""开放数据 for anybody: a hall's figures as a page, as JSON and as tables. hall.figures says how they are counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import ResponseHeader

from flows.policy import on
from hall.bootstrap import Services
from hall.figures import RULES, Month, Rule, Waits
from hall.public.pages import page
from hall.working_day import working_day

Asked = Request[Any, Any, Any]
CSV = "text/csv"
WAITS = ("wait_median_min", "wait_p90_min")
KEPT = [ResponseHeader(name="Content-Disposition", value="attachment", description="To be kept as a file.")]


@dataclass(frozen=True)
class OpenData:
    """A hall's figures, the newest month first. No group counts fewer cases than `least`; small ones are put together
    with their neighbours."""

    hall: str
    name: str
    least: int
    licence: str
    months: tuple[Month, ...]


@get("/open-data", include_in_schema=False)
async def open_data_page(request: Asked) -> Response[str]:
    services, found = _services(request), await _open_data(request)
    titles = {code: flow.title for code, flow in services.matters.items()}
    return page("open_data.html", services.config, found=found, titles=titles)


@get("/api/open-data", summary="Cases by matter and day, waiting times, share done on the spot", tags=["open data"])
async def as_json(request: Asked) -> OpenData:
    return await _open_data(request)


@get(
    "/api/open-data/matters.csv",
    summary="By month and matter",
    tags=["open data"],
    media_type=CSV,
    response_headers=KEPT,
)
async def matters_table(request: Asked) -> str:
    rows = (
        (month.month, " ".join(group.matters), group.cases, _or_nothing(group.on_the_spot), *_told(group.waits))
        for month in (await _open_data(request)).months
        for group in month.by_matter
    )
    return _table(("month", "matters", "cases", "on_the_spot", *WAITS), rows)


@get("/api/open-data/days.csv", summary="By working days", tags=["open data"], media_type=CSV, response_headers=KEPT)
async def days_table(request: Asked) -> str:
    rows = (
        (group.first, group.last, group.cases, *_told(group.waits))
        for month in (await _open_data(request)).months
        for group in month.by_day
    )
    return _table(("first_day", "last_day", "cases", *WAITS), rows)


def _table(names: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([names, *rows])
    return written.getvalue()


def _told(waits: Waits | None) -> tuple[object, object]:
    return (waits.median_min, waits.p90_min) if waits else ("", "")


def _or_nothing(count: int | None) -> object:
    return "" if count is None else count


async def _open_data(request: Asked) -> OpenData:
    services = _services(request)
    rule: Rule = on(working_day(services.clock()), RULES, "open data")
    months = await services.figures.months()
    return OpenData(services.config.hall, services.config.name, rule.least, rule.licence, months)


def _services(request: Asked) -> Services:
    services: Services = request.app.state.services
    return services


ROUTES = [open_data_page, as_json, matters_table, days_table]
