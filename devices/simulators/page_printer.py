"""A page printer on a TCP port that keeps its jobs: python -m devices.simulators.page_printer --folder var/pages --port 9101."""

from __future__ import annotations

import argparse
import signal
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

WHOLE_END = b"%%EOF"
DPI = 110


class NotPrintable(ValueError):
    """Bytes that no printer makes a page of."""


class PagePrinterSimulator:
    """Each connection with bytes is a job: NUMBER.pdf in the folder. `breaks` hangs up in the middle of every job."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.breaks = False
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", port), type("Job", (_Job,), {"printer": self}), False)
        self._server.allow_reuse_address = True
        self._server.daemon_threads = True
        self._server.server_bind()
        self._server.server_activate()
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def jobs(self) -> tuple[Path, ...]:
        return tuple(sorted(self.folder.glob("*.pdf")))

    def keep(self, job: bytes) -> None:
        with self._lock:
            (self.folder / f"{len(self.jobs()) + 1:04}.pdf").write_bytes(job)

    def gone(self) -> None:
        """Idempotent."""
        self._server.shutdown()
        self._server.server_close()


class _Job(socketserver.StreamRequestHandler):
    printer: PagePrinterSimulator

    def handle(self) -> None:
        if self.printer.breaks:
            self.rfile.read(1)
            return
        job = self.rfile.read()
        if job:
            self.printer.keep(job)


def pages_of(pdf: Path) -> tuple[Path, ...]:
    """The pages of a job as PNG files beside it."""
    if WHOLE_END not in pdf.read_bytes()[-1024:]:
        raise NotPrintable(f"{pdf.name} is no whole PDF")
    command = ["pdftoppm", "-r", str(DPI), "-png", str(pdf), str(pdf.with_suffix(""))]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own file, no shell
    if done.returncode:
        raise NotPrintable(f"{pdf.name}: {done.stderr.decode(errors='replace').strip()}")
    return tuple(sorted(pdf.parent.glob(f"{pdf.stem}-*.png")))


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m devices.simulators.page_printer", description=__doc__)
    options.add_argument("--folder", type=Path, required=True, help="where each job becomes a PDF")
    options.add_argument("--port", type=int, required=True)
    given = options.parse_args()
    printer = PagePrinterSimulator(given.folder, given.port)
    print(f"tcp:127.0.0.1:{printer.port}", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    printer.gone()
    return 0


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    sys.exit(main())
