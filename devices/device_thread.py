"""One thread that owns one device: its orders run there one at a time, and what happens by itself is told to asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from devices.counters import Tally
from devices.device import Completion, Counters, DeviceError, DeviceEvent, DeviceStatus, Key, Status
from devices.device_events import Events
from devices.device_work import AFTER_A_FAULT_S, DeviceWork, Order, Wanted

__all__ = ["HUNG_S", "DeviceThread", "DeviceWithThread", "Wanted"]

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_LOOK_S = 5.0
LET_GO_S = 5.0
HUNG_S = 30.0
"""So long may an order keep its device busy past its deadline before the device counts as broken."""
HANGS = "a command does not end"


class DeviceThread:
    """`idle` runs in the thread between orders and returns in how many seconds it wants to run again,
    None: after the next order. `leave` runs there at the end and lets go of the device.

    A blocking call cannot be stopped. So an order that is given up (time out, cancelled visit) ends
    its generation: the thread stops at its next step, and what it still finds out is dropped. Until
    it comes back from an order past its deadline the device is busy, and broken when that takes long.
    It gets no second thread: the call hangs in the kernel or in pcscd, where another one would hang
    as well, and both would change one driver's state.

    An error of the driver itself ends this device's work alone: the thread lets go of the device,
    rests, and begins anew.
    """

    def __init__(
        self,
        device_id: str,
        *,
        idle: Callable[[], float | None] = lambda: None,
        leave: Callable[[], None] = lambda: None,
        hung_s: float = HUNG_S,
        rest_s: Sequence[float] = AFTER_A_FAULT_S,
    ) -> None:
        self.events = Events(device_id)
        self._device_id = device_id
        self._work = DeviceWork(device_id, self, idle, leave, rest_s)
        self._hung_s = hung_s
        self._tally = Tally()
        self._generation = 0
        self._current: asyncio.Future[Any] | None = None
        self._commanded = False
        self._probing: asyncio.Future[None] | None = None
        self._pending = 0  # what the thread has been given and not ended: an order given up still counts
        self._late: DeviceStatus | None = None
        self._fault = ""
        self._giving_up: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def status(self, own: Status) -> Status:
        """What the driver knows, unless nobody can know it."""
        if not self._work.is_open:
            return Status(DeviceStatus.OFFLINE, detail="not opened")
        if own.device not in (DeviceStatus.ONLINE, DeviceStatus.STARTING):
            return own
        if self._late:
            return Status(self._late, own.media, HANGS)
        return Status(DeviceStatus.HARDWARE_ERROR, detail=self._fault) if self._fault else own

    def counters(self) -> Counters:
        return self._tally.counters()

    async def start(self) -> None:
        """Idempotent; returns when `idle` has run once, so that the status is known, or hangs."""
        if self._work.is_open:
            return
        self._loop = asyncio.get_running_loop()
        self._work.begin()
        with contextlib.suppress(DeviceError):
            await self.probe(lambda: None, deadline_s=FIRST_LOOK_S)
        self._spread("statusChanged")

    async def stop(self) -> None:
        """Waits until the thread let go of the device, but not for a thread that hangs."""
        if not self._work.is_open:
            return
        self._generation += 1
        if self._current and not self._current.done():
            self._current.set_exception(DeviceError(Completion.DEVICE_NOT_READY, "closed"))
        thread = self._work.end()
        if thread and not self._late:
            await asyncio.to_thread(thread.join, LET_GO_S)
        if thread and thread.is_alive():
            log.warning("device_left_hanging", extra={"device": self._device_id})
        self.events.end()

    async def order(self, work: Callable[[Wanted], T], *, deadline_s: float) -> T:
        """Runs `work` in the thread. A second order before the first has ended is a sequenceError; one that comes while
        the device is probed waits for that."""
        if self._commanded:
            raise DeviceError(Completion.SEQUENCE_ERROR, "one command at a time")
        self._commanded = True
        try:
            result = await self._asked(work, deadline_s)
        except DeviceError as error:
            self._tally.failed(error.code)
            raise
        finally:
            self._commanded = False
        self._tally.succeeded()
        return result

    async def probe(self, look: Callable[[], T], *, deadline_s: float) -> T | None:
        """Runs `look` in the thread, where nobody wants anything of the device: a command is the better probe. None when
        there is one, or another probe."""
        if self._commanded or self._probing:
            return None
        probing = self._probing = asyncio.get_running_loop().create_future()
        try:
            return await self._in_time(self._in_thread(lambda wanted: look()), deadline_s)
        finally:
            self._probing = None
            probing.set_result(None)

    async def renew(self, *, deadline_s: float) -> None:
        """Lets go of the device and begins anew, as a probe."""
        await self.probe(self._work.begin_anew, deadline_s=deadline_s)

    async def _asked(self, work: Callable[[Wanted], T], deadline_s: float) -> T:
        async def in_turn() -> T:
            if self._probing:
                await asyncio.wait({self._probing})
            return await self._in_thread(work)

        return await self._in_time(in_turn(), deadline_s)

    async def _in_time(self, answer: Coroutine[Any, Any, T], deadline_s: float) -> T:
        try:
            async with asyncio.timeout(deadline_s):
                return await answer
        except TimeoutError:
            self._wait_on()
            raise DeviceError(Completion.TIME_OUT, "deadline of the command", retry=True) from None

    async def _in_thread(self, work: Callable[[Wanted], T]) -> T:
        if not self._work.is_open or self._loop is None:
            raise DeviceError(Completion.DEVICE_NOT_READY, "not opened")
        if self._late:
            raise DeviceError(Completion.DEVICE_NOT_READY, HANGS, retry=True)
        self._generation += 1
        generation = self._generation
        answer = self._current = self._loop.create_future()
        self._pending += 1
        self._work.give(Order(work, answer, lambda: generation == self._generation))
        try:
            result: T = await answer
            return result
        finally:
            self._current = None
            self._generation += 1

    def tell(self, name: str, media_id: int | None = None, key: Key | None = None) -> None:
        """Called in the thread: every listener hears of it in the event loop."""
        self._in_loop(self._spread, name, media_id, key)

    def _spread(self, name: str, media_id: int | None = None, key: Key | None = None) -> None:
        if self._work.is_open:
            self.events.tell(name, media_id, key)

    def _wait_on(self) -> None:
        if self._pending and self._loop:
            log.warning("device_hangs", extra={"device": self._device_id})
            self._set_late(DeviceStatus.DEVICE_BUSY)
            self._giving_up = self._loop.call_later(self._hung_s, self._set_late, DeviceStatus.HARDWARE_ERROR)

    def _set_late(self, late: DeviceStatus | None) -> None:
        if self._giving_up:
            self._giving_up.cancel()
            self._giving_up = None
        self._late = late
        self._spread("statusChanged")

    def _note_end(self, answer: asyncio.Future[Any], result: object, error: DeviceError | None) -> None:
        self._pending -= 1
        if error and not answer.done():
            answer.set_exception(error)
        elif not answer.done():
            answer.set_result(result)
        if self._late and not self._pending:
            self._set_late(None)

    def _note_fault(self, fault: str) -> None:
        if fault:
            self._tally.driver_failed()
        self._fault = fault
        self._spread("statusChanged", None)

    # From here on everything runs in the thread.

    def ended(self, answer: asyncio.Future[Any], result: object, error: DeviceError | None) -> None:
        self._in_loop(self._note_end, answer, result, error)

    def faulted(self, fault: str) -> None:
        self._in_loop(self._note_fault, fault)

    def _in_loop(self, call: Callable[..., None], *args: object) -> None:
        # A loop that closed before the device was closed has nobody left to tell.
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call, *args)


class DeviceWithThread:
    """What drivers do alike whose device blocks: they have `_thread`, `_status` as they last saw it, `_health_s` as
    the deadline of a look at it, and `_watch`, which looks and runs in the thread."""

    id: str
    _thread: DeviceThread
    _status: Status
    _health_s: float

    def status(self) -> Status:
        return self._thread.status(self._status)

    def counters(self) -> Counters:
        return self._thread.counters()

    async def open(self) -> None:
        await self._thread.start()

    async def check_health(self) -> Status:
        with contextlib.suppress(DeviceError):
            await self._thread.probe(self._watch, deadline_s=self._health_s)
        return self.status()

    async def reset(self) -> None:
        await self._thread.renew(deadline_s=self._health_s)

    async def close(self) -> None:
        await self._thread.stop()

    def events(self) -> AsyncIterator[DeviceEvent]:
        return self._thread.events.listen()

    def _watch(self) -> None:
        raise NotImplementedError

    def _now(self, status: Status) -> None:
        """Called in the thread: what the driver sees now, told when it is something else than before."""
        before, self._status = self._status, status
        if before != status:
            log.info("device_status", extra={"device": self.id, "status": status.device, "detail": status.detail})
            self._thread.tell("statusChanged")
