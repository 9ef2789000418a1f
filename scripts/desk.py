"""Everything of one demo hall except the terminal: reader, departments, hall service, enrolment."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scripts.company import Company, CouldNotStart, Part

HALL_TOML = "hall/demo/hall.toml"
KIOSK_TOML = "kiosk/demo.toml"
CONSOLE = "http://127.0.0.1:8000/"
PUBLIC = "http://127.0.0.1:8080/verify"
TERMINAL = "K07"
CLERK = "zhang"
PORTS = {
    8000: "the clerk's page",
    8080: "the public page",
    8443: "the terminals",
    8201: "the portrait camera",
    8202: "the document camera",
    9101: "the page printer",
    8101: "exit-entry",
    8102: "social security",
    8103: "the household registry",
    8104: "the population register",
    8105: "the vehicle register",
    8106: "medical insurance",
}
DEPARTMENTS = (
    "household",
    "exit-entry",
    "social-security",
    "market-regulation",
    "population",
    "traffic",
    "medical-insurance",
)


SMART_CARD_CLASS = "0b"
"""The USB interface class of card readers (CCID)."""


@dataclass(frozen=True)
class Desk:
    """Where a running hall keeps its state, and how to log in. `plugged_in`: a real reader is used."""

    state: Path
    password: str
    plugged_in: bool

    @property
    def card_service(self) -> dict[str, str]:
        """The environment under which card programs find this desk's pcscd."""
        if self.plugged_in:
            return {}
        return {"PCSCLITE_CSOCK_NAME": str((self.state / "pcscd" / "pcscd.comm").resolve())}


def python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *arguments)


def set_up(company: Company, state: Path) -> Desk:
    """Starts all parts but the terminal; raises CouldNotStart in words."""
    ports_are_free(PORTS)
    state.mkdir(parents=True, exist_ok=True)
    plugged_in = has_reader_plugged_in()
    _tell(python("devices", "trust", str(state / "trust"), "--state", str(state)))
    _start_card_readers(company, state, plugged_in)
    _start_cameras_and_printer(company, state)
    for department in DEPARTMENTS:
        company.start(Part(department, python("hall.demo", department, "--state", str(state)), again=True))
    desk = Desk(state, _enrol(state), plugged_in)
    company.start(Part("hall", python("hall", "serve", "--config", HALL_TOML, "--state", str(state)), again=True))
    return desk


def has_reader_plugged_in(devices: Path = Path("/sys/bus/usb/devices")) -> bool:
    """Whether a USB card reader is there; it is used instead of the virtual one."""
    return any(file.read_text().strip() == SMART_CARD_CLASS for file in devices.glob("*/bInterfaceClass"))


def _start_card_readers(company: Company, state: Path, plugged_in: bool) -> None:
    (state / "sam_v.tty").unlink(missing_ok=True)
    if plugged_in:
        _use_the_machines_card_service(company)
    else:
        socket_file = state / "pcscd" / "pcscd.comm"
        socket_file.unlink(missing_ok=True)
        command = python("devices.simulators.pcscd", "--folder", str(state / "pcscd"))
        company.start(Part("card reader service", command, ready=socket_file.exists, again=True))
    company.start(
        Part(
            "resident card reader",
            python("devices.simulators.sam_v", "--state", str(state)),
            ready=(state / "sam_v.tty").exists,
            again=True,
        )
    )


def _start_cameras_and_printer(company: Company, state: Path) -> None:
    for name, folder, port, usual in (
        ("portrait camera", "camera", "8201", "nobody"),
        ("document camera", "document_camera", "8202", "paper"),
    ):
        sees = ("--folder", str(state / folder), "--port", port, "--usual", usual)
        company.start(Part(name, python("devices.simulators.camera", *sees), ready=partial(answers, int(port)), again=True))
    printer = python("devices.simulators.page_printer", "--folder", str(state / "pages"), "--port", "9101")
    company.start(Part("page printer", printer, ready=partial(answers, 9101), again=True))


def _use_the_machines_card_service(company: Company) -> None:
    """systemd starts it when it is asked; without systemd it is started here."""
    served = Path("/run/pcscd/pcscd.comm")
    if not served.exists():
        company.start(Part("card reader service", ("pcscd", "--foreground"), ready=served.exists, again=True))


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
        _tell(python("hall", "staff", "add", CLERK, "--own", "--password-file", str(kept), *common))
    return kept.read_text(encoding="ascii")


def _tell(command: tuple[str, ...]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise CouldNotStart(f"{' '.join(command[2:4])} failed: {said[-1] if said else 'no reason given'}")


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ports_are_free(ports: Mapping[int, str]) -> None:
    """Raises CouldNotStart in words when another program listens on one of them."""
    for port, what in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise CouldNotStart(
                    f"Port {port} ({what}) is taken by another program. End it (is Yimen already running?) and start again."
                ) from None
