"""The whole audit: for the auditor to read, to verify and to take out."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping

from litestar import Response, get, post
from litestar.response import Redirect, Stream

from hall.audit import AuditEvent
from hall.console import audit_words, staff_words
from hall.console.asked import Asked, form_of, key_of, services_of, session_of, token_of
from hall.console.audit_view import actor
from hall.console.language import say
from hall.console.live import Fragment, live
from hall.console.pages import drawn, page
from hall.roles import Permission
from hall.store.request import Request
from hall.store.store import Store

PAGE = 100
PIECE = 1000
COLUMNS = ("number", "at", "event", "actor", "object", "items", "outcome", "hash")


@get("/audit")
async def audit_page(request: Asked) -> Response[str]:
    """A hundred lines, the newest ones first; `before` is the number of the page's end."""
    services, session = services_of(request), await session_of(request, Permission.AUDIT)
    newest = await services.store.last_audit()
    asked = request.query_params.get("before", "")
    last = min(int(asked), newest) if asked.isdecimal() else newest
    lines = (await services.store.audit_after(max(last - PAGE, 0), min(PAGE, last)))[::-1]
    return page(
        "audit_whole.html",
        hall=services.config,
        session=session,
        lines=[(line, _what(line), actor(line)) for line in lines],
        newest=newest,
        earlier=last - PAGE if last > PAGE else 0,
        later=last + PAGE if last < newest else 0,
        proof=await services.audit_proof.proof(),
    )


@get("/audit/events", media_type="text/event-stream")
async def audit_events(request: Asked) -> Stream:
    services = services_of(request)

    async def fragments() -> Mapping[str, Fragment] | None:
        if await services.staff.still(token_of(request)) is None:
            return None
        proof = await services.audit_proof.proof()
        return {"proof": Fragment(proof, lambda: drawn("audit_proof.html", proof=proof))}

    pages: AsyncIterator[bytes] = live(services.store, fragments, services.closing, services.pages)
    return Stream(pages, media_type="text/event-stream")


@post("/audit/proof", status_code=303)
async def prove(request: Asked) -> Response[str]:
    """From the first line again, because an auditor asks."""
    await services_of(request).audit_proof.anew()
    return Redirect("/audit", status_code=303)


@post("/audit", status_code=200)
async def export(request: Asked) -> Stream:
    """Every line as CSV, as it is kept: the chain can be followed in the file."""
    services, session = services_of(request), await session_of(request, Permission.AUDIT)
    asking = Request(key_of(await form_of(request)), f"clerk:{session.clerk}", services.clock(), session.window)
    newest = await services.store.last_audit()
    await services.store.audit("audit_exported", asking, f"clerk:{session.clerk}", outcome=str(newest))
    headers = {"Content-Disposition": f'attachment; filename="audit-{services.config.hall}-{newest}.csv"'}
    return Stream(_written(services.store, newest), media_type="text/csv", headers=headers)


async def _written(store: Store, newest: int) -> AsyncIterator[bytes]:
    number = 0
    yield _rows([COLUMNS])
    while number < newest:
        lines = await store.audit_after(number, min(PIECE, newest - number))
        if not lines:
            return  # a line is missing: the file shows where
        yield _rows([_row(line) for line in lines])
        number = lines[-1].number


def _row(line: AuditEvent) -> tuple[str, ...]:
    at = line.at.isoformat(timespec="microseconds")
    return str(line.number), at, line.event, line.actor, line.object, " ".join(line.items), line.outcome, line.hash


def _rows(rows: list[tuple[str, ...]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode()


def _what(line: AuditEvent) -> str:
    return say(audit_words.EVENT.get(line.event) or staff_words.EVENT.get(line.event, line.event))


ROUTES = [audit_page, audit_events, prove, export]
