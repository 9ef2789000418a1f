"""A request of the staff: the hall's services, who asks, and what the form says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import UploadFile

from hall.bootstrap import Services
from hall.console.security import COOKIE
from hall.errors import FormNotUnderstood
from hall.roles import Permission, may
from hall.staff import Session
from hall.staff_errors import NotAtWindow, NotPermitted

Asked = Request[Any, Any, Any]

Clerk = Session
"""Who asks, and from which window."""

LONGEST = 400
LONGEST_SEEN = 8000
"""The marks of some six hundred differences: more than a case can have."""

_SESSION = "yimen_session"


class NotLoggedIn(Exception):
    """Nobody is logged in in this browser, or not any more."""


class Locked(Exception):
    """Somebody is, and has left: nothing is shown or done until they are back."""


def needs(*permissions: Permission) -> dict[str, object]:
    """What a route asks for, as its `opt`: any one of these. A route that names none is refused to everybody."""
    return {"permissions": permissions}


def services_of(request: Asked) -> Services:
    services: Services = request.app.state.services
    return services


def over_tls(services: Services) -> bool:
    """Whether the console is served over TLS: its cookies then never go without."""
    return services.config.console_address.startswith("https://")


def token_of(request: Asked) -> str:
    return request.cookies.get(COOKIE, "")


async def session_of(request: Asked, permission: Permission = Permission.EVERYONE) -> Session:
    """Who asks; NotLoggedIn, Locked, NotPermitted."""
    kept = request.scope["state"]
    if _SESSION not in kept:
        kept[_SESSION] = await services_of(request).staff.who(token_of(request))
    session: Session | None = kept[_SESSION]
    if session is None:
        raise NotLoggedIn
    if session.locked:
        raise Locked
    if not may(session.roles, permission):
        raise NotPermitted
    return session


async def clerk_of(request: Asked) -> Clerk:
    """Who asks, at a window; also NotAtWindow."""
    session = await session_of(request, Permission.WINDOW)
    if not session.window:
        raise NotAtWindow
    return session


async def form_of(request: Asked) -> Mapping[str, str]:
    """The form's texts; one value each, none of unheard length."""
    given = list((await request.form()).multi_items())
    texts = texts_in(given)
    if len(texts) != len(given):
        raise FormNotUnderstood
    return texts


async def form_with_picture(request: Asked) -> tuple[Mapping[str, str], bytes]:
    """A form with one file named picture; its name and its said type count for nothing."""
    given = list((await request.form()).multi_items())
    texts, files = texts_in(given), [value for name, value in given if name == "picture" and isinstance(value, UploadFile)]
    if len(files) != 1 or len(texts) + 1 != len(given):
        raise FormNotUnderstood
    return texts, await files[0].read()


def texts_in(given: Sequence[tuple[str, object]]) -> dict[str, str]:
    """What is text in a form, as far as it is of an expected length."""
    longest = {"seen": LONGEST_SEEN}
    return {name: text for name, text in given if isinstance(text, str) and len(text) <= longest.get(name, LONGEST)}


def key_of(form: Mapping[str, str]) -> str:
    """The key that the page put into its form: the same click twice has the same one."""
    try:
        return str(UUID(form.get("key", "")))
    except ValueError:
        raise FormNotUnderstood from None
