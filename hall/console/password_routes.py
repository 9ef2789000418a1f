"""Whoever is logged in takes another password."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response import Redirect

from hall.console import staff_words
from hall.console.asked import Asked, form_of, services_of, session_of
from hall.console.clock import at_time
from hall.console.language import say
from hall.console.pages import page
from hall.staff import Proof
from hall.staff_errors import PasswordWeak, TooManyTries
from hall.store.staff import Origin

WRONG = "现在的密码不对，请重新输入。"
WRONG_CODE = "现在的密码或验证码不对，请重新输入。验证码只能用一次。"


@get("/password")
async def password_page(request: Asked) -> Response[str]:
    return await _page(request, changed="changed" in request.query_params)


@post("/password", status_code=303)
async def change_password(request: Asked) -> Response[str]:
    """The form has no key, so that no password is ever kept to be sent again (hall.console.gate)."""
    session, form = await session_of(request), await form_of(request)
    chosen = form.get("password", "")
    if chosen != form.get("again", ""):
        return await _page(request, say(staff_words.DIFFERENT), 422)
    try:
        proof = Proof(form.get("present", ""), form.get("code", ""))
        if not await services_of(request).staff.choose_password(session, proof, chosen):
            return await _page(request, say(WRONG_CODE if "code" in form else WRONG), 401)
    except TooManyTries as error:
        return await _page(request, say(staff_words.RESTS, time=at_time(error.until)), error.http)
    except PasswordWeak as error:
        return await _page(request, say(staff_words.WEAK[error.fault]), error.http)
    return Redirect("/password?changed", status_code=303)


async def _page(request: Asked, notice: str = "", status: int = 200, *, changed: bool = False) -> Response[str]:
    services, session = services_of(request), await session_of(request)
    local, asks_code = session.origin is Origin.LOCAL, await services.staff.asks_code(session)
    shown = {"notice": notice, "changed": changed, "local": local, "asks_code": asks_code}
    return page("password.html", status=status, hall=services.config, session=session, **shown)


ROUTES = [password_page, change_password]
