"""Filling in: the departments are asked, then the citizen answers what nobody knows, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flows.application import Answer, Application, Attached, Lookup
from flows.compare import ON_THE_CARD, DifferenceKind, compare
from flows.correction import CorrectionNews
from flows.flow import Flow, Known, Page, Route
from flows.fold import Given, named, share, start, still_kept
from flows.kept import Offer, answers_of
from flows.party import is_child
from flows.pictures import Signature
from kiosk import ink
from kiosk.dispute import say_wrong
from kiosk.draft import Draft
from kiosk.hall_client import HallAway
from kiosk.kept_picture import Offered
from kiosk.news import tell_news
from kiosk.origin import Facts
from kiosk.party import Party
from kiosk.photograph import photograph
from kiosk.present import Message, asking_view, sources_done, sources_waiting, to_counter_view
from kiosk.present_pages import can_be_given, page_view, review_view
from kiosk.present_photo import scene_of
from kiosk.screens import Patience, Screens
from kiosk.terminal import Terminal
from kiosk.view import Touch


@dataclass(frozen=True)
class Earlier:
    """What was said for the matters before this one: answers by share key, and the pictures that they name."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    attached: Mapping[str, Attached] = field(default_factory=dict)

    def and_of(self, flow: Flow, application: Application) -> Earlier:
        shared = share(flow, application.answers)
        return Earlier({**self.answers, **shared}, {**self.attached, **application.attached})


@dataclass(frozen=True)
class Person:
    """Who is served in which visit for what; `is_later`: another matter was handed in before it, with the same card."""

    visit: str
    flow: Flow
    party: Party
    earlier: Earlier
    is_later: bool = False


@dataclass(frozen=True)
class Filled:
    """What the citizen is done with. `hall_knows`: the hall opened this visit and can take it."""

    application: Application
    hall_knows: bool


@dataclass(frozen=True)
class Asked:
    """What came of asking the departments through the hall; `lookup` is None when the hall was away. `corrections`
    are news of what this person said was wrong before, `kept` what the hall keeps that may answer a question."""

    lookup: Lookup | None
    today: date
    region: str
    corrections: tuple[CorrectionNews, ...] = ()
    kept: tuple[Offer, ...] = ()


DIFFERING = frozenset({DifferenceKind.CONFLICT, DifferenceKind.OLD_VALUE})
"""What a citizen is told of a comparison: another way of writing the same is the clerk's to look at."""


async def fill_in(terminal: Terminal, screens: Screens, person: Person) -> Filled:
    """The application as the citizen submits it, or as far as it got when a clerk has to go on.

    Raises Refused when the hall does not serve this terminal.
    """
    asked = await _ask_departments(terminal, screens, person)
    await tell_news(terminal, screens, person.visit, asked.lookup, asked.corrections)
    draft = Draft(person.flow, _begin(person, asked))
    draft = await _questions(terminal, screens, draft, _facts(terminal, screens, person, asked, draft))
    return Filled(_application(terminal, screens, person, draft), hall_knows=asked.lookup is not None)


def _facts(terminal: Terminal, screens: Screens, person: Person, asked: Asked, draft: Draft) -> Facts:
    """Compares what is filled in beforehand with every department's records."""
    found = compare(person.flow, _application(terminal, screens, person, draft), asked.lookup)
    differing = frozenset(one.field for one in found if one.kind in DIFFERING and one.department != ON_THE_CARD)
    offered = {offer.field: Offered(person.visit, offer) for offer in asked.kept}
    return Facts(person.party.identity, asked.lookup, person.party.guardian, differing, offered)


def _application(terminal: Terminal, screens: Screens, person: Person, draft: Draft) -> Application:
    return Application(
        visit=person.visit,
        matter=person.flow.code,
        flow_version=person.flow.version,
        policy_version=person.flow.policy_version,
        identity=person.party.identity,
        answers=dict(draft.answers),
        submitted_at=terminal.clock(),
        language=screens.look.words.language,
        to_counter=_is_for_counter(draft),
        guardian=person.party.guardian,
        attached=(attached := named(draft.known.attached, draft.answers)),
        disputes=draft.disputes,
        agreed=tuple(sorted(draft.agreed & attached.keys())),
    )


