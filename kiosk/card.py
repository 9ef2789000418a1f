"""The card step: from an empty plate to somebody known, with a way out of everything a card can do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, assert_never

from devices.device import Completion, DeviceError
from devices.document import Recognised
from devices.plate import Presence
from flows.application import Identity
from kiosk.identity import DocumentRefused, Refusal, identify
from kiosk.present_card import CardState, card_view
from kiosk.screens import Ended, Screens, VisitOver, stopped
from kiosk.terminal import CardPlate, Place, Terminal
from kiosk.view import Touch

T = TypeVar("T")

STILL_MUTE_S = 3.0
NOTICED_S = 1.0
SAID_OF_OTHERS: Mapping[Recognised | None, CardState] = {
    Recognised.BANK_CARD: CardState.BANK_CARD,
    Recognised.TRANSPORT_CARD: CardState.TRANSPORT_CARD,
    Recognised.MEMORY_CARD: CardState.MEMORY_CARD,
    Recognised.TRAVEL_DOCUMENT: CardState.TRAVEL_DOCUMENT,
}


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
    refused: list[Presence] = []
    while True:
        lying.card = presence = await _laid(terminal, screens, state, tries, refused)
        outcome = await _read(terminal, screens, presence, tries)
        wrong = fault(outcome) if isinstance(outcome, Identity) else outcome
        if isinstance(outcome, Identity) and wrong is None:
            return ReadCard(outcome, presence)
        tries, state = tries + 1, wrong or begin
        if state is CardState.READER_AWAY and not terminal.plate.ready():
            state = begin
        else:
            refused.append(presence)
            if state is CardState.OTHER_READER:
                await shown(screens, CardState.READING, tries, _noticed_elsewhere(terminal, refused))
            await shown(screens, state, tries, _over(terminal, screens, refused, state, tries), lying=True)


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


async def _laid(terminal: Terminal, screens: Screens, state: CardState, tries: int, refused: Collection[Presence]) -> Presence:
    """Shows what to do until another card lies there, also while the reader comes and goes."""
    while True:
        if not terminal.plate.ready():
            await shown(screens, CardState.READER_AWAY, tries, terminal.plate.changed())
        elif presence := await shown(screens, state, tries, card_or_change(terminal.plate, besides=refused)):
            return presence


async def _read(terminal: Terminal, screens: Screens, presence: Presence, tries: int) -> Identity | CardState:
    if not presence.readable:
        return CardState.WRONG_WAY
    try:
        document = await shown(screens, CardState.READING, tries, terminal.plate.read(presence))
        return identify(document, terminal.today)
    except DeviceError as error:
        return said_of(error, terminal.place)
    except DocumentRefused as refused:
        return said_of_refusal(refused.reason)


async def shown(screens: Screens, state: CardState, tries: int, work: Coroutine[Any, Any, T], *, lying: bool = False) -> T:
    done = await screens.during(lambda look, entered: card_view(look, state, tries, lying=lying), work)
    assert not isinstance(done, Touch)  # a card screen has no button but those that end the visit
    return done


async def card_or_change(plate: CardPlate, *, besides: Collection[Presence] = ()) -> Presence | None:
    """The card that lies there, or None when the readers changed first."""
    laying, changing = asyncio.create_task(plate.card_laid(besides=besides)), asyncio.create_task(plate.changed())
    try:
        await asyncio.wait({laying, changing}, return_when=asyncio.FIRST_COMPLETED)
        return laying.result() if laying.done() else None
    finally:
        await stopped(laying, changing)


async def _over(terminal: Terminal, screens: Screens, refused: Sequence[Presence], told: CardState, tries: int) -> None:
    """Until the last of the refused cards is gone, or another card lies on another reader."""
    gone = asyncio.create_task(terminal.plate.card_gone(refused[-1]))
    another = asyncio.create_task(terminal.plate.card_laid(besides=refused))
    advice = [asyncio.create_task(_advise(terminal, screens, tries))] if told is CardState.WRONG_WAY else []
    try:
        await asyncio.wait({gone, another}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await stopped(gone, another, *advice)


async def _advise(terminal: Terminal, screens: Screens, tries: int) -> None:
    """What stays mute may be two cards on top of each other."""
    await terminal.wait(STILL_MUTE_S)
    screens.update(lambda look, entered: card_view(look, CardState.STILL_MUTE, tries, lying=True))


async def _noticed_elsewhere(terminal: Terminal, refused: Sequence[Presence]) -> None:
    """Where both readers look at the same place, the one that serves this card may need a moment to see it."""
    another = asyncio.create_task(terminal.plate.card_laid(besides=refused))
    another_moment = asyncio.create_task(_wait(terminal, NOTICED_S))
    try:
        await asyncio.wait({another, another_moment}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await stopped(another, another_moment)


async def _wait(terminal: Terminal, seconds: float) -> None:
    await terminal.wait(seconds)


def said_of(error: DeviceError, place: Place) -> CardState:
    match error.code:
        case Completion.MEDIA_REMOVED:
            return CardState.MOVED
        case Completion.INVALID_MEDIA:
            return CardState.SEVERAL_CARDS if error.recognised is Recognised.MORE_THAN_ONE else CardState.WRONG_WAY
        case Completion.UNSUPPORTED_DATA:
            return SAID_OF_OTHERS.get(error.recognised, CardState.NOT_SUPPORTED)
        case Completion.WRONG_READER:
            return CardState.NO_SUCH_READER if place.resident_reader is None else CardState.OTHER_READER
        case Completion.ACCESS_KEY_NEEDED | Completion.ACCESS_KEY_WRONG:
            return CardState.TRAVEL_DOCUMENT
        case Completion.FRAUD_ATTEMPT:
            return CardState.NOT_GENUINE
        case Completion.NEEDS_AUTHORITY:
            return CardState.NEEDS_AUTHORITY
        case Completion.DEVICE_NOT_READY:
            return CardState.READER_AWAY
        case (
            Completion.TIME_OUT
            | Completion.HARDWARE_ERROR
            | Completion.INVALID_DATA
            | Completion.SEQUENCE_ERROR
            | Completion.PAPER_OUT
        ):
            return CardState.NOT_READ
        case _:
            assert_never(error.code)


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
