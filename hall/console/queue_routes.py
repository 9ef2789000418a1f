"""The queue: only a clerk's POST calls a ticket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from hall.console.asked import Asked, clerk_of, form_of, key_of, needs, services_of, session_of, token_of
from hall.console.live import Fragment, live
from hall.console.pages import drawn, page
from hall.console.queue_view import QueueView, queue_view
from hall.errors import FormNotUnderstood
from hall.roles import Permission
from hall.store.store import LEAST_CALLS

NOTICES = {"nobody": "现在没有人等候。"}


@get("/", opt=needs(Permission.EVERYONE))
async def queue_page(request: Asked) -> Response[str]:
    services, clerk = services_of(request), await session_of(request)
    if not clerk.window:
        return page("home.html", hall=services.config, session=clerk)
    notice = NOTICES.get(request.query_params.get("notice", ""), "")
    view = await _view(request, clerk.window)
    return page("queue.html", hall=services.config, session=clerk, notice=notice, view=view, calls_before_miss=LEAST_CALLS)


@get("/events", media_type="text/event-stream")
async def queue_events(request: Asked) -> Stream:
    services = services_of(request)

    async def fragments() -> Mapping[str, Fragment] | None:
        clerk = await services.staff.still(token_of(request))
        if clerk is None:
            return None
        view = await _view(request, clerk.window)
        return {
            "lines": Fragment(view.rows, lambda: drawn("queue_lines.html", view=view)),
            "desk": Fragment(
                (view.held, view.waiting), lambda: drawn("queue_desk.html", view=view, calls_before_miss=LEAST_CALLS)
            ),
        }

    pages: AsyncIterator[bytes] = live(services.store, fragments, services.closing)
    return Stream(pages, media_type="text/event-stream")


@post("/queue/next", status_code=303)
async def call_next(request: Asked) -> Response[str]:
    clerk, key = await clerk_of(request), key_of(await form_of(request))
    visit = await services_of(request).queue.call_next(clerk.window, clerk.clerk, key)
    return _to("/" if visit else "/?notice=nobody")


@post("/queue/{visit:str}/{action:str}", status_code=303)
async def act(request: Asked, visit: FromPath[str], action: FromPath[str]) -> Response[str]:
    queue, clerk, form = services_of(request).queue, await clerk_of(request), await form_of(request)
    match action:
        case "recall":
            await queue.recall(visit, clerk.window, clerk.clerk, key_of(form))
        case "miss":
            await queue.miss(visit, clerk.window, clerk.clerk, key_of(form))
        case "requeue":
            await queue.requeue(visit, clerk.clerk, key_of(form))
        case _:
            raise FormNotUnderstood
    return _to(f"/cases/{visit}" if action == "recall" and form.get("back") == "case" else "/")


async def _view(request: Asked, window: str) -> QueueView:
    services = services_of(request)
    now: datetime = services.clock()
    return queue_view(await services.queue.lines(), window, now)


def _to(where: str) -> Redirect:
    """See other: a reload of the next page repeats nothing."""
    return Redirect(where, status_code=303)


ROUTES = [queue_page, queue_events, call_next, act]
