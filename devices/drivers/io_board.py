"""A serial I/O board with lights, a presence sensor and a keypad, which speaks the lines of docs/io-board.md."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress

from devices.device import Completion, DeviceError, DeviceStatus, FlashRate, Key, Light, MediaStatus, Proximity, Status
from devices.device_thread import DeviceThread, DeviceWithThread
from devices.drivers.io_board_lines import HELLO, Board, Lines, Lit, Nonsense, Presses, Said, Watch, understood
from devices.line import LineGone, LineSilent, LineTaken
from devices.serial_line import SerialLine

LOOK_S = 0.1
HEALTH_S = 3.0
QUIET_S = 2.0
"""A board that said nothing for so long is asked whether it is there."""
ANSWER_S = 1.0
MOST_NONSENSE = 20
"""So many lines in a row that no board says come from something else."""
REOPEN_S = (0.2, 0.5, 1.0, 2.0)
NOTHING = Board(frozenset(), frozenset(), presence=False)


class SerialIoBoard(DeviceWithThread):
    """An IoBoard: Lights, PresenceSensor and Keypad."""

    kind = "ioBoard"

    def __init__(self, device_id: str, port: str, baud: int) -> None:
        self.id = device_id
        self._port, self._baud = port, baud
        self._status = Status(DeviceStatus.STARTING)
        self._health_s = HEALTH_S
        self._line: SerialLine | None = None
        self._failed = 0
        self._wanted: dict[Light, FlashRate] = {}
        self._proximity = Proximity.UNKNOWN
        self._begin()
        self._thread = DeviceThread(device_id, idle=self._idle, leave=self._close_line)

    def capabilities(self) -> Mapping[str, object]:
        return {"port": self._port, "lights": sorted(self._board.lights), "presence": self._board.presence}

    def light(self, light: Light, rate: FlashRate) -> None:
        self._wanted[light] = rate

    def proximity(self) -> Proximity:
        return self._proximity

    def keys(self) -> frozenset[Key]:
        return self._board.keys

    # From here on everything runs in the thread of the device.

    def _begin(self) -> None:
        """Nothing is known of a board that was just opened."""
        self._lines, self._presses, self._watch_of = Lines(), Presses(), Watch()
        self._board = NOTHING
        self._lit: dict[Light, FlashRate] = {}
        self._asked: dict[Light, float] = {}
        self._hello_at: float | None = None
        self._heard_at = 0.0
        self._nonsense = 0

    def _idle(self) -> float:
        self._watch()
        return 0.0 if self._line else REOPEN_S[min(self._failed, len(REOPEN_S)) - 1]

    def _watch(self) -> None:
        with suppress(DeviceError):
            try:
                self._serve()
            except (LineGone, LineSilent) as error:
                device = DeviceStatus.DEVICE_BUSY if isinstance(error, LineTaken) else DeviceStatus.NO_DEVICE
                raise self._lost(device, str(error)) from error

    def _serve(self) -> None:
        """One moment of the board's life: say what is due, hear what it says, judge it."""
        line, now = self._opened(), time.monotonic()
        self._greet(line, now)
        for light, rate in list(self._wanted.items()):
            if light in self._board.lights and self._lit.get(light) is not rate and now - self._asked.get(light, 0.0) > ANSWER_S:
                self._asked[light] = now
                line.write(f"LIGHT {light} {rate}\n".encode())
        for text in self._lines.feed(line.read(LOOK_S)):
            self._hear(text, time.monotonic())
        self._judge(time.monotonic())

    def _greet(self, line: SerialLine, now: float) -> None:
        if self._hello_at is None and now - self._heard_at > QUIET_S:
            self._hello_at = now
            line.write(f"{HELLO}\n".encode())
        elif self._hello_at is not None and now - self._hello_at > ANSWER_S:
            raise self._lost(DeviceStatus.HARDWARE_ERROR, "does not answer")

    def _hear(self, text: str | None, now: float) -> None:
        try:
            if text is None:
                raise Nonsense
            self._take(understood(text), now)
        except Nonsense:
            self._nonsense += 1
            if self._nonsense > MOST_NONSENSE:
                raise self._lost(DeviceStatus.HARDWARE_ERROR, "talks nonsense") from None
        else:
            self._heard_at, self._nonsense = now, 0

    def _take(self, said: Said, now: float) -> None:
        match said:
            case Board():
                self._board, self._hello_at = said, None
                self._failed = 0
            case Lit(light, rate):
                self._lit[light] = rate
                self._asked.pop(light, None)
            case Proximity():
                self._watch_of.sees(said, now)
            case Key():
                if self._presses.pressed(said, now):
                    self._thread.tell("keyPressed", key=said)

    def _judge(self, now: float) -> None:
        self._presses.let_go(now)
        if self._board is NOTHING:
            return
        hanging = "key_hangs" if self._presses.hanging else ""
        self._believe(self._watch_of.believed(now))
        self._now(Status(DeviceStatus.ONLINE, detail=self._watch_of.fault(now) or hanging))

    def _believe(self, proximity: Proximity) -> None:
        before, self._proximity = self._proximity, proximity
        if before is not proximity and proximity is not Proximity.UNKNOWN:
            self._thread.tell("somebody" if proximity is Proximity.PRESENT else "nobody")

    def _opened(self) -> SerialLine:
        if self._line is None:
            self._line = SerialLine(self._port, self._baud)
            self._begin()
        return self._line

    def _lost(self, device: DeviceStatus, words: str) -> DeviceError:
        self._close_line()
        self._failed += 1
        self._now(Status(device, MediaStatus.UNKNOWN, words))
        return DeviceError(Completion.DEVICE_NOT_READY, words, retry=True)

    def _close_line(self) -> None:
        self._believe(Proximity.UNKNOWN)
        if self._line is not None:
            self._line.close()
            self._line = None
