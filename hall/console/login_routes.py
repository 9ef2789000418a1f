"""Logging in and out: step by step here, or by way of the identity provider."""

from __future__ import annotations

from collections.abc import Awaitable

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from hall.bootstrap import Services
from hall.console import staff_words
from hall.console.asked import Asked, form_of, over_tls, services_of, token_of
from hall.console.clock import at_time
from hall.console.language import listed, say
from hall.console.pages import page
from hall.console.security import ENTRY_COOKIE, entry_cookie, session_cookie
from hall.entrance import Inside, Outcome, Step
from hall.second_factor import picture
from hall.staff_errors import NoWindowForRole, PasswordWeak, ProviderRefused, TooManyTries

WRONG = "姓名、密码或窗口号不对，请重新输入。"
WRONG_CODE = "验证码不对，或者已经用过。请等手机显示下一个验证码再输入。"
NO_WINDOW = "这个账号不办理窗口业务，窗口号请选“不在窗口”。"


@get("/login")
async def login_page(request: Asked) -> Response[str]:
    gone = await services_of(request).staff.gone(token_of(request))
    words = [staff_words.ENDED[gone.why], *([staff_words.PARKED] if gone.parked else [])] if gone else []
    told = listed(map(say, words), "")
    return _login(services_of(request), told=told, name=gone.clerk if gone else "", window=gone.window if gone else None)


@post("/login", status_code=303)
async def log_in(request: Asked) -> Response[str]:
    services, form = services_of(request), await form_of(request)
    name, window = form.get("name", "").strip(), form.get("window", "")
    try:
        outcome = None
        if not window or window in services.config.windows:
            outcome = await services.staff.entrance.log_in(name, form.get("password", ""), window, _place(request))
    except TooManyTries as error:
        return _login(services, _rests(error), error.http, name=name, window=window)
    except NoWindowForRole as error:
        return _login(services, say(NO_WINDOW), error.http, name=name, window="")
    if outcome is None:
        return _login(services, say(WRONG), 401, name=name, window=window)
    return await _on(services, outcome)


@get("/login/step")
async def step_page(request: Asked) -> Response[str]:
    """What is still asked for, after the password."""
    return await _step(request)


@post("/login/code", status_code=303)
async def give_code(request: Asked) -> Response[str]:
    form = await form_of(request)
    giving = services_of(request).staff.entrance.give_code(_entry(request), form.get("code", ""))
    return await _stepped(request, giving)


@post("/login/password", status_code=303)
async def choose_password(request: Asked) -> Response[str]:
    form = await form_of(request)
    if form.get("password", "") != form.get("again", ""):
        return await _step(request, say(staff_words.DIFFERENT), 422)
    return await _stepped(request, services_of(request).staff.entrance.choose_password(_entry(request), form.get("password", "")))


@post("/login/enrol", status_code=303)
async def enrol(request: Asked) -> Response[str]:
    form = await form_of(request)
    return await _stepped(request, services_of(request).staff.entrance.enrol(_entry(request), form.get("code", "")))


@get("/login/telephone.svg")
async def telephone(request: Asked) -> Response[bytes]:
    """The QR code that a telephone reads; only while it is being enrolled."""
    entrance = services_of(request).staff.entrance
    waiting = await entrance.waiting(_entry(request))
    if waiting is None or waiting[1] is not Step.ENROL:
        return Response(b"", status_code=404, media_type="image/svg+xml")
    return Response(picture(entrance.address(waiting[0])), media_type="image/svg+xml")


@post("/login/oidc", status_code=200)
async def to_provider(request: Asked) -> Response[str]:
    services, form = services_of(request), await form_of(request)
    window = form.get("window", "")
    if services.staff.provider is None or (window and window not in services.config.windows):
        return _login(services, say(WRONG), 401)
    try:
        address, token = await services.staff.provider.begin(window)
    except ProviderRefused as error:
        return _login(services, say(staff_words.PROVIDER[error.why]), 503, window=window)
    # Not a redirect: the console's policy lets no form lead anywhere else.
    sent = page("login_onward.html", hall=services.config, session=None, address=address)
    sent.cookies = [entry_cookie(token, secure=over_tls(services))]
    return sent


