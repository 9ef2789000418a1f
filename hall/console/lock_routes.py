"""A window whose clerk has left shows nothing; whoever comes back goes on where they were."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response import Redirect

from flows.reasons import REASONS
from hall.console import staff_words
from hall.console.asked import Asked, form_of, key_of, needs, services_of, session_of, token_of
from hall.console.clock import at_time
from hall.console.language import say
from hall.console.pages import page
from hall.console.parked import Parked
from hall.roles import Permission
from hall.staff_errors import TooManyTries
from hall.store.staff import Origin

JSON = "application/json"
WRONG = "密码或验证码不对，请重新输入。"


@get("/session", opt=needs(Permission.ANYBODY))
async def state(request: Asked) -> Response[dict[str, str]]:
    """What an open page asks before it shows itself again: who is logged in here now, if anybody."""
    session = await services_of(request).staff.still(token_of(request))
    if session is not None:
        return Response({"state": "open", "clerk": session.clerk, "window": session.window})
    locked = await services_of(request).staff.who(token_of(request))
    return Response({"state": "locked" if locked is not None and locked.locked else "over", "clerk": "", "window": ""})


@post("/session/here")
async def here(request: Asked) -> Response[None]:
    """Somebody moves the mouse or types: the gate has noted it."""
    await form_of(request)
    return Response(None, status_code=204)


@post("/lock", status_code=303, opt=needs(Permission.ANYBODY))
async def lock(request: Asked) -> Response[str]:
    """Also of a session that is locked or over: then it changes nothing."""
    await services_of(request).staff.lock(token_of(request), key_of(await form_of(request)))
    return Redirect("/locked", status_code=303)


@get("/locked", opt=needs(Permission.ANYBODY))
async def locked_page(request: Asked) -> Response[str]:
    return await _locked(request)


@post("/unlock", status_code=303, opt=needs(Permission.ANYBODY))
async def unlock(request: Asked) -> Response[str] | Response[dict[str, str]]:
    """From the page of its own, or from the sheet that covers a page: that one wants a word and not a page."""
    staff, form = services_of(request).staff, await form_of(request)
    by_sheet = request.headers.get("accept") == JSON
    try:
        opened, notice, status = await staff.unlock(token_of(request), form.get("proof", "")), say(WRONG), 401
    except TooManyTries as error:
        opened, status = False, error.http
        notice = say(staff_words.RESTS, time=at_time(error.until))
    if by_sheet:
        said = {"state": "open"} if opened else {"state": "locked", "notice": notice}
        return Response(said, status_code=200 if opened else status)
    if not opened:
        return await _locked(request, notice, status)
    session = await staff.who(token_of(request))
    return Redirect("/resume" if session is not None and session.parked else "/", status_code=303)


@get("/resume")
async def resume_page(request: Asked) -> Response[str]:
    """What was sent while its clerk was away or logged out: carried out only when they say so again."""
    services, session = services_of(request), await session_of(request)
    if session.parked is None:
        return Redirect("/", status_code=303)
    sent = Parked.read(session.parked)
    texts = [(say(words), _read(name, sent.fields[name])) for name, words in staff_words.FIELD.items() if sent.fields.get(name)]
    back = sent.path.rpartition("/")[0] if sent.path.startswith("/cases/") else "/"
    what = staff_words.action(sent.action)
    return page("resume.html", hall=services.config, session=session, sent=sent, what=what, texts=texts, back=back)


@post("/resume/drop", status_code=303)
async def drop(request: Asked) -> Response[str]:
    form = await form_of(request)
    await services_of(request).staff.park(token_of(request), None)
    return Redirect(form["back"] if form.get("back", "").startswith("/cases/") else "/", status_code=303)


async def _locked(request: Asked, notice: str = "", status: int = 200) -> Response[str]:
    services = services_of(request)
    session = await services.staff.who(token_of(request))
    if session is None or not session.locked:
        return Redirect("/" if session else "/login", status_code=303)
    local = session.origin is Origin.LOCAL
    return page("locked.html", status=status, hall=services.config, session=None, who=session, notice=notice, local=local)


def _read(name: str, text: str) -> str:
    return say(REASONS[text].words) if name == "reason" and text in REASONS else text


ROUTES = [state, here, lock, locked_page, unlock, resume_page, drop]
