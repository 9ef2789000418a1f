"""承诺补齐: the papers that accepted cases still owe; any window takes them."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect

from flows.application import Action
from hall.by import By
from hall.console import words
from hall.console.asked import LONGEST, Asked, Clerk, form_of, key_of, services_of, session_of
from hall.console.case_forms import Notice
from hall.console.case_page import history_words, not_saved
from hall.console.language import say
from hall.console.pages import page
from hall.console.review_routes import second_of
from hall.errors import FormNotUnderstood, NotPossible, NotTaken
from hall.pictures import LONGEST_UPLOAD
from hall.store.promises import PaperState


@get("/promises")
async def list_page(request: Asked) -> Response[str]:
    """Due soon first; numbers and matters only. `number` narrows it to the tickets whose number begins so."""
    services, clerk = services_of(request), await session_of(request)
    number = request.query_params.get("number", "").strip().upper()[:8]
    every = await services.promises.waiting()
    lines = tuple(line for line in every if line.standing.ticket.number.startswith(number))
    return page("promises.html", hall=services.config, session=clerk, lines=lines, number=number, PaperState=PaperState)


@get("/promises/{visit:str}")
async def promise_page(request: Asked, visit: FromPath[str]) -> Response[str]:
    return await _shown(request, await session_of(request), visit)


@get("/promises/{visit:str}/papers/{paper:str}")
async def promised_paper(request: Asked, visit: FromPath[str], paper: FromPath[str]) -> Response[bytes]:
    """Its reading is covered by the opening of the promise."""
    await session_of(request)
    found = await services_of(request).promises.picture(visit, paper)
    return Response(found.content, media_type=found.media_type)


@post("/promises/{visit:str}/bring", status_code=303, request_max_body_size=LONGEST_UPLOAD)
async def bring(request: Asked, visit: FromPath[str]) -> Response[str]:
    """brought.CODE is ticked for what is there; picture.CODE may be its picture."""
    clerk, (form, pictures) = await session_of(request), await _form_with_pictures(request)
    codes = [name.removeprefix("brought.") for name in form if name.startswith("brought.")]
    papers = {code: pictures.get(f"picture.{code}", b"") for code in codes}
    try:
        await services_of(request).promises.bring(visit, papers, form.get("note", "").strip(), _by(clerk, form))
    except NotPossible as error:
        why = say("这份材料已经在别的窗口补齐，或者不用再补；请看下面的最新情况。")
        notice = Notice(say("刚才的「补齐材料」没有执行"), why)
        return await _shown(request, clerk, visit, notice, error.http)
    except NotTaken as error:
        return await _shown(request, clerk, visit, not_saved(Action.BRING, error), error.http)
    return Redirect(f"/promises/{visit}", status_code=303)


@post("/promises/{visit:str}/follow_up", status_code=303)
async def follow_up(request: Asked, visit: FromPath[str]) -> Response[str]:
    """For a supervisor: what was done about a promise whose day has passed."""
    clerk, form = await second_of(request), await form_of(request)
    by = _by(clerk, form)
    try:
        await services_of(request).promises.follow_up(visit, form.get("reason", ""), form.get("note", "").strip(), by)
    except NotPossible as error:
        why = say("材料已经补齐、不用再补，或者还没有到期；请看下面的最新情况。")
        notice = Notice(say("刚才的「逾期处理」没有执行"), why)
        return await _shown(request, clerk, visit, notice, error.http)
    except NotTaken as error:
        return await _shown(request, clerk, visit, not_saved(Action.FOLLOW_UP, error), error.http)
    return Redirect(f"/promises/{visit}", status_code=303)


async def _shown(request: Asked, clerk: Clerk, visit: str, notice: Notice | None = None, status: int = 200) -> Response[str]:
    services = services_of(request)
    sheet = await services.promises.sheet(visit, By(clerk.clerk, clerk.window))
    flow = services.matters[sheet.standing.ticket.matter]
    return page(
        "promise.html",
        status=status,
        hall=services.config,
        session=clerk,
        sheet=sheet,
        notice=notice,
        follow_ups=services.promises.follow_ups,
        decisions=sheet.decisions,
        brought=lambda decision: [say(words.promised(sheet.decisions, code)) for code in decision.papers],
        PaperState=PaperState,
        **history_words(flow),
    )


async def _form_with_pictures(request: Asked) -> tuple[Mapping[str, str], Mapping[str, bytes]]:
    """An empty place for a file counts for nothing; names and said types of files neither."""
    texts: dict[str, str] = {}
    pictures: dict[str, bytes] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            pictures[name] = await value.read()
        elif isinstance(value, str) and len(value) <= LONGEST and name not in texts:
            texts[name] = value
        else:
            raise FormNotUnderstood
    return texts, {name: content for name, content in pictures.items() if content}


def _by(clerk: Clerk, form: Mapping[str, str]) -> By:
    return By(clerk.clerk, clerk.window, key_of(form))


ROUTES = [list_page, promise_page, promised_paper, bring, follow_up]
