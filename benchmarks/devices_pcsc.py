"""What do our driver and ICAO 9303 cost on top of pcscd itself?

`python -m benchmarks.devices_pcsc`: a real pcscd with virtual readers. The files of a passport are read with secure messaging
and then, from the same chip and with the same commands and answers, by a loop of bare SCardTransmit: a simulated chip whose
session always begins with the same keys takes both. A real chip takes a hundred times as long to answer. And a card is laid
down again and again while our reader and a bare SCardGetStatusChange wait for it side by side.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median

from smartcard import scard

from devices.apdu import Channel, Command
from devices.cards.icao_9303.ciphers import Cipher
from devices.cards.icao_9303.elementary_files import APPLICATION, File, Files
from devices.cards.icao_9303.secure_messaging import ProtectedChannel, Protection, SessionKeys
from devices.device import MediaStatus
from devices.drivers.pcsc import PcscReader, use_socket
from devices.drivers.pcsc_card import PcscCard
from devices.simulators.pcscd import PrivatePcscd
from devices.simulators.travel_document import TravelDocumentCard
from devices.simulators.travel_document_files import chip_of
from devices.simulators.travel_document_issuer import Issuer
from devices.simulators.travel_document_specimens import find_document
from devices.simulators.vpcd import Scripted, VirtualCard

ROUNDS = 150
INSERTIONS = 60
MOST_READ_RATIO, MOST_INSERT_RATIO = 1.5, 1.1
PASSPORT = find_document("elsa-passport")
Talk = list[tuple[bytes, bytes]]


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


class Opened(TravelDocumentCard):
    """A chip in the middle of a session that always begins with the same keys: what was said in one is right in the next."""

    cipher = Cipher.TRIPLE_DES

    def reset(self) -> None:
        super().reset()
        self.answer(bytes(Command(0x00, 0xA4, 0x04, 0x0C, APPLICATION)))
        self._protection = Protection(_keys(self.cipher))


class Recording:
    """A chip that keeps what was said to it, and by it."""

    def __init__(self, card: Opened) -> None:
        self._card = card
        self.talk: Talk = []

    def transmit(self, command: bytes) -> bytes:
        answer = self._card.answer(command)
        self.talk.append((command, answer))
        return answer


def files_of(card: PcscCard | Recording, cipher: Cipher, *, extended: bool) -> Files:
    return Files(ProtectedChannel(Channel(card), _keys(cipher)), extended=extended)


def _keys(cipher: Cipher) -> SessionKeys:
    """As if agreed a moment ago: every session of the benchmark has the same, or nothing could be played again."""
    size = {Cipher.TRIPLE_DES: 16, Cipher.AES_128: 16}[cipher]
    return SessionKeys(cipher, bytes(range(1, 1 + size)), bytes(range(101, 101 + size)))


def recorded(card: Opened, *, extended: bool) -> tuple[Talk, int]:
    """The talk of a session, and where DG2 begins in it."""
    card.reset()
    recording = Recording(card)
    files = files_of(recording, card.cipher, extended=extended)
    files.read(File.DG1)
    second = len(recording.talk)
    files.read(File.DG2)
    return recording.talk, second


def read_rows(reader: str, port: int) -> list[Row]:
    rows = []
    for cipher, extended in product((Cipher.TRIPLE_DES, Cipher.AES_128), (False, True)):
        chip = Opened(chip_of(PASSPORT, Issuer()))
        chip.cipher = cipher
        talk, second = recorded(chip, extended=extended)
        _until(reader, scard.SCARD_STATE_EMPTY)
        with VirtualCard(chip, port):
            laid = Laid(reader, _until(reader, scard.SCARD_STATE_PRESENT), chip)
            ours, bare = _both(laid, talk, second, extended=extended)
        way = f"{cipher.name}, {'extended' if extended else 'short'}"
        for name, at, count in (("DG1", 0, second), ("DG2", 1, len(talk) - second)):
            rows.append(Row(f"{name}, {way}, {count} APDUs, each", ours[at] / count, bare[at] / count, MOST_READ_RATIO, "ms"))
    return rows


@dataclass(frozen=True)
class Laid:
    """A chip on a reader, its session begun anew for every reading."""

    reader: str
    event_counter: int
    chip: Opened

    @contextmanager
    def card(self) -> Iterator[PcscCard]:
        with PcscCard(self.reader, self.event_counter, lambda: True) as card:
            self.chip.reset()
            yield card


def _both(laid: Laid, talk: Talk, second: int, *, extended: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    """Median milliseconds for DG1 and DG2, with us and bare, in turn."""
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        with laid.card() as card:
            files = files_of(card, laid.chip.cipher, extended=extended)
            ours.append((_ms(partial(files.read, File.DG1)), _ms(partial(files.read, File.DG2))))
        with laid.card() as card:
            group_1, group_2 = partial(_transmitted, card, talk[:second]), partial(_transmitted, card, talk[second:])
            bare.append((_ms(group_1), _ms(group_2)))
    return _medians(ours), _medians(bare)


def _medians(measured: list[tuple[float, float]]) -> tuple[float, float]:
    return median(one for one, _ in measured), median(other for _, other in measured)


def _transmitted(card: PcscCard, talk: Talk) -> None:
    for command, answer in talk:
        result, said = scard.SCardTransmit(card._card, scard.SCARD_PCI_T1, list(command))
        assert (result, bytes(said)) == (scard.SCARD_S_SUCCESS, answer)


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _until(reader: str, wanted: int) -> int:
    """Waits, without us between, until a card is there or none is; the event counter."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    state: int = scard.SCARD_STATE_UNAWARE
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
            with VirtualCard(Scripted(b"\x6d\x00"), port):
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
