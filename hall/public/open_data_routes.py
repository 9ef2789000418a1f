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
from hall.figures import RULES, Group, Month, Rule
from hall.public.pages import page
from hall.working_day import working_day

Asked = Request[Any, Any, Any]
CSV = "text/csv"
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
    months = (await _open_data(request)).months
    return _table(("month", "matters"), ((month.month, " ".join(g.of), g) for month in months for g in month.by_matter))


@get("/api/open-data/days.csv", summary="By working days", tags=["open data"], media_type=CSV, response_headers=KEPT)
async def days_table(request: Asked) -> str:
    months = (await _open_data(request)).months
    return _table(("first_day", "last_day"), ((g.of[0], g.of[-1], g) for month in months for g in month.by_day))


def _table(names: tuple[str, str], rows: Iterable[tuple[str, str, Group]]) -> str:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow((*names, "cases", "on_the_spot", "wait_median_min", "wait_p90_min"))
    for one, other, group in rows:
        waits = (group.waits.median_min, group.waits.p90_min) if group.waits else ("", "")
        table.writerow((one, other, group.cases, "" if group.on_the_spot is None else group.on_the_spot, *waits))
    return written.getvalue()


async def _open_data(request: Asked) -> OpenData:
    services = _services(request)
    rule: Rule = on(working_day(services.clock()), RULES, "open data")
    months = await services.figures.months()
    return OpenData(services.config.hall, services.config.name, rule.least, rule.licence, months)


def _services(request: Asked) -> Services:
    services: Services = request.app.state.services
    return services


ROUTES = [open_data_page, as_json, matters_table, days_table]
