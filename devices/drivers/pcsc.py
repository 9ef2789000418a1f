"""A PC/SC reader over pcscd: reads the card that lies on it, or says what card that is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from devices.cards import CHIP_CARDS, ChipCard, Reading, find_chip_card
from devices.cards.icao_9303.trust import Trust
from devices.device import Completion, Counters, DeviceError, DeviceEvent, DeviceStatus, MediaStatus, Status
from devices.device_thread import HUNG_S, DeviceThread, Wanted
from devices.document import AccessKey, IdentityDocument
from devices.drivers.pcsc_card import CardBrokeOff, PcscCard, reader_names
from devices.drivers.pcsc_monitor import Monitor, Sight

log = logging.getLogger(__name__)

_T = TypeVar("_T")

_ANSWERS_S = 2.0
"""A pcscd that lives answers at once."""
_BROKE_OFF = 1 << 48
"""Marks what lies there after a card broke off as another presence, unreadable until it is taken away."""


class PcscReader:
    """An IdentityReader. `reader` is a part of pcscd's name for it; empty takes the first one.

    All state changes on the event loop. A card that hangs blocks the device's thread and cannot be
    cancelled (SCardCancel does nothing for a transmit), so the monitor watches from another one.
    """

    kind = "pcsc"

    def __init__(
        self,
        device_id: str,
        *,
        reader: str = "",
        trust: Trust = (),
        cards: Sequence[ChipCard] = CHIP_CARDS,
        hung_s: float = HUNG_S,
    ) -> None:
        self.id = device_id
        self._wanted = reader
        self._trust = trust
        self._cards = cards
        self._thread = DeviceThread(device_id, hung_s=hung_s)
        self._monitor: Monitor | None = None
        self._sight: Sight | None = None
        self._looked = asyncio.Event()
        self._told = self._seen()

    def capabilities(self) -> Mapping[str, object]:
        cards = tuple(kind for row in self._cards for kind in row.documents)
        return {"cards": cards, "reader": self._sight.reader if self._sight else ""}

    def status(self) -> Status:
        return self._thread.status(self._seen())

    def _seen(self) -> Status:
        if self._sight is None:
            return Status(DeviceStatus.STARTING)
        if not self._sight.service:
            return Status(DeviceStatus.OFFLINE, detail="pcscd does not run")
        if not self._sight.reader:
            return Status(DeviceStatus.NO_DEVICE, detail="pcscd has no such reader")
        return Status(DeviceStatus.ONLINE, MediaStatus.PRESENT if self._sight.media_id else MediaStatus.NOT_PRESENT)

    async def open(self) -> None:
        if self._monitor:
            return
        self._looked.clear()
        self._monitor = self._new_monitor()
        await self._thread.start()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ANSWERS_S):
                await self._looked.wait()

    def _new_monitor(self, connections: int = 0) -> Monitor:
        loop = asyncio.get_running_loop()
        monitor = Monitor(self._wanted, lambda sight: _post(loop, self._see, sight), connections=connections)
        monitor.start()
        return monitor

    async def check_health(self) -> Status:
        """The monitor is told of every change by itself; what is left to ask is whether pcscd still answers."""
        with contextlib.suppress(DeviceError):
            if trouble := await self._thread.probe(_ask_pcscd, deadline_s=_ANSWERS_S):
                return Status(DeviceStatus.OFFLINE, detail=trouble)
        return self.status()

    async def reset(self) -> None:
        """Another monitor, which asks pcscd for everything anew. What lies there is another presence: nobody saw it all
        the time."""
        before = self._monitor
        if before is None:
            return
        await asyncio.to_thread(before.stop)
        if self._monitor is before:
            self._monitor = self._new_monitor(before.connections)

    def counters(self) -> Counters:
        return self._thread.counters()

    async def close(self) -> None:
        monitor, self._monitor, self._sight = self._monitor, None, None
        if monitor is None:
            return
        self._told = self._seen()
        await self._thread.stop()
        await asyncio.to_thread(monitor.stop)

    def events(self) -> AsyncIterator[DeviceEvent]:
        return self._thread.events.listen()

    async def read_identity(self, *, access: AccessKey | None = None, deadline_s: float = 10.0) -> IdentityDocument:
        sight = self._readable()
        try:
            document = await self._thread.order(lambda wanted: self._read(sight, access, wanted), deadline_s=deadline_s)
        except CardBrokeOff:
            if self._sight == sight:
                self._see(replace(sight, media_id=sight.media_id | _BROKE_OFF, mute=True))
            raise
        if self._sight is None or self._sight.media_id != sight.media_id:
            raise DeviceError(Completion.MEDIA_REMOVED, "another presence by now", retry=True)
        return document

    def _readable(self) -> Sight:
        status = self.status()
        if status.device is not DeviceStatus.ONLINE or self._sight is None:
            raise DeviceError(Completion.DEVICE_NOT_READY, status.detail, retry=True)
        if not self._sight.media_id:
            raise DeviceError(Completion.MEDIA_REMOVED, "no card lies there", retry=True)
        if self._sight.mute:
            raise DeviceError(Completion.INVALID_MEDIA, "the card does not answer")
        return self._sight

    def _read(self, sight: Sight, access: AccessKey | None, wanted: Wanted) -> IdentityDocument:
        """In the device's thread. A fault of a card that is gone by then is only its going."""
        reading = Reading(sight.media_id, self.id, access, self._trust)
        with PcscCard(sight.reader, sight.media_id & 0xFFFF, wanted) as card:
            try:
                found = find_chip_card(card, card.answer_to_reset(), self._cards)
                card.keeps_keys = found.keeps_keys
                document = found.read(card, reading)
            except DeviceError:
                card.ensure_present()
                raise
            except Exception as error:
                # Whatever a card says, it says it to a terminal that goes on; the text may quote the card.
                log.error("card_contents_fault", extra={"device": self.id, "fault": type(error).__name__})
                raise DeviceError(Completion.INVALID_DATA, f"reading it failed: {type(error).__name__}") from None
            card.ensure_present()
            return document

    def _see(self, sight: Sight) -> None:
        if self._monitor is None:
            return  # the last look of a monitor that is being closed
        before, self._sight = self._sight or Sight(), sight
        if before.media_id and before.media_id != sight.media_id:
            self._thread.events.tell("mediaRemoved", before.media_id)
        self._tell_status()
        if sight.media_id and (before.media_id, before.mute) != (sight.media_id, sight.mute):
            self._thread.events.tell("invalidMedia" if sight.mute else "mediaInserted", sight.media_id)
        self._looked.set()

    def _tell_status(self) -> None:
        status = self._seen()
        if status != self._told:
            self._told = status
            log.info("device_status", extra={"device": self.id, "status": status.device, "detail": status.detail})
            self._thread.events.tell("statusChanged")


def _ask_pcscd() -> str:
    """What is wrong with it, nothing when it answers."""
    try:
        reader_names()
    except DeviceError as error:
        return error.technical
    return ""


def use_socket(path: str) -> None:
    """Makes this program talk to the pcscd behind `path`. Only before its first call: libpcsclite
    asks once and remembers."""
    os.environ["PCSCLITE_CSOCK_NAME"] = path


def _post(loop: asyncio.AbstractEventLoop, call: Callable[[_T], None], argument: _T) -> None:
    """From another thread; a loop that has been closed has nobody left to tell."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(call, argument)
