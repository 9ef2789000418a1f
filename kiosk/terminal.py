"""What one visit needs of the world around it: the seams to plate, hall, paper, time and words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from devices.document import IdentityDocument
from devices.plate import Presence
from flows.application import Application, Identity, Ticket
from flows.flow import Flow
from flows.wire import VisitOpened
from kiosk.config import Department
from kiosk.privacy import IdleTimes
from kiosk.slip import Slip
from kiosk.view import Display
from kiosk.words import Language, Words

CHINA = ZoneInfo("Asia/Shanghai")


class CardPlate(Protocol):
    """The one place where a card is laid, whatever readers are under it."""

    def ready(self) -> bool: ...
    def serves(self, presence: Presence) -> bool: ...
    async def changed(self) -> None: ...
    async def card_laid(self) -> Presence: ...
    async def read(self, presence: Presence) -> IdentityDocument: ...
    async def card_gone(self, presence: Presence) -> None: ...


class Hall(Protocol):
    """The hall service. Every method raises kiosk.hall_client.HallAway or Refused."""

    async def open(self, visit: str, matter: str, identity: Identity) -> VisitOpened: ...
    async def submit(self, application: Application) -> Ticket: ...
    async def leave(self, visit: str) -> None: ...


class Post(Protocol):
    """What keeps an application sealed while the hall is away."""

    def keep(self, application: Application) -> None: ...
    def waiting(self) -> tuple[str, ...]: ...
    async def send(self, visit: str) -> Ticket | None: ...


class Paper(Protocol):
    """Puts a slip on paper once per `job_id`; raises DeviceError."""

    async def print(self, slip: Slip, *, job_id: str) -> None: ...


@dataclass(frozen=True)
class Place:
    """Where this terminal stands. `phone` may be empty."""

    terminal: str
    hall_name: str
    phone: str
    departments: tuple[Department, ...]


@dataclass(frozen=True)
class Terminal:
    """One terminal, ready to serve. `clock` gives UTC; `wait` is how time passes (tests make it pass)."""

    display: Display
    plate: CardPlate
    hall: Hall
    post: Post
    paper: Paper
    matters: Mapping[str, Flow]
    words: Mapping[Language, Words]
    place: Place
    idle: IdleTimes
    clock: Callable[[], datetime]
    wait: Callable[[float], Awaitable[None]]

    @property
    def today(self) -> date:
        """The day in the hall, not the UTC date."""
        return self.clock().astimezone(CHINA).date()