def _begin(person: Person, asked: Asked) -> Known:
    flow, party, earlier, kept = person.flow, person.party, person.earlier, answers_of(asked.kept)
    known = start(
        flow,
        party.identity,
        asked.lookup,
        asked.today,
        region=asked.region,
        guardian=party.guardian,
        shared=still_kept(earlier.answers, kept),
    )
    return replace(known, attached=named(earlier.attached, known.answers), kept=kept)


async def _ask_departments(terminal: Terminal, screens: Screens, person: Person) -> Asked:
    """The hall answers for all departments at once; what each one said stays visible for a moment."""
    flow = person.flow

    async def ask() -> Asked:
        try:
            opened = await terminal.hall.open(person.visit, flow, person.party.identity, person.party.guardian)
        except HallAway:
            return Asked(None, terminal.today, terminal.place.region)
        screens.update(lambda look, entered: asking_view(look, sources_done(look, opened.lookup.sources)))
        await terminal.wait(terminal.idle.glance_s)
        return Asked(opened.lookup, date.fromisoformat(opened.today), opened.region, opened.corrections, opened.kept)

    asked = await screens.during(
        lambda look, entered: asking_view(look, sources_waiting(look, flow)), ask(), patience=Patience.FOR_EVER
    )
    assert not isinstance(asked, Touch)  # a busy screen has no button of its own
    return asked


async def _questions(terminal: Terminal, screens: Screens, draft: Draft, facts: Facts) -> Draft:
    """Asks page after page; returns when the citizen submits or a clerk has to go on."""
    while True:
        page = draft.page
        if _is_for_counter(draft):
            await screens.ask(lambda look, entered: to_counter_view(look, Message.TO_COUNTER))
            return draft
        if page is not None and (scene := scene_of(draft, page, child=is_child(facts.identity, draft.begin.today))):
            draft = await photograph(terminal, screens, scene, facts.offered.get(scene.field.name))
            continue
        touch = await (_ask_review(screens, draft, facts) if page is None else _ask_page(screens, draft, page, facts))
        match touch.button:
            case "back":
                draft = draft.back()
            case "edit":
                draft = draft.edit(touch.values.get("value", ""))
            case "next" if page is not None:
                draft = draft.answer(page, _given_on(page, touch, draft))
            case "dispute":
                entered = draft if page is None else draft.keeping(page, _given_on(page, touch, draft))
                draft = await say_wrong(screens, entered, touch.values.get("value", ""), facts)
            case "submit" if page is None:
                return draft
            case _:
                continue  # a second touch of a screen that is gone


def _given_on(page: Page, touch: Touch, draft: Draft) -> Given:
    """What was entered; a signature arrives as strokes and goes on as a picture."""
    values = {name: value for name, value in touch.values.items() if name != "value"}
    attached = dict(draft.entered.attached) if draft.entered else {}
    for asked in page.fields:
        strokes = values.get(asked.name, "")
        if isinstance(asked.kind, Signature) and strokes and strokes not in {**attached, **draft.known.attached}:
            drawn = ink.drawn(strokes)
            values[asked.name] = drawn.digest if drawn else ""
            attached |= {drawn.digest: drawn} if drawn else {}
    return Given(values, touch.left, {digest: a for digest, a in attached.items() if digest in values.values()})


async def _ask_page(screens: Screens, draft: Draft, page: Page, facts: Facts) -> Touch:
    return await screens.ask(lambda look, entered: page_view(look, draft, page, facts, entered), entered=draft.entered)


async def _ask_review(screens: Screens, draft: Draft, facts: Facts) -> Touch:
    return await screens.ask(lambda look, entered: review_view(look, draft, facts))


def _is_for_counter(draft: Draft) -> bool:
    """Neutral: why the counter is to go on stays with the rule. A question that cannot be answered on a
    touch screen (Chinese text that must be there) is no dead end either."""
    if draft.to_counter:
        return True
    if draft.mistakes:
        return False
    if draft.flow.route(draft.known) is Route.COUNTER:
        return True
    return draft.page is not None and any(f.required and not can_be_given(f, draft) for f in draft.page.fields)
