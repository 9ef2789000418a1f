"""A page printer behind a queue of the CUPS on this machine: it says what is wrong with its paper."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus, Status
from devices.device_thread import DeviceThread, DeviceWithThread, Wanted
from devices.drivers.cups_queue import CupsQueue, Job, JobState, Printer, PrinterState, QueueGone, QueueRefuses, QueueSilent
from devices.printed_jobs import PrintedJobs, ensure_job_id

log = logging.getLogger(__name__)

T = TypeVar("T")

WATCH_S = 15.0
REOPEN_S = (1.0, 5.0, 15.0)
HEALTH_S = 10.0
PRINTED_S = 45.0
TROUBLE_S = 3.0
"""So long trouble has to last while a job is at work: CUPS hears of its end only from the next job."""
JOB_S = 60.0
CONNECTING_S = 12.0
"""So long a printer may take to wake up."""
POLL_S = 0.2
PDF_BEGINS = b"%PDF-"
NOT_PRINTED = frozenset((JobState.CANCELED, JobState.ABORTED))
HARMLESS = ("-warning", "-report")

ONLINE, OFFLINE, BROKEN = DeviceStatus.ONLINE, DeviceStatus.OFFLINE, DeviceStatus.HARDWARE_ERROR
CONNECTING = Status(OFFLINE, MediaStatus.UNKNOWN, "not_reached")
PROBLEMS: tuple[tuple[frozenset[str], Completion, Status], ...] = (
    (
        frozenset(("media-empty", "media-needed", "input-tray-missing")),
        Completion.PAPER_OUT,
        Status(ONLINE, MediaStatus.NOT_PRESENT, "paper_out"),
    ),
    (frozenset(("media-jam",)), Completion.HARDWARE_ERROR, Status(BROKEN, MediaStatus.JAMMED, "paper_jam")),
    (
        frozenset(("cover-open", "door-open", "interlock-open")),
        Completion.DEVICE_NOT_READY,
        Status(OFFLINE, MediaStatus.UNKNOWN, "cover_open"),
    ),
    (
        frozenset(("toner-empty", "marker-supply-empty", "marker-waste-full")),
        Completion.HARDWARE_ERROR,
        Status(BROKEN, MediaStatus.UNKNOWN, "toner_empty"),
    ),
    (
        frozenset(("offline", "shutdown", "timed-out")),
        Completion.DEVICE_NOT_READY,
        Status(OFFLINE, MediaStatus.UNKNOWN, "offline"),
    ),
    (frozenset(("connecting-to-device",)), Completion.DEVICE_NOT_READY, CONNECTING),
)
"""What printer-state-reasons (RFC 8011 5.4.12) mean, the heaviest first."""
OFFLINE_REPORT = "offline-report"
"""So CUPS' own backends say that nobody answers, although a report is to be harmless."""
SOON_EMPTY: Mapping[str, str] = {"media-low": "paper_near_end", "toner-low": "toner_low", "marker-supply-low": "toner_low"}
STOPPED = Status(OFFLINE, MediaStatus.UNKNOWN, "stopped")


