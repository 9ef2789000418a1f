"""The card step: from an empty plate to somebody known, with a way out of everything a card can do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar, assert_never

from devices.device import Completion, DeviceError
from devices.plate import Presence
from flows.application import Identity
from kiosk.identity import DocumentRefused, Refusal, identify
from kiosk.present import CardState, card_view
from kiosk.screens import Ended, Screens, VisitOver, stopped
from kiosk.terminal import CardPlate, Terminal
from kiosk.view import Touch

T = TypeVar("T")


@dataclass(frozen=True)
class ReadCard:
    """Somebody, and the presence of the card that says so."""

    identity: Identity
    presence: Presence


@dataclass
class Lying:
    """The card that this visit has found on the plate; the next visit must not begin with it."""

    card: Presence | None = None


def serves_anybody(identity: Identity) -> CardState | None:
    return None


async def read_card(
    terminal: Terminal,
    screens: Screens,
    lying: Lying,
    *,
    begin: CardState = CardState.WAITING,
    fault: Callable[[Identity], CardState | None] = serves_anybody,
) -> ReadCard:
    """Waits for a card that says who stands here, and says in words what is wrong with any other. `begin` asks for
    the card; `fault` is what speaks against its holder."""
    tries, state = 0, begin
    while True:
        lying.card = presence = await _laid(terminal, screens, state, tries)
        outcome = await _read(terminal, screens, presence, tries)
        wrong = fault(outcome) if isinstance(outcome, Identity) else outcome
        if isinstance(outcome, Identity) and wrong is None:
            return ReadCard(outcome, presence)
        tries, state = tries + 1, wrong or begin
        if state is CardState.READER_AWAY and not terminal.plate.ready():
            state = begin
        else:
            await shown(screens, state, tries, terminal.plate.card_gone(presence), lying=True)


async def while_card_is_in(plate: CardPlate, presence: Presence, work: Coroutine[Any, Any, T]) -> T:
    """What the work returns; when the card is taken first, the work is cancelled and the visit is over."""
    working = asyncio.create_task(work)
    gone = asyncio.create_task(plate.card_gone(presence))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        gone.result()
        raise VisitOver(Ended.CARD_TAKEN)
    finally:
        await stopped(working, gone)


async def _laid(terminal: Terminal, screens: Screens, state: CardState, tries: int) -> Presence:
    """Shows what to do until a card lies there, also while the reader comes and goes."""
    while True:
        if not terminal.plate.ready():
            await shown(screens, CardState.READER_AWAY, tries, terminal.plate.changed())
        elif presence := await shown(screens, state, tries, card_or_change(terminal.plate)):
            return presence


async def _read(terminal: Terminal, screens: Screens, presence: Presence, tries: int) -> Identity | CardState:
    if not presence.readable:
        return CardState.WRONG_WAY
    try:
        document = await shown(screens, CardState.READING, tries, terminal.plate.read(presence))
        return identify(document, terminal.today)
    except DeviceError as error:
        return said_of(error.code)
    except DocumentRefused as refused:
        return said_of_refusal(refused.reason)


async def shown(screens: Screens, state: CardState, tries: int, work: Coroutine[Any, Any, T], *, lying: bool = False) -> T:
    done = await screens.during(lambda look, entered: card_view(look, state, tries, lying=lying), work)
    assert not isinstance(done, Touch)  # a card screen has no button but those that end the visit
    return done


async def card_or_change(plate: CardPlate) -> Presence | None:
    """The card that lies there, or None when the readers changed first."""
    laying, changing = asyncio.create_task(plate.card_laid()), asyncio.create_task(plate.changed())
    try:
        await asyncio.wait({laying, changing}, return_when=asyncio.FIRST_COMPLETED)
        return laying.result() if laying.done() else None
    finally:
        await stopped(laying, changing)


def said_of(code: Completion) -> CardState:
    match code:
        case Completion.MEDIA_REMOVED:
            return CardState.MOVED
        case Completion.INVALID_MEDIA:
            return CardState.WRONG_WAY
        case Completion.UNSUPPORTED_DATA | Completion.WRONG_READER | Completion.ACCESS_KEY_NEEDED | Completion.ACCESS_KEY_WRONG:
            return CardState.NOT_SUPPORTED
        case Completion.NEEDS_AUTHORITY:
            return CardState.NEEDS_AUTHORITY
        case Completion.DEVICE_NOT_READY:
            return CardState.READER_AWAY
        case (
            Completion.TIME_OUT
            | Completion.HARDWARE_ERROR
            | Completion.INVALID_DATA
            | Completion.SEQUENCE_ERROR
            | Completion.FRAUD_ATTEMPT
            | Completion.PAPER_OUT
        ):
            return CardState.NOT_READ
        case _:
            assert_never(code)


def said_of_refusal(reason: Refusal) -> CardState:
    match reason:
        case Refusal.EXPIRED:
            return CardState.EXPIRED
        case Refusal.WRONG_KIND:
            return CardState.WRONG_KIND
        case Refusal.NUMBER_INVALID:
            return CardState.NUMBER_INVALID
        case Refusal.NOT_READABLE:
            return CardState.NOT_READ
        case _:
            assert_never(reason)
