"""A scanner of machine-readable zones on a serial line (RS-232, USB-CDC): it sends the lines of each document it sees."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from contextlib import suppress

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus, Status
from devices.device_thread import DeviceThread, DeviceWithThread, Wanted
from devices.line import LineGone, LineTaken
from devices.mrz_lines import MrzLines, Torn, Zone
from devices.serial_line import SerialLine

log = logging.getLogger(__name__)

LOOK_S = 0.2
HEALTH_S = 2.0
ENDLESS_S = 5.0
"""So long no document is: whoever goes on sending is broken."""
SILENT_S = 0.3
REOPEN_S = (0.2, 0.5, 1.0, 2.0)
ENDLESS = "does not stop sending"


class MrzScanner(DeviceWithThread):
    """A Scanner. What comes while nobody scans is dropped: it was of somebody else."""

    kind = "scanner"

    def __init__(self, device_id: str, port: str, baud: int) -> None:
        self.id = device_id
        self._port, self._baud = port, baud
        self._status = Status(DeviceStatus.STARTING)
        self._health_s = HEALTH_S
        self._line: SerialLine | None = None
        self._failed = 0
        self._sending_since: float | None = None
        self._heard_at = 0.0
        self._thread = DeviceThread(device_id, idle=self._idle, leave=self._close_line)

    def capabilities(self) -> Mapping[str, object]:
        return {"port": self._port, "baud": self._baud}

    async def scan(self, *, deadline_s: float = 30.0) -> Zone:
        # The thread looks at the clock itself: a person who takes long is no device that hangs.
        return await self._thread.order(lambda wanted: self._scan(wanted, deadline_s), deadline_s=deadline_s + HEALTH_S)

    # From here on everything runs in the thread of the device.

    def _idle(self) -> float:
        with suppress(DeviceError):
            self._heard()
            return 0.0
        return REOPEN_S[min(self._failed, len(REOPEN_S)) - 1] if self._failed else 0.0

    def _watch(self) -> None:
        with suppress(DeviceError):
            self._opened()

    def _scan(self, wanted: Wanted, within_s: float) -> Zone:
        line, end, lines = self._opened(), time.monotonic() + within_s, MrzLines()
        try:
            line.forget()
        except LineGone as error:
            raise self._lost(error) from error
        while wanted() and time.monotonic() < end:
            found = lines.feed(self._heard(), time.monotonic()) + lines.silence(time.monotonic())
            match found:
                case [Torn(why), *_]:
                    raise DeviceError(Completion.INVALID_DATA, why, retry=True)
                case [tuple() as zone, *_]:
                    log.info("zone_scanned", extra={"device": self.id, "lines": len(zone)})
                    return zone
                case _:
                    continue
        raise DeviceError(Completion.TIME_OUT, "nothing was scanned", retry=True)

    def _heard(self) -> str:
        """What comes in the next moment. A byte that is no ASCII is no character of a zone either."""
        line = self._opened()
        try:
            received = line.read(LOOK_S)
        except LineGone as error:
            raise self._lost(error) from error
        self._judge(bool(received))
        return received.decode("ascii", errors="replace")

    def _judge(self, sends: bool) -> None:
        now = time.monotonic()
        if sends:
            since = self._sending_since = self._sending_since or now
            self._heard_at = now
            if now - since > ENDLESS_S:
                self._now(Status(DeviceStatus.HARDWARE_ERROR, detail=ENDLESS))
                raise DeviceError(Completion.HARDWARE_ERROR, ENDLESS, retry=True)
        elif now - self._heard_at > SILENT_S:
            self._sending_since = None
            self._now(Status(DeviceStatus.ONLINE))

    def _opened(self) -> SerialLine:
        if self._line is None:
            try:
                self._line = SerialLine(self._port, self._baud)
            except LineGone as error:
                raise self._lost(error) from error
            self._failed, self._sending_since = 0, None
            self._now(Status(DeviceStatus.ONLINE))
        return self._line

    def _lost(self, error: LineGone) -> DeviceError:
        self._close_line()
        self._failed += 1
        device = DeviceStatus.DEVICE_BUSY if isinstance(error, LineTaken) else DeviceStatus.NO_DEVICE
        self._now(Status(device, MediaStatus.UNKNOWN, str(error)))
        return DeviceError(Completion.DEVICE_NOT_READY, str(error), retry=True)

    def _close_line(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
