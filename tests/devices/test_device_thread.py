"""A device and its thread: orders that hang, and what listeners hear."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

import pytest

from devices.device import Completion, DeviceError, DeviceEvent, DeviceStatus, Status
from devices.device_thread import DeviceThread, Wanted
from tests.patience import SOON_S

WELL = Status(DeviceStatus.ONLINE)


class Gadget:
    """A device whose orders take as long as a test wants."""

    def __init__(self, hung_s: float = SOON_S) -> None:
        self.thread = DeviceThread("gadget", leave=self._leave, hung_s=hung_s)
        self.begun, self.free = threading.Event(), threading.Event()
        self.left = 0

    def _leave(self) -> None:
        self.left += 1

    def hang(self, wanted: Wanted) -> bool:
        self.begun.set()
        self.free.wait()
        return wanted()

    def device(self) -> DeviceStatus:
        return self.thread.status(WELL).device

    async def until(self, wanted: DeviceStatus) -> None:
        events = self.thread.events.listen()
        while self.device() is not wanted:
            await anext(events)

    async def refusal(self, deadline_s: float = SOON_S) -> Completion:
        with pytest.raises(DeviceError) as refused:
            await self.thread.order(self.hang, deadline_s=deadline_s)
        return refused.value.code


@asynccontextmanager
async def started(hung_s: float = SOON_S) -> AsyncIterator[Gadget]:
    gadget = Gadget(hung_s)
    await gadget.thread.start()
    try:
        yield gadget
    finally:
        gadget.free.set()
        await gadget.thread.stop()


def tell(story: Coroutine[object, object, None]) -> None:
    async def told() -> None:
        async with asyncio.timeout(SOON_S):
            await story

    asyncio.run(told())


def test_a_device_whose_order_hangs_is_busy_then_broken_then_well_again() -> None:
    async def story() -> None:
        async with started(hung_s=0.02) as gadget:
            assert await gadget.refusal(0.01) is Completion.TIME_OUT
            assert gadget.device() is DeviceStatus.DEVICE_BUSY
            await gadget.until(DeviceStatus.HARDWARE_ERROR)
            assert await gadget.refusal() is Completion.DEVICE_NOT_READY
            gadget.free.set()
            await gadget.until(DeviceStatus.ONLINE)
            assert await gadget.thread.order(gadget.hang, deadline_s=SOON_S)

    tell(story())


def test_what_is_known_to_be_wrong_is_not_hidden_by_an_order_that_hangs() -> None:
    async def story() -> None:
        async with started() as gadget:
            await gadget.refusal(0.01)
            assert gadget.thread.status(Status(DeviceStatus.NO_DEVICE)).device is DeviceStatus.NO_DEVICE

    tell(story())


def test_a_device_closed_while_it_hangs_and_opened_again_is_busy_until_its_thread_is_back() -> None:
    async def story() -> None:
        async with started() as gadget:
            await gadget.refusal(0.01)
            await gadget.thread.stop()
            assert (gadget.device(), gadget.left) == (DeviceStatus.OFFLINE, 0)
            await gadget.thread.start()
            assert gadget.device() is DeviceStatus.DEVICE_BUSY
            gadget.free.set()
            await gadget.until(DeviceStatus.ONLINE)
            assert await gadget.thread.order(gadget.hang, deadline_s=SOON_S)
            assert gadget.left == 1  # it let go of the device once and went on with it

    tell(story())


def test_an_order_under_way_ends_when_the_device_is_closed() -> None:
    async def story() -> None:
        async with started() as gadget:
            ordered = asyncio.create_task(gadget.refusal())
            await asyncio.to_thread(gadget.begun.wait)
            closing = asyncio.create_task(gadget.thread.stop())
            assert await ordered is Completion.DEVICE_NOT_READY
            gadget.free.set()
            await closing
            assert gadget.left == 1

    tell(story())


def test_an_order_that_was_given_up_knows_that_nobody_wants_it() -> None:
    async def story() -> None:
        async with started() as gadget:
            wanted: list[bool] = []
            ordered = asyncio.create_task(gadget.thread.order(lambda still: wanted.append(gadget.hang(still)), deadline_s=SOON_S))
            await asyncio.to_thread(gadget.begun.wait)
            ordered.cancel()
            await asyncio.gather(ordered, return_exceptions=True)
            gadget.free.set()
            assert await gadget.thread.order(gadget.hang, deadline_s=SOON_S)
            assert wanted == [False]

    tell(story())


def test_an_order_given_up_before_its_turn_is_never_begun() -> None:
    async def story() -> None:
        async with started() as gadget:
            done: list[str] = []
            for order in (gadget.hang, lambda still: done.append("never")):
                ordered = asyncio.create_task(gadget.thread.order(order, deadline_s=SOON_S))
                await asyncio.to_thread(gadget.begun.wait)
                ordered.cancel()
                await asyncio.gather(ordered, return_exceptions=True)
            gadget.free.set()
            await gadget.thread.order(lambda still: done.append("last"), deadline_s=SOON_S)
            assert done == ["last"]

    tell(story())


def test_who_listens_late_first_hears_of_the_card_that_lies_there_and_at_last_of_its_going() -> None:
    async def story() -> None:
        async with started() as gadget:
            early = gadget.thread.events.listen()
            gadget.thread.tell("mediaInserted", 1)
            while (await anext(early)).name != "mediaInserted":
                pass
            late = gadget.thread.events.listen()
            await gadget.thread.stop()
            heard = [event async for event in late]
            assert heard == [
                DeviceEvent("mediaInserted", "gadget", 1),
                DeviceEvent("mediaRemoved", "gadget", 1),
                DeviceEvent("statusChanged", "gadget"),
            ]
            gadget.thread.tell("mediaInserted", 2)  # what a closed device still says reaches nobody, also not later
            await asyncio.sleep(0)
            listener = gadget.thread.events.listen()
            await gadget.thread.start()
            assert (await anext(listener)).name == "statusChanged"

    tell(story())


class Read(bytearray):
    """What was read of a card before it could not be read on."""


def test_an_error_keeps_nothing_of_what_was_read_before_it() -> None:
    """Not until garbage is collected either: it is half a megabyte each time that pcscd dies."""
    held: list[weakref.ref[Read]] = []

    def reads(wanted: object) -> None:
        read = Read(b"a name")
        held.append(weakref.ref(read))
        try:
            raise DeviceError(Completion.INVALID_DATA, "half")
        except DeviceError:
            raise DeviceError(Completion.MEDIA_REMOVED) from None

    async def story() -> None:
        async with started() as gadget:
            with pytest.raises(DeviceError) as caught:
                await gadget.thread.order(reads, deadline_s=SOON_S)
            assert caught.value.code is Completion.MEDIA_REMOVED
            assert [one() for one in held] == [None]

    gc.disable()
    try:
        tell(story())
    finally:
        gc.enable()
