"""What a terminal may ask of its hall, over mutual TLS: JSON by flows.wire, errors by stable codes."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, delete, get, put
from litestar.params import FromPath

from flows.application import Application, Attached
from flows.heartbeat import Heartbeat
from flows.usage import ShowUsage, UsageShown
from flows.wire import (
    Heard,
    NotUnderstood,
    OpenVisit,
    Refusal,
    SealedVisit,
    Submitted,
    VisitOpened,
    Withdrawal,
    Withdrawn,
    from_json,
    to_json,
)
from hall import paper
from hall.bootstrap import Services
from hall.errors import AnotherApplication, AnotherRequest, DocumentUnreadable, HallError, NotTaken, VersionNotKnown
from hall.openapi import BYTES, Offer, document
from hall.sealing import SealBroken, open_sealed

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
UUID7_SCHEMA = {"type": "string", "pattern": f"^{UUID7.pattern}$"}
PARAMETERS = {"visit": UUID7_SCHEMA, "look": UUID7_SCHEMA, "document": UUID7_SCHEMA, "library": {"type": "string"}}
"""What stands in the addresses of this listener."""

Asked = Request[Any, Any, Any]


OPEN = Offer(
    "A person stands at the terminal for a matter: what do the departments know?",
    OpenVisit,
    VisitOpened,
    (AnotherRequest, VersionNotKnown),
)


@put("/api/visits/{visit:str}", status_code=200, opt=OPEN.opt)
async def open_visit(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    services, terminal = _asked_by(request, visit)
    return _answer(await services.visits.open(visit, terminal, from_json(OpenVisit, await request.body())))


SUBMIT = Offer(
    "The application of an open visit",
    Application,
    Submitted,
    (AnotherApplication, AnotherRequest, VersionNotKnown, NotTaken),
)


@put("/api/visits/{visit:str}/application", status_code=200, opt=SUBMIT.opt)
async def submit(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    services, terminal = _asked_by(request, visit)
    application = _of_this_visit(visit, from_json(Application, await request.body()))
    return _with_page(services, await services.visits.submit(visit, terminal, application))


@get(
    "/api/visits/{visit:str}/certificate", opt=Offer("The paper that the hall issued in this visit", gives="application/pdf").opt
)
async def certificate(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    """What the terminal prints; drawn anew each time, always the same bytes."""
    services, terminal = _asked_by(request, visit)
    issued = await services.visits.certificate(visit, terminal)
    pdf = await asyncio.to_thread(paper.drawn, issued, services.paper_hall)
    return Response(pdf, media_type="application/pdf")


@put("/api/visits/{visit:str}/heard", status_code=204, opt=Offer("The person has read these answers", Heard).opt)
async def heard(request: Asked, visit: FromPath[str]) -> None:
    services, terminal = _asked_by(request, visit)
    await services.visits.heard(visit, terminal, from_json(Heard, await request.body()).corrections)


DOCUMENT = Offer("A kept picture that is on offer in this visit", gives=Attached, refuses=(DocumentUnreadable,))


@get("/api/visits/{visit:str}/documents/{document:str}", opt=DOCUMENT.opt)
async def kept_picture(request: Asked, visit: FromPath[str], document: FromPath[str]) -> Response[bytes]:
    """A kept picture that is on offer in this visit, once its citizen wants to look at it."""
    services, terminal = _asked_by(request, visit)
    return _answer(await services.documents.picture(visit, terminal, document))


WITHDRAW = Offer("A kept document is to be destroyed", Withdrawal, Withdrawn, (AnotherRequest,))


@put("/api/usage/{look:str}/withdrawn", status_code=200, opt=WITHDRAW.opt)
async def withdraw(request: Asked, look: FromPath[str]) -> Response[bytes]:
    """The person whose card lies there wants a kept document destroyed."""
    services, terminal = _asked_by(request, look)
    stays = await services.documents.withdraw(look, terminal, from_json(Withdrawal, await request.body()))
    return _answer(Withdrawn(stays is None))


@delete("/api/visits/{visit:str}", opt=Offer("The person left without submitting").opt)
async def leave(request: Asked, visit: FromPath[str]) -> None:
    services, terminal = _asked_by(request, visit)
    await services.visits.leave(visit, terminal)


SEALED = Offer("An application out of the terminal's outbox, sealed to the hall", BYTES, Submitted, SUBMIT.refuses)


@put("/api/sealed/{visit:str}", status_code=200, opt=SEALED.opt)
async def submit_sealed(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    services, terminal = _asked_by(request, visit)
    plain = open_sealed(services.terminals.sealing_key, visit, await request.body())
    application = _of_this_visit(visit, from_json(SealedVisit, plain).application)
    return _with_page(services, await services.visits.submit_sealed(visit, terminal, application))


@put(
    "/api/usage/{look:str}",
    status_code=200,
    opt=Offer("Who read this person's records?", ShowUsage, UsageShown, (AnotherRequest,)).opt,
)
async def usage(request: Asked, look: FromPath[str]) -> Response[bytes]:
    """Who read the records of the person whose card lies there. The look has an id of its own: it is no visit."""
    services, terminal = _asked_by(request, look)
    return _answer(await services.usage.show(look, terminal, from_json(ShowUsage, await request.body())))


@put("/api/terminal", status_code=204, opt=Offer("How this terminal is", Heartbeat).opt)
async def beat(request: Asked) -> None:
    services = _services(request)
    terminal = services.terminals.recognise(request.scope["state"].get("peer"))
    await services.heartbeats.keep(terminal, from_json(Heartbeat, await request.body()))


@get("/api/sealing-key", media_type=BYTES, opt=Offer("The key that visits are sealed to", gives=BYTES).opt)
async def sealing_key(request: Asked) -> bytes:
    services = _services(request)
    services.terminals.recognise(request.scope["state"].get("peer"))
    return services.terminals.sealing_public


@get("/api/openapi.json", opt=Offer("This description", gives="application/json").opt)
async def openapi(request: Asked) -> Response[bytes]:
    """For terminals and peers alike, as long as they hold a certificate of this hall."""
    described = document(request.app, "Yimen: what terminals and other halls may ask", PARAMETERS)
    return Response(msgspec.json.encode(described), media_type=MediaType.JSON)


def refused(request: Asked, error: HallError | NotUnderstood | SealBroken) -> Response[bytes]:
    """Any refusal as a terminal reads it; never an echo of what was sent."""
    problems = error.problems if isinstance(error, NotTaken) else ()
    return _answer(Refusal(error.code, problems), error.http if isinstance(error, HallError) else 400)


def _asked_by(request: Asked, key: str) -> tuple[Services, str]:
    """The services and the terminal that asks; its word on who it is counts for nothing."""
    services = _services(request)
    terminal = services.terminals.recognise(request.scope["state"].get("peer"))
    if not UUID7.fullmatch(key):
        raise NotUnderstood("the key is not a UUIDv7")
    return services, terminal


def _services(request: Asked) -> Services:
    services: Services = request.app.state.services
    return services


def _of_this_visit(visit: str, application: Application) -> Application:
    if application.visit != visit:
        raise NotUnderstood("the application is of another visit")
    return application


def _with_page(services: Services, submitted: Submitted) -> Response[bytes]:
    """The address of the ticket's page belongs to the hall's configuration, not to what is kept."""
    ticket = submitted.ticket
    return _answer(replace(submitted, ticket=replace(ticket, page=services.page_of(ticket.visit))))


def _answer(noun: object, status: int = 200) -> Response[bytes]:
    return Response(to_json(noun), status_code=status, media_type=MediaType.JSON)


ROUTES = [open_visit, submit, certificate, heard, kept_picture, leave, submit_sealed, usage, withdraw, beat, sealing_key, openapi]
