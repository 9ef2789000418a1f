"""A clerk's request: the hall's services, who asks, and what the form says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import UploadFile

from hall.bootstrap import Services
from hall.console.security import COOKIE
from hall.errors import FormNotUnderstood

Asked = Request[Any, Any, Any]

LONGEST = 400
LONGEST_SEEN = 8000
"""The marks of some six hundred differences: more than a case can have."""


class NotLoggedIn(Exception):
    """Nobody is logged in in this browser, or not any more."""


@dataclass(frozen=True)
class Clerk:
    """Who asks, and from which window."""

    clerk: str
    window: str


def services_of(request: Asked) -> Services:
    services: Services = request.app.state.services
    return services


def token_of(request: Asked) -> str:
    return request.cookies.get(COOKIE, "")


async def clerk_of(request: Asked) -> Clerk:
    session = await services_of(request).staff.who(token_of(request))
    if session is None:
        raise NotLoggedIn
    return Clerk(session.clerk, session.window)


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
