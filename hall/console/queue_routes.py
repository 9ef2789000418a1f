"""The queue: only a clerk's POST calls a ticket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from hall.console import queue_words
from hall.console.asked import Asked, Clerk, clerk_of, form_of, key_of, needs, services_of, session_of, token_of
from hall.console.language import say
from hall.console.live import Fragment, live
from hall.console.pages import drawn, page
from hall.console.queue_view import QueueView, queue_view
from hall.errors import FormNotUnderstood, HallError, NotAllowed, NotPossible, WindowBusy
from hall.line_policy import order_on
from hall.roles import Permission
from hall.working_day import working_day

NOTICES = {"nobody": "现在没有人等候。"}
FARTHEST_PAGE = 50


@get("/", opt=needs(Permission.EVERYONE))
async def queue_page(request: Asked) -> Response[str]:
    services, clerk = services_of(request), await session_of(request)
    if not clerk.window:
        return page("home.html", hall=services.config, session=clerk)
    notice = say(NOTICES.get(request.query_params.get("notice", ""), ""))
    view = await _view(request, clerk.window)
    return page("queue.html", hall=services.config, session=clerk, notice=notice, view=view, live=False)


@get("/events", media_type="text/event-stream")
async def queue_events(request: Asked) -> Stream:
    services = services_of(request)

    async def fragments() -> Mapping[str, Fragment] | None:
        clerk = await services.staff.still(token_of(request))
        if clerk is None:
            return None
        view = await _view(request, clerk.window)
        desk = (view.held, view.beside, view.targets, view.told, view.wait) if view.held is None else (view.held, view.beside)
        return {
            "lines": Fragment(
                (view.rows, view.tallies, view.pages, view.undone, view.door, view.later),
                lambda: drawn("queue_lines.html", view=view),
            ),
            "desk": Fragment(desk, lambda: drawn("queue_desk.html", view=view, live=True)),
            "paused": Fragment(
                (view.paused, view.held is None, view.booked, view.came), lambda: drawn("queue_paused.html", view=view)
            ),
        }

    pages: AsyncIterator[bytes] = live(services.store, fragments, services.closing, services.pages)
    return Stream(pages, media_type="text/event-stream")


@post("/queue/next", status_code=303)
async def call_next(request: Asked) -> Response[str]:
    clerk, key = await clerk_of(request), key_of(await form_of(request))
    visit = await services_of(request).queue.call_next(clerk.window, clerk.clerk, key)
    return _to("/" if visit else "/?notice=nobody")


@post("/queue/{visit:str}/{action:str}", status_code=303)
async def act(request: Asked, visit: FromPath[str], action: FromPath[str]) -> Response[str]:
    clerk, form = await clerk_of(request), await form_of(request)
    try:
        await _act(request, visit, action, clerk, form)
    except (NotPossible, NotAllowed, WindowBusy) as error:
        return await _stale(request, clerk, visit, error)
    opens = action in ("resume", "take") or (action == "recall" and form.get("back") == "case")
    return _to(f"/cases/{visit}" if opens else "/")


async def _stale(request: Asked, clerk: Clerk, visit: str, error: HallError) -> Response[str]:
    """A page that was not up to date any more: the queue as it is now, and what became of that ticket."""
    services = services_of(request)
    standing = await services.store.standing(visit)
    view = await _view(request, clerk.window)
    notice = queue_words.stale(standing, clerk.window, busy=isinstance(error, WindowBusy))
    return page("queue.html", status=error.http, hall=services.config, session=clerk, notice=notice, view=view, live=False)


async def _act(request: Asked, visit: str, action: str, clerk: Clerk, form: Mapping[str, str]) -> None:
    queue, by, key = services_of(request).queue, (clerk.window, clerk.clerk), key_of(form)
    match action:
        case "recall":
            await queue.recall(visit, *by, key)
        case "miss":
            await queue.miss(visit, *by, key)
        case "requeue":
            await queue.requeue(visit, clerk.clerk, key)
        case "hold":
            await queue.hold(visit, *by, key)
        case "resume":
            await queue.resume(visit, *by, key)
        case "take":
            await queue.take(visit, *by, key)
        case "pass_on":
            await queue.pass_on(visit, *by, key, to=form.get("to", ""), why=form.get("why", ""))
        case "priority":
            await queue.put_forward(visit, clerk.clerk, key, ground=form.get("ground", ""))
        case _:
            raise FormNotUnderstood


async def _view(request: Asked, window: str) -> QueueView:
    services = services_of(request)
    now: datetime = services.clock()
    line = await services.queue.view(window, _page_of(request))
    mine = next((one for one in line.at_windows if one.window == window), None)
    targets = services.queue.windows.targets(mine.ticket.matter, window) if mine else ()
    return queue_view(line, window, now, order_on(working_day(now)), targets, await services.appointments.today())


def _page_of(request: Asked) -> int:
    asked = request.query_params.get("page", "1")
    return min(int(asked), FARTHEST_PAGE) if asked.isdecimal() and asked != "0" and len(asked) < 4 else 1


def _to(where: str) -> Redirect:
    """See other: a reload of the next page repeats nothing."""
    return Redirect(where, status_code=303)


ROUTES = [queue_page, queue_events, call_next, act]
