"""What happens to a device by itself, told to everybody who listens."""

from __future__ import annotations

import asyncio
import weakref
from collections import deque
from collections.abc import AsyncIterator
from typing import Self

from devices.device import DeviceEvent, Key

MOST_WAITING = 256


class Listener(AsyncIterator[DeviceEvent]):
    """Events in order, until the device is closed. For one that does not listen the oldest give way,
    and of several statusChanged only the last is kept: it says no more than "look again"."""

    def __init__(self) -> None:
        self._waiting: deque[DeviceEvent] = deque(maxlen=MOST_WAITING)
        self._turn = asyncio.Event()
        self._ended = False

    def hear(self, event: DeviceEvent) -> None:
        if event.name == "statusChanged" and event in self._waiting:
            self._waiting.remove(event)
        self._waiting.append(event)
        self._turn.set()

    def end(self) -> None:
        self._ended = True
        self._turn.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> DeviceEvent:
        while not self._waiting:
            if self._ended:
                raise StopAsyncIteration
            self._turn.clear()
            await self._turn.wait()
        return self._waiting.popleft()


class Events:
    """Lives on the event loop. Listeners are forgotten when nobody holds them any more."""

    def __init__(self, device_id: str) -> None:
        self._device_id = device_id
        self._listeners: weakref.WeakSet[Listener] = weakref.WeakSet()
        self._lying: DeviceEvent | None = None

    def listen(self) -> AsyncIterator[DeviceEvent]:
        """Begins with the card that already lies there, if one does."""
        listener = Listener()
        if self._lying:
            listener.hear(self._lying)
        self._listeners.add(listener)
        return listener

    def tell(self, name: str, media_id: int | None = None, key: Key | None = None) -> None:
        event = DeviceEvent(name, self._device_id, media_id, key)
        match name:
            case "mediaInserted" | "invalidMedia":
                self._lying = event
            case "mediaRemoved":
                self._lying = None
            case _:
                pass
        for listener in list(self._listeners):
            listener.hear(event)

    def end(self) -> None:
        """The device is closed: who does not look any more must not say that a card still lies there."""
        if self._lying:
            self.tell("mediaRemoved", self._lying.media_id)
        self.tell("statusChanged")
        for listener in list(self._listeners):
            listener.end()
        self._listeners.clear()
