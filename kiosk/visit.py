"""One citizen's visit, told from top to bottom: matter, notice, card, records, questions, ticket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, TypeVar

from devices.plate import Presence
from flows.flow import Flow
from flows.recheck import Problem
from kiosk.card import Lying, card_or_change, read_card, while_card_is_in
from kiosk.fill_in import Filled, Person, fill_in
from kiosk.hall_client import HallAway, Refused
from kiosk.hand_in import for_the_counter, hand_in, put_on_paper
from kiosk.present import Message, attract_view, message_view, notice_view, submitting_view, take_card_view, to_counter_view
from kiosk.present_ticket import Receipt, slip, ticket_view
from kiosk.screens import Ended, Patience, Screens, VisitOver, stopped
from kiosk.terminal import Terminal
from kiosk.view import Touch
from kiosk.visit_number import new_visit

__all__ = ["Ended", "serve_one"]

T = TypeVar("T")

LEAVE_S = 2.0


async def serve_one(terminal: Terminal) -> Ended:
    """One visit, from the invitation until its card is taken. Nothing of it is left behind."""
    screens, lying = Screens(terminal), Lying()
    try:
        ended = await _visit(terminal, screens, lying)
    except VisitOver as over:
        ended = over.how
    finally:
        terminal.display.forget()
    await _until_taken(terminal, screens, lying.card)
    return ended


async def _visit(terminal: Terminal, screens: Screens, lying: Lying) -> Ended:
    flow = await _invite(terminal, screens, lying)
    await screens.ask(lambda look, entered: notice_view(look, flow))
    card = await read_card(terminal, screens, lying)
    person = Person(new_visit(terminal.clock()), flow, card)
    filled = await _filled_in(terminal, screens, person)
    if filled is None:
        await screens.for_a_while(lambda look, entered: message_view(look, Message.OUT_OF_SERVICE))
        return Ended.NOT_TAKEN
    receipt, printed = await _handed_in(terminal, screens, flow, filled)
    await screens.for_a_while(lambda look, entered: ticket_view(look, flow, receipt, printed=printed))
    if receipt.ticket:
        return Ended.TICKET
    return Ended.SEALED if receipt.kept else Ended.NOT_TAKEN


async def _invite(terminal: Terminal, screens: Screens, lying: Lying) -> Flow:
    """The matter somebody wants, by touch; laying a card is enough where there is only one."""
    matters = tuple(terminal.matters.values())
    while True:
        news = await screens.during(
            lambda look, entered: attract_view(look, matters, ready=terminal.plate.ready()),
            terminal.plate.changed() if lying.card else card_or_change(terminal.plate),
            patience=Patience.INVITING,
        )
        match news:
            case Touch(button=code) if code in terminal.matters and terminal.plate.ready():
                return terminal.matters[code]
            case Presence():
                lying.card = news
                if len(matters) == 1:
                    return matters[0]
            case _:
                lying.card = None  # the readers changed: look again


async def _filled_in(terminal: Terminal, screens: Screens, person: Person) -> Filled | None:
    """The filled-in application; None when the hall does not serve this terminal. The card stays until then."""
    try:
        return await while_card_is_in(terminal.plate, person.card.presence, fill_in(terminal, screens, person))
    except Refused:
        return None
    except BaseException as left:
        terminal.display.forget()
        await _leave(terminal, person.visit)
        if isinstance(left, VisitOver) and left.how is Ended.CARD_TAKEN:
            said = Message.CARD_TAKEN if terminal.plate.serves(person.card.presence) else Message.READER_LOST
            await screens.for_a_while(lambda look, entered: message_view(look, said))
        raise


async def _handed_in(terminal: Terminal, screens: Screens, flow: Flow, filled: Filled) -> tuple[Receipt, bool]:
    """From here on the card may go. What the hall does not take from a terminal goes to a clerk."""
    try:
        receipt = await _at_work(screens, hand_in(terminal, filled.application, hall_knows=filled.hall_knows))
    except Refused as refused:
        receipt = await _handed_to_clerk(terminal, screens, filled, refused.problems)
    paper = slip(screens.look, flow, receipt)
    return receipt, await _at_work(screens, put_on_paper(terminal, paper, receipt.application.visit))


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
