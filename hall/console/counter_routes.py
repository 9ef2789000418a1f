"""Filling in at the counter for somebody without a terminal: begun, saved as it is typed, handed in at this window."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

import segno
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from flows.application import Status
from flows.party import is_child
from flows.visit_number import new_visit
from hall import paper
from hall.console import counter_words
from hall.console.asked import Asked, Clerk, clerk_of, form_of, key_of, services_of, token_of
from hall.console.clock import at_time
from hall.console.counter_form import MOST_FORM, posted_form
from hall.console.counter_view import sheet_view
from hall.console.language import say
from hall.console.live import Fragment, live
from hall.console.pages import page
from hall.counter import Filling, Wanted, Way
from hall.errors import AnotherRequest, AtAnotherWindow, DraftMoved, FormNotUnderstood, HallError, NotKnown, NotTaken, WindowTaken
from hall.store.counter import Elsewhere
from hall.store.line import MOST_COUNTED
from hall.visits import AtWindow
from hall.working_day import working_day

WAYS = {way.value: way for way in Way}


@dataclass(frozen=True)
class Told:
    """What is said above a page; the page says it in its language."""

    title: str
    words: str
    weight: str = "care"


NOTICES = {"open": Told("没有开始新的一件", counter_words.OPEN_ALREADY), "gone": Told("没有打开", counter_words.GONE)}


@get("/counter")
async def start_page(request: Asked) -> Response[str]:
    """Goes on with what this clerk has not finished here."""
    clerk = await clerk_of(request)
    draft = await services_of(request).counter.draft(_at(clerk))
    if draft is not None:
        return Redirect(f"/counter/{draft.visit}", status_code=303)
    notice = NOTICES.get(request.query_params.get("notice", ""))
    return _start(request, clerk, Wanted("", "", ""), notice=notice)


@post("/counter", status_code=303)
async def begin(request: Asked) -> Response[str]:
    clerk, form = await clerk_of(request), await form_of(request)
    counter = services_of(request).counter
    wanted = Wanted(
        key_of({"key": form.get("visit", "")}), form.get("matter", ""), form.get("number", ""), form.get("guardian", "")
    )
    try:
        others = [one for one in await counter.elsewhere(wanted) if not one.is_waiting]
        if others and form.get("anyway") != "yes":
            return _start(request, clerk, wanted, others=others, status=409)
        draft = await counter.begin(wanted, _at(clerk))
    except NotTaken as error:
        return _start(request, clerk, wanted, mistakes={one.field: say(one.words) for one in error.problems}, status=422)
    except (NotKnown, AnotherRequest, DraftMoved):
        return _start(request, clerk, wanted, notice=Told("没有开始", "这个页面已经用过，请再按一次。"), status=409)
    return Redirect(f"/counter/{draft.visit}{'' if draft.visit == wanted.visit else '?notice=open'}", status_code=303)


@get("/counter/{visit:str}")
async def sheet_page(request: Asked, visit: FromPath[str]) -> Response[str]:
    clerk = await clerk_of(request)
    try:
        filling = await services_of(request).counter.filling(visit, _at(clerk))
    except NotKnown:
        return await _after(request, clerk, visit)
    return await _sheet(request, clerk, filling, notice=NOTICES.get(request.query_params.get("notice", "")))


@post("/counter/{visit:str}/keep", status_code=200, request_max_body_size=MOST_FORM)
async def keep(request: Asked, visit: FromPath[str]) -> Response[str]:
    """What was typed so far, saved as it is typed; the sheet as it is asked now."""
    clerk, (_, posted) = await clerk_of(request), await posted_form(request)
    services = services_of(request)
    try:
        filling = await services.counter.keep(visit, _at(clerk), posted)
    except NotKnown:
        return Response("gone", status_code=409)
    if filling.stale:
        return Response("moved", status_code=409)
    view = sheet_view(filling, services.titles, judged=False)
    return page("counter_sheet.html", filling=filling, view=view)


@post("/counter/{visit:str}/submit", status_code=303, request_max_body_size=MOST_FORM)
async def submit(request: Asked, visit: FromPath[str]) -> Response[str]:
    clerk, (form, posted) = await clerk_of(request), await posted_form(request)
    counter, at, then = services_of(request).counter, _at(clerk), form.get("then", "")
    try:
        if then == "check":
            return await _sheet(request, clerk, await counter.keep(visit, at, posted), judged=True)
        if then not in WAYS:
            raise FormNotUnderstood
        ticket = await counter.submit(visit, at, posted, WAYS[then], key_of(form))
    except (NotKnown, DraftMoved):
        return await _after(request, clerk, visit)
    except (WindowTaken, AtAnotherWindow) as error:
        filling = await counter.filling(visit, at)
        return await _sheet(request, clerk, filling, notice=_refused(error), judged=True, status=409)
    if isinstance(ticket, Filling):
        return await _sheet(request, clerk, ticket, notice=_unfinished(ticket), judged=True, status=409 if ticket.stale else 422)
    return await _after(request, clerk, visit)


@post("/counter/{visit:str}/leave", status_code=303)
async def give_up(request: Asked, visit: FromPath[str]) -> Response[str]:
    clerk, form = await clerk_of(request), await form_of(request)
    key_of(form)
    await services_of(request).counter.give_up(visit, _at(clerk))
    return Redirect("/", status_code=303)


@get("/counter/{visit:str}/pictures/{name:str}")
async def picture(request: Asked, visit: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    clerk = await clerk_of(request)
    found = await services_of(request).counter.picture(visit, name, _at(clerk))
    return Response(found.content, media_type=found.media_type)


@get("/counter/{visit:str}/done")
async def done_page(request: Asked, visit: FromPath[str]) -> Response[str]:
    """The number for somebody who goes to fetch something, or the certificate that was issued at once."""
    services, clerk = services_of(request), await clerk_of(request)
    standing = await services.counter.handed_in(visit, _at(clerk))
    if standing is None:
        raise NotKnown
    title = services.matters[standing.ticket.matter].title
    ahead = await services.store.ahead(working_day(services.clock()), visit, MOST_COUNTED) or 0
    return page("counter_done.html", hall=services.config, session=clerk, standing=standing, title=title, ahead=ahead)


@get("/counter/{visit:str}/page.svg")
async def page_code(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    """Where the ticket can be followed on a phone, as a code to be photographed."""
    services, clerk = services_of(request), await clerk_of(request)
    if await services.counter.handed_in(visit, _at(clerk)) is None:
        raise NotKnown
    address = f"{services.config.public_address}/t/{services.ticket_codes.code(visit)}"
    drawn_code = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn_code, kind="svg", scale=5, border=2)
    return Response(drawn_code.getvalue(), media_type="image/svg+xml")


@get("/counter/{visit:str}/certificate")
async def certificate(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    """What was issued at once, to be printed for its holder who stands there."""
    services, clerk = services_of(request), await clerk_of(request)
    issued = await services.visits.certificate(visit, _at(clerk))
    pdf = await asyncio.to_thread(paper.drawn, issued, services.paper_hall)
    headers = {"Content-Disposition": 'inline; filename="certificate.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@get("/counter/{visit:str}/events", media_type="text/event-stream")
async def events(request: Asked, visit: FromPath[str]) -> Stream:
    """Whether session and draft are still there, and how often it was saved; what is typed never comes this way."""
    services = services_of(request)

    async def fragments() -> Mapping[str, Fragment] | None:
        clerk = await services.staff.still(token_of(request))
        if clerk is None:
            return None
        version = await services.store.draft_version(visit, clerk.window, clerk.clerk)
        return {"draft": Fragment(version, lambda: "gone" if version is None else str(version))}

    pages: AsyncIterator[bytes] = live(services.store, fragments, services.closing, services.pages)
    return Stream(pages, media_type="text/event-stream")


def _at(clerk: Clerk) -> AtWindow:
    return AtWindow(clerk.window, clerk.clerk)


async def _after(request: Asked, clerk: Clerk, visit: str) -> Response[str]:
    """Where a page leads whose draft is not open any more: to what became of it."""
    standing = await services_of(request).counter.handed_in(visit, _at(clerk))
    if standing is None:
        return Redirect("/counter?notice=gone", status_code=303)
    here = standing.window == clerk.window and standing.status not in (Status.SUBMITTED, Status.NO_SHOW)
    return Redirect(f"/cases/{visit}" if here else f"/counter/{visit}/done", status_code=303)


def _start(
    request: Asked,
    clerk: Clerk,
    wanted: Wanted,
    *,
    notice: Told | None = None,
    mistakes: Mapping[str, str] | None = None,
    others: Sequence[Elsewhere] = (),
    status: int = 200,
) -> Response[str]:
    services = services_of(request)
    return page(
        "counter.html",
        status=status,
        hall=services.config,
        session=clerk,
        wanted=wanted,
        visit=new_visit(services.clock()),
        matters=tuple(services.matters.values()),
        notice=notice,
        mistakes={"matter": "", "number": "", "guardian": "", **(mistakes or {})},
        others=[counter_words.open_elsewhere(one, at_time(one.at)[:5]) for one in others],
    )


async def _sheet(
    request: Asked, clerk: Clerk, filling: Filling, *, notice: Told | None = None, judged: bool = False, status: int = 200
) -> Response[str]:
    services, draft = services_of(request), filling.draft
    others = await services.store.elsewhere(draft.identity.number, draft.matter, draft.visit)
    notices = [notice] if notice else [Told(*counter_words.STALE)] if filling.stale else []
    notices += [Told("同一人同一事项", counter_words.open_elsewhere(one, at_time(one.at)[:5])) for one in others]
    return page(
        "counter_form.html",
        status=status,
        hall=services.config,
        session=clerk,
        filling=filling,
        view=sheet_view(filling, services.titles, judged=judged),
        notices=notices,
        child=is_child(draft.identity, working_day(services.clock())),
    )


def _unfinished(filling: Filling) -> Told:
    if filling.stale:
        return Told(*counter_words.STALE)
    return Told(counter_words.NOT_DONE, counter_words.not_done(len(filling.mistakes), len(filling.sheet.unread)), "grave")


def _refused(error: HallError) -> Told:
    if isinstance(error, AtAnotherWindow):
        return Told(counter_words.NOT_DONE, counter_words.at_another(error.number, error.window), "grave")
    return Told(*counter_words.WINDOW_TAKEN, "grave")


ROUTES = [start_page, begin, sheet_page, keep, submit, give_up, picture, done_page, page_code, certificate, events]
