"""What do our driver and ICAO 9303 cost on top of pcscd itself?

`python -m benchmarks.devices_pcsc`: a real pcscd with virtual readers. The files of a passport are read with secure messaging
and then, from the same card and with the same commands and answers, by a loop of bare SCardTransmit. The card plays a recorded
talk, and for every answer takes the time that the simulated chip took when it was recorded: both wait for the same. A real
chip takes a hundred times as long. And a card is laid down again and again while our reader and a bare SCardGetStatusChange
wait for it side by side.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median

from smartcard import scard

from devices.apdu import Channel, Command
from devices.cards.icao_9303.access_key import mrz_secret
from devices.cards.icao_9303.basic_access_control import basic_access_control
from devices.cards.icao_9303.elementary_files import APPLICATION, File, Files
from devices.cards.icao_9303.secure_messaging import ProtectedChannel
from devices.device import MediaStatus
from devices.drivers.pcsc import PcscReader, use_socket
from devices.drivers.pcsc_card import PcscCard
from devices.simulators.pcscd import PrivatePcscd
from devices.simulators.travel_document import TravelDocumentCard
from devices.simulators.travel_document_files import chip_of
from devices.simulators.travel_document_issuer import Issuer
from devices.simulators.travel_document_specimens import find_document
from devices.simulators.vpcd import VirtualCard

ROUNDS = 30
INSERTIONS = 60
MOST_READ_RATIO, MOST_INSERT_RATIO = 1.5, 1.1
PASSPORT = find_document("elsa-passport")


@dataclass(frozen=True)
class Said:
    """One command and its answer; `took_s` is how long the chip thought."""

    command: bytes
    answer: bytes
    took_s: float


Talk = list[Said]


@dataclass(frozen=True)
class Row:
    """Medians of ours and of the bare calls, in the same unit."""

    what: str
    ours: float
    bare: float
    most: float
    unit: str

    @property
    def good(self) -> bool:
        return self.ours <= self.most * self.bare

    def __str__(self) -> str:
        verdict = "PASS  " if self.good else "MISSED"
        ratio = f"ratio {self.ours / self.bare:.3f} (at most {self.most:.2f})"
        return f"{verdict}  {self.what}: {self.ours:.3f} {self.unit}, bare {self.bare:.3f} {self.unit}, {ratio}"


class Recording:
    """A card that keeps what was said to it, and by it."""

    def __init__(self, card: TravelDocumentCard) -> None:
        self._card = card
        self.talk: Talk = []

    def transmit(self, command: bytes) -> bytes:
        began = time.perf_counter()
        answer = self._card.answer(command)
        self.talk.append(Said(command, answer, time.perf_counter() - began))
        return answer


class Playing:
    """A card that gives its answers in their order, over and over, each after its time."""

    atr = bytes.fromhex("3B80800101")

    def __init__(self, talk: Sequence[Said]) -> None:
        self._talk = cycle(talk)

    def reset(self) -> None:
        pass

    def answer(self, command: bytes) -> bytes:
        began, said = time.perf_counter(), next(self._talk)
        while time.perf_counter() - began < said.took_s:
            pass
        return said.answer


def files_of(card: PcscCard | Recording, *, extended: bool) -> Files:
    """The files of a session that draws the same lots every time."""
    lots = random.Random(9303)  # noqa: S311
    channel = Channel(card)
    channel.send(Command(0x00, 0xA4, 0x04, 0x0C, APPLICATION))
    keys = basic_access_control(channel, mrz_secret(PASSPORT.access_key), random=lots.randbytes)
    return Files(ProtectedChannel(channel, keys), extended=extended)


def recorded(*, extended: bool) -> tuple[Talk, int, int]:
    """The talk of a session, where DG1 begins in it, and where DG2."""
    recording = Recording(TravelDocumentCard(chip_of(PASSPORT, Issuer(), opens="BAC")))
    files = files_of(recording, extended=extended)
    first = len(recording.talk)
    files.read(File.DG1)
    second = len(recording.talk)
    files.read(File.DG2)
    return recording.talk, first, second


def read_rows(reader: str, port: int) -> list[Row]:
    rows = []
    for extended in (False, True):
        talk, first, second = recorded(extended=extended)
        _until(reader, scard.SCARD_STATE_EMPTY)
        with VirtualCard(Playing(talk), port):
            event_counter = _until(reader, scard.SCARD_STATE_PRESENT)
            ours, bare = _both(reader, event_counter, talk, (first, second), extended=extended)
        way = "extended" if extended else "short"
        for name, at, count in (("DG1", 0, second - first), ("DG2", 1, len(talk) - second)):
            rows.append(Row(f"{name}, {way}, {count:2} APDUs, each", ours[at] / count, bare[at] / count, MOST_READ_RATIO, "ms"))
    return rows


def _both(
    reader: str, event_counter: int, talk: Talk, begins: tuple[int, int], *, extended: bool
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Median milliseconds for DG1 and DG2, with us and bare, in turn."""
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        with PcscCard(reader, event_counter, lambda: True) as card:
            files = files_of(card, extended=extended)
            ours.append((_ms(partial(files.read, File.DG1)), _ms(partial(files.read, File.DG2))))
        with PcscCard(reader, event_counter, lambda: True) as card:
            before, group_1, group_2 = talk[: begins[0]], talk[slice(*begins)], talk[begins[1] :]
            _transmitted(card, before)
            bare.append((_ms(partial(_transmitted, card, group_1)), _ms(partial(_transmitted, card, group_2))))
    return _medians(ours), _medians(bare)


