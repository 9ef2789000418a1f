"""A terminal tells how it is: at once, at each change, and from time to time; a hall that is away is not bothered twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from devices.device import DeviceStatus, MediaStatus, Status
from flows.heartbeat import BEAT_S, Heartbeat
from kiosk.hall_client import HallAway
from kiosk.heartbeat import JITTER, LOOK_S, Heart, fitted

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@dataclass
class Printer:
    id: str = "tickets"
    says: Status = field(default_factory=lambda: Status(DeviceStatus.ONLINE, MediaStatus.PRESENT))

    def status(self) -> Status:
        return self.says


@dataclass
class Hall:
    away: bool = False
    heard: list[Heartbeat] = field(default_factory=list)

    async def beat(self, heartbeat: Heartbeat) -> None:
        if self.away:
            raise HallAway
        self.heard.append(heartbeat)


class Over(Exception):
    """The story has lasted long enough."""


Happening = Mapping[int, Callable[[], None]]
NOTHING: Happening = {}


def live(hall: Hall, printer: Printer, seconds: float, at: Happening = NOTHING, outbox: Sequence[str] = ()) -> None:
    """Lets time pass in looks; `at` is what happens, by the number of the look after which it does."""
    looks = 0

    async def wait(seconds_of_look: float) -> None:
        nonlocal looks
        assert seconds_of_look == LOOK_S
        looks += 1
        if looks in at:
            at[looks]()
        if looks * LOOK_S >= seconds:
            raise Over

    heart = Heart(hall, fitted([("ticket_printer", printer), ("camera", None)]), lambda: len(outbox), lambda: NOON, "1")
    try:
        asyncio.run(heart.run(wait))
    except Over:
        return


def test_it_speaks_at_once_and_then_only_after_a_while() -> None:
    hall = Hall()
    live(hall, Printer(), BEAT_S * (1 - JITTER) - 2 * LOOK_S)
    assert [(part.kind, part.id, part.state, part.media) for part in hall.heard[0].parts] == [
        ("ticket_printer", "tickets", "online", "present")
    ]
    assert len(hall.heard) == 1
    hall = Hall()
    live(hall, Printer(), BEAT_S * (1 + JITTER) + 2 * LOOK_S)
    assert len(hall.heard) == 2


def test_a_change_is_told_at_the_next_look() -> None:
    hall, printer, kept = Hall(), Printer(), list[str]()

    def paper_out() -> None:
        printer.says = Status(DeviceStatus.ONLINE, MediaStatus.NOT_PRESENT)

    live(hall, printer, 10 * LOOK_S, {3: paper_out, 6: lambda: kept.append("sealed")}, kept)
    assert [(beat.parts[0].media, beat.outbox) for beat in hall.heard] == [("present", 0), ("notPresent", 0), ("notPresent", 1)]


def test_a_hall_that_was_away_hears_the_present_once() -> None:
    hall, printer = Hall(away=True), Printer()

    def back() -> None:
        hall.away = False

    live(hall, printer, 20 * LOOK_S, {10: back})
    assert len(hall.heard) == 1
