"""Paper of a receipt printer, read back from its bytes: python -m devices.simulators.paper FILE.escpos OUT.png."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PIL import Image

DLE_EOT = b"\x10\x04"
INIT, LINE_FEED, FEED, CUT, RASTER = b"\x1b@", b"\n", b"\x1bd", b"\x1dV", b"\x1dv0"


class NotEscpos(ValueError):
    """Bytes that a raster slip does not have."""


class Paper:
    """What a printer makes of the bytes it gets, in any pieces. Blank feed before a cut is not drawn."""

    def __init__(self) -> None:
        self.sheets: list[Image.Image] = []
        self.questions: list[int] = []
        self._bands: list[Image.Image] = []
        self._held = bytearray()

    def feed(self, received: bytes) -> None:
        self._held += received
        while self._held and (length := self._next()):
            del self._held[:length]

    def _next(self) -> int:
        """How many bytes the command at the front has, done; 0 while it is not whole."""
        held = bytes(self._held[:8])
        if held[:1] == LINE_FEED:
            return 1
        if held[:2] == INIT:
            return 2
        if held[:3] == RASTER:
            return self._raster(held)
        if held[:2] in (DLE_EOT, FEED):
            if len(held) >= 3 and held[:2] == DLE_EOT:
                self.questions.append(held[2])
            return 3 if len(held) >= 3 else 0
        if held[:2] == CUT:
            return self._cut(held)
        if len(held) < 3:
            return 0
        raise NotEscpos(f"unknown command {held[:3].hex(' ')}")

    def _raster(self, header: bytes) -> int:
        if len(header) < 8:
            return 0
        width_bytes, height = int.from_bytes(header[4:6], "little"), int.from_bytes(header[6:8], "little")
        length = 8 + width_bytes * height
        if len(self._held) < length:
            return 0
        # A set bit is a black dot; in a Pillow picture of mode 1 a set bit is white.
        dots = bytes(byte ^ 0xFF for byte in self._held[8:length])
        self._bands.append(Image.frombytes("1", (width_bytes * 8, height), dots))
        return length

    def _cut(self, held: bytes) -> int:
        if len(held) < 3:
            return 0
        length = 4 if held[2] in (65, 66, 97, 98, 103, 104) else 3
        if len(held) < length:
            return 0
        if self._bands:
            self.sheets.append(_joined(self._bands))
            self._bands = []
        return length


def _joined(bands: list[Image.Image]) -> Image.Image:
    sheet = Image.new("1", (max(band.width for band in bands), sum(band.height for band in bands)), 1)
    at = 0
    for band in bands:
        sheet.paste(band, (0, at))
        at += band.height
    return sheet


def picture(job: bytes) -> Image.Image:
    """The one sheet that a job prints."""
    paper = Paper()
    paper.feed(job)
    if len(paper.sheets) != 1:
        raise NotEscpos(f"{len(paper.sheets)} sheets instead of one")
    return paper.sheets[0]


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m devices.simulators.paper", description=__doc__)
    options.add_argument("escpos", type=Path)
    options.add_argument("png", type=Path)
    given = options.parse_args()
    try:
        picture(given.escpos.read_bytes()).save(given.png)
    except (OSError, NotEscpos) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
