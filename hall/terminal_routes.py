"""What a terminal may ask of its hall, over mutual TLS: JSON by flows.wire, errors by stable codes."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from litestar import MediaType, Request, Response, delete, get, put
from litestar.params import FromPath

from flows.application import Application
from flows.usage import ShowUsage
from flows.wire import Heard, NotUnderstood, OpenVisit, Refusal, SealedVisit, Withdrawal, Withdrawn, from_json, to_json
from hall import paper
from hall.bootstrap import Services
from hall.errors import HallError, NotTaken
from hall.sealing import SealBroken, open_sealed

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

Asked = Request[Any, Any, Any]


@put("/api/visits/{visit:str}", status_code=200)
async def open_visit(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    services, terminal = _asked_by(request, visit)
    return _answer(await services.visits.open(visit, terminal, from_json(OpenVisit, await request.body())))


@put("/api/visits/{visit:str}/application", status_code=200)
async def submit(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    services, terminal = _asked_by(request, visit)
    application = _of_this_visit(visit, from_json(Application, await request.body()))
    return _answer(await services.visits.submit(visit, terminal, application))


@get("/api/visits/{visit:str}/certificate")
async def certificate(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    """What the terminal prints; drawn anew each time, always the same bytes."""
    services, terminal = _asked_by(request, visit)
    issued = await services.visits.certificate(visit, terminal)
    pdf = await asyncio.to_thread(paper.drawn, issued, services.paper_hall)
    return Response(pdf, media_type="application/pdf")


@put("/api/visits/{visit:str}/heard", status_code=204)
async def heard(request: Asked, visit: FromPath[str]) -> None:
    services, terminal = _asked_by(request, visit)
    await services.visits.heard(visit, terminal, from_json(Heard, await request.body()).corrections)


@get("/api/visits/{visit:str}/documents/{document:str}")
async def document(request: Asked, visit: FromPath[str], document: FromPath[str]) -> Response[bytes]:
    """A kept picture that is on offer in this visit, once its citizen wants to look at it."""
    services, terminal = _asked_by(request, visit)
    return _answer(await services.documents.picture(visit, terminal, document))


@put("/api/usage/{look:str}/withdrawn", status_code=200)
async def withdraw(request: Asked, look: FromPath[str]) -> Response[bytes]:
    """The person whose card lies there wants a kept document destroyed."""
    services, terminal = _asked_by(request, look)
    stays = await services.documents.withdraw(look, terminal, from_json(Withdrawal, await request.body()))
    return _answer(Withdrawn(stays is None))


@delete("/api/visits/{visit:str}")
async def leave(request: Asked, visit: FromPath[str]) -> None:
    services, terminal = _asked_by(request, visit)
    await services.visits.leave(visit, terminal)


@put("/api/sealed/{visit:str}", status_code=200)
async def submit_sealed(request: Asked, visit: FromPath[str]) -> Response[bytes]:
    services, terminal = _asked_by(request, visit)
    plain = open_sealed(services.terminals.sealing_key, visit, await request.body())
    application = _of_this_visit(visit, from_json(SealedVisit, plain).application)
    return _answer(await services.visits.submit_sealed(visit, terminal, application))


@put("/api/usage/{look:str}", status_code=200)
async def usage(request: Asked, look: FromPath[str]) -> Response[bytes]:
    """Who read the records of the person whose card lies there. The look has an id of its own: it is no visit."""
    services, terminal = _asked_by(request, look)
    return _answer(await services.usage.show(look, terminal, from_json(ShowUsage, await request.body())))


@get("/api/sealing-key", media_type="application/octet-stream")
async def sealing_key(request: Asked) -> bytes:
    services = _services(request)
    services.terminals.recognise(request.scope["state"].get("peer"))
    return services.terminals.sealing_public


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


def _answer(noun: object, status: int = 200) -> Response[bytes]:
    return Response(to_json(noun), status_code=status, media_type=MediaType.JSON)


ROUTES = [open_visit, submit, certificate, heard, document, leave, submit_sealed, usage, withdraw, sealing_key]
