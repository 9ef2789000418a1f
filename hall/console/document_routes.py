"""Kept documents of a case: looked at, scanned, seen in the original, taken over, taken back by the citizen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect

from flows.kept import Keeping, title_of
from hall import paper
from hall.by import By
from hall.console.asked import Asked, Clerk, clerk_of, form_of, key_of, services_of, texts_in
from hall.console.case_forms import Notice
from hall.console.case_routes import case_shown
from hall.console.document_words import CASE_ONLY, UNREADABLE, WITHDRAWN
from hall.console.language import listed, say
from hall.console.pages import page
from hall.document_desk import Scan
from hall.errors import DocumentUnreadable, FormNotUnderstood, NotKnown, NotTaken
from hall.pictures import LONGEST_UPLOAD
from hall.scans import MOST_PAGES

LONGEST_SCAN = 3 * LONGEST_UPLOAD
"""All files of one paper together; each is looked at for itself."""


@get("/cases/{visit:str}/documents/{document:str}")
async def document_page(request: Asked, visit: FromPath[str], document: FromPath[str]) -> Response[str]:
    """Its pages one under the other; each picture that is asked for is looked at, and written down, by itself."""
    services, clerk = services_of(request), await clerk_of(request)
    documents = await services.document_desk.of_case(visit, clerk.window)
    every = (*(one.document for one in documents.here), *(one.document for one in documents.on_offer))
    found = next((one for one in every if one.id == document), None)
    if found is None:
        raise NotKnown
    title = title_of(found.kind)
    return page("document.html", hall=services.config, session=clerk, visit=visit, document=found, title=title)


@get("/cases/{visit:str}/documents/{document:str}/{position:int}")
async def picture(request: Asked, visit: FromPath[str], document: FromPath[str], position: FromPath[int]) -> Response[bytes]:
    services, clerk = services_of(request), await clerk_of(request)
    found = await services.document_desk.page(visit, document, position, By(clerk.clerk, clerk.window))
    return Response(found.content, media_type=found.media_type)


@get("/cases/{visit:str}/documents/{document:str}/paper")
async def certificate(request: Asked, visit: FromPath[str], document: FromPath[str]) -> Response[bytes]:
    """What the hall issued, drawn anew."""
    services, clerk = services_of(request), await clerk_of(request)
    issued = await services.document_desk.certificate(visit, document, By(clerk.clerk, clerk.window))
    pdf = await asyncio.to_thread(paper.drawn, issued, services.paper_hall)
    headers = {"Content-Disposition": 'inline; filename="certificate.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@post("/cases/{visit:str}/documents", status_code=303, request_max_body_size=LONGEST_SCAN)
async def scan(request: Asked, visit: FromPath[str]) -> Response[str]:
    clerk, (form, files) = await clerk_of(request), await _form_with_files(request)
    scanned = Scan(form.get("kind", ""), files, seen=form.get("original") == "yes", agreed=form.get("agreed") == "yes")
    scanning = services_of(request).document_desk.scan(visit, scanned, _by(clerk, form))
    return await _back_to_case(request, clerk, visit, scanning)


@post("/cases/{visit:str}/documents/{document:str}/{action:str}", status_code=303)
async def act(request: Asked, visit: FromPath[str], document: FromPath[str], action: FromPath[str]) -> Response[str]:
    clerk, form = await clerk_of(request), await form_of(request)
    desk, by = services_of(request).document_desk, _by(clerk, form)
    match action:
        case "seen":
            return await _back_to_case(request, clerk, visit, desk.seen(visit, document, by))
        case "take":
            taking = desk.take_over(visit, document, by, agreed=form.get("agreed") == "yes")
            return await _back_to_case(request, clerk, visit, taking)
        case "withdraw":
            stays = await desk.withdraw(visit, document, by)
            title, said = CASE_ONLY if stays is Keeping.CASE else WITHDRAWN
            return await case_shown(request, clerk, visit, notice=Notice(say(title), say(said), "good"))
        case _:
            raise FormNotUnderstood


async def _back_to_case(request: Asked, clerk: Clerk, visit: str, doing: Awaitable[object]) -> Response[str]:
    """The case again, or why it was not done."""
    try:
        await doing
    except NotTaken as error:
        why = listed(dict.fromkeys(say(problem.words) for problem in error.problems), "；")
        return await case_shown(request, clerk, visit, notice=Notice(say("材料没有保存"), why), status=error.http)
    except DocumentUnreadable as error:
        return await case_shown(request, clerk, visit, notice=Notice(say("没有采用"), say(UNREADABLE)), status=error.http)
    return Redirect(f"/cases/{visit}#documents", status_code=303)


async def _form_with_files(request: Asked) -> tuple[Mapping[str, str], list[bytes]]:
    """A form with the files of one paper; their names and said types count for nothing."""
    given = list((await request.form()).multi_items())
    said, files = texts_in(given), [value for name, value in given if name == "page" and isinstance(value, UploadFile)]
    if not files or len(files) > MOST_PAGES or len(said) + len(files) != len(given):
        raise FormNotUnderstood
    return said, [await file.read() for file in files]


def _by(clerk: Clerk, form: Mapping[str, str]) -> By:
    return By(clerk.clerk, clerk.window, key_of(form))


ROUTES = [document_page, picture, certificate, scan, act]
