"""好差评 for the supervisor: a day's counts, and the low grades that are to be followed up."""

from __future__ import annotations

from datetime import date, timedelta

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from hall.console.asked import Asked, form_of, key_of, services_of, session_of
from hall.console.pages import page
from hall.errors import FormNotUnderstood
from hall.ratings import rule_on
from hall.roles import Permission
from hall.working_day import working_day


@get("/ratings")
async def ratings_page(request: Asked) -> Response[str]:
    """Counts only; whom to call is opened one by one, and each opening is in the audit."""
    services, session = services_of(request), await session_of(request, Permission.CALL_BACKS)
    today = working_day(services.clock())
    day = _day(request.query_params.get("day", ""), today)
    return page(
        "ratings.html",
        hall=services.config,
        session=session,
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today else None,
        today=today,
        rule=rule_on(day),
        figures=await services.ratings.figures(day),
        calls=await services.ratings.call_backs(),
        opened=None,
        titles={code: flow.title for code, flow in services.matters.items()},
    )


@post("/call-backs/{id:str}/show", status_code=200)
async def show(request: Asked, id: FromPath[str]) -> Response[str]:
    """With whom to call: a look that is written down, so no GET."""
    services, session = services_of(request), await session_of(request, Permission.CALL_BACKS)
    key_of(await form_of(request))
    opened = await services.ratings.call_back(id, session.clerk)
    titles = {code: flow.title for code, flow in services.matters.items()}
    rule = rule_on(opened.day)
    return page("call_back.html", hall=services.config, session=session, one=opened, rule=rule, titles=titles)


@post("/call-backs/{id:str}/close", status_code=303)
async def close(request: Asked, id: FromPath[str]) -> Redirect:
    services, session = services_of(request), await session_of(request, Permission.CALL_BACKS)
    form = await form_of(request)
    await services.ratings.close(id, form.get("outcome", ""), by=session.clerk, key=key_of(form))
    return Redirect("/ratings", status_code=303)


def _day(text: str, today: date) -> date:
    """A day that has been; today when none is named."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise FormNotUnderstood from None
    if not date(2015, 1, 1) <= day <= today:
        raise FormNotUnderstood
    return day


ROUTES = [ratings_page, show, close]
