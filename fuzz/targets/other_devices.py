"""Printers, scanner, I/O board and power supply: the real drivers, told anything by their devices."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress

from devices.cards.mrz import read_lines
from devices.device import DeviceError, DeviceStatus
from devices.drivers.cups import CupsPrinter
from devices.drivers.cups_queue import CupsQueue, QueueGone, QueueRefuses, QueueSilent
from devices.drivers.escpos import EscposPrinter
from devices.drivers.escpos_line import PrinterGone, PrinterLine
from devices.drivers.io_board import SerialIoBoard
from devices.drivers.io_board_lines import LONGEST, Lines
from devices.drivers.mrz_scanner import MrzScanner
from devices.drivers.nut import NutPowerSupply
from devices.drivers.nut_line import UpsGone, UpsLine, UpsNonsense, UpsRefuses, UpsSilent
from devices.line import LineGone
from devices.mrz_lines import GAP_S, MrzLines, Torn
from devices.serial_line import SerialLine
from devices.simulators.travel_document_specimens import document_specimens, printed_lines
from fuzz.choices import Choices
from fuzz.target import Target


class ToldSerialLine(SerialLine):
    """Pieces of the input, and then the adapter goes away. What is written is lost."""

    def __init__(self, choices: Choices) -> None:
        self._pieces = iter(choices.pieces())

    def read(self, within_s: float) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            raise LineGone("end of the input")
        return piece

    def write(self, sent: bytes, within_s: float = 0.0) -> None:
        pass

    def forget(self) -> None:
        pass

    def close(self) -> None:
        pass


class ToldPrinterLine(PrinterLine):
    """Answers each question with the next piece of the input."""

    def __init__(self, choices: Choices) -> None:
        self._asked_by_picture = bool(choices.below(2))
        self._pieces = iter(choices.pieces())
        self._coming: list[bytes] = []

    def close(self) -> None:
        pass

    def _write(self, sent: bytes) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            raise PrinterGone("end of the input")
        self._coming.append(piece)

    def _read(self, within_s: float) -> bytes:
        return self._coming.pop() if self._coming else b""


class ToldPrinter(EscposPrinter):
    def __init__(self, line: PrinterLine) -> None:
        super().__init__("printer", "none")
        self._line = line

    def look(self) -> None:
        self._ready_line()


def escpos(entry: bytes) -> None:
    printer = ToldPrinter(ToldPrinterLine(Choices(entry)))
    try:
        printer.look()
    finally:
        assert printer._status.device is not DeviceStatus.STARTING


def escpos_seeds() -> Sequence[bytes]:
    sound = (0x12, 0x12, 0x12, 0x12)
    wrong = [(*sound[:at], 0x12 | bit, *sound[at + 1 :]) for at in range(4) for bit in (0x04, 0x08, 0x20, 0x40, 0x60)]
    return [b"\0" + b"".join(b"\0" + bytes((byte,)) for byte in bytes_) for bytes_ in [sound, *wrong]]


class ToldQueue(CupsQueue):
    """A queue whose CUPS always gives this answer."""

    def __init__(self, answer: bytes) -> None:
        super().__init__("none", "pages")
        self._answer = answer

    def _post(self, request: bytes) -> bytes:
        return self._answer


class ToldPagePrinter(CupsPrinter):
    def __init__(self, queue: CupsQueue) -> None:
        super().__init__("pages", "pages", "none")
        self._queue = queue

    def ask_everything(self) -> None:
        questions: tuple[Callable[[], object], ...] = (
            self._look,
            lambda: self._number_of("one"),
            lambda: self._printed(7),
            lambda: self._submitted(b"", "one"),
        )
        for ask in questions:
            with suppress(DeviceError):
                ask()
        self._purge(7)


def cups(entry: bytes) -> None:
    queue = ToldQueue(entry)
    ToldPagePrinter(queue).ask_everything()
    queue.printer()


def cups_seeds() -> Sequence[bytes]:
    head = bytes.fromhex("0200 0000 00000001") + b"\x01\x47\x00\x12attributes-charset\x00\x05utf-8"
    job = (
        b"\x02\x21\x00\x06job-id\x00\x04\x00\x00\x00\x07"
        b"\x42\x00\x08job-name\x00\x03one"
        b"\x23\x00\x09job-state\x00\x04\x00\x00\x00\x09"
    )
    printer = (
        b"\x04\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x03"
        b"\x44\x00\x15printer-state-reasons\x00\x0emedia-empty-er\x44\x00\x00\x00\x05other"
        b"\x22\x00\x19printer-is-accepting-jobs\x00\x01\x01"
    )
    collection = b"\x34\x00\x09media-col\x00\x00\x4a\x00\x00\x00\x04size\x21\x00\x00\x00\x04\x00\x00\x00\x01\x37\x00\x00\x00\x00"
    values = (
        b"\x35\x00\x04name\x00\x08\x00\x02zh\x00\x02ok\x33\x00\x01r\x00\x08" + bytes(8) + b"\x31\x00\x01d\x00\x0b" + bytes(11)
    )
    return [head + part + b"\x03" for part in (job, printer, job + job, job + collection, printer + values)]


class ToldUpsLine(UpsLine):
    """Whatever is asked, upsd goes on with the input, and hangs up at its end."""

    def __init__(self, choices: Choices) -> None:
        self._held = b""
        self._pieces = iter(choices.pieces())

    def close(self) -> None:
        pass

    def _send(self, question: str) -> None:
        pass

    def _received(self, within_s: float) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            raise UpsGone("hung up")
        return piece


class ToldPowerSupply(NutPowerSupply):
    def __init__(self, line: UpsLine) -> None:
        super().__init__("ups", "ups", "none", 1)
        self._line = line

    def look(self) -> None:
        self._look()


def nut(entry: bytes) -> None:
    supply = ToldPowerSupply(ToldUpsLine(Choices(entry)))
    try:
        supply.look()
    finally:
        charge = supply.power().charge_percent
        assert charge is None or 0 <= charge <= 100, "a charge that no battery has"


def nut_seeds() -> Sequence[bytes]:
    told = (
        ("OL CHRG", 'VAR ups battery.charge "97.6"'),
        ("OB DISCHRG LB", "ERR VAR-NOT-SUPPORTED"),
        ("FSD OB", 'VAR ups battery.charge "1e3"'),
        ("RB OL", "ERR DATA-STALE"),
    )
    whole = [f'VAR ups ups.status "{status}"\n{charge}\n'.encode() for status, charge in told]
    return [b"".join(b"\x3f" + text[at : at + 64] for at in range(0, len(text), 64)) for text in whole]


class ToldBoard(SerialIoBoard):
    def __init__(self, line: SerialLine) -> None:
        super().__init__("board", "none", 9600)
        self._line = line

    def serve(self) -> None:
        """Until the line is gone."""
        with suppress(LineGone):
            while True:
                self._serve()


def io_board(entry: bytes) -> None:
    lines, whole = Lines(), Lines()
    pieces = Choices(entry).pieces()
    found = list(itertools.chain.from_iterable(lines.feed(piece) for piece in pieces))
    assert found == whole.feed(b"".join(pieces)), "lines depend on the pieces they come in"
    assert all(line is None or len(line) <= LONGEST for line in found)
    ToldBoard(ToldSerialLine(Choices(entry))).serve()


def io_board_seeds() -> Sequence[bytes]:
    said = b"BOARD 1 cardReader keypad presence\nPRESENCE somebody\nKEY five\nLIGHT cardReader slow\nKEY enter\n"
    return [b"".join(b"\x3f" + said[at : at + 64] for at in range(0, len(said), 64)), b"\x08KEY one\n\n" * 12]


class ToldScanner(MrzScanner):
    def __init__(self, line: SerialLine) -> None:
        super().__init__("scanner", "none", 9600)
        self._line = line

    def read(self) -> None:
        read_lines(self._scan(lambda: True, 1.0))


def mrz_scanner(entry: bytes) -> None:
    """With pauses that the lengths of the pieces make, and then by the driver."""
    lines, at = MrzLines(), 0.0
    for piece in Choices(entry).pieces():
        at += GAP_S * len(piece) / 0x20
        for zone in lines.feed(piece.decode("ascii", "replace"), at):
            if not isinstance(zone, Torn):
                assert len({len(line) for line in zone}) == 1
    ToldScanner(ToldSerialLine(Choices(entry))).read()


def mrz_scanner_seeds() -> Sequence[bytes]:
    shown = ["\r\n".join(printed_lines(specimen)).encode() + b"\r" for specimen in document_specimens()]
    return [b"".join(b"\x1f" + text[at : at + 32] for at in range(0, len(text), 32)) for text in shown]


TARGETS = (
    Target("escpos_status", escpos, escpos_seeds, (PrinterGone,), longest=256),
    Target("cups_answers", cups, cups_seeds, (QueueGone, QueueSilent, QueueRefuses)),
    Target("nut_lines", nut, nut_seeds, (UpsGone, UpsSilent, UpsNonsense, UpsRefuses)),
    Target("io_board_lines", io_board, io_board_seeds),
    Target("mrz_scanner", mrz_scanner, mrz_scanner_seeds, (LineGone,), longest=1024),
)
