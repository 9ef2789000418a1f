"""送达: what is on its way to the departments, what was given up, and what a supervisor does about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from hall import delivery_paper
from hall.by import By
from hall.console.asked import Asked, Clerk, form_of, key_of, services_of, session_of, token_of
from hall.console.delivery_view import DeliveriesView, LetterLine, deliveries_view, letter_line
from hall.console.delivery_words import NOTICES
from hall.console.language import say
from hall.console.live import Fragment, live
from hall.console.pages import drawn, page
from hall.errors import AcceptedAlready, DeliveryMoved, FormNotUnderstood, NotKnown, NumberTaken
from hall.roles import Permission
from hall.store.dead_letters import Addressed

PICK = "pick:"


async def supervisor_of(request: Asked) -> Clerk:
    """Whoever may look after deliveries: the one place that says so for all of these pages."""
    return await session_of(request, Permission.DEAD_LETTERS)


@get("/deliveries")
async def deliveries_page(request: Asked) -> Response[str]:
    services, clerk = services_of(request), await supervisor_of(request)
    notice = NOTICES.get(request.query_params.get("notice", ""))
    return page("deliveries.html", hall=services.config, session=clerk, view=await _view(request), notice=notice)


@get("/deliveries/events", media_type="text/event-stream")
async def deliveries_events(request: Asked) -> Stream:
    services = services_of(request)

    async def fragments() -> Mapping[str, Fragment] | None:
        if await services.staff.still(token_of(request)) is None:
            return None
        view = await _view(request)
        return {"deliveries": Fragment(view, lambda: drawn("deliveries_list.html", view=view))}

    pages: AsyncIterator[bytes] = live(services.store, fragments, services.closing, services.pages)
    return Stream(pages, media_type="text/event-stream")


@post("/deliveries/resend", status_code=303)
async def resend(request: Asked) -> Redirect:
    """One or several, as ticked."""
    clerk, form = await supervisor_of(request), await form_of(request)
    sent = await services_of(request).letters.resend(picked(form), by(clerk, form))
    return _see(sent)


@post("/deliveries/resend/{department:str}", status_code=303)
async def resend_all(request: Asked, department: FromPath[str]) -> Redirect:
    clerk, form = await supervisor_of(request), await form_of(request)
    return _see(await services_of(request).letters.resend_all(department, by(clerk, form)))


@get("/deliveries/letters/{visit:str}/{department:str}")
async def letter_page(request: Asked, visit: FromPath[str], department: FromPath[str]) -> Response[str]:
    """One that was given up: why, and the ways on."""
    return await _letter(request, await supervisor_of(request), Addressed(visit, department))


@get("/deliveries/letters/{visit:str}/{department:str}/package/{kind:str}")
async def package(request: Asked, visit: FromPath[str], department: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    """A read of a person's application, audited before it leaves; the file's name says nothing of anybody."""
    services, clerk = services_of(request), await supervisor_of(request)
    if kind not in ("json", "pdf"):
        raise NotKnown
    taken = await services.letters.package(Addressed(visit, department), By(clerk.clerk, clerk.window))
    title = services.titles.get(department, department)
    if kind == "json":
        contents, media = taken.json, "application/json"
    else:
        contents, media = await asyncio.to_thread(delivery_paper.drawn, taken, title), "application/pdf"
    headers = {"Content-Disposition": f'attachment; filename="delivery.{kind}"'}
    return Response(contents, media_type=media, headers=headers)


@post("/deliveries/letters/{visit:str}/{department:str}/carried", status_code=303)
async def carried(request: Asked, visit: FromPath[str], department: FromPath[str]) -> Response[str]:
    """The department's own number, brought back by whoever went there."""
    clerk, form = await supervisor_of(request), await form_of(request)
    at, number = Addressed(visit, department), form.get("number", "").strip()
    try:
        await services_of(request).letters.carried(at, number, by(clerk, form))
    except AcceptedAlready as error:
        said = say("部门已经收到过这一件，编号是 {number}。请核对后填写这个编号，或点“再送”由系统取回。", number=error.number)
        return await _letter(request, clerk, at, said, number, error.http)
    except NumberTaken as error:
        return await _letter(request, clerk, at, say("这个编号已经登记在另一件上，请核对部门的回执。"), number, error.http)
    except DeliveryMoved as error:
        return await _letter(request, clerk, at, say("这一件现在不需要人工送达：已经在路上，或已送到。"), number, error.http)
    except FormNotUnderstood:
        return await _letter(request, clerk, at, say("请填写部门的受理编号，最多 64 个字。"), number, 422)
    return Redirect("/deliveries?notice=carried", status_code=303)


def picked(form: Mapping[str, str]) -> tuple[Addressed, ...]:
    """What was ticked; the names of the boxes say what."""
    names = [name.removeprefix(PICK).rpartition(":") for name in form if name.startswith(PICK)]
    return tuple(Addressed(subject, department) for subject, _, department in names)


def by(clerk: Clerk, form: Mapping[str, str]) -> By:
    return By(clerk.clerk, clerk.window, key_of(form))


async def _view(request: Asked) -> DeliveriesView:
    services = services_of(request)
    overview, feeds = await services.letters.overview(), await services.store.feeds()
    return deliveries_view(overview, feeds, services.titles, services.matters, services.clock())


async def _letter(
    request: Asked, clerk: Clerk, at: Addressed, wrong: str = "", number: str = "", status: int = 200
) -> Response[str]:
    services = services_of(request)
    line = await _line(request, at)
    return page(
        "delivery_letter.html",
        status=status,
        hall=services.config,
        session=clerk,
        line=line,
        at=at,
        title=say(services.titles.get(at.department, at.department)),
        wrong=wrong,
        number=number,
    )


async def _line(request: Asked, at: Addressed) -> LetterLine | None:
    """None for one that is on its way again, or done."""
    services = services_of(request)
    found = await services.store.troubled_at(at)
    if found is None:
        await services.store.letter(at)  # NotKnown when there never was one
        return None
    return letter_line(found, services.titles, services.matters, services.clock())


def _see(sent: int) -> Redirect:
    return Redirect(f"/deliveries?notice={'resent' if sent else 'nothing'}", status_code=303)


ROUTES = [deliveries_page, deliveries_events, resend, resend_all, letter_page, package, carried]
