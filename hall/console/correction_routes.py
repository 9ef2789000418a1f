"""Disputes about records: settled or sent from the case, carried to a department by hand, its answer written down."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from flows.correction import ANSWERING, CorrectionAction, CorrectionState
from hall.bootstrap import Services
from hall.by import By
from hall.console import words
from hall.console.asked import Asked, Clerk, clerk_of, form_of, form_with_picture, key_of, services_of
from hall.console.case_forms import Notice
from hall.console.case_routes import case_shown
from hall.console.correction_view import correction_lines
from hall.console.language import in_chinese, listed, say
from hall.console.pages import page
from hall.corrections import Challenge
from hall.errors import CorrectionMoved, DisputedAlready, FormNotUnderstood, NotAllowed, NotKnown, NotTaken, TooMuchEvidence
from hall.pictures import LONGEST_UPLOAD


@post("/cases/{visit:str}/corrections", status_code=303)
async def dispute(request: Asked, visit: FromPath[str]) -> Response[str]:
    """A clerk was told at the counter that a record is wrong."""
    clerk, form = await clerk_of(request), await form_of(request)
    said = Challenge(
        form.get("item", ""),
        form.get("department", ""),
        form.get("value", ""),
        form.get("reason", ""),
        form.get("claim", "").strip(),
    )
    opening = services_of(request).corrections.open(visit, said, _by(clerk, form))
    return await _back_to_case(request, clerk, visit, opening)


@post("/cases/{visit:str}/corrections/{correction:str}/{action:str}", status_code=303)
async def act(request: Asked, visit: FromPath[str], correction: FromPath[str], action: FromPath[str]) -> Response[str]:
    clerk, form = await clerk_of(request), await form_of(request)
    corrections, by = services_of(request).corrections, _by(clerk, form)
    await _of_case(request, correction, visit)
    match action:
        case "send":
            doing = corrections.send(correction, by)
        case "settle":
            doing = corrections.settle(correction, form.get("reason", ""), form.get("note", "").strip(), by)
        case "paper":
            doing = corrections.keep_paper(correction, form.get("field", ""), by)
        case _:
            raise FormNotUnderstood
    return await _back_to_case(request, clerk, visit, doing)


@post("/cases/{visit:str}/corrections/{correction:str}/evidence", status_code=303, request_max_body_size=LONGEST_UPLOAD)
async def upload(request: Asked, visit: FromPath[str], correction: FromPath[str]) -> Response[str]:
    clerk, (form, content) = await clerk_of(request), await form_with_picture(request)
    await _of_case(request, correction, visit)
    uploading = services_of(request).corrections.upload(correction, content, _by(clerk, form))
    return await _back_to_case(request, clerk, visit, uploading)


@get("/corrections")
async def list_page(request: Asked) -> Response[str]:
    """Whose owner has not answered: items and departments, no value."""
    services, clerk = services_of(request), await clerk_of(request)
    waiting = correction_lines(await services.corrections.waiting(), services.titles)
    return page("corrections.html", hall=services.config, session=clerk, lines=waiting)


@get("/corrections/{correction:str}")
async def sheet_page(request: Asked, correction: FromPath[str]) -> Response[str]:
    """To be printed and carried to the department."""
    services, clerk = services_of(request), await clerk_of(request)
    await _may_see(services, correction, clerk)
    sheet = await services.corrections.sheet(correction, By(clerk.clerk, clerk.window))
    (line,) = correction_lines([sheet.correction], services.titles)
    (printed,) = in_chinese(correction_lines, [sheet.correction], services.titles)
    return page("correction.html", hall=services.config, session=clerk, line=line, printed=printed, evidence=sheet.evidence)


@get("/corrections/{correction:str}/evidence/{position:int}")
async def evidence(request: Asked, correction: FromPath[str], position: FromPath[int]) -> Response[bytes]:
    services, clerk = services_of(request), await clerk_of(request)
    await _may_see(services, correction, clerk)
    found = await services.corrections.evidence(correction, position)
    return Response(found.content, media_type=found.media_type)


@post("/corrections/{correction:str}/{action:str}", status_code=303)
async def carry(request: Asked, correction: FromPath[str], action: FromPath[str]) -> Redirect:
    """A person takes it over, or writes down what the department answered."""
    clerk, form = await clerk_of(request), await form_of(request)
    corrections, by = services_of(request).corrections, _by(clerk, form)
    if action == CorrectionAction.HAND_OVER:
        await corrections.hand_over(correction, by)
    elif action in {answer.value for answer in ANSWERING}:
        await corrections.write_down(correction, CorrectionAction(action), form.get("note", "").strip(), by)
    else:
        raise FormNotUnderstood
    return Redirect("/corrections", status_code=303)


async def _back_to_case(request: Asked, clerk: Clerk, visit: str, doing: Awaitable[object]) -> Response[str]:
    """The case again, or why it was not done."""
    try:
        await doing
    except NotTaken as error:
        return await _refused(request, clerk, visit, listed((say(problem.words) for problem in error.problems), "；"), 422)
    except CorrectionMoved as error:
        now = say("这一处异议现在是「{state}」。", state=say(words.CORRECTION[error.state]))
        return await _refused(request, clerk, visit, now, error.http)
    except DisputedAlready as error:
        return await _refused(request, clerk, visit, say("这一条登记在本件里已经提出过。"), error.http)
    except TooMuchEvidence as error:
        return await _refused(request, clerk, visit, say("附上的材料已经够多，请先取舍。"), error.http)
    return Redirect(f"/cases/{visit}#corrections", status_code=303)


async def _refused(request: Asked, clerk: Clerk, visit: str, why: str, status: int) -> Response[str]:
    return await case_shown(request, clerk, visit, notice=Notice(say("刚才的操作没有执行"), why), status=status)


def _by(clerk: Clerk, form: Mapping[str, str]) -> By:
    return By(clerk.clerk, clerk.window, key_of(form))


async def _of_case(request: Asked, correction: str, visit: str) -> None:
    if (await services_of(request).store.correction(correction)).visit != visit:
        raise NotKnown


async def _may_see(services: Services, correction: str, clerk: Clerk) -> None:
    """While it is open only the window that has the case; then whoever may carry it to the department."""
    found = await services.store.correction(correction)
    if found.state is CorrectionState.OPEN and (await services.store.standing(found.visit)).window != clerk.window:
        raise NotAllowed


ROUTES = [dispute, act, upload, list_page, sheet_page, evidence, carry]
