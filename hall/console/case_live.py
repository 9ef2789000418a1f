"""An open case keeps itself up to date: what was amended at another page, what departments did, how it stands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from litestar import get
from litestar.params import FromPath
from litestar.response import Stream

from flows.application import Decision, Status
from flows.flow import Flow
from flows.pictures import Picture
from hall.bootstrap import Services
from hall.console.asked import Asked, Clerk, services_of, token_of
from hall.console.case_page import history_words
from hall.console.correction_view import correction_lines
from hall.console.language import say
from hall.console.live import Fragment, live
from hall.console.pages import drawn
from hall.console.panel_routes import panel_fragment
from hall.console.shown import shown
from hall.store.promise_commands import hands
from hall.store.store import KeptCase

MaySee = Callable[[KeptCase, Clerk], bool]


@dataclass(frozen=True)
class Amended:
    """One answer that was amended after the page was drawn."""

    name: str
    label: str
    value: str
    by: str


def at_the_window(kept: KeptCase, clerk: Clerk) -> bool:
    return kept.standing.window == clerk.window


def as_second(kept: KeptCase, clerk: Clerk) -> bool:
    """Also after it was decided: the stream must not end under the hand that has just decided it, see _fragments."""
    return clerk.clerk not in hands(kept)


def case_stream(request: Asked, visit: str, place: str, may_see: MaySee) -> Stream:
    services, token = services_of(request), token_of(request)
    seen, drawn_with = request.query_params.get("seen", ""), _number(request.query_params.get("decisions", ""))

    async def fragments() -> Mapping[str, Fragment] | None:
        session, kept = await services.staff.still(token), await services.store.case(visit)
        if session is None or not may_see(kept, session):
            return None
        screen = {} if place.startswith("/reviews/") else {"screen": await panel_fragment(request, visit, session.window)}
        return {**_fragments(services, kept, place, seen, drawn_with), **screen}

    pages: AsyncIterator[bytes] = live(services.store, fragments, services.closing, services.pages)
    return Stream(pages, media_type="text/event-stream")


@get("/cases/{visit:str}/events", media_type="text/event-stream")
async def case_events(request: Asked, visit: FromPath[str]) -> Stream:
    return case_stream(request, visit, f"/cases/{visit}", at_the_window)


def _fragments(services: Services, kept: KeptCase, place: str, seen: str, drawn_with: int) -> Mapping[str, Fragment]:
    status, flow = kept.standing.status, services.matters.of(kept.application)
    later = _amended(flow, kept.decisions[drawn_with:])
    moved: dict[str, object] = {"moved": status.value != seen, "status": status, "place": place, "amended": later}
    delivered: dict[str, object] = {"deliveries": kept.deliveries, "titles": services.titles, "status_now": status}
    asked = correction_lines(kept.corrections, services.titles)
    history: dict[str, object] = {"decisions": kept.decisions, "application": kept.application, **history_words(flow)}
    told = {"moved": Fragment((status, later), lambda: drawn("moved.html", **moved))}
    if place.startswith("/reviews/") and status is not Status.TO_APPROVE:
        return told  # how it stands, and nothing else of a case that is no second person's any more
    newer = kept.decisions[drawn_with:]
    return {
        **told,
        **({"history": Fragment(newer, lambda: drawn("case_history.html", upon="", **history))} if newer else {}),
        "deliveries": Fragment((kept.deliveries, status), lambda: drawn("case_deliveries.html", **delivered)),
        "corrections": Fragment(kept.corrections, lambda: drawn("case_corrections.html", corrections=asked)),
    }


def _amended(flow: Flow, decisions: Sequence[Decision]) -> tuple[Amended, ...]:
    """The newest value of each answer."""
    found = {}
    for decision in decisions:
        for change in decision.changes:
            field = flow.fields[change.field]
            if isinstance(field.kind, Picture):
                continue  # it is drawn anew with the page
            found[change.field] = Amended(change.field, say(field.label), shown(field.kind, change.after), decision.by)
    return tuple(found.values())


def _number(text: str) -> int:
    """What a page says that it was drawn with; a page that says nothing is told of nothing."""
    return int(text) if text.isdecimal() and len(text) < 6 else 10**6


ROUTES = [case_events]
