"""The thread of one device: carries out orders one at a time, looks in between, and begins anew when its driver fails."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from devices.device import Completion, DeviceError

log = logging.getLogger(__name__)

Wanted = Callable[[], bool]
"""Whether anyone still waits for the answer; asked between two steps of an order."""

AFTER_A_FAULT_S = (0.2, 2.0, 30.0)
"""How long a device rests after an error of its driver, by how many there were of late: a card that breaks the driver each
time it is read must not keep the terminal busy."""
OF_LATE_S = 60.0
FAULT = "the driver failed"


@dataclass(frozen=True)
class Order:
    """What to do, and whom to tell."""

    work: Callable[[Wanted], object]
    answer: asyncio.Future[Any]
    wanted: Wanted


class Foreman(Protocol):
    """Who hears, in the thread, of what is done."""

    def ended(self, answer: asyncio.Future[Any], result: object, error: DeviceError | None) -> None: ...
    def faulted(self, fault: str) -> None: ...


class DeviceWork:
    """See devices.device_thread.DeviceThread, which gives the orders; only `begin`, `give` and `end` are not the thread's."""

    def __init__(
        self,
        device_id: str,
        foreman: Foreman,
        idle: Callable[[], float | None],
        leave: Callable[[], None],
        rest_s: Sequence[float] = AFTER_A_FAULT_S,
    ) -> None:
        self.is_open = False
        self._device_id = device_id
        self._foreman = foreman
        self._idle = idle
        self._leave = leave
        self._rest_s = rest_s
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._lock = threading.Lock()  # a device has one thread, also when it is opened again while that one hangs
        self._thread: threading.Thread | None = None
        self._faults_at: list[float] = []
        self._rests_until = 0.0
        self._is_faulty = False

    def begin(self) -> None:
        with self._lock:
            self.is_open = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name=self._device_id, daemon=True)
                self._thread.start()

    def give(self, order: Order) -> None:
        self._orders.put(order)

    def end(self) -> threading.Thread | None:
        """The thread, which may still hang."""
        self.is_open = False
        self._orders.put(None)
        return self._thread

    def begin_anew(self) -> None:
        """Lets go of the device and looks at it again; not while it rests, or a card that breaks the driver could do so
        again and again."""
        if time.monotonic() < self._rests_until:
            raise DeviceError(Completion.DEVICE_NOT_READY, "rests after an error of its driver", retry=True)
        self._leave()
        self._idle()

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
        if (rest_s := self._rests_until - time.monotonic()) > 0 and self.is_open:
            return rest_s
        try:
            # Closed while an order hung: the way out lies in the queue.
            wait_s = self._idle() if self.is_open else None
        except Exception as error:
            return self._broke(error)
        if self._is_faulty:
            self._is_faulty = False
            self._foreman.faulted("")
        return wait_s

    def _carry_out(self, order: Order) -> None:
        result: object = None
        worded: DeviceError | None = None
        try:
            result = order.work(order.wanted) if order.wanted() else None
        except DeviceError as error:
            worded = _alone(error)
        except Exception as error:
            self._broke(error)
            worded = DeviceError(Completion.HARDWARE_ERROR, f"{FAULT}: {type(error).__name__}", retry=True)
        self._foreman.ended(order.answer, result, worded)

    def _broke(self, error: Exception) -> float:
        """The driver's own error, whose text may quote a card. How long to rest."""
        now, kind = time.monotonic(), type(error).__name__
        self._faults_at = [*(at for at in self._faults_at if now - at < OF_LATE_S), now][-len(self._rest_s) :]
        rest_s = self._rest_s[len(self._faults_at) - 1]
        self._rests_until, self._is_faulty = now + rest_s, True
        log.error("device_driver_fault", extra={"device": self._device_id, "fault": kind, "rests_s": rest_s})
        self._let_go()
        self._foreman.faulted(f"{FAULT}: {kind}")
        return rest_s

    def _left(self) -> bool:
        """False when the device has been opened again meanwhile: the thread stays with it."""
        self._let_go()
        with self._lock:
            if not self.is_open:
                self._thread = None
            return self._thread is None

    def _let_go(self) -> None:
        try:
            self._leave()
        except Exception as error:
            log.error("device_not_let_go", extra={"device": self._device_id, "fault": type(error).__name__})


def _alone(error: DeviceError) -> DeviceError:
    """Without the frames that it came through: they hold what was read of a card, half a megabyte where pcscd died, and
    would keep it until the garbage is collected."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
