"""A camera of this machine (USB, MIPI) through Video4Linux, by OpenCV."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus, Status
from devices.device_thread import DeviceThread, DeviceWithThread, Wanted
from devices.drivers import v4l2_capture
from devices.drivers.v4l2_capture import Capture, CaptureFails, CaptureGone

T = TypeVar("T")

FRAME_S = 5.0
WATCH_S = 5.0
REOPEN_S = (0.5, 2.0, 5.0)
LOOKING_S = 2.0
"""So long after the last frame was asked for the camera is kept running, so that no old frames wait in it."""


class V4l2Camera(DeviceWithThread):
    """A Camera. It is opened when a frame is asked for, and let go of when nobody looks: its lamp is out then."""

    kind = "camera"

    def __init__(self, device_id: str, device: str, size: v4l2_capture.Wanted | None) -> None:
        self.id = device_id
        self._device, self._size = device, size
        self._status = Status(DeviceStatus.STARTING)
        self._health_s = FRAME_S
        self._capture: Capture | None = None
        self._failures = 0
        self._asked_at = 0.0
        self._thread = DeviceThread(device_id, idle=self._idle, leave=self._rest)

    def capabilities(self) -> Mapping[str, object]:
        return {"device": self._device}

    async def frame(self) -> bytes:
        return await self._thread.order(self._frame, deadline_s=FRAME_S)

    # From here on everything runs in the thread of the device.

    def _idle(self) -> float:
        looking = time.monotonic() - self._asked_at < LOOKING_S
        if looking and self._capture:
            with suppress(DeviceError):
                self._taken(Capture.skip)
                return 0.0
        if not looking:
            self._rest()
        self._watch()
        return REOPEN_S[min(self._failures, len(REOPEN_S)) - 1] if self._failures else WATCH_S

    def _watch(self) -> None:
        """Whether it is there; whether one that failed gives pictures again can only be seen from one."""
        with suppress(DeviceError):
            if self._status.device is DeviceStatus.HARDWARE_ERROR:
                self._taken(Capture.skip)
            elif not os.path.exists(self._device):
                raise self._lost(CaptureGone("is not there"))
            else:
                self._well()

    def _frame(self, wanted: Wanted) -> bytes:
        self._asked_at = time.monotonic()
        return self._taken(Capture.picture)

    def _taken(self, take: Callable[[Capture], T]) -> T:
        try:
            self._capture = self._capture or Capture(self._device, self._size)
            taken = take(self._capture)
        except (CaptureGone, CaptureFails) as error:
            raise self._lost(error) from error
        self._well()
        return taken

    def _well(self) -> None:
        self._failures = 0
        self._now(Status(DeviceStatus.ONLINE))

    def _lost(self, error: CaptureGone | CaptureFails) -> DeviceError:
        self._rest()
        self._failures += 1
        gone = isinstance(error, CaptureGone)
        self._now(Status(DeviceStatus.NO_DEVICE if gone else DeviceStatus.HARDWARE_ERROR, MediaStatus.UNKNOWN, str(error)))
        return DeviceError(Completion.DEVICE_NOT_READY if gone else Completion.HARDWARE_ERROR, str(error), retry=True)

    def _rest(self) -> None:
        if self._capture is not None:
            self._capture.close()
            self._capture = None
