"""The one place where cards are laid, whichever of several readers sees them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from devices.device import Completion, DeviceError, DeviceEvent, DeviceStatus, IdentityReader
from devices.document import AccessKey, IdentityDocument

UNREADABLE_AFTER_S = 1.0
"""A card that is mute to one reader may be at home at another, which needs a moment to see it."""


@dataclass(frozen=True)
class Presence:
    """One card lying there once. `readable` is False when it does not answer: laid the wrong way round."""

    device_id: str
    media_id: int
    readable: bool


class Plate:
    """Follows its readers from `open` on. Lay, read, take away: the order of one visit."""

    def __init__(self, readers: Sequence[IdentityReader], *, unreadable_after_s: float = UNREADABLE_AFTER_S) -> None:
        self._unreadable_after_s = unreadable_after_s
        self._readers = {reader.id: reader for reader in readers}
        self._lying: dict[str, Presence] = {}
        self._turn = asyncio.Event()  # set and replaced at every change
        self._following: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        if self._following:
            return
        self._following = [asyncio.create_task(self._follow(reader)) for reader in self._readers.values()]
        await asyncio.sleep(0)  # they listen before the first reader is opened
        await asyncio.gather(*(reader.open() for reader in self._readers.values()))

    async def close(self) -> None:
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        self._following = []
        self._lying.clear()
        await asyncio.gather(*(reader.close() for reader in self._readers.values()))

    @property
    def lying(self) -> tuple[Presence, ...]:
        """What lies there now, on any reader."""
        return tuple(self._lying.values())

    async def card_laid(self, *, besides: Collection[Presence] = ()) -> Presence:
        """Returns at once when a readable card already lies there, other than those `besides` it."""
        while True:
            turn = self._turn
            others = (presence for presence in self._lying.values() if presence not in besides)
            first = min(others, key=lambda presence: not presence.readable, default=None)
            if first and first.readable:
                return first
            try:
                async with asyncio.timeout(self._unreadable_after_s if first else None):
                    await turn.wait()
            except TimeoutError:
                if first and self._lies(first):
                    return first

    async def read(self, presence: Presence, *, access: AccessKey | None = None) -> IdentityDocument:
        """DeviceError(MEDIA_REMOVED) when that presence is over, also if another card came meanwhile."""
        self._ensure(presence)
        try:
            document = await self._readers[presence.device_id].read_identity(access=access)
        except DeviceError:
            self._ensure(presence)
            raise
        if document.media_id != presence.media_id:
            raise DeviceError(Completion.MEDIA_REMOVED, "another card", retry=True)
        self._ensure(presence)
        return document

    async def card_gone(self, presence: Presence) -> None:
        while self._lies(presence):
            await self._turn.wait()

    def ready(self) -> bool:
        """Any reader could read a card now."""
        return any(reader.status().device is DeviceStatus.ONLINE for reader in self._readers.values())

    def serves(self, presence: Presence) -> bool:
        """Whether the reader under this card is well; false when not the card is gone, but the reader."""
        return self._readers[presence.device_id].status().device is DeviceStatus.ONLINE

    async def changed(self) -> None:
        """The next change of readiness or of what lies there."""
        await self._turn.wait()

    async def _follow(self, reader: IdentityReader) -> None:
        async for event in reader.events():
            self._note(event)

    def _note(self, event: DeviceEvent) -> None:
        match event.name:
            case "mediaInserted" | "invalidMedia" if event.media_id is not None:
                self._lying.pop(event.device_id, None)  # the dictionary keeps the order of arrival
                self._lying[event.device_id] = Presence(event.device_id, event.media_id, event.name == "mediaInserted")
            case "mediaRemoved":
                self._lying.pop(event.device_id, None)
            case _:
                pass
        self._turn.set()
        self._turn = asyncio.Event()

    def _lies(self, presence: Presence) -> bool:
        lying = self._lying.get(presence.device_id)
        return lying is not None and lying.media_id == presence.media_id

    def _ensure(self, presence: Presence) -> None:
        if not self._lies(presence):
            raise DeviceError(Completion.MEDIA_REMOVED, "that presence is over", retry=True)
