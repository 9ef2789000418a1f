"""One case on one page: what was filled in beside what departments have, and the decision."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from flows.application import Action, Status
from hall import paper
from hall.amendments import Upload
from hall.console.asked import Asked, Clerk, clerk_of, form_of, form_with_picture, key_of, services_of
from hall.console.audit_view import audit_view
from hall.console.case_forms import Notice, Typed, typed
from hall.console.case_page import Beside, Shown, case_page_of, not_saved
from hall.console.document_view import documents_view
from hall.console.pages import page
from hall.console.panel_routes import panel_of
from hall.desk import DESK_ACTIONS
from hall.errors import FormNotUnderstood, NotAllowed, NotKnown, NotPossible, NotSeen, NotTaken
from hall.papers import sheet
from hall.papers.notice import PaperKind
from hall.pictures import LONGEST_UPLOAD

DECISIONS = {action.value: action for action in DESK_ACTIONS}


@get("/cases/{visit:str}")
async def case_page(request: Asked, visit: FromPath[str]) -> Response[str]:
    return await case_shown(request, await clerk_of(request), visit)


@post("/cases/{visit:str}/{name:str}", status_code=303)
async def decide(request: Asked, visit: FromPath[str], name: FromPath[str]) -> Response[str]:
    clerk, form = await clerk_of(request), await form_of(request)
    if name not in DECISIONS:
        raise FormNotUnderstood
    said = typed(name, form)
    deciding = services_of(request).desk.decide(
        visit, DECISIONS[name], window=clerk.window, clerk=clerk.clerk, key=key_of(form), said=said.said()
    )
    return await _done(request, clerk, visit, said, deciding)


@get("/cases/{visit:str}/pictures/{name:str}")
async def picture(request: Asked, visit: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """By the field's name: the address says nothing of anybody."""
    clerk = await clerk_of(request)
    found = await services_of(request).desk.picture(visit, name, clerk.window)
    return Response(found.content, media_type=found.media_type)


@post("/cases/{visit:str}/pictures/{name:str}", status_code=303, request_max_body_size=LONGEST_UPLOAD)
async def replace_picture(request: Asked, visit: FromPath[str], name: FromPath[str]) -> Response[str]:
    clerk, (form, upload) = await clerk_of(request), await form_with_picture(request)
    said = Typed(Action.AMEND.value, name, "", form.get("reason", ""))
    wanted = Upload(name, upload, forced=form.get("forced") == "yes")
    replacing = services_of(request).desk.replace_picture(
        visit, wanted, window=clerk.window, clerk=clerk.clerk, key=key_of(form), reason=said.reason
    )
    return await _done(request, clerk, visit, said, replacing)


@get("/cases/{visit:str}/certificate")
async def certificate(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    """The paper again, for the holder to print."""
    services, clerk = services_of(request), await clerk_of(request)
    issued = await services.desk.certificate(visit, clerk.window, clerk.clerk)
    pdf = await asyncio.to_thread(paper.drawn, issued, services.paper_hall)
    headers = {"Content-Disposition": 'inline; filename="certificate.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@get("/cases/{visit:str}/papers/{kind:str}")
async def case_paper(request: Asked, visit: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    """受理通知书, 一次性告知书, 不予受理通知书 or 承诺书; printed again, it is the same paper."""
    services, clerk = services_of(request), await clerk_of(request)
    if kind not in set(PaperKind):
        raise NotKnown
    notice = await services.desk.paper(visit, PaperKind(kind), clerk.window, clerk.clerk, services.page_of(visit))
    pdf = await asyncio.to_thread(sheet.drawn, notice, services.paper_hall)
    headers = {"Content-Disposition": f'inline; filename="{kind}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@get("/audit/{visit:str}")
async def audit_page(request: Asked, visit: FromPath[str]) -> Response[str]:
    """Names of items and who saw them, never values; for the window that has the case."""
    services, clerk = services_of(request), await clerk_of(request)
    standing = await services.store.standing(visit)
    if standing.window != clerk.window:
        raise NotAllowed
    flow = services.matters.of((await services.store.case(visit)).application)
    lines = await services.store.audit_of(visit)
    return page(
        "audit.html",
        hall=services.config,
        session=clerk,
        visit=visit,
        number=standing.ticket.number,
        events=audit_view(lines, flow, services.titles),
        proof=await services.audit_proof.proof(),
    )


async def _done(request: Asked, clerk: Clerk, visit: str, said: Typed, doing: Awaitable[Status]) -> Response[str]:
    """The case again after a decision, or why it was not taken."""
    action = DECISIONS[said.action]
    try:
        await doing
    except (NotPossible, NotSeen) as error:
        return await case_shown(request, clerk, visit, refused=error, typed=said, status=409)
    except NotTaken as error:
        return await case_shown(request, clerk, visit, notice=not_saved(action, error), typed=_wrong(said, error), status=422)
    place = f"#field-{said.row}" if action is Action.AMEND else ""
    return _see(f"/cases/{visit}{place}")


def _wrong(said: Typed, error: NotTaken) -> Typed:
    return replace(said, problems=error.problems)


async def case_shown(
    request: Asked,
    clerk: Clerk,
    visit: str,
    *,
    notice: Notice | None = None,
    refused: NotPossible | NotSeen | None = None,
    typed: Typed | None = None,
    status: int = 200,
) -> Response[str]:
    """The case's page, with what became of the last click."""
    services = services_of(request)
    case = await services.desk.case(visit, clerk.window, clerk.clerk)
    kept = await services.document_desk.of_case(visit, clerk.window)
    documents = documents_view(kept, case.application, case.flow, services.titles, services.matters)
    beside = Beside(await panel_of(request, visit, clerk.window), documents)
    return case_page_of(request, clerk, case, Shown(f"/cases/{visit}", notice, refused, typed or Typed(), status, beside))


def _see(where: str) -> Redirect:
    return Redirect(where, status_code=303)


ROUTES = [case_page, decide, picture, replace_picture, certificate, case_paper, audit_page]
