"""复核: what waits for a second person, the case as that person sees it, and what they decide."""

from __future__ import annotations

from collections.abc import Iterable

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from flows.application import Action
from flows.promise import Ground
from hall.by import By
from hall.console.asked import Asked, Clerk, clerk_of, form_of, key_of, services_of, session_of
from hall.console.case_forms import Typed, typed
from hall.console.case_live import as_second, case_stream
from hall.console.case_page import Shown, case_page_of, not_saved
from hall.console.language import listed, say
from hall.console.pages import page
from hall.errors import FormNotUnderstood, NotPossible, NotSeen, NotTaken
from hall.roles import Permission


async def second_of(request: Asked) -> Clerk:
    """Whoever may agree to what another clerk proposes; they need no window."""
    return await session_of(request, Permission.APPROVE)


@get("/reviews")
async def list_page(request: Asked) -> Response[str]:
    """Numbers and matters only: it is a list for everybody at the counter."""
    return await _list(request, await second_of(request))


@get("/reviews/{visit:str}")
async def review_page(request: Asked, visit: FromPath[str]) -> Response[str]:
    clerk = await second_of(request)
    return await _shown(request, clerk, visit, Shown(f"/reviews/{visit}"))


@get("/reviews/{visit:str}/pictures/{name:str}")
async def picture(request: Asked, visit: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    found = await services_of(request).reviews.picture(visit, name, _by(await second_of(request)))
    return Response(found.content, media_type=found.media_type)


@get("/reviews/{visit:str}/events", media_type="text/event-stream")
async def review_events(request: Asked, visit: FromPath[str]) -> Stream:
    return case_stream(request, visit, f"/reviews/{visit}", as_second)


@post("/reviews/{visit:str}/{name:str}", status_code=303)
async def review(request: Asked, visit: FromPath[str], name: FromPath[str]) -> Response[str]:
    """approve, send_back; take_up is for the window that goes on with what was sent back."""
    taking_up = name == Action.TAKE_UP
    clerk, form = await (clerk_of if taking_up else second_of)(request), await form_of(request)
    reviews, said, by = services_of(request).reviews, typed(name, form), _by(clerk, key_of(form))
    try:
        match name:
            case Action.TAKE_UP:
                await reviews.take_up(visit, by)
                return Redirect(f"/cases/{visit}", status_code=303)
            case Action.APPROVE:
                await reviews.approve(visit, said.seen, by)
            case Action.SEND_BACK:
                await reviews.send_back(visit, said.said(), by)
            case _:
                raise FormNotUnderstood
    except NotPossible as error:
        return await _list(request, clerk, error)
    except NotSeen as error:
        return await _shown(request, clerk, visit, Shown(f"/reviews/{visit}", None, error, said, error.http))
    except NotTaken as error:
        said = Typed(said.action, note=said.note, seen=said.seen, lines=said.lines, problems=error.problems)
        notice = not_saved(Action(name), error)
        return await _shown(request, clerk, visit, Shown(f"/reviews/{visit}", notice, None, said, error.http))
    return Redirect("/reviews", status_code=303)


async def _shown(request: Asked, clerk: Clerk, visit: str, shown: Shown) -> Response[str]:
    """Of a case that has moved on, the list says what became of it."""
    try:
        case = await services_of(request).desk.for_second(visit, clerk.clerk, clerk.window)
    except NotPossible as error:
        return await _list(request, clerk, error)
    return case_page_of(request, clerk, case, shown)


async def _list(request: Asked, clerk: Clerk, moved: NotPossible | None = None) -> Response[str]:
    services = services_of(request)
    lines, status = await services.reviews.waiting(), moved.status if moved else None
    answer = moved.http if moved else 200
    return page("reviews.html", status=answer, hall=services.config, session=clerk, lines=lines, moved=status, why=_why)


def _why(grounds: Iterable[Ground]) -> str:
    """Why it came back, with the lines that say what."""
    return listed(
        (listed([say(one.words), listed(map(say, one.lines))] if one.lines else [say(one.words)], "：") for one in grounds), "；"
    )


def _by(clerk: Clerk, key: str = "") -> By:
    return By(clerk.clerk, clerk.window, key)


ROUTES = [list_page, review_page, picture, review_events, review]
