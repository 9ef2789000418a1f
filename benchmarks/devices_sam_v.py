"""How long does reading a resident card take, against what its serial line needs for the bytes?

`python -m benchmarks.devices_sam_v`: the real driver on a pseudo-terminal that is paced in both directions, a module that
needs no time to think. The limit is counted in the same run: all bytes that went over the line while a card was read, ten
bits each.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from statistics import median

from devices.device import MediaStatus
from devices.document import DocumentKind
from devices.drivers.sam_v import SamVReader
from devices.drivers.sam_v_port import SerialPort
from devices.simulators.sam_v import SamVSimulator
from devices.simulators.sam_v_card import card_text

READS = {115200: 15, 57600: 9, 9600: 5}
MOST_RATIO = 1.10
CARD = card_text(DocumentKind.RESIDENT_CARD, {"name": "吕晓岚", "number": "440602199202299863"})
DEADLINE_S = 10.0


@dataclass(frozen=True)
class Row:
    """Medians of the reads at one rate."""

    baud: int
    read_ms: float
    line_ms: float

    @property
    def ratio(self) -> float:
        return self.read_ms / self.line_ms

    @property
    def good(self) -> bool:
        return self.ratio <= MOST_RATIO

    def __str__(self) -> str:
        return (
            f"{'PASS  ' if self.good else 'MISSED'}  SAM_V at {self.baud:6} baud: a card in {self.read_ms:7.1f} ms, "
            f"its line alone {self.line_ms:7.1f} ms, ratio {self.ratio:.3f} (at most {MOST_RATIO:.2f})"
        )


async def measured(baud: int, reads: int) -> Row:
    simulator = SamVSimulator(baud=baud)
    reader = SamVReader("bench", SerialPort(simulator.path, baud))
    events = reader.events()
    await reader.open()
    try:
        simulator.lay(CARD)
        while reader.status().media is not MediaStatus.PRESENT:
            await anext(events)
        return await _read_again_and_again(reader, simulator, baud, reads)
    finally:
        await reader.close()
        simulator.unplug()


async def _read_again_and_again(reader: SamVReader, simulator: SamVSimulator, baud: int, reads: int) -> Row:
    took_ms, line_ms = [], []
    for _ in range(reads):
        before, began = simulator.line_bytes, time.perf_counter()
        await reader.read_identity(deadline_s=DEADLINE_S)
        took_ms.append((time.perf_counter() - began) * 1000)
        line_ms.append((simulator.line_bytes - before) * 10 / baud * 1000)
    return Row(baud, median(took_ms), median(line_ms))


def main() -> int:
    rows = []
    for baud, reads in READS.items():
        rows.append(asyncio.run(measured(baud, reads)))
        print(rows[-1], flush=True)
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
