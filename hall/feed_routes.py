"""What a department that knows its cases' progress may say over mutual TLS, on the listener of the terminals."""

from __future__ import annotations

import msgspec
from litestar import MediaType, Response, post

from flows.wire import NotUnderstood
from hall.departments.connection import DepartmentFailure
from hall.errors import NotKnown
from hall.openapi import Offer
from hall.peer_routes import Asked, asked_by

JSON = "application/json"


@post("/api/deliveries/knock", status_code=200, opt=Offer("Something is new", gives=JSON, refuses=(NotKnown,)).opt)
async def knock(request: Asked) -> Response[bytes]:
    """Something is new at whoever knocks. What it is, the hall asks for itself."""
    services, peer = asked_by(request)
    if not await services.feeds.knock(peer):
        raise NotKnown
    return Response(b"{}", media_type=MediaType.JSON)


@post("/api/deliveries/progress", status_code=200, opt=Offer("How far cases are", JSON, JSON, (NotKnown,)).opt)
async def progress(request: Asked) -> Response[bytes]:
    """Messages of the department's own numbers, all of them or none. However often they come, each counts once."""
    services, peer = asked_by(request)
    try:
        entries = msgspec.json.decode(await request.body(), type=dict[str, object]).get("entries")
        moved = await services.feeds.bring(peer, entries)
    except (msgspec.DecodeError, msgspec.ValidationError, DepartmentFailure, UnicodeDecodeError):
        raise NotUnderstood from None
    return Response(msgspec.json.encode({"moved": moved}), media_type=MediaType.JSON)


ROUTES = [knock, progress]
