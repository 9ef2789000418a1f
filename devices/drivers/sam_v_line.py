"""What a line to a SAM_V can do, and how long it is waited for: a serial port, a TCP connection, or USB bulk endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds. A module thinks for 600 ms before a read answer; the answer
    itself takes 112 ms at 115200 baud."""

    poll_s: float = 0.25
    command_s: float = 0.5
    read_s: float = 3.0
    gap_s: float = 0.3
    failing_s: float = 5.0
    several_s: float = 3.0
    connect_s: float = 2.0
    reopen_s: tuple[float, ...] = (0.2, 0.5, 1.0, 2.0)


class Line(Protocol):
    """Blocking; belongs to one thread. Raises the errors of devices.line only."""

    def write(self, frame: bytes, within_s: float) -> None:
        """One whole frame; LineSilent when it is not taken in time."""
        ...

    def read(self, within_s: float) -> bytes:
        """What came within that time; empty when nothing did."""
        ...

    def forget(self) -> None:
        """Throws away what came and was not read."""
        ...

    def close(self) -> None: ...
