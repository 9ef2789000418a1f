"""What another hall, or a department that knocks, may ask over mutual TLS, on the listener of the terminals."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import MediaType, Request, Response, post
from litestar.params import FromPath

from flows.wire import from_json
from hall.bootstrap import Services
from hall.errors import NotKnown, TooOld
from hall.libraries.giving import AskChanges, AskLookUp, Given
from hall.openapi import Offer

Asked = Request[Any, Any, Any]


CHANGES = Offer("What is new in a base library since a mark", AskChanges, Given, (TooOld,))
LOOK_UP = Offer("What a base library has under a key", AskLookUp, Given, (TooOld,))


@post("/api/libraries/{library:str}/changes", status_code=200, opt=CHANGES.opt)
async def changes(request: Asked, library: FromPath[str]) -> Response[bytes]:
    services, peer = asked_by(request)
    return _answer(await services.collection.giving.changes(peer, library, from_json(AskChanges, await request.body())))


@post("/api/libraries/{library:str}/look-up", status_code=200, opt=LOOK_UP.opt)
async def look_up(request: Asked, library: FromPath[str]) -> Response[bytes]:
    services, peer = asked_by(request)
    return _answer(await services.collection.giving.look_up(peer, library, from_json(AskLookUp, await request.body())))


@post("/api/libraries/knock", status_code=200, opt=Offer("Something is new at whoever knocks", gives="application/json").opt)
async def knock(request: Asked) -> Response[bytes]:
    """Something is new at whoever knocks. What it is, the hall asks for itself."""
    services, peer = asked_by(request)
    if not services.collection.collector.knock(peer):
        raise NotKnown
    return Response(b"{}", media_type=MediaType.JSON)


def asked_by(request: Asked) -> tuple[Services, str]:
    """The hall or department behind the certificate. Raises NotAllowed for one that is not known here."""
    services: Services = request.app.state.services
    return services, services.peers.recognise(request.scope["state"].get("peer"))


def _answer(given: Given) -> Response[bytes]:
    return Response(msgspec.json.encode(given), media_type=MediaType.JSON)


ROUTES = [changes, look_up, knock]
