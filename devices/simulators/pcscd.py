"""A private pcscd with two virtual readers, beside and without touching the pcscd of the machine.

It runs in its own mount namespace, where /run/pcscd is the given folder; or in the open, where
namespaces are refused and the machine runs none. pcscd 1.9.9 of Debian 12
is built without polkit: whoever can open the socket is served, so no D-Bus is needed. The virtual
readers listen on every network address of the machine: for tests and demonstrations only.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from devices.simulators.local_port import NoFreePort, are_free, free_ports

DAEMON = "/usr/sbin/pcscd"
DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
_FRIENDLY_NAME = "Yimen Virtual Reader"
_START_S = 10.0
_STOP_S = 3.0
_LONGEST_SOCKET = 107  # sun_path of a Unix socket, without the closing zero

# /run is hidden first: it may not hold a pcscd folder, and nothing of the machine's is written to.
# The folder is reached as the working directory, because it may itself lie under the hidden /run.
# With an empty driver folder pcscd leaves the machine's USB readers to the machine's own pcscd.
_START = (
    "mount -t tmpfs tmpfs /run && mkdir /run/pcscd && mount -c --bind /proc/self/cwd /run/pcscd && "
    "exec env PCSCLITE_HP_DROPDIR=/run/pcscd/no-usb setpriv --pdeathsig KILL "
    f"{DAEMON} --foreground --critical --config /run/pcscd/reader.conf.d"
)

# Where namespaces are refused (a plain container), root runs it in the open, if the machine has none of its own.
_PUBLIC = Path("/run/pcscd/pcscd.comm")
_START_OPENLY = (
    "mkdir -p /run/pcscd && rm -f /run/pcscd/pcscd.comm /run/pcscd/pcscd.pid && ln -s /run/pcscd/pcscd.comm pcscd.comm && "
    'exec env PCSCLITE_HP_DROPDIR="$PWD/no-usb" setpriv --pdeathsig KILL '
    f'{DAEMON} --foreground --critical --config "$PWD/reader.conf.d"'
)


class PcscdFailed(Exception):
    """pcscd could not be started; the text says what to do."""


def missing() -> str:
    """The Debian packages to install before a private pcscd can run; empty when none."""
    packages = {"pcscd": Path(DAEMON), "vsmartcard-vpcd": Path(DRIVER)}
    return " ".join(name for name, file in packages.items() if not file.exists())


class PrivatePcscd:
    """pcscd in `folder` for as long as the `with` lasts. Clients set PCSCLITE_CSOCK_NAME to `socket`
    before their first call; cards connect to `ports`, one per reader in `readers`."""

    readers = (f"{_FRIENDLY_NAME} 00 00", f"{_FRIENDLY_NAME} 00 01")

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.socket = self.folder / "pcscd.comm"
        self.ports = _last_ports(self.folder) or _two_ports()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if packages := missing():
            raise PcscdFailed(f"not installed: {packages} (apt-get install {packages})")
        if len(os.fsencode(self.socket)) > _LONGEST_SOCKET:
            raise PcscdFailed(f"the folder's path is too long for a socket (at most {_LONGEST_SOCKET} bytes): {self.socket}")
        if _answers(self.socket):
            raise PcscdFailed(f"a pcscd already runs in {self.folder}")
        self._write_configuration()
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end(signal.SIGTERM)

    def start(self) -> None:
        """Starts pcscd, again after a kill, and returns when it serves."""
        for name in ("pcscd.comm", "pcscd.pid"):  # a killed pcscd leaves both, and the next one then refuses to start
            (self.folder / name).unlink(missing_ok=True)
        self._process = subprocess.Popen(_command(), cwd=self.folder, stderr=subprocess.PIPE)  # noqa: S603
        end = time.monotonic() + _START_S
        while not _answers(self.socket):
            if self._process.poll() is not None or time.monotonic() > end:
                raise PcscdFailed(self._why())
            time.sleep(0.01)

    def kill(self) -> None:
        """As a crash: no farewell to clients or cards."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """It lives and answers nobody, until `go_on`."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGCONT)

    def restart(self) -> None:
        self.kill()
        self.start()

    def unplug(self) -> None:
        """It goes on without its readers. vpcd cannot be unplugged from a pcscd that runs: this one is another."""
        self.kill()
        (self.folder / "reader.conf.d" / "vpcd").unlink()
        self.start()

    def plug_in(self) -> None:
        self.kill()
        self._write_configuration()
        self.start()

    def wait(self) -> None:
        """Returns when pcscd ends by itself."""
        if self._process:
            self._process.wait()

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process:
            process.send_signal(how)
            try:
                process.communicate(timeout=_STOP_S)
            except subprocess.TimeoutExpired:  # it waits for a card that hangs
                process.kill()
                process.communicate()

    def _why(self) -> str:
        assert self._process
        self._process.kill()
        said = self._process.communicate()[1].decode(errors="replace").strip()
        self._process = None
        advice = (
            "a private mount namespace was refused. Run as root, or allow unprivileged user namespaces "
            "(sysctl kernel.unprivileged_userns_clone=1; on Ubuntu also kernel.apparmor_restrict_unprivileged_userns=0; "
            "in a container add the capability SYS_ADMIN)"
        )
        return f"pcscd did not start: {advice if 'unshare' in said or 'mount' in said else said or 'no reason given'}"

    def _write_configuration(self) -> None:
        for name in ("reader.conf.d", "no-usb"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        first = self.ports[0]
        (self.folder / "reader.conf.d" / "vpcd").write_text(
            f'FRIENDLYNAME "{_FRIENDLY_NAME}"\nDEVICENAME /dev/null:{first:#x}\nLIBPATH {DRIVER}\nCHANNELID {first:#x}\n'
        )
        (self.folder / "ports").write_text("".join(f"{port}\n" for port in self.ports))


def _command() -> list[str]:
    """Nothing in it comes from outside."""
    root = os.geteuid() == 0
    namespace = ["unshare", "-m"] if root else ["unshare", "-r", "-m"]
    refused = root and subprocess.run([*namespace, "true"], stderr=subprocess.DEVNULL, check=False).returncode  # noqa: S603
    if refused and not _answers(_PUBLIC):
        return ["sh", "-c", _START_OPENLY]
    return [*namespace, "sh", "-c", _START]


def recorded_ports(folder: Path) -> tuple[int, ...]:
    """The ports of the private pcscd that serves `folder`, none when nothing runs there."""
    if not _answers(folder / "pcscd.comm"):
        return ()
    with contextlib.suppress(OSError, ValueError):
        return tuple(int(line) for line in (folder / "ports").read_text().split())
    return ()


def _last_ports(folder: Path) -> tuple[int, int] | None:
    """The ports of the last pcscd in this folder, if they are free: cards that still lie there find them again."""
    with contextlib.suppress(OSError, ValueError):
        first, second = (int(line) for line in (folder / "ports").read_text().split())
        return (first, second) if are_free(first, second) else None
    return None


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
        line.connect(os.fspath(path))
        return True
    return False


def _two_ports() -> tuple[int, int]:
    """As vpcd takes them for its two slots."""
    try:
        first, second = free_ports(2)
    except NoFreePort as error:
        raise PcscdFailed(str(error)) from error
    return first, second


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m devices.simulators.pcscd", description="Runs a private pcscd until Ctrl-C.")
    parser.add_argument("--folder", type=Path, default=Path("var/pcscd"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with PrivatePcscd(parser.parse_args().folder) as pcscd:
            print(f"{SOCKET_VARIABLE}={pcscd.socket}")
            for name, port in zip(pcscd.readers, pcscd.ports, strict=True):
                print(f"{name}: virtual cards on port {port}", flush=True)
            pcscd.wait()
            print("pcscd ended by itself", file=sys.stderr)
            return 1
    except PcscdFailed as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
