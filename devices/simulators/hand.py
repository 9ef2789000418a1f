"""What a person's hand does at the simulators of one state folder: lays a card, takes it, fills the printer."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from devices.drivers import make_reader
from devices.drivers.escpos_line import PAPER_OUT_FILE
from devices.plate import Plate
from devices.simulators.control import ask
from devices.simulators.pcscd import recorded_ports
from devices.simulators.specimens import Specimen

BEFORE = "before"
"""The file in a simulated camera's folder that says what is before it."""
NOTICED_S = 3.0
TAKING_S = 1.2
"""A reader looks every 250 ms and believes only after three looks that a card is gone: two cards
laid faster than by a hand would be one card to it."""
NO_PCSCD = "No virtual reader runs for {0}. Start one: make run, or python -m devices.simulators.pcscd --folder {0}/pcscd"
NO_SAM_V = "No resident card simulator runs for {0}. Start one: make run, or python -m devices.simulators.sam_v --state {0}"


class CardKind(StrEnum):
    SOCIAL_SECURITY = "social-security"
    RESIDENT = "resident"


class NotPossible(Exception):
    """What was asked cannot be done; the text tells the person at the keyboard why."""


@dataclass(frozen=True)
class State:
    """Where running simulators keep their sockets and lines."""

    folder: Path

    @property
    def pcscd(self) -> Path:
        return self.folder / "pcscd"

    @property
    def card_control(self) -> Path:
        return self.pcscd / "card.control"

    @property
    def sam_v_control(self) -> Path:
        return self.folder / "sam_v.control"

    @property
    def sam_v_line(self) -> Path:
        return self.folder / "sam_v.tty"

    @property
    def paper_out(self) -> Path:
        return self.folder / "paper" / PAPER_OUT_FILE

    def camera(self, *, document: bool) -> Path:
        """The folder that a simulated camera looks into."""
        return self.folder / ("document_camera" if document else "camera")

    def pcsc_settings(self, reader: str = "") -> dict[str, str]:
        """Our own pcscd when it runs, else the machine's."""
        socket = {"socket": str(self.pcscd.resolve() / "pcscd.comm")} if recorded_ports(self.pcscd) else {}
        return {"id": reader or "chip card reader", "reader": reader, **socket}

    def resident_card(self) -> bool | None:
        """Whether one lies there; None when no simulator runs."""
        answer = ask(self.sam_v_control, {"look": True})
        return bool(answer["card"]) if answer else None

    def has_resident_reader(self) -> bool:
        """A pseudo-terminal without its simulator may be anybody's by now: it is not touched."""
        real = self.sam_v_line.exists() and self.sam_v_line.resolve().parent != Path("/dev/pts")
        return real or self.resident_card() is not None


def lay(state: State, person: Specimen, kind: CardKind) -> None:
    """There is one place for cards: another one that lies there, on whichever reader, is taken away first. Whoever
    lays a card stands before the camera."""
    set_before(state.camera(document=False), person.key)
    if kind is CardKind.RESIDENT:
        if state.resident_card() is None:
            raise NotPossible(NO_SAM_V.format(state.folder))
        _make_room(state)
        if not ask(state.sam_v_control, {"insert": _resident_fields(person)}):
            raise NotPossible(NO_SAM_V.format(state.folder))
    else:
        if not recorded_ports(state.pcscd):
            raise NotPossible(NO_PCSCD.format(state.folder))
        _make_room(state)
        _lay_in_background(state, person)


def take(state: State) -> frozenset[CardKind]:
    """What lay there."""
    taken = set()
    if ask(state.card_control, {"pull": True}):
        _until_seen(state, lying=False)
        taken.add(CardKind.SOCIAL_SECURITY)
    if state.resident_card():
        ask(state.sam_v_control, {"pull": True})
        taken.add(CardKind.RESIDENT)
    return frozenset(taken)


def set_paper(state: State, *, out: bool) -> None:
    """Heeded by a printer whose target is the folder `paper` of the state."""
    try:
        if out:
            state.paper_out.parent.mkdir(parents=True, exist_ok=True)
            state.paper_out.touch()
        else:
            state.paper_out.unlink(missing_ok=True)
    except OSError as error:
        raise NotPossible(f"{state.paper_out}: {error.strerror}") from error


def set_before(camera: Path, before: str) -> None:
    """Heeded by the simulated camera of that folder, for every picture."""
    try:
        camera.mkdir(parents=True, exist_ok=True)
        (camera / BEFORE).write_text(before, encoding="utf-8")
    except OSError as error:
        raise NotPossible(f"{camera}: {error.strerror}") from error


def disturb(state: State, fault: str) -> None:
    """The resident card simulator answers wrongly until told otherwise."""
    if not ask(state.sam_v_control, {"fault": fault}):
        raise NotPossible(NO_SAM_V.format(state.folder))


def _make_room(state: State) -> None:
    if CardKind.RESIDENT in take(state):
        time.sleep(TAKING_S)


def _resident_fields(person: Specimen) -> dict[str, str]:
    return {
        "name": person.name,
        "sex": person.sex,
        "ethnic_group": person.ethnic_group,
        "birth": person.birth.isoformat(),
        "address": person.address,
        "number": person.number,
        "issuer": person.issuer,
        "valid_from": person.valid_from.isoformat(),
        "valid_to": person.valid_to,
    }


def _lay_in_background(state: State, person: Specimen) -> None:
    port = recorded_ports(state.pcscd)[0]
    options = ["--key", person.key, "--port", str(port), "--control", str(state.card_control)]
    process = subprocess.Popen(  # noqa: S603 - our own module, with a key that we know
        [sys.executable, "-m", "devices.simulators.lying_card", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # it stays when this command and its terminal have ended
    )
    assert process.stdout
    assert process.stderr
    if process.stdout.readline().strip() != b"READY":
        raise NotPossible(f"The card could not be laid: {process.stderr.read().decode().strip() or 'no reason given'}")
    _until_seen(state, lying=True)


def _until_seen(state: State, *, lying: bool) -> None:
    """pcscd looks every 400 ms: a card laid before it saw the last one leave would be taken for that one."""

    async def seen() -> None:
        plate = Plate([make_reader("pcsc", state.pcsc_settings())])
        await plate.open()
        try:
            async with asyncio.timeout(NOTICED_S):
                while bool(plate.lying) is not lying:
                    await plate.changed()
        except TimeoutError:
            raise NotPossible("The reader does not see the card." if lying else "Another card lies on the reader.") from None
        finally:
            await plate.close()

    asyncio.run(seen())