@get("/login/oidc/callback")
async def from_provider(request: Asked) -> Response[str]:
    """The browser is back. A GET changes nothing: this page sends what it brought on by a form of its own."""
    query = request.query_params
    brought = {"state": query.get("state", ""), "code": query.get("code", "")}
    return page("login_back.html", hall=services_of(request).config, session=None, brought=brought)


@post("/login/oidc/finish", status_code=303)
async def finish(request: Asked) -> Response[str]:
    services, form = services_of(request), await form_of(request)
    if services.staff.provider is None:
        return _login(services, say(WRONG), 401)
    try:
        token = await services.staff.provider.finish(_entry(request), form.get("state", ""), form.get("code", ""))
    except ProviderRefused as error:
        return _login(services, say(staff_words.PROVIDER[error.why]), 503 if error.why == "away" else error.http)
    except NoWindowForRole as error:
        return _login(services, say(NO_WINDOW), error.http)
    return await _on(services, Inside(token))


@post("/logout", status_code=303)
async def log_out(request: Asked) -> Response[str]:
    services = services_of(request)
    await services.staff.log_out(token_of(request))
    return Redirect("/login", status_code=303, cookies=[session_cookie("", secure=over_tls(services))])


async def _stepped(request: Asked, doing: Awaitable[Outcome | None]) -> Response[str]:
    services = services_of(request)
    try:
        outcome = await doing
    except TooManyTries as error:
        return await _step(request, _rests(error), error.http)
    except PasswordWeak as error:
        return await _step(request, say(staff_words.WEAK[error.fault]), error.http)
    if outcome is None:
        return await _step(request, say(WRONG_CODE), 401)
    return await _on(services, outcome)


async def _step(request: Asked, notice: str = "", status: int = 200) -> Response[str]:
    services = services_of(request)
    waiting = await services.staff.entrance.waiting(_entry(request))
    if waiting is None:
        return Redirect("/login", status_code=303, cookies=[entry_cookie("", secure=over_tls(services))])
    entry, step = waiting
    return page(f"login_{step}.html", status=status, hall=services.config, session=None, notice=notice, entry=entry)


async def _on(services: Services, outcome: Outcome) -> Response[str]:
    """To the next step; or inside, by way of the recovery codes when there are new ones."""
    secure = over_tls(services)
    if not isinstance(outcome, Inside):
        return Redirect("/login/step", status_code=303, cookies=[entry_cookie(outcome.token, secure=secure)])
    cookies: list[Cookie] = [session_cookie(outcome.token, secure=secure), entry_cookie("", secure=secure)]
    if not outcome.codes:
        session = await services.staff.who(outcome.token)
        return Redirect("/resume" if session is not None and session.parked else "/", status_code=303, cookies=cookies)
    shown = page("login_codes.html", hall=services.config, session=None, codes=outcome.codes)
    shown.cookies = cookies
    return shown


def _login(
    services: Services, notice: str = "", status: int = 200, *, told: str = "", name: str = "", window: str | None = None
) -> Response[str]:
    return page(
        "login.html",
        status=status,
        hall=services.config,
        session=None,
        notice=notice,
        told=told,
        name=name,
        window=window,
        by_provider=services.staff.provider is not None,
        by_password=services.staff.entrance.local != frozenset(),
    )


def _rests(error: TooManyTries) -> str:
    return say("密码连续输错，为安全起见暂停登录，{time} 以后再试。忘记密码请找管理员。", time=at_time(error.until))


def _place(request: Asked) -> str:
    """Where somebody without a window sits, as far as wrong tries go."""
    return f"from {request.client.host}" if request.client else "from somewhere"


def _entry(request: Asked) -> str:
    return request.cookies.get(ENTRY_COOKIE, "")


ROUTES = [
    login_page,
    log_in,
    step_page,
    give_code,
    choose_password,
    enrol,
    telephone,
    to_provider,
    from_provider,
    finish,
    log_out,
]
