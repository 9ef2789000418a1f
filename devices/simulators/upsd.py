"""A private upsd with NUT's own dummy-ups driver behind it: python -m devices.simulators.upsd --folder var/ups.

`ups.dev` in its folder says how the UPS is, as `upsc` would print it: "ups.status: OB DISCHRG" and so on.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from devices.simulators.local_port import free_ports

DRIVER, SERVER = "/lib/nut/dummy-ups", "/lib/nut/upsd"
UPS = "simulated"
STATE_FILE = "ups.dev"
_START_S = 10.0
_STOP_S = 3.0
TIED = ("/usr/bin/setpriv", "--pdeathsig", "KILL")
"""What is started so does not outlive whoever started it."""
_UPS_CONF = """\
maxretry = 1
[{ups}]
driver = dummy-ups
port = {state}
mode = dummy-once
pollinterval = 1
"""


class UpsdFailed(Exception):
    """upsd could not be started; the text says what to do."""


def missing() -> str:
    """The Debian packages to install before a private upsd can run; empty when none."""
    return "" if Path(DRIVER).exists() and Path(SERVER).exists() else "nut-server"


class PrivateUpsd:
    """upsd in `folder` for as long as the `with` lasts, on a TCP port of this machine. dummy-ups looks once a second."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder.resolve()
        self.port = port or free_ports(1)[0]
        self._driver: subprocess.Popen[bytes] | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._said_at = time.time()

    def __enter__(self) -> Self:
        if packages := missing():
            raise UpsdFailed(f"not installed: {packages} (apt-get install {packages})")
        self._write_configuration()
        self.start_driver()
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        self.kill_driver()

    def start(self) -> None:
        """Starts upsd, again after a kill, and returns when it listens."""
        self._server = self._run(SERVER)
        self._until(self._listens, self._server)

    def start_driver(self) -> None:
        self._driver = self._run(DRIVER, "-a", UPS)
        self._until((self.folder / f"dummy-ups-{UPS}").exists, self._driver)

    def kill(self) -> None:
        process, self._server = self._server, None
        _end(process)

    def kill_driver(self) -> None:
        """As when the cable to the UPS was pulled out."""
        process, self._driver = self._driver, None
        _end(process)
        (self.folder / f"dummy-ups-{UPS}").unlink(missing_ok=True)

    def says(self, **variables: str) -> None:
        """How the UPS is from its next look on; e.g. ups_status="OB"."""
        lines = "".join(f"{name.replace('_', '.')}: {value}\n" for name, value in variables.items())
        beside = self.folder / f"{STATE_FILE}.new"
        beside.write_text(lines)
        # The driver reads the file anew when its time is another one, and sees whole seconds of it.
        self._said_at += 2
        os.utime(beside, (self._said_at, self._said_at))
        beside.replace(self.folder / STATE_FILE)

    def _write_configuration(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "ups.conf").write_text(_UPS_CONF.format(ups=UPS, state=self.folder / STATE_FILE))
        (self.folder / "upsd.conf").write_text(f"LISTEN 127.0.0.1 {self.port}\n")
        (self.folder / "upsd.users").write_text("")
        for name in ("upsd.conf", "upsd.users"):
            (self.folder / name).chmod(0o600)
        self.says(ups_status="OL CHRG", battery_charge="100")

    def _run(self, program: str, *options: str) -> subprocess.Popen[bytes]:
        user = ("-u", "root") if os.geteuid() == 0 else ()
        places = {"NUT_CONFPATH": str(self.folder), "NUT_STATEPATH": str(self.folder), "NUT_ALTPIDPATH": str(self.folder)}
        return subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            [*TIED, program, "-F", *options, *user],
            env={**os.environ, **places},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _until(self, is_so: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _START_S
        while not is_so():
            if process.poll() is not None or time.monotonic() > end:
                self.kill()
                self.kill_driver()
                raise UpsdFailed("upsd or its driver did not start")
            time.sleep(0.01)

    def _listens(self) -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self.port)) == 0


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m devices.simulators.upsd", description=__doc__)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--port", type=int, default=3493)
    given = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with PrivateUpsd(given.folder, given.port) as upsd:
            print(f"{UPS}@127.0.0.1:{upsd.port}, which is as {upsd.folder / STATE_FILE} says", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except UpsdFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
