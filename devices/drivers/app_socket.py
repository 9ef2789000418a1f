"""A page printer on the network that takes a whole PDF on a TCP port (AppSocket, JetDirect)."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from contextlib import suppress

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus, Status
from devices.device_thread import DeviceThread, DeviceWithThread, Wanted
from devices.printed_jobs import PrintedJobs, ensure_job_id

log = logging.getLogger(__name__)

CONNECT_S = 3.0
STALL_S = 10.0
JOB_S = 40.0
WATCH_S = 60.0
REOPEN_S = (2.0, 10.0, 60.0)
PDF_BEGINS = b"%PDF-"


class AppSocketPrinter(DeviceWithThread):
    """A PagePrinter. It says nothing of its paper: whoever stands there sees whether a page comes."""

    kind = "pagePrinter"

    def __init__(self, device_id: str, host: str, port: int) -> None:
        self.id = device_id
        self._address = (host, port)
        self._status = Status(DeviceStatus.STARTING)
        self._health_s = JOB_S
        self._failed = 0
        self._printed_jobs = PrintedJobs()
        self._thread = DeviceThread(device_id, idle=self._idle)

    def capabilities(self) -> Mapping[str, object]:
        return {"address": "{}:{}".format(*self._address)}

    async def print(self, pdf: bytes, *, job_id: str) -> None:
        ensure_job_id(job_id)
        if not pdf.startswith(PDF_BEGINS):
            raise DeviceError(Completion.INVALID_DATA, "not a PDF")
        await self._thread.order(lambda wanted: self._print(pdf, job_id, wanted), deadline_s=JOB_S)

    # From here on everything runs in the thread of the device.

    def _idle(self) -> float:
        self._watch()
        return WATCH_S if not self._failed else REOPEN_S[min(self._failed, len(REOPEN_S)) - 1]

    def _watch(self) -> None:
        """A connection without a byte: no printer takes that for a job."""
        with suppress(DeviceError):
            self._connected().close()

    def _print(self, pdf: bytes, job_id: str, wanted: Wanted) -> None:
        if job_id in self._printed_jobs:
            return
        with self._connected() as line:
            if not wanted():
                raise DeviceError(Completion.TIME_OUT, "given up")
            try:
                _send(line, pdf)
            except OSError as error:
                raise self._lost(Completion.HARDWARE_ERROR, DeviceStatus.HARDWARE_ERROR, error) from error
        self._printed_jobs.add(job_id)
        log.info("page_printed", extra={"device": self.id, "job": job_id})

    def _connected(self) -> socket.socket:
        try:
            line = socket.create_connection(self._address, CONNECT_S)
        except OSError as error:
            raise self._lost(Completion.DEVICE_NOT_READY, DeviceStatus.NO_DEVICE, error) from error
        self._failed = 0
        self._now(Status(DeviceStatus.ONLINE))
        return line

    def _lost(self, code: Completion, device: DeviceStatus, error: OSError) -> DeviceError:
        self._failed += 1
        words = "no answer" if isinstance(error, TimeoutError) else error.strerror or type(error).__name__
        self._now(Status(device, MediaStatus.UNKNOWN, words))
        return DeviceError(code, words, retry=True)


def _send(line: socket.socket, pdf: bytes) -> None:
    """Returns when the printer has the whole job: it hangs up, or stays silent though it was given everything."""
    line.settimeout(STALL_S)
    line.sendall(pdf)
    line.shutdown(socket.SHUT_WR)
    with suppress(TimeoutError):
        while line.recv(4096):
            pass
