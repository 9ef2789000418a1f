"""The photo of a card, decoded by a closed decoder that is not trusted: it runs apart, and only a picture may come back."""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from devices.drivers.sam_v_frames import PHOTO_BYTES

log = logging.getLogger(__name__)

WORKER = Path(__file__).with_name("sam_v_photo_worker.py")
LONGEST_PNG = 65536
SIGNATURE, END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
SIZE_AT = slice(16, 24)
SIZE = (102).to_bytes(4, "big") + (126).to_bytes(4, "big")


@dataclass(frozen=True)
class PhotoDecoder:
    """A program or a library (.so) of the reader's vendor; see sam_v_photo_worker.py. The photo rests nowhere."""

    path: Path
    deadline_s: float = 2.0

    def portrait(self, wlt: bytes) -> bytes:
        """A PNG of 102 × 126 pixels, empty when there is none, whatever the reason. Blocks until the deadline at most."""
        if len(wlt) != PHOTO_BYTES:
            return b""
        png = b""
        with suppress(OSError):  # no process to be had
            png = self._decoded(wlt)
        if _is_portrait(png):
            return png
        log.warning("photo_not_decoded", extra={"decoder": str(self.path), "bytes": len(png)})
        return b""

    def _decoded(self, wlt: bytes) -> bytes:
        with subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", str(WORKER), str(self.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            start_new_session=True,
        ) as worker:
            assert worker.stdin
            assert worker.stdout
            try:
                with suppress(BrokenPipeError):
                    worker.stdin.write(wlt)  # less than a pipe holds: never blocks
                    worker.stdin.close()
                return self._received(worker.stdout.fileno())
            finally:
                # And with it the decoder that it started, which may hang.
                os.killpg(worker.pid, signal.SIGKILL)

    def _received(self, fd: int) -> bytes:
        end, received = time.monotonic() + self.deadline_s, b""
        while len(received) <= LONGEST_PNG and select.select([fd], [], [], max(0.0, end - time.monotonic()))[0]:
            if not (more := os.read(fd, LONGEST_PNG)):
                return received
            received += more
        return b""


def _is_portrait(png: bytes) -> bool:
    return png.startswith(SIGNATURE) and png[SIZE_AT] == SIZE and png.endswith(END)
