"""A terminal tells how it is: at once, at each change, and from time to time; a hall that is away is not bothered twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from devices.device import Completion, Counters, DeviceStatus, MediaStatus, Status
from flows.heartbeat import BEAT_S, Counted, Heartbeat
from kiosk.hall_client import HallAway
from kiosk.heartbeat import JITTER, LOOK_S, Heart

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@dataclass
class Printer:
    id: str = "tickets"
    says: Status = field(default_factory=lambda: Status(DeviceStatus.ONLINE, MediaStatus.PRESENT))
    counted: Counters = field(default_factory=Counters)
    is_out: bool = False

    @property
    def device(self) -> Printer:
        return self

    def status(self) -> Status:
        return self.says

    def counters(self) -> Counters:
        return self.counted


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

    heart = Heart(hall, (("ticket_printer", printer),), lambda: len(outbox), lambda: NOON, "1")
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


def test_what_is_only_counted_goes_along_and_is_no_change() -> None:
    hall, printer = Hall(), Printer()

    def printed() -> None:
        printer.counted = Counters(done=7, failures={Completion.PAPER_OUT: 2}, resets=1, reopens=3, online_s=59.9)

    live(hall, printer, 10 * LOOK_S, {3: printed})
    assert len(hall.heard) == 1
    live(hall, printer, BEAT_S * (1 + JITTER) + 2 * LOOK_S)
    counted = hall.heard[-1].parts[0].counted
    assert counted == Counted(done=7, failures={"paperOut": 2}, resets=1, reopens=3, online_s=59)


def test_a_device_out_of_service_and_paper_that_nears_its_end_are_changes() -> None:
    hall, printer = Hall(), Printer()

    def near_end() -> None:
        printer.says = Status(DeviceStatus.ONLINE, MediaStatus.PRESENT, "paper_near_end")

    def out() -> None:
        printer.is_out = True

    live(hall, printer, 10 * LOOK_S, {3: near_end, 6: out})
    assert [(beat.parts[0].paper_low, beat.parts[0].out) for beat in hall.heard] == [(False, False), (True, False), (True, True)]
