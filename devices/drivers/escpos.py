"""Receipt printer that speaks ESC/POS: pictures as raster, never text, which loses rare characters."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress

from escpos.printer import Dummy
from PIL import Image

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus, Status
from devices.device_thread import DeviceThread, DeviceWithThread, Wanted
from devices.drivers.escpos_line import PAPER_END, PaperFolder, PrinterGone, PrinterLine, PrinterSilent, open_target
from devices.printed_jobs import PrintedJobs, ensure_job_id

log = logging.getLogger(__name__)

BAND_LINES = 256
WATCH_S = 5.0
REOPEN_S = (0.2, 2.0, 30.0)
JOB_S = 30.0

REAL_TIME_STATUS = {n: bytes((0x10, 0x04, n)) for n in (1, 2, 3, 4)}  # DLE EOT n
PAPER_NEAR_END, STOPPED_BY_PAPER_END = 0x0C, 0x20
COVER_OPEN, OFFLINE = 0x04, 0x08
MECHANICAL_ERROR, CUTTER_ERROR, UNRECOVERABLE_ERROR, OVERHEATED = 0x04, 0x08, 0x20, 0x40


def encode(image: Image.Image) -> bytes:
    """A black and white picture as raster bands, and a cut."""
    printer = Dummy(profile="TM-T88V")
    # The profile only checks widths, and knows one roll of several; the picture is as wide as drawn.
    printer.profile.profile_data = {**printer.profile.profile_data, "media": {"width": {"pixels": image.width}}}
    printer.hw("INIT")
    printer.image(image.convert("1", dither=Image.Dither.NONE), impl="bitImageRaster", fragment_height=BAND_LINES)
    printer.cut()
    return bytes(printer.output)


class EscposPrinter(DeviceWithThread):
    """A ReceiptPrinter. `target` is a device file (/dev/usb/lp0, a serial line), tcp:HOST:PORT, or
    folder:PATH where each job becomes <job_id>.escpos: a hall without a printer, a demonstration."""

    kind = "receiptPrinter"

    def __init__(self, device_id: str, target: str) -> None:
        self.id = device_id
        self._target = target
        self._status = Status(DeviceStatus.STARTING)
        self._health_s = JOB_S
        self._line: PrinterLine | PaperFolder | None = None
        self._failed_opens = 0
        self._printed_jobs = PrintedJobs()
        self._thread = DeviceThread(device_id, idle=self._idle, leave=self._close_line)

    def capabilities(self) -> Mapping[str, object]:
        return {"target": self._target, "width_dots": 576}

    async def print_image(self, image: Image.Image, *, job_id: str) -> None:
        """DeviceError(PAPER_OUT) also when the paper ended in the middle: the printer finishes that
        job by itself when paper is laid in, so it is not sent a second time."""
        ensure_job_id(job_id)
        await self._thread.order(lambda wanted: self._print(image, job_id, wanted), deadline_s=JOB_S)

    # From here on everything runs in the thread of the device.

    def _idle(self) -> float:
        self._watch()
        if self._line is None:
            return REOPEN_S[min(self._failed_opens, len(REOPEN_S)) - 1]
        return WATCH_S

    def _watch(self) -> None:
        with suppress(DeviceError):
            self._ready_line()

    def _print(self, image: Image.Image, job_id: str, wanted: Wanted) -> None:
        if job_id in self._printed_jobs:
            return
        line = self._ready_line()
        if not wanted():
            raise DeviceError(Completion.TIME_OUT, "given up")
        try:
            line.send(encode(image), job_id)
        except (PrinterGone, PrinterSilent) as error:
            lost = self._lost(error)
            self._look_for_paper()  # without paper it takes no more bytes
            raise lost from error
        self._printed_jobs.add(job_id)
        log.info("paper_printed", extra={"device": self.id, "job": job_id})
        self._look_for_paper()

    def _look_for_paper(self) -> None:
        """Of all that can be wrong with a printer that got a job only the end of the paper concerns that job."""
        try:
            self._ready_line()
        except DeviceError as error:
            if error.code is Completion.PAPER_OUT:
                raise

    def _ready_line(self) -> PrinterLine | PaperFolder:
        """The line to a printer that can print now; its status is known afterwards in any case."""
        try:
            self._line = self._line or open_target(self._target)
            self._failed_opens = 0
            said = {n: self._line.ask(question) for n, question in REAL_TIME_STATUS.items()}
        except (PrinterGone, PrinterSilent) as error:
            raise self._lost(error) from error
        problem, status = _understood(said)
        self._now(status)
        if problem is not None:
            raise problem
        return self._line

    def _lost(self, error: PrinterGone | PrinterSilent) -> DeviceError:
        """Whatever did not answer is opened anew: a serial line in the middle of a picture takes no command."""
        self._close_line()
        self._failed_opens += 1
        gone = isinstance(error, PrinterGone)
        self._now(Status(DeviceStatus.NO_DEVICE if gone else DeviceStatus.HARDWARE_ERROR, detail=str(error)))
        return DeviceError(Completion.DEVICE_NOT_READY if gone else Completion.HARDWARE_ERROR, str(error), retry=True)

    def _close_line(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _understood(said: Mapping[int, int]) -> tuple[DeviceError | None, Status]:
    """What the four real-time status bytes mean, the heaviest first."""
    if said[4] & PAPER_END or said[2] & STOPPED_BY_PAPER_END:
        status = Status(DeviceStatus.ONLINE, MediaStatus.NOT_PRESENT, "paper_out")
        return DeviceError(Completion.PAPER_OUT), status
    if said[3] & (MECHANICAL_ERROR | CUTTER_ERROR | UNRECOVERABLE_ERROR):
        detail = "cutter_error" if said[3] & CUTTER_ERROR else "printer_error"
        status = Status(DeviceStatus.HARDWARE_ERROR, MediaStatus.JAMMED, detail)
        return DeviceError(Completion.HARDWARE_ERROR, detail), status
    if said[3] & OVERHEATED:  # it recovers by itself
        status = Status(DeviceStatus.OFFLINE, MediaStatus.PRESENT, "overheated")
        return DeviceError(Completion.DEVICE_NOT_READY, status.detail, retry=True), status
    if said[2] & COVER_OPEN or said[1] & OFFLINE:
        status = Status(DeviceStatus.OFFLINE, MediaStatus.PRESENT, "cover_open" if said[2] & COVER_OPEN else "offline")
        return DeviceError(Completion.DEVICE_NOT_READY, status.detail, retry=True), status
    return None, Status(DeviceStatus.ONLINE, MediaStatus.PRESENT, "paper_near_end" if said[4] & PAPER_NEAR_END else "")