def _medians(measured: list[tuple[float, float]]) -> tuple[float, float]:
    return median(one for one, _ in measured), median(other for _, other in measured)


def _transmitted(card: PcscCard, talk: Talk) -> None:
    for said in talk:
        result, answer = scard.SCardTransmit(card._card, scard.SCARD_PCI_T1, list(said.command))
        assert (result, bytes(answer)) == (scard.SCARD_S_SUCCESS, said.answer)


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _until(reader: str, wanted: int) -> int:
    """Waits, without us between, until a card is there or none is; the event counter."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    state = scard.SCARD_STATE_UNAWARE
    while not state & wanted:
        _, changes = scard.SCardGetStatusChange(context, 10_000, [(reader, state)])
        state = changes[0][1] & ~int(scard.SCARD_STATE_CHANGED)
    scard.SCardReleaseContext(context)
    return state >> 16 & 0xFFFF


async def insert_row(reader_name: str, port: int) -> Row:
    reader = PcscReader("bench", reader=reader_name)
    events = reader.events()
    await reader.open()
    ours, bare = [], []
    try:
        for _ in range(INSERTIONS):
            while reader.status().media is not MediaStatus.NOT_PRESENT:
                await anext(events)
            await asyncio.sleep(random.uniform(0, 0.4))  # noqa: S311  anywhere in pcscd's round of 400 ms
            seen = _seen_by_another(reader_name)
            began = time.perf_counter()
            with VirtualCard(Playing([Said(b"", b"\x6d\x00", 0.0)]), port):
                while (await anext(events)).name != "mediaInserted":
                    pass
                ours.append((time.perf_counter() - began) * 1000)
                bare.append((await asyncio.to_thread(seen) - began) * 1000)
    finally:
        await reader.close()
    return Row(f"a card is noticed, {INSERTIONS} times", median(ours), median(bare), MOST_INSERT_RATIO, "ms")


def _seen_by_another(reader: str) -> Callable[[], float]:
    """When a thread that does nothing else sees the next card; called, it waits for that."""
    at: list[float] = []

    def wait() -> None:
        _until(reader, scard.SCARD_STATE_PRESENT)
        at.append(time.perf_counter())

    thread = threading.Thread(target=wait)
    thread.start()

    def when() -> float:
        thread.join()
        return at[0]

    return when


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="yimen-") as folder, PrivatePcscd(Path(folder)) as pcscd:
        use_socket(str(pcscd.socket))
        rows = read_rows(pcscd.readers[0], pcscd.ports[0])
        rows.append(asyncio.run(insert_row(pcscd.readers[1], pcscd.ports[1])))
    for row in rows:
        print(row)
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
