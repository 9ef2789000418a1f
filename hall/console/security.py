"""What keeps the console to its clerks: headers on every answer, the origin of every change, the cookie."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.types import Message, Scope

from hall.errors import NotAllowed

COOKIE = "yimen_desk"
ENTRY_COOKIE = "yimen_entry"
SESSION_S = 8 * 3600
ENTRY_S = 600

CSP = "Content-Security-Policy"
HEADERS = {
    CSP: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it a browser sends "Origin: null" on a form, and the origin check would refuse its own pages.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


async def add_headers(message: Message, scope: Scope) -> None:
    """On everything that leaves, refusals and static files too."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            if name != CSP or name not in headers:  # one page sends its form to a department, and says so itself
                headers[name] = value


def check_origin(request: Request[Any, Any, Any]) -> None:
    """A change is taken only from a page of this very console."""
    if request.method in ("GET", "HEAD"):
        return
    origin = request.headers.get("origin", "")
    if not origin or urlsplit(origin).netloc != request.headers.get("host"):
        raise NotAllowed


def session_cookie(token: str, *, secure: bool = False) -> Cookie:
    """No value: ends it in the browser. `secure`: the console is served over TLS, and the cookie never goes without."""
    return _cookie(COOKIE, token, SESSION_S, secure)


def entry_cookie(token: str, *, secure: bool = False) -> Cookie:
    """Of a log-in under way; good for its next step alone."""
    return _cookie(ENTRY_COOKIE, token, ENTRY_S, secure)


def _cookie(key: str, token: str, lasts_s: int, secure: bool) -> Cookie:
    return Cookie(
        key=key, value=token, path="/", httponly=True, samesite="strict", secure=secure, max_age=lasts_s if token else 0
    )
