"""A camera on the network that gives its pictures by HTTP."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus, Status
from devices.device_thread import DeviceThread, DeviceWithThread, Wanted
from devices.drivers.network_camera_line import CameraGone, CameraLine, CameraNonsense, CameraSilent

FRAME_S = 5.0
WATCH_S = 15.0
REOPEN_S = (0.5, 2.0, 5.0)
STALE_S = 0.5
LOOKING_S = 2.0
"""So long after the last frame was asked for a stream is still taken in, so that the next one is new."""


class NetworkCamera(DeviceWithThread):
    """A Camera. Its address answers with one picture, or with MJPEG."""

    kind = "camera"

    def __init__(self, device_id: str, url: str) -> None:
        self.id = device_id
        self._url = url
        self._status = Status(DeviceStatus.STARTING)
        self._health_s = FRAME_S
        self._line: CameraLine | None = None
        self._failures = 0
        self._newest, self._taken_at, self._asked_at = b"", 0.0, 0.0
        self._thread = DeviceThread(device_id, idle=self._idle, leave=self._rest)

    def capabilities(self) -> Mapping[str, object]:
        return {"url": self._url}

    async def frame(self) -> bytes:
        return await self._thread.order(self._frame, deadline_s=FRAME_S)

    # From here on everything runs in the thread of the device.

    def _idle(self) -> float:
        looking = time.monotonic() - self._asked_at < LOOKING_S
        if looking and self._line and self._line.streams:
            with suppress(DeviceError):
                self._take()
                return 0.0
        self._watch()
        if not looking:
            # Nothing is held that was seen, and the camera sends nothing.
            self._rest()
        return REOPEN_S[min(self._failures, len(REOPEN_S)) - 1] if self._failures else WATCH_S

    def _watch(self) -> None:
        """Somebody is there; whether a camera that failed gives pictures again can only be seen from one."""
        with suppress(DeviceError):
            if self._status.device is DeviceStatus.HARDWARE_ERROR:
                self._take()
                self._newest = b""
            else:
                self._reached()

    def _frame(self, wanted: Wanted) -> bytes:
        self._asked_at = time.monotonic()
        if not self._newest or self._asked_at - self._taken_at > STALE_S:
            self._take()
        frame, self._newest = self._newest, b""
        return frame

    def _take(self) -> None:
        used_before = self._line is not None
        line = self._reached()
        try:
            self._newest, self._taken_at = line.picture(), time.monotonic()
        except CameraGone as error:
            gone = self._lost(error)
            if not used_before:
                raise gone from error
            self._take()  # it only hung up after the last picture
        except (CameraSilent, CameraNonsense) as error:
            raise self._lost(error) from error
        self._failures = 0
        self._now(Status(DeviceStatus.ONLINE))

    def _reached(self) -> CameraLine:
        try:
            self._line = self._line or CameraLine(self._url)
        except (CameraGone, CameraSilent, CameraNonsense) as error:
            raise self._lost(error) from error
        if self._status.device is not DeviceStatus.HARDWARE_ERROR:
            self._failures = 0
            self._now(Status(DeviceStatus.ONLINE))
        return self._line

    def _lost(self, error: CameraGone | CameraSilent | CameraNonsense) -> DeviceError:
        self._rest()
        self._failures += 1
        match error:
            case CameraGone():
                device, code = DeviceStatus.NO_DEVICE, Completion.DEVICE_NOT_READY
            case CameraSilent():
                device, code = DeviceStatus.HARDWARE_ERROR, Completion.TIME_OUT
            case CameraNonsense():
                device, code = DeviceStatus.HARDWARE_ERROR, Completion.INVALID_DATA
        self._now(Status(device, MediaStatus.UNKNOWN, str(error)))
        return DeviceError(code, str(error), retry=True)

    def _rest(self) -> None:
        self._newest = b""
        if self._line is not None:
            self._line.close()
            self._line = None
