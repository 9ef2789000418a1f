"""One thread that owns one device: its orders run there one at a time, and what happens by itself is told to asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from devices.device import Completion, DeviceError, DeviceEvent, DeviceStatus, Key, Status
from devices.device_events import Events

log = logging.getLogger(__name__)

T = TypeVar("T")

Wanted = Callable[[], bool]
"""Whether anyone still waits for the answer; asked between two steps of an order."""

AFTER_A_FAULT_S = 2.0
FIRST_LOOK_S = 5.0
LET_GO_S = 5.0
HUNG_S = 30.0
"""So long may an order keep its device busy past its deadline before the device counts as broken."""
HANGS = "a command does not end"


@dataclass(frozen=True)
class _Order:
    """What to do, and whom to tell. An order of a past generation has nobody waiting for it."""

    generation: int
    work: Callable[[Wanted], object]
    answer: asyncio.Future[Any]


class DeviceThread:
    """`idle` runs in the thread between orders and returns in how many seconds it wants to run again,
    None: after the next order. `leave` runs there at the end and lets go of the device.

    A blocking call cannot be stopped. So an order that is given up (time out, cancelled visit) ends
    its generation: the thread stops at its next step, and what it still finds out is dropped. Until
    it comes back from an order past its deadline the device is busy, and broken when that takes long.
    """

    def __init__(
        self,
        device_id: str,
        *,
        idle: Callable[[], float | None] = lambda: None,
        leave: Callable[[], None] = lambda: None,
        hung_s: float = HUNG_S,
    ) -> None:
        self.events = Events(device_id)
        self._device_id = device_id
        self._idle = idle
        self._leave = leave
        self._hung_s = hung_s
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._generation = 0
        self._current: asyncio.Future[Any] | None = None
        self._pending = 0  # what the thread has been given and not ended: an order given up still counts
        self._late: DeviceStatus | None = None
        self._giving_up: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()  # a device has one thread, also when it is opened again while that one hangs
        self._open = False
        self._thread: threading.Thread | None = None

    def status(self, own: Status) -> Status:
        """What the driver knows, unless nobody can know it."""
        if not self._open:
            return Status(DeviceStatus.OFFLINE, detail="not opened")
        if self._late and own.device in (DeviceStatus.ONLINE, DeviceStatus.STARTING):
            return Status(self._late, own.media, HANGS)
        return own

    async def start(self) -> None:
        """Idempotent; returns when `idle` has run once, so that the status is known, or hangs."""
        if self._open:
            return
        self._loop = asyncio.get_running_loop()
        with self._lock:
            self._open = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name=self._device_id, daemon=True)
                self._thread.start()
        with contextlib.suppress(DeviceError):
            await self.order(lambda wanted: None, deadline_s=FIRST_LOOK_S)
        self._spread("statusChanged")

    async def stop(self) -> None:
        """Waits until the thread let go of the device, but not for a thread that hangs."""
        if not self._open:
            return
        self._open = False
        self._generation += 1
        if self._current and not self._current.done():
            self._current.set_exception(DeviceError(Completion.DEVICE_NOT_READY, "closed"))
        self._orders.put(None)
        thread = self._thread
        if thread and not self._late:
            await asyncio.to_thread(thread.join, LET_GO_S)
        if thread and thread.is_alive():
            log.warning("device_left_hanging", extra={"device": self._device_id})
        self.events.end()

    async def order(self, work: Callable[[Wanted], T], *, deadline_s: float) -> T:
        """Runs `work` in the thread. A second order before the first has ended is a sequenceError."""
        if not self._open or self._loop is None:
            raise DeviceError(Completion.DEVICE_NOT_READY, "not opened")
        if self._current:
            raise DeviceError(Completion.SEQUENCE_ERROR, "one command at a time")
        if self._late:
            raise DeviceError(Completion.DEVICE_NOT_READY, HANGS, retry=True)
        self._generation += 1
        answer = self._current = self._loop.create_future()
        self._pending += 1
        self._orders.put(_Order(self._generation, work, answer))
        try:
            async with asyncio.timeout(deadline_s):
                result: T = await answer
                return result
        except TimeoutError:
            self._wait_on()
            raise DeviceError(Completion.TIME_OUT, "deadline of the command", retry=True) from None
        finally:
            self._current = None
            self._generation += 1

    def tell(self, name: str, media_id: int | None = None, key: Key | None = None) -> None:
        """Called in the thread: every listener hears of it in the event loop."""
        self._in_loop(self._spread, name, media_id, key)

    def _spread(self, name: str, media_id: int | None = None, key: Key | None = None) -> None:
        if self._open:
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

    def _ended(self, answer: asyncio.Future[Any], result: object, error: Exception | None) -> None:
        self._pending -= 1
        if error and not answer.done():
            answer.set_exception(error)
        elif not answer.done():
            answer.set_result(result)
        if self._late and not self._pending:
            self._set_late(None)

    # From here on everything runs in the thread.

    def _serve(self) -> None:
        while True:
            wait_s = self._look()
            try:
                order = self._orders.get(timeout=wait_s)
            except queue.Empty:
                continue
            if order:
                self._carry_out(order)
            elif self._left():
                return

    def _look(self) -> float | None:
        try:
            # Closed while an order hung: the way out lies in the queue.
            return self._idle() if self._open else None
        except Exception as error:
            # The device must come back by itself, whatever went wrong; its text may quote a card.
            log.error("device_thread_fault", extra={"device": self._device_id, "fault": type(error).__name__})
            return AFTER_A_FAULT_S

    def _carry_out(self, order: _Order) -> None:
        def wanted() -> bool:
            return order.generation == self._generation

        try:
            result = order.work(wanted) if wanted() else None
        except Exception as error:
            self._in_loop(self._ended, order.answer, None, error)
        else:
            self._in_loop(self._ended, order.answer, result, None)

    def _left(self) -> bool:
        """False when the device has been opened again meanwhile: the thread stays with it."""
        self._leave()
        with self._lock:
            if not self._open:
                self._thread = None
            return self._thread is None

    def _in_loop(self, call: Callable[..., None], *args: object) -> None:
        # A loop that closed before the device was closed has nobody left to tell.
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call, *args)


class DeviceWithThread:
    """What drivers do alike whose device blocks: they have `_thread`, `_status` as they last saw it, `_health_s` as
    the deadline of a look at it, and `_watch`, which looks and runs in the thread."""

    _thread: DeviceThread
    _status: Status
    _health_s: float

    def status(self) -> Status:
        return self._thread.status(self._status)

    async def open(self) -> None:
        await self._thread.start()

    async def check_health(self) -> Status:
        with contextlib.suppress(DeviceError):
            await self._thread.order(lambda wanted: self._watch(), deadline_s=self._health_s)
        return self.status()

    async def close(self) -> None:
        await self._thread.stop()

    def events(self) -> AsyncIterator[DeviceEvent]:
        return self._thread.events.listen()

    def _watch(self) -> None:
        raise NotImplementedError
