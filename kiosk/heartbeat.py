"""Tells the hall how this terminal is: every few minutes, a little at random, and at each change."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from devices.device import Counters, Status
from flows.heartbeat import BEAT_S, Counted, Heartbeat, Part, PartKind
from kiosk.hall_client import HallAway, Refused

LOOK_S = 5.0
"""How soon a change is noticed."""

JITTER = 0.1
"""Twenty thousand terminals that were switched on together do not speak together."""

PAPER_LOW = "paper_near_end"
"""As printers put it in their status."""


class Device(Protocol):
    """A device that can say how it is without being disturbed."""

    @property
    def id(self) -> str: ...
    def status(self) -> Status: ...


class Asked(Protocol):
    """Who looks after a device: its supervisor."""

    @property
    def device(self) -> Device: ...
    @property
    def is_out(self) -> bool: ...
    def counters(self) -> Counters: ...


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
            now = (tuple(part.standing for part in self._parts()), self.outbox())
            if (now != told or left <= 0) and await self._told(started):
                told, left = now, BEAT_S * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
            await wait(LOOK_S)
            left -= LOOK_S

    async def _told(self, started: datetime) -> bool:
        try:
            await self.hall.beat(Heartbeat(self.software, started, self.clock(), self._parts(), self.outbox()))
        except (HallAway, Refused):
            return False
        return True

    def _parts(self) -> tuple[Part, ...]:
        return tuple(_part(kind, device) for kind, device in self.devices)


def _part(kind: PartKind, asked: Asked) -> Part:
    status = asked.device.status()
    return Part(
        kind,
        asked.device.id,
        status.device.value,
        status.media.value,
        paper_low=status.detail == PAPER_LOW,
        out=asked.is_out,
        counted=_counted(asked.counters()),
    )


def _counted(counters: Counters) -> Counted:
    return Counted(
        done=counters.done,
        failures={code.value: count for code, count in counters.failures.items()},
        faults=counters.faults,
        resets=counters.resets,
        reopens=counters.reopens,
        online_s=int(counters.online_s),
    )
