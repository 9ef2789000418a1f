"""What a printer has printed already: a job that is asked for a second time is not printed again."""

from __future__ import annotations

import re

from devices.device import Completion, DeviceError

REMEMBERED = 1000
JOB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def ensure_job_id(job_id: str) -> None:
    """It becomes a file name and the title of a job: DeviceError(INVALID_DATA) when it is no plain word."""
    if not JOB_ID.fullmatch(job_id):
        raise DeviceError(Completion.INVALID_DATA, "job id is no plain word")


class PrintedJobs:
    """The last thousand, as long as the program runs."""

    def __init__(self) -> None:
        self._done: dict[str, None] = {}

    def __contains__(self, job_id: str) -> bool:
        return job_id in self._done

    def add(self, job_id: str) -> None:
        self._done[job_id] = None
        while len(self._done) > REMEMBERED:
            del self._done[next(iter(self._done))]
