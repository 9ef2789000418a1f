"""One queue of the CUPS on this machine, asked by IPP (RFC 8010, 8011) over its socket."""

from __future__ import annotations

import http.client
import os
import pwd
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from pyipp.enums import IppOperation, IppStatus, IppTag
from pyipp.exceptions import IPPError
from pyipp.parser import parse
from pyipp.serializer import construct_attribute, encode_dict

from devices.drivers.cups_answer import check

ANSWER_S = 5.0
MOST_BYTES = 1_000_000
LOOKED_BACK = 30
"""A job whose answer was lost is among the newest."""
PRINTER_STATE = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs")
JOB_STATE = ("job-id", "job-name", "job-state")
HIGHEST_SUCCESS = 0x00FF


class QueueGone(Exception):
    """No CUPS is there, or it has no such queue."""


class QueueSilent(Exception):
    """CUPS is there and does not answer in time."""


class QueueRefuses(Exception):
    """CUPS does not do it, or answers nonsense."""


class PrinterState(IntEnum):
    """printer-state, RFC 8011 5.4.11."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class JobState(IntEnum):
    """job-state, RFC 8011 5.3.7."""

    PENDING = 3
    PENDING_HELD = 4
    PROCESSING = 5
    PROCESSING_STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


@dataclass(frozen=True)
class Printer:
    """`reasons` are keywords of RFC 8011 5.4.12, with or without a severity at the end."""

    state: PrinterState
    reasons: tuple[str, ...]
    accepts: bool


@dataclass(frozen=True)
class Job:
    number: int
    title: str
    state: JobState


class CupsQueue:
    """Blocking, with deadlines; holds nothing between two questions. Raises QueueGone, QueueSilent and QueueRefuses."""

    def __init__(self, server: str, queue: str) -> None:
        self._server = server
        self._queue = queue
        # A job's title is shown to its owner alone, and CUPS takes the peer of its socket at its word.
        self._user = pwd.getpwuid(os.geteuid()).pw_name

    def printer(self) -> Printer:
        answer = self._ask(IppOperation.GET_PRINTER_ATTRIBUTES, {"requested-attributes": PRINTER_STATE})
        with _sensible():
            told = answer["printers"][0]
            reasons = _several(told["printer-state-reasons"])
            state, accepts = PrinterState(told["printer-state"]), bool(told["printer-is-accepting-jobs"])
        return Printer(state, tuple(reason for reason in reasons if reason != "none"), accepts)

    def find(self, title: str) -> Job | None:
        """The newest job of that title, also one that has ended."""
        asked = {"which-jobs": "all", "my-jobs": True, "requested-attributes": JOB_STATE}
        with _sensible():
            jobs = [told for told in self._ask(IppOperation.GET_JOBS, asked)["jobs"] if told]
            newest = sorted(jobs, key=lambda told: int(told["job-id"]), reverse=True)[:LOOKED_BACK]
        for told in newest:
            with _sensible():
                # CUPS 2.4 leaves the title out of a list once the job is no longer in memory.
                job = _job(told) if "job-name" in told else self.job(int(told["job-id"]))
            if job.title == title:
                return job
        return None

    def job(self, number: int) -> Job:
        answer = self._ask(IppOperation.GET_JOB_ATTRIBUTES, {"job-id": number, "requested-attributes": JOB_STATE})
        with _sensible():
            return _job(answer["jobs"][0])

    def submit(self, pdf: bytes, title: str) -> int:
        """The job's number. After QueueSilent or QueueRefuses nobody knows whether CUPS has the job: `find` says it."""
        answer = self._ask(IppOperation.PRINT_JOB, {"job-name": title, "document-format": "application/pdf"}, pdf)
        with _sensible():
            return int(answer["jobs"][0]["job-id"])

    def purge(self, number: int) -> None:
        """Ends the job if it has not ended, and drops what CUPS keeps of it, the document above all."""
        self._ask(IppOperation.CANCEL_JOB, {"job-id": number}, purge=True)

    def _ask(
        self, operation: IppOperation, attributes: Mapping[str, object], document: bytes = b"", *, purge: bool = False
    ) -> dict[str, Any]:
        common = {
            "attributes-charset": "utf-8",
            "attributes-natural-language": "en",
            "printer-uri": f"ipp://localhost/printers/{self._queue}",
            "requesting-user-name": self._user,
        }
        request = {"version": (2, 0), "operation": operation, "operation-attributes-tag": {**common, **attributes}}
        encoded = encode_dict(request)
        if purge:  # an attribute of CUPS' own, which the library's table does not have: the last of the only group
            encoded = encoded[:-1] + construct_attribute("purge-job", True, IppTag.BOOLEAN) + encoded[-1:]
        answered = self._post(encoded + document)
        with _sensible():
            check(answered)
            answer: dict[str, Any] = parse(answered)
            status = int(answer["status-code"])
        if status == IppStatus.ERROR_NOT_FOUND:
            raise QueueGone("no such queue or job")
        if not 0 <= status <= HIGHEST_SUCCESS:
            raise QueueRefuses(f"CUPS answers {status & 0xFFFF:#06x}")
        return answer

    def _post(self, request: bytes) -> bytes:
        headers = {"Content-Type": "application/ipp", "Authorization": f"PeerCred {self._user}", "Connection": "close"}
        with _worded(), closing(_Line(self._server)) as line:
            line.connect()
            line.request("POST", f"/printers/{self._queue}", request, headers)
            answer = line.getresponse()
            if answer.status != http.HTTPStatus.OK:
                raise QueueRefuses(f"CUPS answers HTTP {answer.status}")
            return answer.read(MOST_BYTES)


class _Line(http.client.HTTPConnection):
    """HTTP over a socket file."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=ANSWER_S)
        self._path = path

    def connect(self) -> None:
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(ANSWER_S)
        try:
            line.connect(self._path)
        except OSError as error:
            line.close()
            raise QueueGone("no CUPS there") from error
        self.sock = line


def _job(told: Mapping[str, Any]) -> Job:
    return Job(int(told["job-id"]), str(told.get("job-name", "")), JobState(told["job-state"]))


def _several(value: object) -> list[str]:
    """The parser gives a set of one as its only value."""
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


@contextmanager
def _sensible() -> Iterator[None]:
    """What CUPS says may be anything: the parser then stumbles in one of these ways."""
    try:
        yield
    except (IPPError, struct.error, ValueError, LookupError, TypeError, RecursionError, OverflowError) as error:
        raise QueueRefuses("CUPS answers nonsense") from error


@contextmanager
def _worded() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise QueueSilent("CUPS does not answer") from None
    except (OSError, http.client.HTTPException) as error:
        raise QueueRefuses(f"CUPS hangs up: {type(error).__name__}") from error
