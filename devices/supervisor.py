"""One supervisor per device: opens it, asks it how it is, resets it, puts it out of service and back, and counts.

A driver's thread opens a line anew by itself, because the line is its own and every poll of a missing adapter is such a try;
it also begins anew after an error of the driver. What it cannot do for itself is done here: notice that a device says "online"
and fails its commands, begin anew after an error that stays, tell the terminal when it is not to be counted on, and remember
how it has been.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from devices.device import Counters, Device, DeviceError, DeviceEvent, DeviceStatus, Status

log = logging.getLogger(__name__)

SEVERAL = 3


class Standing(StrEnum):
    """Whether a device can be counted on."""

    STARTING = "starting"
    IN_SERVICE = "inService"
    RECOVERING = "recovering"  # not well since a moment
    OUT_OF_SERVICE = "outOfService"  # several tries did not bring it back; they go on


@dataclass(frozen=True)
class Patience:
    """In seconds: how often a device that is well is asked, how soon one that is not is tried again, and how long a try may
    take whatever the driver does. Out of service after `out_after` tries."""

    probe_s: float = 60.0
    back_off_s: Sequence[float] = (0.2, 2.0, 30.0)
    try_s: float = 60.0
    out_after: int = SEVERAL


class Supervisor:
    """Lives on the event loop. `run` outlives every error of its device, and of itself."""

    def __init__(self, device: Device, *, patience: Patience | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.device = device
        self.standing = Standing.STARTING
        self._patience = patience or Patience()
        self._clock = clock
        self._tries = 0
        self._resets = 0
        self._reopens = 0
        self._online_s = 0.0
        self._was_well = False
        self._well_since: float | None = None
        self._forgiven = 0
        self._events: AsyncIterator[DeviceEvent] | None = None

    @property
    def is_out(self) -> bool:
        return self.standing is Standing.OUT_OF_SERVICE

    def counters(self) -> Counters:
        running_s = self._clock() - self._well_since if self._well_since is not None else 0.0
        own = replace(self.device.counters(), resets=self._resets, reopens=self._reopens)
        return replace(own, online_s=self._online_s + running_s)

    async def run(self) -> None:
        """Ends only by being cancelled."""
        while True:
            try:
                await self._supervise()
            except Exception as error:
                # The text may be a driver's, and quote a card.
                log.error("supervisor_fault", extra={"device": self.device.id, "fault": type(error).__name__})
                self._note(None)
                await asyncio.sleep(self._rest_s())

    async def _supervise(self) -> None:
        while True:
            async with asyncio.timeout(self._patience.try_s):
                status = await self._tried()
            seemed_well = self._seems_well()
            self._note(status)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._rest_s() if self._tries else self._patience.probe_s):
                    # What became well is back at once, what fell is tried at once; the rest has its time.
                    while self._seems_well() is seemed_well:
                        await self._changed()

    async def _tried(self) -> Status:
        """How it is after whatever helps in its state."""
        await self.device.open()
        if self._lies():
            await self._reset()
            return self.device.status()
        status = await self.device.check_health()
        if status.device is not DeviceStatus.HARDWARE_ERROR:
            return status  # what is not there is looked for by its own thread
        await self._reset()
        return await self.device.check_health()

    async def _reset(self) -> None:
        try:
            await self.device.reset()
        except DeviceError as error:
            log.warning("device_not_reset", extra={"device": self.device.id, "technical": error.technical})
            return
        self._resets += 1
        log.warning("device_reset", extra={"device": self.device.id, "tries": self._tries})

    def _lies(self) -> bool:
        """Whether it failed one command after the other, since it was last begun anew for that, and says that it is well."""
        failed = self.device.counters().failed_in_a_row
        self._forgiven = min(self._forgiven, failed)
        if failed - self._forgiven < SEVERAL or not self._seems_well():
            return False
        self._forgiven = failed
        return True

    def _note(self, status: Status | None) -> None:
        """None: nobody knows, its supervisor failed."""
        well = status is not None and status.device is DeviceStatus.ONLINE
        self._count_time(well=well)
        if well:
            self._is_well()
            return
        self._tries += 1
        if self.standing is Standing.IN_SERVICE:
            self.standing = Standing.RECOVERING
        if self._tries >= self._patience.out_after and not self.is_out:
            self.standing = Standing.OUT_OF_SERVICE
            why = {"status": status.device, "detail": status.detail} if status else {}
            log.error("device_out_of_service", extra={"device": self.device.id, **why})

    def _is_well(self) -> None:
        if self._tries and self._was_well:
            self._reopens += 1
            log.info("device_back", extra={"device": self.device.id, "tries": self._tries})
        self._tries, self._was_well, self.standing = 0, True, Standing.IN_SERVICE

    def _count_time(self, *, well: bool) -> None:
        now = self._clock()
        if self._well_since is not None:
            self._online_s += now - self._well_since
        self._well_since = now if well else None

    def _rest_s(self) -> float:
        return self._patience.back_off_s[min(self._tries, len(self._patience.back_off_s)) - 1]

    def _seems_well(self) -> bool:
        return self.device.status().device is DeviceStatus.ONLINE

    async def _changed(self) -> None:
        self._events = self._events or self.device.events()
        try:
            await anext(self._events)
        except StopAsyncIteration:  # closed by somebody else: it is opened again at the next try
            self._events = None
            await asyncio.sleep(self._patience.back_off_s[0])


class Supervision:
    """The supervisors of one terminal: each runs by itself, and none brings down another."""

    def __init__(self, devices: Iterable[Device], patience: Patience | None = None) -> None:
        self._supervisors = tuple(Supervisor(device, patience=patience) for device in devices)

    def of(self, device: Device) -> Supervisor:
        """Raises StopIteration for a device that is not supervised here."""
        return next(one for one in self._supervisors if one.device is device)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as together:
            for supervisor in self._supervisors:
                together.create_task(supervisor.run())
