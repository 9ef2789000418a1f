"""One case on one page: what was filled in beside what departments have, and the decision."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass, replace

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from flows.application import Action, Status
from flows.flow import Flow
from flows.reasons import REASONS, Reason
from flows.recheck import Problem
from hall import paper
from hall.amendments import Said, Upload
from hall.case import Case
from hall.console import words
from hall.console.asked import Asked, Clerk, clerk_of, form_of, form_with_picture, key_of, services_of, token_of
from hall.console.audit_view import audit_view
from hall.console.case_view import case_view
from hall.console.cautions import cautions
from hall.console.clock import at_time
from hall.console.correction_view import correction_lines
from hall.console.document_view import documents_view
from hall.console.live import Fragment, live
from hall.console.pages import drawn, page
from hall.console.panel_routes import panel_fragment, panel_of
from hall.errors import FormNotUnderstood, NotAllowed, NotPossible, NotSeen, NotTaken
from hall.facts import applicant_name
from hall.pictures import LONGEST_UPLOAD
from hall.seen import answers_mark, read, written

DECISIONS = {action.value: action for action in (Action.AMEND, Action.CONFIRM, Action.RETURN, Action.REJECT)}


@dataclass(frozen=True)
class Notice:
    """What became of the clerk's last action."""

    title: str
    words: str
    weight: str = "grave"


@dataclass(frozen=True)
class Typed:
    """What a clerk typed and could not be saved, so that nothing is typed twice. `row` is the
    field that was to be amended; `seen` are the marks of what the page had shown (hall.seen)."""

    action: str = ""
    row: str = ""
    value: str = ""
    reason: str = ""
    note: str = ""
    seen: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()

    def mistake(self, name: str) -> str:
        """What is wrong with one field, or with the reason given for it."""
        about = (name, "reason", "") if name == self.row else (name,)
        return "；".join(problem.words for problem in self.problems if problem.field in about)


@get("/cases/{visit:str}")
async def case_page(request: Asked, visit: FromPath[str]) -> Response[str]:
    return await case_shown(request, await clerk_of(request), visit)


@post("/cases/{visit:str}/{name:str}", status_code=303)
async def decide(request: Asked, visit: FromPath[str], name: FromPath[str]) -> Response[str]:
    clerk, form = await clerk_of(request), await form_of(request)
    if name not in DECISIONS:
        raise FormNotUnderstood
    typed = Typed(
        action=name,
        row=form.get("field", ""),
        value=form.get("value", ""),
        reason=form.get("reason", ""),
        note=form.get("note", ""),
        seen=read(form.get("seen", "")),
    )
    return await _done(request, clerk, visit, typed, _decide(request, clerk, visit, typed, key_of(form)))