class CupsPrinter(DeviceWithThread):
    """A PagePrinter. `server` is the socket of CUPS."""

    kind = "pagePrinter"

    def __init__(self, device_id: str, queue: str, server: str) -> None:
        self.id = device_id
        self._names = {"queue": queue, "server": server}
        self._queue = CupsQueue(server, queue)
        self._status = Status(DeviceStatus.STARTING)
        self._health_s = HEALTH_S
        self._failed = 0
        self._printed_jobs = PrintedJobs()
        self._thread = DeviceThread(device_id, idle=self._idle)

    def capabilities(self) -> Mapping[str, object]:
        return self._names

    async def print(self, pdf: bytes, *, job_id: str) -> None:
        """Returns when CUPS has printed it. What cannot be printed now is withdrawn: it must not come out when
        somebody else stands there. CUPS keeps nothing of either."""
        ensure_job_id(job_id)
        if not pdf.startswith(PDF_BEGINS):
            raise DeviceError(Completion.INVALID_DATA, "not a PDF")
        await self._thread.order(lambda wanted: self._print(pdf, job_id, wanted), deadline_s=JOB_S)

    # From here on everything runs in the thread of the device.

    def _idle(self) -> float:
        self._watch()
        return WATCH_S if not self._failed else REOPEN_S[min(self._failed, len(REOPEN_S)) - 1]

    def _watch(self) -> None:
        with suppress(DeviceError):
            self._look()

    def _print(self, pdf: bytes, job_id: str, wanted: Wanted) -> None:
        if job_id in self._printed_jobs:
            return
        number = self._number_of(job_id)
        if number is None:
            if self._look() is STOPPED:
                raise DeviceError(Completion.DEVICE_NOT_READY, STOPPED.detail, retry=True)
            if not wanted():
                raise DeviceError(Completion.TIME_OUT, "given up")
            number = self._submitted(pdf, job_id)
        try:
            self._until_printed(number, wanted)
        finally:
            self._purge(number)
        self._printed_jobs.add(job_id)
        log.info("page_printed", extra={"device": self.id, "job": job_id})

    def _number_of(self, job_id: str) -> int | None:
        """The job's number in CUPS, when CUPS has it and did not throw it away: the answer was lost, or an earlier run of
        this program was."""
        job = self._asked(lambda: self._queue.find(job_id))
        return job.number if job and job.state not in NOT_PRINTED else None

    def _submitted(self, pdf: bytes, job_id: str) -> int:
        try:
            return self._queue.submit(pdf, job_id)
        except (QueueSilent, QueueRefuses) as error:
            number = self._number_of(job_id)
            if number is None:
                raise self._lost(error) from error
            return number
        except QueueGone as error:
            raise self._lost(error) from error

    def _until_printed(self, number: int, wanted: Wanted) -> None:
        well_at = time.monotonic()
        end = well_at + PRINTED_S
        while not self._printed(number):
            code = _code_of(status := self._look())
            now = time.monotonic()
            well_at = well_at if code else now
            if code and now - well_at > (CONNECTING_S if status is CONNECTING else TROUBLE_S):
                raise DeviceError(code, status.detail, retry=code is Completion.DEVICE_NOT_READY)
            if not wanted() or now > end:
                raise DeviceError(Completion.TIME_OUT, "the printer takes too long", retry=True)
            time.sleep(POLL_S)

    def _printed(self, number: int) -> bool:
        job: Job = self._asked(lambda: self._queue.job(number))
        if job.state in NOT_PRINTED:
            raise DeviceError(Completion.HARDWARE_ERROR, "CUPS gave the job up", retry=True)
        return job.state is JobState.COMPLETED

    def _purge(self, number: int) -> None:
        """What was not printed must not come out later, and what was is not to lie on a disk."""
        try:
            self._queue.purge(number)
        except (QueueGone, QueueSilent, QueueRefuses) as error:
            log.warning("page_not_purged", extra={"device": self.id, "job_number": number, "fault": str(error)})

    def _look(self) -> Status:
        """What CUPS says of the printer; while no job is at work that may be of yesterday."""
        status = _understood(self._asked(self._queue.printer))
        self._now(status)
        return status

    def _asked(self, question: Callable[[], T]) -> T:
        try:
            answer = question()
        except (QueueGone, QueueSilent, QueueRefuses) as error:
            raise self._lost(error) from error
        self._failed = 0
        return answer

    def _lost(self, error: QueueGone | QueueSilent | QueueRefuses) -> DeviceError:
        self._failed += 1
        gone = isinstance(error, QueueGone)
        self._now(Status(DeviceStatus.NO_DEVICE if gone else BROKEN, detail=str(error)))
        return DeviceError(Completion.DEVICE_NOT_READY if gone else Completion.HARDWARE_ERROR, str(error), retry=True)


def _understood(printer: Printer) -> Status:
    heavy = {reason.removesuffix("-error") for reason in printer.reasons if not reason.endswith(HARMLESS)}
    if OFFLINE_REPORT in printer.reasons:
        heavy.add("offline")
    for reasons, _, status in PROBLEMS:
        if heavy & reasons:
            return status
    if printer.state is PrinterState.STOPPED or not printer.accepts:
        return STOPPED
    light = (_without_severity(reason) for reason in printer.reasons)
    return Status(ONLINE, MediaStatus.PRESENT, next((SOON_EMPTY[r] for r in light if r in SOON_EMPTY), ""))


def _code_of(status: Status) -> Completion | None:
    """None when pages can be printed."""
    if status is STOPPED:
        return Completion.DEVICE_NOT_READY
    return next((code for _, code, problem in PROBLEMS if problem is status), None)


def _without_severity(reason: str) -> str:
    for severity in (*HARMLESS, "-error"):
        reason = reason.removesuffix(severity)
    return reason
