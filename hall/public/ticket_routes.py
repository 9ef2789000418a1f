"""The page of one ticket: where it stands, for whoever holds the paper with the code. Nothing of its person is on it."""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from flows.application import Status
from hall.bootstrap import Services
from hall.errors import NotKnown
from hall.public.pages import page
from hall.public.ticket_view import TicketView, has_ended, ticket_view
from hall.working_day import working_day

Asked = Request[Any, Any, Any]
MOST_AHEAD = 99


@get("/t/{code:str}", include_in_schema=False)
async def ticket_page(request: Asked, code: FromPath[str]) -> Response[str]:
    """The same page for a code that was made up, one of long ago, and one of another hall."""
    services = _services(request)
    if not request.app.state.tickets_pace.admits(request.client.host if request.client else ""):
        return page("too_often.html", services.config, status=429)
    view = await _view(services, code)
    if view is None:
        return page("ticket_unknown.html", services.config, status=404)
    answer = page("ticket.html", services.config, view=view)
    tag = f'"{hashlib.sha256(str(answer.content).encode()).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return Response("", status_code=304, headers={"ETag": tag})
    answer.headers["ETag"] = tag
    return answer


async def _view(services: Services, code: str) -> TicketView | None:
    visit = services.ticket_codes.visit(code)
    if visit is None:
        return None
    try:
        standing = await services.store.standing(visit)
    except NotKnown:
        return None
    today = working_day(services.clock())
    if has_ended(standing, today):
        return None
    ahead = await services.store.ahead(today, visit, MOST_AHEAD + 1)
    wait = await services.queue.expected(visit) if standing.status is Status.SUBMITTED and ahead else None
    return ticket_view(standing, services.matters[standing.ticket.matter], ahead, wait, today)


def _services(request: Asked) -> Services:
    services: Services = request.app.state.services
    return services


ROUTES = [ticket_page]
