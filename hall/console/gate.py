"""The console's one gate: from this console's own page, by somebody logged in, whose roles allow what the route names."""

from __future__ import annotations

import secrets
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from hall.console.asked import Asked, Locked, NotLoggedIn, form_of, services_of, session_of, token_of
from hall.console.parked import FORM, LONGEST_PARKED, Parked
from hall.console.security import check_origin
from hall.roles import Permission, may
from hall.staff import Session
from hall.staff_errors import NotPermitted
from hall.store.request import Request as Asking

STREAM = "text/event-stream"


async def gate(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Runs before every route."""
    assert isinstance(connection, Request)
    request: Asked = connection
    check_origin(request)
    permissions = handler.opt.get("permissions", ())
    if Permission.ANYBODY in permissions:
        return
    if getattr(handler, "media_type", "") == STREAM:
        await _watching(request, permissions)
        return
    try:
        session = await session_of(request)
    except (NotLoggedIn, Locked):
        await _park(request)
        raise
    await _permitted(request, session, permissions)
    await _carried_out(request, session)


async def _watching(request: Asked, permissions: tuple[Permission, ...]) -> None:
    """An open page asks by itself: nobody logged in is no refusal, the stream says that it is over."""
    session = await services_of(request).staff.still(token_of(request))
    if session is not None:
        await _permitted(request, session, permissions)


async def _permitted(request: Asked, session: Session, permissions: tuple[Permission, ...]) -> None:
    if any(may(session.roles, permission) for permission in permissions):
        return
    services, by = services_of(request), f"clerk:{session.clerk}"
    asking = Asking(secrets.token_urlsafe(16), by, services.clock(), session.window)
    await services.store.audit("staff_not_permitted", asking, by, outcome=" ".join(permissions))
    raise NotPermitted


async def _park(request: Asked) -> None:
    """A form that meets a locked session or one that is over is kept until its clerk is back."""
    kind, _, _ = request.headers.get("content-type", "").partition(";")
    length = request.headers.get("content-length", "")
    if request.method == "POST" and kind == FORM and length.isdecimal() and int(length) <= LONGEST_PARKED:
        sent = Parked(request.url.path, await form_of(request))
        if sent.key:
            await services_of(request).staff.park(token_of(request), sent.written())


async def _carried_out(request: Asked, session: Session) -> None:
    """What was kept is kept no more once it is sent again."""
    if request.method == "POST" and session.parked is not None:
        kept = Parked.read(session.parked)
        kind, _, _ = request.headers.get("content-type", "").partition(";")
        if kind == FORM and request.url.path == kept.path and (await form_of(request)).get("key") == kept.key:
            await services_of(request).staff.park(token_of(request), None)
