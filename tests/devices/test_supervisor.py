"""A supervisor and its device: out of service and back, resets, counters, and errors of everybody concerned."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager

import pytest

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus, Status
from devices.device_thread import DeviceThread, DeviceWithThread
from devices.supervisor import SEVERAL, Patience, Standing, Supervision, Supervisor
from tests.patience import SOON_S

WELL, GONE, BROKEN = (Status(device) for device in (DeviceStatus.ONLINE, DeviceStatus.NO_DEVICE, DeviceStatus.HARDWARE_ERROR))
QUICK = Patience(probe_s=0.02, back_off_s=(0.01,))
PATIENT = Patience(probe_s=3600.0, back_off_s=(0.01, 3600.0), out_after=1)
"""Asks once: what happens then happens by itself."""


class Gadget(DeviceWithThread):
    """A device of which a test decides how it is. `looks` is what its thread does when it looks, `heals` how often it must be
    begun anew before it is well."""

    kind = "gadget"

    def __init__(self, device_id: str = "gadget", status: Status = WELL, *, hung_s: float = SOON_S) -> None:
        self.id = device_id
        self._status = status
        self._health_s = SOON_S
        self.heals = 0
        self.looks: Callable[[], None] = lambda: None
        self.left = threading.Semaphore(0)
        self._thread = DeviceThread(device_id, idle=self._idle, leave=self._leave, hung_s=hung_s, rest_s=(0.01,))

    def capabilities(self) -> Mapping[str, object]:
        return {}

    async def work(self, work: Callable[[], object] = lambda: None, deadline_s: float = SOON_S) -> None:
        await self._thread.order(lambda wanted: work(), deadline_s=deadline_s)

    def becomes(self, status: Status) -> None:
        """As its thread finds out."""
        self._status = status
        self._thread.tell("statusChanged")

    def _idle(self) -> float:
        self._watch()
        return SOON_S

    def _watch(self) -> None:
        self.looks()

    def _leave(self) -> None:
        self.left.release()
        if self.heals:
            self.heals -= 1
            if not self.heals:
                self._status = WELL


@asynccontextmanager
async def supervised(*gadgets: Gadget, patience: Patience = QUICK) -> AsyncIterator[Supervision]:
    supervision = Supervision(gadgets, patience)
    running = asyncio.create_task(supervision.run())
    try:
        yield supervision
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        for gadget in gadgets:
            await gadget.close()


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - not everything that is waited for tells
        await asyncio.sleep(0.005)


def tell(story: Coroutine[object, object, None]) -> None:
    async def told() -> None:
        async with asyncio.timeout(SOON_S):
            await story

    asyncio.run(told())


def test_a_device_that_goes_is_out_of_service_after_several_tries_and_back_by_itself() -> None:
    async def story() -> None:
        gadget = Gadget()
        async with supervised(gadget) as supervision:
            one = supervision.of(gadget)
            await until(lambda: one.standing is Standing.IN_SERVICE)
            gadget.becomes(GONE)
            await until(lambda: one.standing is Standing.RECOVERING)
            await until(lambda: one.is_out)
            assert (one.counters().resets, one.counters().reopens) == (0, 0)  # its thread looks for what is not there
            gadget.becomes(WELL)
            await until(lambda: one.standing is Standing.IN_SERVICE)
            assert one.counters().reopens == 1

    tell(story())


def test_a_change_is_noticed_at_once_however_long_the_next_try_is_away() -> None:
    async def story() -> None:
        gadget = Gadget()
        async with supervised(gadget, patience=PATIENT) as supervision:
            one = supervision.of(gadget)
            await until(lambda: one.standing is Standing.IN_SERVICE)
            for _ in range(3):
                gadget.becomes(GONE)
                await until(lambda: one.is_out)
                gadget.becomes(WELL)
                await until(lambda: one.standing is Standing.IN_SERVICE)
            assert one.counters().reopens == 3

    tell(story())


def test_a_device_with_an_error_that_stays_is_begun_anew_until_it_is_well() -> None:
    async def story() -> None:
        gadget = Gadget(status=BROKEN)
        gadget.heals = 2
        async with supervised(gadget) as supervision:
            one = supervision.of(gadget)
            await until(lambda: one.standing is Standing.IN_SERVICE)
            assert (one.counters().resets, one.counters().reopens) == (2, 0)  # it never was well before

    tell(story())


def test_a_device_that_says_it_is_well_and_fails_its_commands_is_begun_anew() -> None:
    async def story() -> None:
        gadget = Gadget()

        def fails() -> None:
            raise DeviceError(Completion.HARDWARE_ERROR, "no answer")

        async with supervised(gadget) as supervision:
            one = supervision.of(gadget)
            await until(lambda: one.standing is Standing.IN_SERVICE)
            await gadget.work()
            for _ in range(SEVERAL):
                with pytest.raises(DeviceError):
                    await gadget.work(fails)
            assert gadget.status() == WELL
            await until(lambda: one.counters().resets == 1)
            assert one.counters().failures == {Completion.HARDWARE_ERROR: SEVERAL}
            assert (one.counters().done, one.standing) == (1, Standing.IN_SERVICE)

    tell(story())


def test_a_card_that_cannot_be_read_is_not_the_readers_fault() -> None:
    async def story() -> None:
        gadget, looked = Gadget(), 0

        def fails() -> None:
            raise DeviceError(Completion.INVALID_MEDIA)

        def count() -> None:
            nonlocal looked
            looked += 1

        async with supervised(gadget) as supervision:
            await until(lambda: supervision.of(gadget).standing is Standing.IN_SERVICE)
            for _ in range(2 * SEVERAL):
                with pytest.raises(DeviceError):
                    await gadget.work(fails)
            gadget.looks = count
            await until(lambda: looked > SEVERAL)
            assert supervision.of(gadget).counters().resets == 0

    tell(story())


def test_a_probe_waits_for_no_command_and_a_command_waits_for_a_probe() -> None:
    async def story() -> None:
        gadget, looking, go_on = Gadget(), threading.Event(), threading.Event()

        def look() -> None:
            looking.set()
            go_on.wait()

        await gadget.open()
        gadget.looks = look
        probing = asyncio.create_task(gadget.check_health())
        await asyncio.to_thread(looking.wait)
        command = asyncio.create_task(gadget.work())
        await asyncio.sleep(0)
        with pytest.raises(DeviceError) as second:
            await gadget.work()
        assert second.value.code is Completion.SEQUENCE_ERROR
        assert (await gadget.check_health(), command.done()) == (WELL, False)
        go_on.set()
        await command
        await probing
        await gadget.close()

    tell(story())


def test_an_error_of_the_driver_in_a_command_is_worded_and_ends_no_other_device() -> None:
    """Fault 23 of the list: an observer or a parser that raises."""

    async def story() -> None:
        gadget, other = Gadget("broken"), Gadget("other")

        def parse() -> None:
            raise ValueError("440602199202299863")

        async with supervised(gadget, other) as supervision:
            await until(lambda: supervision.of(gadget).standing is supervision.of(other).standing is Standing.IN_SERVICE)
            with pytest.raises(DeviceError) as refused:
                await gadget.work(parse)
            assert (refused.value.code, refused.value.technical) == (Completion.HARDWARE_ERROR, "the driver failed: ValueError")
            assert refused.value.__cause__ is refused.value.__context__ is None
            await until(lambda: gadget.status() == WELL)
            await gadget.work()
            assert gadget.left.acquire(blocking=False)  # it let go of the device and began anew
            assert not other.left.acquire(blocking=False)
            one = supervision.of(gadget).counters()
            assert (one.faults, one.done, one.failures) == (1, 1, {Completion.HARDWARE_ERROR: 1})
            assert supervision.of(other).counters().faults == 0

    tell(story())


def test_a_driver_that_fails_whenever_it_looks_is_out_of_service_until_it_does_not(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        gadget = Gadget()

        def fail() -> None:
            raise KeyError("吕晓岚")

        gadget.looks = fail
        async with supervised(gadget) as supervision:
            one = supervision.of(gadget)
            await until(lambda: one.is_out)
            assert gadget.status() == Status(DeviceStatus.HARDWARE_ERROR, detail="the driver failed: KeyError")
            gadget.looks = lambda: None
            await until(lambda: one.standing is Standing.IN_SERVICE)
            assert one.counters().faults >= 1

    tell(story())
    assert "吕晓岚" not in caplog.text
    assert {record.message for record in caplog.records} >= {"device_driver_fault", "device_out_of_service"}


def test_a_command_that_never_ends_takes_its_device_out_of_service_until_it_does() -> None:
    """Fault 13, the device's side: reported, and no second thread is sent into the same call."""

    async def story() -> None:
        gadget, go_on = Gadget(hung_s=0.02), threading.Event()
        async with supervised(gadget) as supervision:
            one = supervision.of(gadget)
            await until(lambda: one.standing is Standing.IN_SERVICE)
            with pytest.raises(DeviceError) as refused:
                await gadget.work(go_on.wait, deadline_s=0.01)
            assert refused.value.code is Completion.TIME_OUT
            await until(lambda: one.is_out and gadget.status().device is DeviceStatus.HARDWARE_ERROR)
            assert one.counters().resets == 0
            go_on.set()
            await until(lambda: one.standing is Standing.IN_SERVICE)
            await gadget.work()
            counted = one.counters()
            assert (counted.done, counted.failures, counted.reopens) == (1, {Completion.TIME_OUT: 1}, 1)

    tell(story())


