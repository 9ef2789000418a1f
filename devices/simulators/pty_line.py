"""The far end of a serial line that can be pulled out and plugged in again: a pseudo-terminal behind a stable name."""

from __future__ import annotations

import os
import pty
import select
import threading
import tty
from contextlib import suppress
from pathlib import Path


class PtyLine:
    """`path` is the name that a driver opens, as a udev rule would give it; it is there while the line is plugged in.
    Any thread may pull it out while another one waits."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ends: tuple[int, int] | None = None
        self._lock = threading.Lock()
        self.plug()

    def plug(self) -> None:
        """Idempotent."""
        with self._lock:
            if self._ends is None:
                self._ends = master, slave = pty.openpty()
                tty.setraw(master)
                tty.setraw(slave)
                self.path.unlink(missing_ok=True)
                self.path.symlink_to(os.ttyname(slave))

    def unplug(self) -> None:
        """Idempotent."""
        with self._lock:
            ends, self._ends = self._ends, None
            if ends:
                self.path.unlink(missing_ok=True)
                for end in ends:
                    os.close(end)

    def send(self, sent: bytes) -> None:
        """What nobody reads any more is lost, as on a real line."""
        with self._lock:
            if self._ends and select.select([], [self._ends[0]], [], 1.0)[1]:
                with suppress(OSError):
                    os.write(self._ends[0], sent)

    def receive(self, within_s: float) -> bytes:
        """Empty when nothing came in that time, also while nothing is plugged in."""
        with self._lock:
            if self._ends and select.select([self._ends[0]], [], [], within_s)[0]:
                with suppress(OSError):
                    return os.read(self._ends[0], 4096)
        return b""
