"""One citizen's visit, told from top to bottom: matter, notice, card, records, questions, ticket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from devices.plate import Presence
from flows.flow import Flow
from flows.fold import Given
from flows.recheck import Problem
from flows.visit_number import new_visit
from kiosk.card import Lying, card_or_change, while_card_is_in
from kiosk.fill_in import Earlier, Filled, Person, fill_in
from kiosk.hall_client import HallAway, Refused
from kiosk.hand_in import for_the_counter, hand_in, put_on_paper
from kiosk.my_data import my_data
from kiosk.party import Party, may_ask_for, meet
from kiosk.present import (
    Look,
    Message,
    another_view,
    attract_view,
    message_view,
    notice_view,
    submitting_view,
    take_card_view,
    to_counter_view,
)
from kiosk.present_ticket import OnPaper, Receipt, slip, ticket_view
from kiosk.screens import Ended, Patience, Screens, VisitOver, stopped
from kiosk.terminal import Terminal
from kiosk.view import Touch, View

__all__ = ["Ended", "Progress", "serve_one"]

T = TypeVar("T")

LEAVE_S = 2.0


@dataclass
class Progress:
    """How far a visit is, for whoever must not interrupt it: begun by somebody; over, though a card may still lie there."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)


async def serve_one(terminal: Terminal, progress: Progress | None = None) -> Ended:
    """One visit, from the invitation until its card is taken. Nothing of it is left behind."""
    screens, lying, progress = Screens(terminal), Lying(), progress or Progress()
    try:
        ended = await _visit(terminal, screens, lying, progress)
    except VisitOver as over:
        ended = over.how
    finally:
        terminal.display.forget()
        progress.over.set()
    await _until_taken(terminal, screens, lying.card)
    return ended


async def _visit(terminal: Terminal, screens: Screens, lying: Lying, progress: Progress) -> Ended:
    flow = await _invite(terminal, screens, lying)
    progress.begun.set()
    return await (my_data(terminal, screens, lying) if flow is None else _matters(terminal, screens, lying, flow))


async def _matters(terminal: Terminal, screens: Screens, lying: Lying, flow: Flow) -> Ended:
    """One matter after the other, for as long as the card lies there and something is still wanted."""
    heard = await screens.ask(lambda look, entered: notice_view(look, flow, for_child=flow.for_child, lacking=terminal.lacking))
    party = await meet(terminal, screens, lying, flow, for_child=heard.button == "child")
    done: list[str] = []
    earlier = Earlier()
    while True:
        person = Person(new_visit(terminal.clock()), flow, party, earlier, is_later=bool(done))
        filled = await _filled_in(terminal, screens, person)
        if filled is None:
            await screens.for_a_while(lambda look, entered: message_view(look, Message.OUT_OF_SERVICE))
            return Ended.NOT_TAKEN
        receipt, on_paper = await _handed_in(terminal, screens, flow, filled)
        done.append(flow.code)
        earlier = earlier.and_of(flow, receipt.application)
        rest = _rest(terminal, party, done) if receipt.ticket else ()
        touch = await _told(terminal, screens, person, receipt, on_paper, more=bool(rest))
        another = await _another(terminal, screens, party, rest) if touch and touch.button == "another" else None
        if another is None:
            return _ended(receipt)
        flow = another


def _ended(receipt: Receipt) -> Ended:
    if receipt.ticket:
        return Ended.TICKET
    return Ended.SEALED if receipt.kept else Ended.NOT_TAKEN


def _rest(terminal: Terminal, party: Party, done: Collection[str]) -> tuple[Flow, ...]:
    """The matters that these cards can still ask for."""
    today = terminal.today
    return tuple(flow for code, flow in terminal.matters.items() if code not in done and may_ask_for(flow, party, today))


async def _invite(terminal: Terminal, screens: Screens, lying: Lying) -> Flow | None:
    """The matter somebody wants, by touch; laying a card is enough where there is only one. None: they want to see who
    read their records."""
    matters = tuple(terminal.matters.values())
    while True:
        news = await screens.during(
            lambda look, entered: attract_view(look, matters, ready=terminal.plate.ready(), laid=lying.card is not None),
            terminal.plate.changed() if lying.card else card_or_change(terminal.plate),
            patience=Patience.INVITING,
        )
        match news:
            case Touch(button=code) if code in terminal.matters and terminal.plate.ready():
                return terminal.matters[code]
            case Touch(button="my_data"):
                return None
            case Presence():
                lying.card = news
                if len(matters) == 1:
                    return matters[0]
            case _:
                lying.card = None  # the readers changed: look again


