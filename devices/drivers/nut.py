"""An uninterruptible power supply that Network UPS Tools (NUT) looks after: what its upsd says of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus, Power, PowerSource, Status
from devices.device_thread import DeviceThread, DeviceWithThread
from devices.drivers.nut_line import UpsGone, UpsLine, UpsNonsense, UpsRefuses, UpsSilent

log = logging.getLogger(__name__)

WATCH_S = 5.0
REOPEN_S = (1.0, 5.0, 15.0)
HEALTH_S = 8.0
FULL_PERCENT = 100
NO_SUCH_UPS = "UNKNOWN-UPS"
NO_SUCH_VARIABLE = "VAR-NOT-SUPPORTED"
UNKNOWN = Power(PowerSource.UNKNOWN)
CARE: Mapping[str, str] = {"RB": "replace_battery", "OVER": "overload"}


class NutPowerSupply(DeviceWithThread):
    """A PowerSupply. `ups` is its name in ups.conf."""

    kind = "powerSupply"

    def __init__(self, device_id: str, ups: str, host: str, port: int) -> None:
        self.id = device_id
        self._ups, self._address = ups, (host, port)
        self._status = Status(DeviceStatus.STARTING)
        self._health_s = HEALTH_S
        self._power = UNKNOWN
        self._line: UpsLine | None = None
        self._failed = 0
        self._thread = DeviceThread(device_id, idle=self._idle, leave=self._close_line)

    def capabilities(self) -> Mapping[str, object]:
        return {"ups": self._ups, "address": "{}:{}".format(*self._address)}

    def power(self) -> Power:
        return self._power

    # From here on everything runs in the thread of the device.

    def _idle(self) -> float:
        self._watch()
        return REOPEN_S[min(self._failed, len(REOPEN_S)) - 1] if self._failed else WATCH_S

    def _watch(self) -> None:
        with suppress(DeviceError):
            try:
                self._look()
            except (UpsGone, UpsSilent, UpsNonsense, UpsRefuses) as error:
                raise self._lost(error) from error

    def _look(self) -> None:
        line = self._line = self._line or UpsLine(*self._address)
        said = line.variable(self._ups, "ups.status").split()
        self._failed = 0
        self._powered(Power(_source(said), "LB" in said or "FSD" in said, self._charge(line)))
        self._now(Status(DeviceStatus.ONLINE, detail=next((CARE[word] for word in said if word in CARE), "")))

    def _charge(self, line: UpsLine) -> int | None:
        """Not every UPS knows it, and some say what no battery has."""
        try:
            charge = float(line.variable(self._ups, "battery.charge"))
            return round(charge) if 0 <= charge <= FULL_PERCENT else None
        except ValueError:
            return None
        except UpsRefuses as refused:
            if refused.word != NO_SUCH_VARIABLE:
                raise
            return None

    def _powered(self, power: Power) -> None:
        before, self._power = self._power, power
        if (before.source, before.low) != (power.source, power.low):
            log.info("power_changed", extra={"device": self.id, "source": power.source, "low": power.low})
            self._thread.tell("powerChanged")

    def _lost(self, error: UpsGone | UpsSilent | UpsNonsense | UpsRefuses) -> DeviceError:
        self._failed += 1
        missing = isinstance(error, UpsGone) or (isinstance(error, UpsRefuses) and error.word == NO_SUCH_UPS)
        if not isinstance(error, UpsRefuses):
            self._close_line()
        self._powered(UNKNOWN)
        self._now(Status(DeviceStatus.NO_DEVICE if missing else DeviceStatus.HARDWARE_ERROR, MediaStatus.UNKNOWN, str(error)))
        return DeviceError(Completion.DEVICE_NOT_READY, str(error), retry=True)

    def _close_line(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _source(said: list[str]) -> PowerSource:
    """Words of ups.status, e.g. "OL CHRG" or "OB DISCHRG LB"; none of the two while a UPS starts."""
    if "OB" in said:
        return PowerSource.BATTERY
    return PowerSource.MAINS if "OL" in said else PowerSource.UNKNOWN
