"""Filling in: the departments are asked, then the citizen answers what nobody knows, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flows.application import Application, Lookup
from flows.flow import Flow, Page, Route
from flows.fold import Given, start
from kiosk.card import ReadCard
from kiosk.draft import Draft
from kiosk.hall_client import HallAway
from kiosk.present import Message, asking_view, sources_done, sources_waiting, to_counter_view
from kiosk.present_pages import Facts, can_be_given, page_view, review_view
from kiosk.screens import Patience, Screens
from kiosk.terminal import Terminal
from kiosk.view import Touch


@dataclass(frozen=True)
class Person:
    """Who is served in which visit for what."""

    visit: str
    flow: Flow
    card: ReadCard


@dataclass(frozen=True)
class Filled:
    """What the citizen is done with. `hall_knows`: the hall opened this visit and can take it."""

    application: Application
    hall_knows: bool


@dataclass(frozen=True)
class Asked:
    """What came of asking the departments through the hall; `lookup` is None when the hall was away."""

    lookup: Lookup | None
    today: date


async def fill_in(terminal: Terminal, screens: Screens, person: Person) -> Filled:
    """The application as the citizen submits it, or as far as it got when a clerk has to go on.

    Raises Refused when the hall does not serve this terminal.
    """
    asked = await _ask_departments(terminal, screens, person)
    identity = person.card.identity
    facts = Facts(identity, asked.lookup)
    draft = await _questions(screens, Draft(person.flow, start(person.flow, identity, asked.lookup, asked.today)), facts)
    application = Application(
        visit=person.visit,
        matter=person.flow.code,
        flow_version=person.flow.version,
        policy_version=person.flow.policy_version,
        identity=identity,
        answers=dict(draft.answers),
        submitted_at=terminal.clock(),
        language=screens.look.words.language,
        to_counter=_is_for_counter(draft),
    )
    return Filled(application, hall_knows=asked.lookup is not None)


async def _ask_departments(terminal: Terminal, screens: Screens, person: Person) -> Asked:
    """The hall answers for all departments at once; what each one said stays visible for a moment."""
    flow = person.flow

    async def ask() -> Asked:
        try:
            opened = await terminal.hall.open(person.visit, flow.code, person.card.identity)
        except HallAway:
            return Asked(None, terminal.today)
        screens.update(lambda look, entered: asking_view(look, sources_done(look, opened.lookup.sources)))
        await terminal.wait(terminal.idle.glance_s)
        return Asked(opened.lookup, date.fromisoformat(opened.today))

    asked = await screens.during(
        lambda look, entered: asking_view(look, sources_waiting(look, flow)), ask(), patience=Patience.FOR_EVER
    )
    assert not isinstance(asked, Touch)  # a busy screen has no button of its own
    return asked


async def _questions(screens: Screens, draft: Draft, facts: Facts) -> Draft:
    """Asks page after page; returns when the citizen submits or a clerk has to go on."""
    while True:
        page = draft.page
        if _is_for_counter(draft):
            await screens.ask(lambda look, entered: to_counter_view(look, Message.TO_COUNTER))
            return draft
        touch = await (_ask_review(screens, draft, facts) if page is None else _ask_page(screens, draft, page, facts))
        match touch.button:
            case "back":
                draft = draft.back()
            case "edit":
                draft = draft.edit(touch.values.get("value", ""))
            case "next" if page is not None:
                draft = draft.answer(page, Given(touch.values, touch.left))
            case "submit" if page is None:
                return draft
            case _:
                continue  # a second touch of a screen that is gone


async def _ask_page(screens: Screens, draft: Draft, page: Page, facts: Facts) -> Touch:
    return await screens.ask(lambda look, entered: page_view(look, draft, page, facts, entered), entered=draft.entered)


async def _ask_review(screens: Screens, draft: Draft, facts: Facts) -> Touch:
    return await screens.ask(lambda look, entered: review_view(look, draft, facts))


def _is_for_counter(draft: Draft) -> bool:
    """Neutral: why the counter is to go on stays with the rule. A question that cannot be answered on a
    touch screen (Chinese text that must be there) is no dead end either."""
    if draft.mistakes:
        return False
    if draft.flow.route(draft.known) is Route.COUNTER:
        return True
    return draft.page is not None and any(f.required and not can_be_given(f, draft) for f in draft.page.fields)
