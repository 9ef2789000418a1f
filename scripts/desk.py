"""Everything of one demo hall except the terminal: reader, departments, hall service, enrolment."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from scripts.company import Company, CouldNotStart, Part

HALL_TOML = "hall/demo/hall.toml"
KIOSK_TOML = "kiosk/demo.toml"
CONSOLE = "http://127.0.0.1:8000/"
TERMINAL = "K07"
CLERK = "zhang"
PORTS = {
    8000: "the clerk's page",
    8443: "the terminals",
    8101: "exit-entry",
    8102: "social security",
    8103: "the household registry",
}
DEPARTMENTS = ("household", "exit-entry", "social-security", "market-regulation")


@dataclass(frozen=True)
class Desk:
    """Where a running hall keeps its state, and how to log in."""

    state: Path
    password: str

    @property
    def card_service(self) -> dict[str, str]:
        """The environment under which card programs find this desk's pcscd."""
        return {"PCSCLITE_CSOCK_NAME": str((self.state / "pcscd" / "pcscd.comm").resolve())}


def python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *arguments)


def set_up(company: Company, state: Path) -> Desk:
    """Starts all parts but the terminal; raises CouldNotStart in words."""
    _ports_are_free()
    state.mkdir(parents=True, exist_ok=True)
    _start_card_readers(company, state)
    for department in DEPARTMENTS:
        company.start(Part(department, python("hall.demo", department, "--state", str(state)), again=True))
    desk = Desk(state, _enrol(state))
    company.start(Part("hall", python("hall", "serve", "--config", HALL_TOML, "--state", str(state)), again=True))
    return desk


def _start_card_readers(company: Company, state: Path) -> None:
    pcscd = state / "pcscd"
    (pcscd / "pcscd.comm").unlink(missing_ok=True)
    (state / "sam_v.tty").unlink(missing_ok=True)
    company.start(
        Part(
            "card reader service",
            python("devices.simulators.pcscd", "--folder", str(pcscd)),
            ready=(pcscd / "pcscd.comm").exists,
            again=True,
        )
    )
    company.start(
        Part(
            "resident card reader",
            python("devices.simulators.sam_v", "--state", str(state)),
            ready=(state / "sam_v.tty").exists,
            again=True,
        )
    )


def _enrol(state: Path) -> str:
    """The terminal's certificate and a clerk's login, made once; gives the clerk's password."""
    common = ("--config", HALL_TOML, "--state", str(state))
    if not (state / "terminal" / "terminal.pem").exists():
        _tell(python("hall", "terminals", "enrol", TERMINAL, "--into", str(state / "terminal"), *common))
    kept = state / "demo" / "clerk.password"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(9), encoding="ascii")
        _tell(python("hall", "staff", "add", CLERK, "--password-file", str(kept), *common))
    return kept.read_text(encoding="ascii")


def _tell(command: tuple[str, ...]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise CouldNotStart(f"{' '.join(command[2:4])} failed: {said[-1] if said else 'no reason given'}")


def _ports_are_free() -> None:
    for port, what in PORTS.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise CouldNotStart(
                    f"Port {port} ({what}) is taken by another program. End it (is Yimen already running?) and start again."
                ) from None
