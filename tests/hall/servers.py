"""Database servers for tests: real processes on folders of their own, that end with the test run even when it is killed."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg
import pymysql

from devices.simulators.local_port import free_ports
from tests.patience import SOON_S

HOST = "127.0.0.1"


def found(program: str, *places: str) -> str:
    """Debian keeps servers where nobody's path leads."""
    path = shutil.which(program, path=os.pathsep.join((*places, os.environ.get("PATH", os.defpath), "/usr/sbin")))
    assert path, f"{program} is missing: see requirements/packages.txt"
    return path


def ended(process: subprocess.Popen[str], within_s: float = SOON_S) -> int:
    """Its exit code; one that does not end fails the test, and does not hold up all that come after."""
    with process:
        try:
            return process.wait(within_s)
        finally:
            process.kill()


@dataclass
class Process:
    """A server that says `ready` on its error output when it may be asked."""

    command: Sequence[str]
    ready: str
    stopped_by: signal.Signals
    _running: subprocess.Popen[str] | None = field(default=None, init=False)

    def start(self) -> None:
        self._running = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace"
        )
        told = self._running.stderr
        assert told
        said = []
        for line in told:
            said.append(line)
            if self.ready in line:
                threading.Thread(target=_drain, args=[told], name="server's output", daemon=True).start()
                return
        raise AssertionError("".join(said))

    def stop(self) -> None:
        if self._running:
            self._running.send_signal(self.stopped_by)
            self._running.wait(SOON_S)
            self._running = None

    def pause(self) -> None:
        """It keeps its connections and answers nobody any more."""
        assert self._running
        self._running.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._running
        self._running.send_signal(signal.SIGCONT)


@dataclass(frozen=True)
class Postgres:
    """PostgreSQL: by TCP only with a password, by its socket as its owner."""

    folder: Path
    port: int
    process: Process

    def run(self, statements: str, database: str = "postgres") -> None:
        """As the owner, each statement by itself."""
        with self.owner(database) as connection:
            connection.execute(statements)

    @contextmanager
    def owner(self, database: str) -> Iterator[psycopg.Connection]:
        at = {"host": str(self.folder), "port": self.port, "dbname": database, "user": "owner"}
        with psycopg.connect(**at, autocommit=True, client_encoding="UTF8") as connection:  # type: ignore[arg-type]
            yield connection

    def address(self, database: str, more: str = "") -> str:
        return f"postgresql+psycopg://{HOST}:{self.port}/{database}{more}"

    @contextmanager
    def down(self) -> Iterator[None]:
        self.process.stop()
        try:
            yield
        finally:
            self.process.start()


@contextmanager
def running_postgres(*, fsync: bool = False, **more: str | int) -> Iterator[Postgres]:
    """With `fsync` it keeps what it says on the disk; `more` are settings of its own."""
    binaries = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    with tempfile.TemporaryDirectory(prefix="yimen-pg-") as made:  # a socket's path may not exceed 107 bytes
        folder, (port,), become = Path(made), free_ports(1), _as_somebody()
        if os.getuid() == 0:  # PostgreSQL refuses to be run by root
            os.chown(folder, *_somebody())
        making = [found("initdb", *binaries), "--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C"]
        making += ["--auth-local=trust", "--auth-host=scram-sha-256", "--username=owner", f"--pgdata={folder / 'data'}"]
        _made([*become, *making], folder)
        settings = {
            "listen_addresses": HOST,
            "port": port,
            "unix_socket_directories": folder,
            "fsync": "on" if fsync else "off",
            "shared_buffers": "1MB",
            "dynamic_shared_memory_type": "mmap",
            "max_connections": 40,
            "autovacuum": "off",
            "lc_messages": "C",
            **more,
        }
        serving = [found("postgres", *binaries), "-D", str(folder / "data")]
        serving += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        process = Process([*become, *serving], "ready to accept connections", signal.SIGINT)
        process.start()
        try:
            yield Postgres(folder, port, process)
        finally:
            process.stop()


@dataclass(frozen=True)
class MariaDb:
    """MariaDB whose users are all its owner: everybody may do everything."""

    folder: Path
    port: int
    process: Process

    def run(self, *statements: str) -> None:
        with (
            pymysql.connect(unix_socket=str(self.folder / "s"), charset="utf8mb4", autocommit=True) as connection,
            connection.cursor() as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)

    def address(self, database: str, more: str = "") -> str:
        return f"mysql+pymysql://{HOST}:{self.port}/{database}{more}"


@contextmanager
def running_mariadb() -> Iterator[MariaDb]:
    with tempfile.TemporaryDirectory(prefix="yimen-maria-") as made:
        folder, (port,) = Path(made), free_ports(1)
        usual = ["--no-defaults", f"--datadir={folder / 'data'}", f"--user={getpass.getuser()}"]
        making = [found("mariadb-install-db"), *usual, "--skip-test-db", "--auth-root-authentication-method=socket"]
        _made(making, folder)
        serving = [found("mariadbd"), *usual, f"--socket={folder / 's'}", f"--port={port}", f"--bind-address={HOST}"]
        serving += ["--skip-grant-tables", "--skip-networking=0", "--innodb-buffer-pool-size=16M", "--performance-schema=OFF"]
        process = Process([*_ending_with_us("TERM"), *serving], "ready for connections", signal.SIGTERM)
        process.start()
        try:
            yield MariaDb(folder, port, process)
        finally:
            process.stop()


def _made(making: list[str], folder: Path) -> None:
    done = subprocess.run(making, capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _drain(output: IO[str]) -> None:
    with output:
        output.read()


def _as_somebody() -> list[str]:
    if os.getuid() != 0:
        return _ending_with_us("INT")
    user, group = _somebody()
    return [*_ending_with_us("INT"), f"--reuid={user}", f"--regid={group}", "--clear-groups"]


def _ending_with_us(by: str) -> list[str]:
    return [found("setpriv"), "--pdeathsig", by]


def _somebody() -> tuple[int, int]:
    """A user who is not root, as numbers."""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
        except KeyError:
            continue
    raise AssertionError("there is no user but root")
