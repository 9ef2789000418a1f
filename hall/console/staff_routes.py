"""The accounts of the staff: for security alone, who sees no person's data and cannot change its own."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from hall.accounts import Keeper
from hall.console import staff_words
from hall.console.asked import Asked, form_of, key_of, services_of, session_of
from hall.console.language import listed, say
from hall.console.pages import page
from hall.console.refusals import refusal
from hall.errors import FormNotUnderstood, HallError
from hall.roles import Permission, Role
from hall.staff_errors import LastSecurity, NameTaken, NotOwnAccount, PasswordWeak, RolesAtOdds

LONGEST_NAME = 40
NO_NAME = "请填写姓名或工号，不超过 40 个字。"
NO_ROLE = "请至少选一种身份。"
EXPECTED = (NameTaken, RolesAtOdds, LastSecurity, NotOwnAccount, PasswordWeak)


@get("/staff")
async def staff_page(request: Asked) -> Response[str]:
    return await _shown(request)


@post("/staff", status_code=200)
async def add(request: Asked) -> Response[str]:
    """The new account's first password is shown once, to be handed over."""
    keeper, form = await _asked(request)
    accounts, name, roles = services_of(request).staff.accounts, form.get("name", "").strip(), _roles(form)
    if not name or len(name) > LONGEST_NAME:
        return await _shown(request, notice=say(NO_NAME), status=422, typed=form)
    if not roles:
        return await _shown(request, notice=say(NO_ROLE), status=422, typed=form)
    password = await accounts.first_password(keeper.key)
    try:
        await accounts.add(name, password, roles, by=keeper)
    except EXPECTED as error:
        return await _refused(request, error, form)
    return await _shown(request, handed=(name, password))


@post("/staff/{name:str}/password", status_code=200)
async def give_password(request: Asked, name: FromPath[str]) -> Response[str]:
    keeper, _ = await _asked(request)
    accounts = services_of(request).staff.accounts
    password = await accounts.first_password(keeper.key)
    try:
        await accounts.give_password(name, password, keeper)
    except EXPECTED as error:
        return await _refused(request, error)
    return await _shown(request, handed=(name, password))


@post("/staff/{name:str}/{action:str}", status_code=303)
async def change(request: Asked, name: FromPath[str], action: FromPath[str]) -> Response[str]:
    keeper, form = await _asked(request)
    accounts = services_of(request).staff.accounts
    try:
        match action:
            case "roles":
                if not _roles(form):
                    return await _shown(request, notice=say(NO_ROLE), status=422)
                await accounts.set_roles(name, _roles(form), keeper)
            case "disable" | "enable":
                await accounts.set_disabled(name, action == "disable", keeper)
            case "factor":
                await accounts.reset_second_factor(name, keeper)
            case "end":
                await accounts.end_sessions(name, keeper)
            case _:
                raise FormNotUnderstood
    except EXPECTED as error:
        return await _refused(request, error)
    return Redirect("/staff", status_code=303)


async def _asked(request: Asked) -> tuple[Keeper, Mapping[str, str]]:
    session, form = await session_of(request, Permission.STAFF), await form_of(request)
    return Keeper(session.clerk, key_of(form)), form


def _roles(form: Mapping[str, str]) -> frozenset[Role]:
    return frozenset(role for role in Role if form.get(f"role_{role}") == "yes")


async def _refused(request: Asked, error: HallError, typed: Mapping[str, str] | None = None) -> Response[str]:
    title, advice = map(say, refusal(error.code))
    if isinstance(error, RolesAtOdds):
        one, other = (say(staff_words.ROLE[role]) for role in error.pair)
        title = say("{one}和{other}不能由同一个人担任", one=one, other=other)
    return await _shown(request, notice=listed([title, advice], "。"), status=error.http, typed=typed)


async def _shown(
    request: Asked,
    *,
    notice: str = "",
    status: int = 200,
    handed: tuple[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response[str]:
    services, session = services_of(request), await session_of(request, Permission.STAFF)
    return page(
        "staff.html",
        status=status,
        hall=services.config,
        session=session,
        lines=await services.staff.accounts.all(),
        notice=notice,
        handed=handed,
        typed=typed or {},
    )


ROUTES = [staff_page, add, give_password, change]
