"""Hand-written devices of a terminal: a plate, printers and cameras; each keeps what it was told."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date

from PIL import Image

from devices.device import Completion, DeviceError
from devices.document import IdentityDocument
from devices.plate import Presence
from flows.photo.checks import Fault, Judged
from kiosk.extract import Extract
from kiosk.slip import Slip
from tests.kiosk.people import LYU


def picture_of(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(file, "JPEG")
    return file.getvalue()


A_PAGE = picture_of(1200, 900)


class FakePlate:
    """A plate with a reader, and another beside it for stories of two. What a card does when it is read is said as it is
    laid."""

    def __init__(self) -> None:
        self.reads = 0
        self._count = 0
        self._lying: Presence | None = None
        self._beside: Presence | None = None
        self._says: IdentityDocument | Completion | DeviceError = LYU
        self._while_reading: Callable[[], None] | None = None
        self._online = True
        self._another_reader = False
        self._turn = asyncio.Event()

    def lay(
        self,
        says: IdentityDocument | Completion | DeviceError = LYU,
        *,
        readable: bool = True,
        while_reading: Callable[[], None] | None = None,
    ) -> None:
        self._count += 1
        self._lying, self._says, self._while_reading = Presence("plate", self._count, readable), says, while_reading
        self._changed()

    def lay_beside(self) -> None:
        """The card of LYU on the other reader."""
        self._count += 1
        self._beside = Presence("other", self._count, readable=True)
        self._changed()

    def pull(self) -> None:
        self._lying = self._beside = None
        self._changed()

    def reader_goes(self) -> None:
        self._online = False
        self.pull()

    def reader_comes_back(self) -> None:
        self._online = True
        self._changed()

    def has_another_reader(self) -> None:
        self._another_reader = True

    def ready(self) -> bool:
        return self._online or self._another_reader

    def serves(self, presence: Presence) -> bool:
        return self._online

    async def changed(self) -> None:
        await self._turn.wait()

    async def card_laid(self, *, besides: Collection[Presence] = ()) -> Presence:
        while True:
            for lying in (self._lying, self._beside):
                if lying and lying not in besides:
                    return lying
            await self._turn.wait()

    async def read(self, presence: Presence) -> IdentityDocument:
        self.reads += 1
        if self._while_reading:
            self._while_reading()
        await asyncio.sleep(0)
        if not self._online:
            raise DeviceError(Completion.DEVICE_NOT_READY)
        if presence not in (self._lying, self._beside):
            raise DeviceError(Completion.MEDIA_REMOVED)
        says = LYU if presence == self._beside else self._says
        if isinstance(says, Completion | DeviceError):
            raise DeviceError(says) if isinstance(says, Completion) else says
        return replace(says, media_id=presence.media_id, device_id=presence.device_id)

    async def card_gone(self, presence: Presence) -> None:
        while presence in (self._lying, self._beside):
            await self._turn.wait()

    def _changed(self) -> None:
        self._turn.set()
        self._turn = asyncio.Event()


class FakePrinter:
    """Paper that can be looked at, by job."""

    def __init__(self) -> None:
        self.fault: Completion | None = None
        self.slips: dict[str, Slip] = {}
        self.extracts: dict[str, Extract] = {}

    async def print(self, paper: Slip | Extract, *, job_id: str) -> None:
        if self.fault:
            raise DeviceError(self.fault)
        if isinstance(paper, Slip):
            self.slips.setdefault(job_id, paper)
        else:
            self.extracts.setdefault(job_id, paper)


class Shot(bytes):
    """A frame that the garbage collector can find, unlike plain bytes."""


class FakeCamera:
    """Always sees the same; `fault` breaks it at any moment."""

    def __init__(self, sees: bytes) -> None:
        self.sees = sees
        self.fault: Completion | None = None
        self.looked = 0

    async def frame(self) -> bytes:
        self.looked += 1
        await asyncio.sleep(0)
        if self.fault:
            raise DeviceError(self.fault)
        return Shot(self.sees)


class FakeJudge:
    """Finds what a story says, shot by shot; then nothing more."""

    def __init__(self) -> None:
        self.finds: list[tuple[Fault, ...]] = []
        self.asked: list[tuple[bytes, str, date]] = []

    def __call__(self, shot: bytes, sheet: str, day: date, *, child: bool) -> Judged:
        self.asked.append((bytes(shot), sheet, day))
        faults = self.finds.pop(0) if self.finds else ()
        return Judged(faults, b"cropped %d" % len(self.asked), {})


class FakePagePrinter:
    """Pages that can be looked at, by job."""

    def __init__(self) -> None:
        self.fault: Completion | None = None
        self.jobs: dict[str, bytes] = {}

    async def print(self, pdf: bytes, *, job_id: str) -> None:
        if self.fault:
            raise DeviceError(self.fault)
        self.jobs.setdefault(job_id, pdf)
