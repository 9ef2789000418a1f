"""A private cupsd with one queue, beside and without touching the cupsd of the machine:
python -m devices.simulators.cupsd --folder var/cups --printer-port 9101.

Its queue ends in a backend of our own that sends each job to a printer on a TCP port (devices.simulators.page_printer)
and says of that printer what the file `reasons` in the folder says, as CUPS backends do: "STATE: media-empty-error".
"""

from __future__ import annotations

import argparse
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

DAEMON = "/usr/sbin/cupsd"
QUEUE = "pages"
REASONS = "reasons"
BREAKS = "backend-fails"
"""In place of a reason: the backend gives up, and cupsd stops the queue."""
_START_S = 10.0
_STOP_S = 3.0
TIED = ("/usr/bin/setpriv", "--pdeathsig", "KILL")
"""What is started so does not outlive whoever started it."""

_CUPSD_CONF = """\
Listen {socket}
Browsing Off
DefaultAuthType Basic
ErrorPolicy stop-printer
MaxLogSize 0
LogLevel warn
<Location />
  Order allow,deny
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  SubscriptionPrivateAccess default
  SubscriptionPrivateValues default
  <Limit Cancel-Job Cancel-My-Jobs Send-Document Hold-Job Release-Job Restart-Job Purge-Jobs>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
_CUPS_FILES_CONF = """\
ServerRoot {folder}
ServerBin {folder}/lib
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/run
AccessLog {folder}/access_log
ErrorLog {folder}/error_log
PageLog {folder}/page_log
User {user}
Group {group}
"""
_PRINTERS_CONF = """\
<Printer {queue}>
DeviceURI simulated://127.0.0.1:{printer}
State Idle
Accepting Yes
</Printer>
"""
_BACKEND = """\
#!{python} -I
import os, pathlib, signal, socket, sys, time

def now():
    try:
        return set(pathlib.Path({reasons!r}).read_text().split())
    except FileNotFoundError:
        return set()

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
if len(sys.argv) < 6:
    sys.exit(0)
said = None
while True:
    reasons = now()
    if reasons != said:
        print("STATE: " + (",".join(sorted(reasons)) or "none"), file=sys.stderr, flush=True)
    said = reasons
    if {breaks!r} in reasons:
        sys.exit(1)
    if all(reason.endswith(("-warning", "-report")) for reason in reasons):
        break
    time.sleep(0.02)
job = open(sys.argv[6], "rb").read() if len(sys.argv) > 6 else sys.stdin.buffer.read()
with socket.create_connection(("127.0.0.1", {printer})) as line:
    line.sendall(job)
    line.shutdown(socket.SHUT_WR)
    while line.recv(4096):
        pass
"""


class CupsdFailed(Exception):
    """cupsd could not be started; the text says what to do."""


def missing() -> str:
    """The Debian packages to install before a private cupsd can run; empty when none."""
    return "" if Path(DAEMON).exists() else "cups-daemon"


class PrivateCupsd:
    """cupsd in `folder` for as long as the `with` lasts, printing through the queue QUEUE to the TCP port `printer`."""

    def __init__(self, folder: Path, printer: int) -> None:
        self.folder = folder.resolve()
        self.socket = self.folder / "cups.sock"
        self._printer = printer
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if packages := missing():
            raise CupsdFailed(f"not installed: {packages} (apt-get install {packages})")
        self._write_configuration()
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end(signal.SIGTERM)

    def start(self) -> None:
        """Starts cupsd, again after a kill, and returns when it serves."""
        self._process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            [
                *TIED,
                DAEMON,
                "-f",
                "-c",
                str(self.folder / "cupsd.conf"),
                "-s",
                str(self.folder / "cups-files.conf"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + _START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self._end(signal.SIGKILL)
                raise CupsdFailed(f"cupsd did not start, see {self.folder / 'error_log'}")
            time.sleep(0.01)

    def kill(self) -> None:
        """As a crash: no farewell to clients."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """It lives and answers nobody, until `go_on`."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGCONT)

    def kept(self) -> bytes:
        """Everything that lies in the spool."""
        return b"".join(file.read_bytes() for file in (self.folder / "spool").iterdir() if file.is_file())

    def say(self, reasons: Sequence[str]) -> None:
        """What the printer has to complain of (printer-state-reasons, RFC 8011 5.4.12), from the next moment on."""
        beside = self.folder / f"{REASONS}.new"
        beside.write_text(" ".join(reasons))
        beside.replace(self.folder / REASONS)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            return line.connect_ex(os.fspath(self.socket)) == 0

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process:
            process.send_signal(how)
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _write_configuration(self) -> None:
        for name in ("lib/backend", "spool/tmp", "cache", "run", "ssl"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        daemon = self.folder / "lib" / "daemon"
        daemon.unlink(missing_ok=True)
        daemon.symlink_to("/usr/lib/cups/daemon")  # cups-exec, which starts backends
        user, group = _served_as()
        places = {
            "folder": self.folder,
            "socket": self.socket,
            "printer": self._printer,
            "queue": QUEUE,
            "user": user,
            "group": group,
        }
        (self.folder / "cupsd.conf").write_text(_CUPSD_CONF.format(**places))
        (self.folder / "cups-files.conf").write_text(_CUPS_FILES_CONF.format(**places))
        (self.folder / "printers.conf").write_text(_PRINTERS_CONF.format(**places))
        backend = self.folder / "lib" / "backend" / "simulated"
        backend.write_text(
            _BACKEND.format(
                python=Path(sys.executable).absolute(), reasons=str(self.folder / REASONS), breaks=BREAKS, printer=self._printer
            )
        )
        backend.chmod(0o700)  # cupsd runs it as itself and not as the user of print jobs


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m devices.simulators.cupsd", description=__doc__)
    options.add_argument("--folder", type=Path, required=True, help=f"where its socket and `{REASONS}` lie")
    options.add_argument("--printer-port", type=int, required=True, help="where devices.simulators.page_printer listens")
    given = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with PrivateCupsd(given.folder, given.printer_port) as cupsd:
            print(f"the queue {QUEUE} of {cupsd.socket}", flush=True)
            signal.pause()
    except CupsdFailed as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _served_as() -> tuple[str, str]:
    """cupsd refuses to print as root."""
    return ("lp", "lp") if os.geteuid() == 0 else (pwd.getpwuid(os.geteuid()).pw_name, "lp")


if __name__ == "__main__":
    sys.exit(main())
