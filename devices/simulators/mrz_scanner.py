"""A scanner of machine-readable zones on a pseudo-terminal: python -m devices.simulators.mrz_scanner --folder var/scanner.

The lines of the file `scan` in its folder are sent as one document, and the file is taken away.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from devices.simulators.note import taken
from devices.simulators.pty_line import PtyLine

SCAN, PORT = "scan", "tty"
LOOK_S = 0.1


class MrzScannerSimulator:
    """`ending` stands after every line, as the scanner was set up."""

    def __init__(self, port: Path, *, ending: str = "\r") -> None:
        self.line = PtyLine(port)
        self._ending = ending

    def scan(self, lines: Sequence[str]) -> None:
        self.line.send("".join(line + self._ending for line in lines).encode())

    def send(self, sent: bytes) -> None:
        self.line.send(sent)


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m devices.simulators.mrz_scanner", description=__doc__)
    options.add_argument("--folder", type=Path, required=True)
    folder: Path = options.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    scanner = MrzScannerSimulator(folder / PORT)
    print(scanner.line.path, flush=True)
    while not over.wait(LOOK_S):
        if lines := taken(folder / SCAN).split():
            scanner.scan(lines)
    scanner.line.unplug()
    return 0


if __name__ == "__main__":
    sys.exit(main())