@get("/cases/{visit:str}/pictures/{name:str}")
async def picture(request: Asked, visit: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """By the field's name: the address says nothing of anybody."""
    clerk = await clerk_of(request)
    found = await services_of(request).desk.picture(visit, name, clerk.window)
    return Response(found.content, media_type=found.media_type)


@post("/cases/{visit:str}/pictures/{name:str}", status_code=303, request_max_body_size=LONGEST_UPLOAD)
async def replace_picture(request: Asked, visit: FromPath[str], name: FromPath[str]) -> Response[str]:
    clerk, (form, upload) = await clerk_of(request), await form_with_picture(request)
    typed = Typed(Action.AMEND.value, name, "", form.get("reason", ""))
    wanted = Upload(name, upload, forced=form.get("forced") == "yes")
    replacing = services_of(request).desk.replace_picture(
        visit, wanted, window=clerk.window, clerk=clerk.clerk, key=key_of(form), reason=typed.reason
    )
    return await _done(request, clerk, visit, typed, replacing)


@get("/cases/{visit:str}/certificate")
async def certificate(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    """The paper again, for the holder to print."""
    services, clerk = services_of(request), await clerk_of(request)
    issued = await services.desk.certificate(visit, clerk.window, clerk.clerk)
    pdf = await asyncio.to_thread(paper.drawn, issued, services.paper_hall)
    headers = {"Content-Disposition": 'inline; filename="certificate.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@get("/cases/{visit:str}/events", media_type="text/event-stream")
async def case_events(request: Asked, visit: FromPath[str]) -> Stream:
    services = services_of(request)
    seen = request.query_params.get("seen", "")

    async def fragments() -> Mapping[str, Fragment] | None:
        clerk, kept = await services.staff.still(token_of(request)), await services.store.case(visit)
        if clerk is None or clerk.window != kept.standing.window:
            return None
        status = kept.standing.status
        moved: dict[str, object] = {"moved": status.value != seen, "status": status, "visit": visit}
        delivered: dict[str, object] = {"deliveries": kept.deliveries, "titles": services.titles, "status_now": status}
        asked = correction_lines(kept.corrections, services.titles)
        return {
            "moved": Fragment(status, lambda: drawn("moved.html", **moved)),
            "deliveries": Fragment((kept.deliveries, status), lambda: drawn("case_deliveries.html", **delivered)),
            "corrections": Fragment(kept.corrections, lambda: drawn("case_corrections.html", corrections=asked)),
            "screen": await panel_fragment(request, visit, clerk.window),
        }

    pages: AsyncIterator[bytes] = live(services.store, fragments, services.closing)
    return Stream(pages, media_type="text/event-stream")


@get("/audit/{visit:str}")
async def audit_page(request: Asked, visit: FromPath[str]) -> Response[str]:
    """Names of items and who saw them, never values; for the window that has the case."""
    services, clerk = services_of(request), await clerk_of(request)
    standing = await services.store.standing(visit)
    if standing.window != clerk.window:
        raise NotAllowed
    flow = services.matters.of((await services.store.case(visit)).application)
    lines = await services.store.audit_of(visit)
    broken = (await services.verified()).get(services.config.hall)
    return page(
        "audit.html",
        hall=services.config,
        session=clerk,
        visit=visit,
        number=standing.ticket.number,
        events=audit_view(lines, flow, services.titles),
        broken=f"第 {broken} 条与前一条对不上" if broken else "",
    )


async def _decide(request: Asked, clerk: Clerk, visit: str, typed: Typed, key: str) -> Status:
    action = DECISIONS[typed.action]
    amended = {typed.row: typed.value} if action is Action.AMEND else {}
    said = Said(typed.reason, typed.note.strip(), amended, seen=typed.seen)
    return await services_of(request).desk.decide(visit, action, window=clerk.window, clerk=clerk.clerk, key=key, said=said)


async def _done(request: Asked, clerk: Clerk, visit: str, typed: Typed, doing: Awaitable[Status]) -> Response[str]:
    """The case again after a decision, or why it was not taken."""
    action = DECISIONS[typed.action]
    try:
        await doing
    except (NotPossible, NotSeen) as error:
        return await case_shown(request, clerk, visit, refused=error, typed=typed, status=409)
    except NotTaken as error:
        typed = replace(typed, problems=error.problems)
        wrong = "；".join(dict.fromkeys(problem.words for problem in error.problems))
        notice = Notice(f"「{words.ACTION[action]}」没有保存", wrong)
        return await case_shown(request, clerk, visit, notice=notice, typed=typed, status=422)
    place = f"#field-{typed.row}" if action is Action.AMEND else ""
    return _see(f"/cases/{visit}{place}")


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
    flow, now, typed = case.flow, services.clock(), typed or Typed()
    documents = await services.document_desk.of_case(visit, clerk.window)
    unseen = case.marks - typed.seen if isinstance(refused, NotSeen) else frozenset()
    return page(
        "case.html",
        status=status,
        hall=services.config,
        session=clerk,
        case=case,
        flow=flow,
        name=applicant_name(flow, case.application),
        view=case_view(case, now, unseen),
        cautions=cautions(case, now, unseen),
        panel=await panel_of(request, visit, clerk.window),
        notice=_why_not(refused, case, DECISIONS[typed.action], unseen) if refused else notice,
        unseen=unseen,
        seen=written(case.marks),
        typed=typed,
        titles=services.titles,
        deliveries=case.deliveries,
        corrections=correction_lines(case.corrections, services.titles),
        documents=documents_view(documents, case.application, flow, services.titles, services.matters),
        status_now=case.status,
        shown=lambda name, value: _shown(flow, name, value),
        told=lambda code: REASONS.get(code) or Reason(code, Action.AMEND, code, ""),
    )


def _why_not(refused: NotPossible | NotSeen, case: Case, action: Action, unseen: frozenset[str]) -> Notice:
    """Why the last click did nothing: the case has moved on, or shows what the page did not."""
    if isinstance(refused, NotPossible) or action not in case.possible:
        return _stale(action, case)
    changed = len(unseen - {answers_mark(case.application)})
    found = [f"有 {changed} 处刚刚变化"] if changed else []
    found += ["填报内容刚刚更正过"] if answers_mark(case.application) in unseen else []
    said = "受理前又核对了一次，这些您还没有看过。" if found else "登记刚才变动过，现在又与您看过的一样。"
    return Notice("：".join(["还没有受理", *(["，".join(found)] if found else [])]), f"{said}请看过以后再次确认。")


def _stale(action: Action, case: Case) -> Notice:
    """What became of the case meanwhile, and by whose hand."""
    last = case.decisions[-1]
    done = f"{last.by}在 {last.window} 号窗口于 {at_time(last.at)}「{words.ACTION[last.action]}」"
    return Notice(f"刚才的「{words.ACTION[action]}」没有执行", f"本件现在是「{words.STATUS[case.status]}」：{done}。")


def _shown(flow: Flow, name: str, value: str) -> str:
    return flow.fields[name].kind.shown(value) if value and name in flow.fields else value


def _see(where: str) -> Redirect:
    return Redirect(where, status_code=303)


ROUTES = [case_page, decide, picture, replace_picture, certificate, case_events, audit_page]