class Treacherous(Gadget):
    """Its own methods raise what no device may raise."""

    def __init__(self) -> None:
        super().__init__("treacherous")
        self.raises = True

    async def check_health(self) -> Status:
        if self.raises:
            raise RuntimeError
        return await super().check_health()


def test_a_supervisor_that_itself_fails_goes_on_and_leaves_the_others_alone() -> None:
    async def story() -> None:
        bad, good = Treacherous(), Gadget("good")
        async with supervised(bad, good) as supervision:
            await until(lambda: supervision.of(bad).is_out)
            assert supervision.of(good).standing is Standing.IN_SERVICE
            bad.raises = False
            await until(lambda: supervision.of(bad).standing is Standing.IN_SERVICE)

    tell(story())


def test_a_device_whose_methods_never_return_is_out_of_service() -> None:
    class Asleep(Gadget):
        async def check_health(self) -> Status:
            await asyncio.Event().wait()
            raise AssertionError

    async def story() -> None:
        gadget = Asleep()
        async with supervised(gadget, patience=Patience(try_s=0.01, back_off_s=(0.01,))) as supervision:
            await until(lambda: supervision.of(gadget).is_out)

    tell(story())


def test_a_device_closed_by_somebody_else_is_opened_again() -> None:
    async def story() -> None:
        gadget = Gadget()
        async with supervised(gadget) as supervision:
            one = supervision.of(gadget)
            await until(lambda: one.standing is Standing.IN_SERVICE)
            await gadget.close()
            assert gadget.status().device is DeviceStatus.OFFLINE
            await until(lambda: gadget.status() == WELL and one.standing is Standing.IN_SERVICE)

    tell(story())


def test_time_online_is_counted_while_it_is() -> None:
    async def story() -> None:
        now, gadget = 100.0, Gadget()
        one = Supervisor(gadget, patience=PATIENT, clock=lambda: now)
        running = asyncio.create_task(one.run())
        await until(lambda: one.standing is Standing.IN_SERVICE)
        now = 130.0
        assert one.counters().online_s == 30.0
        gadget.becomes(GONE)
        await until(lambda: one.is_out)
        now = 1000.0
        assert one.counters().online_s == 30.0
        gadget.becomes(Status(DeviceStatus.ONLINE, MediaStatus.NOT_PRESENT))
        await until(lambda: one.standing is Standing.IN_SERVICE)
        now = 1005.0
        assert one.counters().online_s == 35.0
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await gadget.close()

    tell(story())
