"""Logging in at a window, and the queue: only a clerk's POST calls a ticket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from hall.console.asked import Asked, clerk_of, form_of, key_of, services_of, token_of
from hall.console.clock import at_time
from hall.console.live import Fragment, live
from hall.console.pages import drawn, page
from hall.console.queue_view import QueueView, queue_view
from hall.console.security import session_cookie
from hall.errors import FormNotUnderstood, TooManyTries
from hall.store.store import LEAST_CALLS

NOTICES = {"nobody": "现在没有人等候。"}


@get("/login")
async def login_page(request: Asked) -> Response[str]:
    return page("login.html", hall=services_of(request).config, session=None, notice="", name="", window="")


@post("/login", status_code=303)
async def log_in(request: Asked) -> Response[str]:
    services, form = services_of(request), await form_of(request)
    name, window = form.get("name", "").strip(), form.get("window", "")
    token, status, notice = None, 401, "姓名、密码或窗口号不对，请重新输入。"
    try:
        if window in services.config.windows:
            token = await services.staff.log_in(name, form.get("password", ""), window)
    except TooManyTries as error:
        status, notice = error.http, f"密码连续输错，为安全起见暂停登录，{at_time(error.until)} 以后再试。忘记密码请找管理员。"
    if token is None:
        return page("login.html", status=status, hall=services.config, session=None, notice=notice, name=name, window=window)
    return _to("/", token)


@post("/logout", status_code=303)
async def log_out(request: Asked) -> Response[str]:
    await services_of(request).staff.log_out(token_of(request))
    return _to("/login", "")


@get("/")
async def queue_page(request: Asked) -> Response[str]:
    services, clerk = services_of(request), await clerk_of(request)
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


def _to(where: str, token: str | None = None) -> Redirect:
    """See other: a reload of the next page repeats nothing."""
    cookies = [] if token is None else [session_cookie(token)]
    return Redirect(where, status_code=303, cookies=cookies)


ROUTES = [login_page, log_in, log_out, queue_page, queue_events, call_next, act]
