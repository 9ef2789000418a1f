"""Laying virtual cards on virtual readers, told as a story with a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from devices.cards import CHIP_CARDS, ChipCard
from devices.cards.icao_9303.trust import Trust
from devices.device import DeviceError, DeviceEvent, IdentityReader, MediaStatus
from devices.device_thread import HUNG_S
from devices.document import AccessKey
from devices.drivers.pcsc import PcscReader
from devices.simulators.social_security_card import SocialSecurityCard
from devices.simulators.social_security_card import card_of as made_card
from devices.simulators.specimens import find_specimen
from devices.simulators.vpcd import CardProgram, VirtualCard
from tests.patience import SOON_S

T = TypeVar("T")


@dataclass(frozen=True)
class Slot:
    """A virtual reader and the port where its cards are laid."""

    reader: str
    port: int


def tell(story: Coroutine[object, object, T]) -> T:
    """Runs a story; one that gets stuck fails."""

    async def told() -> T:
        async with asyncio.timeout(SOON_S):
            return await story

    return asyncio.run(told())


def card_of(key: str) -> SocialSecurityCard:
    person = find_specimen(key)
    assert person
    return made_card(person)


def social_security_card(version: str, *, without_contacts: bool) -> SocialSecurityCard:
    """Of 吕晓岚. The first generation has no room for long names; the third shows the holder to a security module only."""
    lyu = find_specimen("lyu")
    assert lyu
    return made_card(replace(lyu, card_version=version), contactless=without_contacts)


class Noted:
    """A card that keeps what it was asked."""

    def __init__(self, program: CardProgram) -> None:
        self._program = program
        self.asked: list[bytes] = []

    @property
    def atr(self) -> bytes:
        return self._program.atr

    def reset(self) -> None:
        self._program.reset()

    def answer(self, command: bytes) -> bytes:
        self.asked.append(command)
        return self._program.answer(command)


@asynccontextmanager
async def opened(
    slot: Slot, *, hung_s: float = HUNG_S, trust: Trust = (), cards: Sequence[ChipCard] = CHIP_CARDS
) -> AsyncIterator[PcscReader]:
    reader = PcscReader("left", reader=slot.reader, hung_s=hung_s, trust=trust, cards=cards)
    await reader.open()
    try:
        yield reader
    finally:
        await reader.close()


@asynccontextmanager
async def lying(
    slot: Slot,
    program: CardProgram,
    *,
    hung_s: float = HUNG_S,
    trust: Trust = (),
    cards: Sequence[ChipCard] = CHIP_CARDS,
) -> AsyncIterator[tuple[PcscReader, DeviceEvent]]:
    """A reader with that card on it, and the event that told so."""
    async with opened(slot, hung_s=hung_s, trust=trust, cards=cards) as reader:
        await until(reader, lambda: reader.status().media is MediaStatus.NOT_PRESENT)
        events = reader.events()
        with VirtualCard(program, slot.port):
            yield reader, await heard(events, "mediaInserted", "invalidMedia")


async def empty(slot: Slot) -> None:
    """Waits until pcscd has seen the last card leave. One laid before that would be taken for it, would be the same presence
    to every client, and would fall silent at the first command: vpcd then still has the last card's line."""
    async with opened(slot) as reader:
        await until(reader, lambda: reader.status().media is MediaStatus.NOT_PRESENT)


async def heard(events: AsyncIterator[DeviceEvent], *names: str) -> DeviceEvent:
    """The next event of one of these names."""
    async for event in events:
        if event.name in names:
            return event
    raise AssertionError("the reader fell silent")


async def until(reader: IdentityReader, true: Callable[[], bool]) -> None:
    """Waits for a state that a reader comes to by itself."""
    events = reader.events()
    while not true():
        await anext(events)


async def refused(reader: IdentityReader, *, access: AccessKey | None = None, deadline_s: float = 10.0) -> DeviceError:
    """The error that reading must end with."""
    try:
        await reader.read_identity(access=access, deadline_s=deadline_s)
    except DeviceError as error:
        return error
    raise AssertionError("the card was read")
