"""What a clerk does beside a case on the second screen: ask the citizen, take a signature, go on to a department."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from flows.application import Action, Attached, Status
from flows.flow import Flow
from hall.amendments import Said
from hall.console.asked import Asked, Clerk, clerk_of, form_of, key_of, services_of
from hall.console.language import bracketed, say
from hall.console.live import Fragment
from hall.console.pages import drawn, page
from hall.console.screen_words import ASKING
from hall.console.security import CSP, HEADERS
from hall.errors import FormNotUnderstood
from hall.second_screen import PROMISE, left_blank
from hall.store.screens import Asked as AskedCitizen
from hall.store.screens import Asking, Reply


@dataclass(frozen=True)
class Panel:
    """What was asked of the citizen in this turn, what may be asked, and where the clerk can go on. `current`: what was
    looked over is still what the application says."""

    visit: str
    status: Status
    asked: tuple[AskedCitizen, ...]
    current: bool
    to_sign: tuple[tuple[str, str], ...]
    departments: tuple[tuple[str, str], ...]
    labels: tuple[tuple[str, str], ...]

    @property
    def open(self) -> AskedCitizen | None:
        return next((one for one in self.asked if one.reply is Reply.OPEN), None)

    @property
    def told(self) -> tuple[AskedCitizen, ...]:
        """The newest answer to each thing."""
        newest: dict[tuple[Asking, str], AskedCitizen] = {}
        for one in self.asked:
            if one.reply not in (Reply.OPEN, Reply.WITHDRAWN):
                newest.setdefault((one.kind, one.field), one)
        return tuple(newest.values())

    def about(self, one: AskedCitizen) -> str:
        """What was asked, and of which field."""
        return bracketed(say(ASKING[one.kind]), self.label(one.field) if one.field else "")

    def label(self, field: str) -> str:
        return dict(self.labels).get(field, field)


async def panel_of(request: Asked, visit: str, window: str) -> Panel:
    services = services_of(request)
    kept = await services.store.case(visit)
    flow = services.matters.of(kept.application)
    asked, current = await services.screens.asked(visit, window)
    going = await services.hand_over.departments(visit)
    signing = [name for name in await services.screens.to_sign(visit) if name != PROMISE]
    return Panel(
        visit,
        kept.standing.status,
        tuple(asked),
        current,
        tuple((name, _signature(flow, name)) for name in signing),
        tuple((code, say(services.titles.get(code, code))) for code in going),
        (*((name, say(field.label)) for name, field in flow.fields.items()), (PROMISE, say("承诺书"))),
    )


async def panel_fragment(request: Asked, visit: str, window: str) -> Fragment:
    """For the case's page, as often as something changes."""
    panel = await panel_of(request, visit, window)
    return Fragment(panel, lambda: drawn("screen_panel.html", panel=panel))


@post("/cases/{visit:str}/screen/{kind:str}", status_code=204)
async def ask(request: Asked, visit: FromPath[str], kind: FromPath[str]) -> None:
    """The page shows by itself what came of it."""
    screens, clerk, form = services_of(request).screens, await clerk_of(request), await form_of(request)
    who = {"window": clerk.window, "clerk": clerk.clerk, "key": key_of(form)}
    match kind:
        case "look" | "sign":
            await screens.ask(visit, Asking(kind), form.get("field", ""), **who)
        case "withdraw":
            await screens.withdraw(visit, **who)
        case _:
            raise FormNotUnderstood


@get("/cases/{visit:str}/signatures/{id:str}")
async def signature(request: Asked, visit: FromPath[str], id: FromPath[str]) -> Response[bytes]:
    clerk = await clerk_of(request)
    written = await services_of(request).screens.signature(visit, id, clerk.window)
    return Response(written.content, media_type=written.media_type)


@post("/cases/{visit:str}/signatures/{id:str}", status_code=303)
async def take(request: Asked, visit: FromPath[str], id: FromPath[str]) -> Redirect:
    """Into the field that it was asked for: an amendment like any other, in the clerk's name."""
    services, clerk, form = services_of(request), await clerk_of(request), await form_of(request)
    asked, _ = await services.screens.asked(visit, clerk.window)
    field = next((one.field for one in asked if one.id == id and one.kind is Asking.SIGN), "")
    if not field or field == PROMISE:
        raise FormNotUnderstood
    if any(one.id == id and one.reply is Reply.SIGNED for one in asked):
        written = await services.screens.signature(visit, id, clerk.window)
        await _amend(request, clerk, visit, field, written, key_of(form))
        await services.screens.signature_taken(id, window=clerk.window, clerk=clerk.clerk)
    return Redirect(f"/cases/{visit}#field-{field}", status_code=303)


@post("/cases/{visit:str}/hand-over/{department:str}", status_code=200)
async def hand_over(request: Asked, visit: FromPath[str], department: FromPath[str]) -> Response[str]:
    """A page that posts the token on at once; only to that department, whatever else a page may say."""
    services, clerk, form = services_of(request), await clerk_of(request), await form_of(request)
    going = await services.hand_over.make(visit, department, window=clerk.window, clerk=clerk.clerk, key=key_of(form))
    title = say(services.titles.get(department, department))
    answer = page("hand_over.html", hall=services.config, session=None, going=going, title=title)
    answer.headers[CSP] = HEADERS[CSP].replace("form-action 'self'", f"form-action {going.origin}")
    return answer


async def _amend(request: Asked, clerk: Clerk, visit: str, field: str, written: Attached, key: str) -> None:
    services = services_of(request)
    application = (await services.store.case(visit)).application
    reason = "LEFT_BLANK" if left_blank(application, field) else "CITIZEN_CORRECTED"
    said = Said(reason, "", {field: written.digest}, {written.digest: written})
    await services.desk.decide(visit, Action.AMEND, window=clerk.window, clerk=clerk.clerk, key=key, said=said)


def _signature(flow: Flow, name: str) -> str:
    """As a clerk asks for it."""
    label = flow.fields[name].label if name in flow.fields else name
    return say(label) if label.endswith("签名") else say("{label}签名", label=say(label))


ROUTES = [ask, signature, take, hand_over]
