"""A serial I/O board on a pseudo-terminal: python -m devices.simulators.io_board --folder var/io_board.

In its folder `tty` is its line, `lights` says how the lights are, `presence` (somebody, nobody) is what its sensor
sees, and keys named in `press` are pressed, after which the file is taken away.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from devices.device import FlashRate, Key, Light
from devices.drivers.io_board_lines import HELLO
from devices.simulators.note import read, taken
from devices.simulators.pty_line import PtyLine

LOOK_S = 0.02
SOMEBODY, NOBODY = "somebody", "nobody"


class IoBoardSimulator:
    """`silent` is a board that neither answers nor reports. `changed` is called after each change of a light."""

    def __init__(self, port: Path, changed: Callable[[], None] = lambda: None) -> None:
        self.line = PtyLine(port)
        self.lights: dict[Light, FlashRate] = dict.fromkeys(Light, FlashRate.OFF)
        self.silent = False
        self.changed = changed
        self._sees = NOBODY
        self._held = b""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="board simulator", daemon=True)
        self._thread.start()

    def gone(self) -> None:
        """Idempotent."""
        self._over.set()
        self._thread.join()
        self.line.unplug()

    def power_cycle(self) -> None:
        """Pulled out and plugged in again: it knows nothing of before."""
        self.line.unplug()
        self.lights = dict.fromkeys(Light, FlashRate.OFF)
        self.line.plug()

    def press(self, key: Key) -> None:
        self._say(f"KEY {key}")

    def sees(self, sees: str) -> None:
        self._sees = sees
        self._say(f"PRESENCE {sees}")

    def _say(self, line: str) -> None:
        if not self.silent:
            self.line.send(line.encode() + b"\r\n")

    def _serve(self) -> None:
        while not self._over.wait(LOOK_S / 4):
            *orders, self._held = (self._held + self.line.receive(LOOK_S)).split(b"\n")
            for order in orders:
                self._obey(order.decode("ascii", errors="replace"))

    def _obey(self, order: str) -> None:
        match order.split(" "):
            case [word] if word == HELLO:
                self._say("BOARD 1 " + " ".join([*Light, "presence", "keypad"]))
                self._say(f"PRESENCE {self._sees}")
            case ["LIGHT", light, rate]:
                self.lights[Light(light)] = FlashRate(rate)
                self._say(order)
                self.changed()
            case _:
                self._say("WHAT")


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m devices.simulators.io_board", description=__doc__)
    options.add_argument("--folder", type=Path, required=True)
    folder: Path = options.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())

    def show() -> None:
        (folder / "lights").write_text("".join(f"{light} {rate}\n" for light, rate in board.lights.items()))

    board = IoBoardSimulator(folder / "tty", show)
    print(board.line.path, flush=True)
    seen = NOBODY
    while not over.wait(0.1):
        if (sees := read(folder / "presence") or NOBODY) != seen and sees in (SOMEBODY, NOBODY):
            seen = sees
            board.sees(seen)
        for key in taken(folder / "press").split():
            board.press(Key(key))
    board.gone()
    return 0


if __name__ == "__main__":
    sys.exit(main())
