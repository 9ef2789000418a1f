"""Tells the hall how this terminal is: every few minutes, a little at random, and at each change."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from devices.device import Status
from flows.heartbeat import BEAT_S, Heartbeat, Part, PartKind
from kiosk.hall_client import HallAway, Refused

LOOK_S = 5.0
"""How soon a change is noticed."""

JITTER = 0.1
"""Twenty thousand terminals that were switched on together do not speak together."""


class Asked(Protocol):
    """A device that can say how it is without being disturbed."""

    id: str

    def status(self) -> Status: ...


class Listener(Protocol):
    """The hall's side."""

    async def beat(self, heartbeat: Heartbeat) -> None: ...


@dataclass(frozen=True)
class Heart:
    """`outbox` counts what lies sealed; `clock` gives UTC."""

    hall: Listener
    devices: tuple[tuple[PartKind, Asked], ...]
    outbox: Callable[[], int]
    clock: Callable[[], datetime]
    software: str

    async def run(self, wait: Callable[[float], Awaitable[None]]) -> None:
        """For ever. A hall that is away hears of the present when it is back, not of what it missed."""
        started, told, left = self.clock(), None, 0.0
        while True:
            now = (self._parts(), self.outbox())
            if (now != told or left <= 0) and await self._told(started, now):
                told, left = now, BEAT_S * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
            await wait(LOOK_S)
            left -= LOOK_S

    async def _told(self, started: datetime, now: tuple[tuple[Part, ...], int]) -> bool:
        parts, outbox = now
        try:
            await self.hall.beat(Heartbeat(self.software, started, self.clock(), parts, outbox))
        except (HallAway, Refused):
            return False
        return True

    def _parts(self) -> tuple[Part, ...]:
        return tuple(_part(kind, device) for kind, device in self.devices)


def fitted(parts: Iterable[tuple[PartKind, Asked | None]]) -> tuple[tuple[PartKind, Asked], ...]:
    """Those that the terminal has."""
    return tuple((kind, device) for kind, device in parts if device is not None)


def _part(kind: PartKind, device: Asked) -> Part:
    status = device.status()
    return Part(kind, device.id, status.device.value, status.media.value)
