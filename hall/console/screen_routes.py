"""The citizen's screen of a window: a token of its own, three things that it may do, and what it shows now."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.response import Redirect, Stream

from hall.console.asked import Asked, clerk_of, form_of, form_with_picture, key_of, over_tls, services_of, token_of
from hall.console.live import Fragment, live
from hall.console.pages import drawn, page
from hall.console.screen_view import ScreenView, screen_view
from hall.console.screen_words import SAID
from hall.console.security import SESSION_S
from hall.errors import FormNotUnderstood, NotTaken
from hall.ratings import rule_on
from hall.second_screen import Idle, Screen
from hall.signatures import LARGEST_UPLOAD
from hall.working_day import working_day

COOKIE, PLACE = "yimen_screen", "/screen"
BEAT_S = 3.0
"""Shorter than what screen.js waits before it takes the hall for away."""


@post("/screen/open", status_code=303)
async def open_screen(request: Asked) -> Redirect:
    """The clerk's: from the console's button, or from the page that waits on the second screen."""
    clerk, key = await clerk_of(request), key_of(await form_of(request))
    token = await services_of(request).screens.open(token_of(request), clerk.window, clerk.clerk, key)
    secure = over_tls(services_of(request))
    cookie = Cookie(key=COOKIE, value=token, path=PLACE, httponly=True, samesite="strict", secure=secure, max_age=SESSION_S)
    return Redirect(PLACE, status_code=303, cookies=[cookie])


@get("/screen")
async def screen_page(request: Asked) -> Response[str]:
    services = services_of(request)
    screen = await services.screens.screen(_token(request))
    if screen is None:
        return await _closed(request)
    idle = _view(request, Screen(screen.window, Idle()))
    return page("screen.html", hall=services.config, view=_view(request, screen), idle=idle, said=SAID)


@get("/screen/closed")
async def closed_page(request: Asked) -> Response[str]:
    """Where a clerk who is logged in on this host connects the screen."""
    return await _closed(request)


@get("/screen/events", media_type="text/event-stream")
async def screen_events(request: Asked) -> Stream:
    services = services_of(request)

    async def fragments() -> Mapping[str, Fragment] | None:
        screen = await services.screens.screen(_token(request))
        if screen is None:
            return None
        now, view = services.clock(), _view(request, screen)
        return {
            "shown": Fragment(screen, lambda: drawn("screen_shown.html", hall=services.config, view=view)),
            # Anew every time: a page that hears nothing for some seconds shows nobody any more.
            "beat": Fragment(now, lambda: ""),
        }

    # Beside the others: whoever sits there waits for the next word.
    pages: AsyncIterator[bytes] = live(services.store, fragments, services.closing, services.second_screens, beat_s=BEAT_S)
    return Stream(pages, media_type="text/event-stream")


@post("/screen/read", status_code=204)
async def read_otherwise(request: Asked) -> None:
    """Language and letter size, for whoever sits here now."""
    form = await form_of(request)
    screens, large = services_of(request).screens, form.get("large") == "yes"
    await screens.prefer(_token(request), form.get("about", ""), form.get("language", ""), large=large)


@post("/screen/answer", status_code=204)
async def answer(request: Asked) -> None:
    form = await form_of(request)
    wrong = [name.removeprefix("wrong.") for name in form if name.startswith("wrong.")]
    right = {"yes": True, "no": False}.get(form.get("right", ""))
    if right is None:
        raise FormNotUnderstood
    screens, mark = services_of(request).screens, form.get("mark", "")
    await screens.answer(_token(request), form.get("id", ""), right=right, mark=mark, wrong=wrong, key=key_of(form))


@post("/screen/sign", status_code=200, request_max_body_size=2 * LARGEST_UPLOAD)
async def sign(request: Asked) -> Response[str]:
    """422 with the words for whoever has to sign once more."""
    form, picture = await form_with_picture(request)
    try:
        await services_of(request).screens.sign(_token(request), form.get("id", ""), picture, key_of(form))
    except NotTaken as error:
        return Response(error.problems[0].words, status_code=error.http, media_type="text/plain; charset=utf-8")
    return Response("", media_type="text/plain; charset=utf-8")


@post("/screen/rate", status_code=204)
async def rate(request: Asked) -> None:
    form = await form_of(request)
    grade = form.get("grade", "")
    if not grade.isascii() or not grade.isdecimal():
        raise FormNotUnderstood
    tags = [name.removeprefix("tag.") for name in form if name.startswith("tag.")]
    screens, about = services_of(request).screens, form.get("about", "")
    wants_call = form.get("call") == "yes"
    await screens.rate(_token(request), about, int(grade), tags, wants_call=wants_call, key=key_of(form))


async def _closed(request: Asked) -> Response[str]:
    services = services_of(request)
    return page("screen_closed.html", hall=services.config, session=await services.staff.still(token_of(request)))


def _view(request: Asked, screen: Screen) -> ScreenView:
    now = services_of(request).clock()
    return screen_view(screen, rule_on(working_day(now)), now)


def _token(request: Asked) -> str:
    return request.cookies.get(COOKIE, "")


ROUTES = [screen_page, closed_page, screen_events, read_otherwise, answer, sign, rate]
