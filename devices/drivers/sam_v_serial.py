"""The rate that a SAM_V on a serial port and we talk at."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from devices.drivers.sam_v_frames import OK, Command
from devices.drivers.sam_v_line import Patience
from devices.drivers.sam_v_module import SamVModule
from devices.line import LineGone, LineSilent
from devices.serial_line import SerialLine

RATES: Mapping[int, Command] = {
    115200: Command.BAUD_115200,
    57600: Command.BAUD_57600,
    38400: Command.BAUD_38400,
    19200: Command.BAUD_19200,
    9600: Command.BAUD_9600,
}
"""What the standard knows, the usual one first."""


def open_serial(path: str, baud: int, patience: Patience) -> SamVModule:
    """A module that talks at `baud` from now on, if it can be heard at any rate: another program may have left it at
    another one. One that is not heard at all may be switched on later. Raises LineGone and LineTaken."""
    line = SerialLine(path, baud)
    module = SamVModule(line, patience)
    try:
        with suppress(LineSilent):
            _settle(module, line, baud)
    except LineGone:
        line.close()
        raise
    return module


def _settle(module: SamVModule, line: SerialLine, wanted: int) -> None:
    if _hears(module):
        return
    for baud in RATES:
        line.talk_at(baud)
        if _hears(module):
            if baud != wanted and module.ask(RATES[wanted]).status == OK:
                line.talk_at(wanted)
            return
    line.talk_at(wanted)


def _hears(module: SamVModule) -> bool:
    try:
        module.ask(Command.STATUS)
    except LineSilent:
        return False
    return True