async def _filled_in(terminal: Terminal, screens: Screens, person: Person) -> Filled | None:
    """The filled-in application; None when the hall does not serve this terminal. The card stays until then."""
    try:
        return await while_card_is_in(terminal.plate, person.party.presence, fill_in(terminal, screens, person))
    except Refused:
        return None
    except BaseException as left:
        terminal.display.forget()
        await _leave(terminal, person.visit)
        if isinstance(left, VisitOver) and left.how is Ended.CARD_TAKEN:
            said = _gone(terminal, person)
            await screens.for_a_while(lambda look, entered: message_view(look, said))
        raise


def _gone(terminal: Terminal, person: Person) -> Message:
    if not terminal.plate.serves(person.party.presence):
        return Message.READER_LOST
    return Message.CARD_TAKEN_LATER if person.is_later else Message.CARD_TAKEN


async def _handed_in(terminal: Terminal, screens: Screens, flow: Flow, filled: Filled) -> tuple[Receipt, OnPaper]:
    """From here on the card may go. What the hall does not take from a terminal goes to a clerk."""
    try:
        receipt = await _at_work(screens, hand_in(terminal, filled.application, hall_knows=filled.hall_knows))
    except Refused as refused:
        receipt = await _handed_to_clerk(terminal, screens, filled, refused.problems)
    paper = slip(screens.look, flow, receipt)
    return receipt, await _at_work(screens, put_on_paper(terminal, receipt, paper))


async def _handed_to_clerk(terminal: Terminal, screens: Screens, filled: Filled, problems: tuple[Problem, ...]) -> Receipt:
    try:
        await screens.ask(lambda look, entered: to_counter_view(look, Message.DIFFERS))
    except VisitOver:
        terminal.display.forget()
        await _leave(terminal, filled.application.visit)
        raise
    application = for_the_counter(filled.application, problems)
    try:
        return await _at_work(screens, hand_in(terminal, application, hall_knows=filled.hall_knows))
    except Refused:
        return Receipt(application, None)


async def _told(
    terminal: Terminal, screens: Screens, person: Person, receipt: Receipt, on_paper: OnPaper, *, more: bool
) -> Touch | None:
    """The number, until it is touched or its time is over. Another matter is on offer only while the card lies there."""
    lies = more and not await _is_gone(terminal, person.party.presence)

    def make(look: Look, entered: Given | None) -> View:
        return ticket_view(look, person.flow, receipt, on_paper, more=lies)

    async def watch() -> None:
        nonlocal lies
        await terminal.plate.card_gone(person.party.presence)
        lies = False
        screens.update(make)

    watching = asyncio.create_task(watch()) if lies else None
    try:
        return await screens.for_a_while(make)
    finally:
        if watching is not None:
            await stopped(watching)


async def _another(terminal: Terminal, screens: Screens, party: Party, rest: tuple[Flow, ...]) -> Flow | None:
    """The next matter, after its own notice; None when there is none after all."""

    async def choose() -> Flow | None:
        while True:
            touch = await screens.ask(lambda look, entered: another_view(look, rest))
            if touch.button == "done":
                return None
            if chosen := next((flow for flow in rest if flow.code == touch.button), None):
                return chosen

    async def choose_and_hear() -> Flow | None:
        flow = await choose()
        if flow is not None:
            await screens.ask(lambda look, entered: notice_view(look, flow, lacking=terminal.lacking))
        return flow

    try:
        return await while_card_is_in(terminal.plate, party.presence, choose_and_hear())
    except VisitOver as over:
        if over.how in (Ended.CARD_TAKEN, Ended.QUIT):
            return None  # nothing was begun that could be lost
        raise


async def _at_work(screens: Screens, work: Coroutine[Any, Any, T]) -> T:
    done = await screens.during(lambda look, entered: submitting_view(look), work, patience=Patience.FOR_EVER)
    assert not isinstance(done, Touch)  # a busy screen has no button of its own
    return done


async def _leave(terminal: Terminal, visit: str) -> None:
    """Lets the hall forget what it looked up. The next citizen does not wait for that: a hall that is away
    forgets by itself in time."""
    with contextlib.suppress(HallAway, Refused, TimeoutError):
        async with asyncio.timeout(LEAVE_S):
            await terminal.hall.leave(visit)


async def _until_taken(terminal: Terminal, screens: Screens, card: Presence | None) -> None:
    """A card left behind: nobody else's visit begins with it."""
    if card is None:
        return
    if not await _is_gone(terminal, card):
        await screens.during(
            lambda look, entered: take_card_view(look), terminal.plate.card_gone(card), patience=Patience.FOR_EVER
        )


async def _is_gone(terminal: Terminal, card: Presence) -> bool:
    """Whether it is gone already, so that no reminder flashes up."""
    gone = asyncio.create_task(terminal.plate.card_gone(card))
    try:
        await asyncio.wait({gone}, timeout=0)
        return gone.done()
    finally:
        await stopped(gone)
