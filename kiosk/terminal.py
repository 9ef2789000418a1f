"""What one visit needs of the world around it: the seams to plate, hall, paper, time and words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from devices.device import IdentityReader
from devices.document import DocumentKind, IdentityDocument
from devices.plate import Presence
from flows.application import Application, Attached, Identity
from flows.flow import Flow
from flows.heartbeat import PartKind
from flows.usage import UsageShown
from flows.wire import Submitted, VisitOpened, Withdrawn
from flows.words import Language, Words
from kiosk.config import Department, KioskConfig, Where
from kiosk.extract import Extract
from kiosk.privacy import IdleTimes
from kiosk.slip import Slip
from kiosk.view import Display

if TYPE_CHECKING:
    from flows.photo.checks import Judged  # it loads what looks at pictures: only when one is judged

CHINA = ZoneInfo("Asia/Shanghai")


class CardPlate(Protocol):
    """The one place where a card is laid, whatever readers are under it."""

    def ready(self) -> bool: ...
    def serves(self, presence: Presence) -> bool: ...
    async def changed(self) -> None: ...
    async def card_laid(self, *, besides: Collection[Presence] = ()) -> Presence: ...
    async def read(self, presence: Presence) -> IdentityDocument: ...
    async def card_gone(self, presence: Presence) -> None: ...


class Hall(Protocol):
    """The hall service. Every method raises kiosk.hall_client.HallAway or Refused."""

    async def open(self, visit: str, flow: Flow, identity: Identity, guardian: Identity | None) -> VisitOpened: ...
    async def submit(self, application: Application) -> Submitted: ...
    async def certificate(self, visit: str) -> bytes: ...
    async def kept_picture(self, visit: str, document: str) -> Attached: ...
    async def withdraw(self, look: str, identity: Identity, document: str) -> Withdrawn: ...
    async def heard(self, visit: str, corrections: tuple[str, ...]) -> None: ...
    async def leave(self, visit: str) -> None: ...
    async def usage(self, look: str, identity: Identity, before: int) -> UsageShown: ...


class Post(Protocol):
    """What keeps an application sealed while the hall is away."""

    def keep(self, application: Application) -> None: ...
    def waiting(self) -> tuple[str, ...]: ...
    async def send(self, visit: str) -> Submitted | None: ...


class Paper(Protocol):
    """Puts a slip or an extract on paper once per `job_id`; raises DeviceError."""

    async def print(self, paper: Slip | Extract, *, job_id: str) -> None: ...


class Camera(Protocol):
    """What looks at somebody or at a paper; raises DeviceError."""

    async def frame(self) -> bytes: ...


class PagePrinter(Protocol):
    """Prints a PDF once per `job_id`; raises DeviceError."""

    async def print(self, pdf: bytes, *, job_id: str) -> None: ...


class Judge(Protocol):
    """What speaks against a portrait, by the sheet of its document on a day. It takes its time: never on the loop."""

    def __call__(self, shot: bytes, sheet: str, day: date, *, child: bool) -> Judged: ...


@dataclass(frozen=True)
class Place:
    """Where this terminal stands, and where on it cards are laid: resident cards and those with a chip that anybody may read;
    None where there is no such reader. `phone` may be empty; `region` is the hall's, GB/T 2260."""

    terminal: str
    hall_name: str
    phone: str
    departments: tuple[Department, ...]
    region: str
    resident_reader: Where | None = None
    chip_reader: Where | None = None

    def asked_for(self, items: Sequence[str]) -> tuple[Department, ...]:
        """The departments that the hall asks for any of these items: each that is the first to have one of them.
        The hall's catalogue decides; `departments` stand in its order."""
        first = {item: next((d for d in self.departments if item in d.items), None) for item in items}
        return tuple(department for department in self.departments if department in first.values())


def place_of(config: KioskConfig, readers: Sequence[IdentityReader]) -> Place:
    """`readers` are those of the configuration, in its order; of two that read the same card the first is named."""
    where: dict[object, Where] = {}
    for reader, settings in zip(readers, config.readers, strict=True):
        cards = reader.capabilities().get("cards")
        for kind in cards if isinstance(cards, tuple) else ():
            where.setdefault(kind, settings.where)
    return Place(
        config.terminal,
        config.hall_name,
        config.phone,
        config.departments,
        config.region,
        resident_reader=where.get(DocumentKind.RESIDENT_CARD),
        chip_reader=where.get(DocumentKind.SOCIAL_SECURITY_CARD),
    )


@dataclass(frozen=True)
class Terminal:
    """One terminal, ready to serve. `clock` gives UTC; `wait` is how time passes (tests make it pass). Cameras and
    page printer are None where none is fitted: what they are for is then done at the counter, as while they are `out` of
    service."""

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
    judge: Judge
    camera: Camera | None = None
    document_camera: Camera | None = None
    page_printer: PagePrinter | None = None
    out: Callable[[], frozenset[PartKind]] = frozenset

    @property
    def lacking(self) -> frozenset[PartKind]:
        """What no matter can use here now: not fitted, or out of service."""
        optional: dict[PartKind, object] = {
            "camera": self.camera,
            "document_camera": self.document_camera,
            "page_printer": self.page_printer,
        }
        return frozenset(kind for kind, device in optional.items() if device is None) | self.out()

    @property
    def today(self) -> date:
        """The day in the hall, not the UTC date."""
        return self.clock().astimezone(CHINA).date()
