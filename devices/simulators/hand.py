"""What a person's hand does at the simulators of one state folder: lays a card, takes it, fills the printer."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from devices.drivers import make_reader
from devices.drivers.escpos_line import PAPER_OUT_FILE
from devices.plate import Plate
from devices.simulators.control import ask
from devices.simulators.deck import ChipCard, Wish, find
from devices.simulators.lying_card import Disturbance, as_words
from devices.simulators.pcscd import recorded_ports

BEFORE = "before"
"""The file in a simulated camera's folder that says what is before it."""
NOTICED_S = 3.0
TAKING_S = 1.2
"""A reader looks every 250 ms and believes only after three looks that a card is gone: two cards
laid faster than by a hand would be one card to it."""
NO_PCSCD = "No virtual reader runs for {0}. Start one: make run, or python -m devices.simulators.pcscd --folder {0}/pcscd"
NO_SAM_V = "No resident card simulator runs for {0}. Start one: make run, or python -m devices.simulators.sam_v --state {0}"


NO_CHIP_CARD = "No simulated card lies on a chip card reader of {0}. Lay one first: python -m devices insert"


class Reader(Enum):
    CHIP = "chip card reader"
    RESIDENT = "resident card reader"


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
    def authority(self) -> Path:
        """The key that simulated travel documents are signed under."""
        return self.folder / "authority.pem"

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


def lay(state: State, wishes: Sequence[Wish], disturbance: Disturbance) -> str:
    """What lies there then. There is one place for cards: another one that lies there, on whichever reader, is taken away
    first. Whoever lays a card stands before the camera. Raises NotInTheDeck and NotPossible."""
    cards = [find(wish) for wish in wishes]
    if person := cards[0].person:
        set_before(state.camera(document=False), person)
    match cards:
        case [ChipCard()]:
            _lay_on_the_chip_reader(state, wishes[0], disturbance)
        case [ChipCard(), *_] | [_, ChipCard()]:
            raise NotPossible("Two cards on one chip card reader do not answer: python -m devices insert mute")
        case _ if disturbance.fault:
            raise NotPossible(f"Only a card on the chip card reader can be laid so that it {disturbance.fault} later.")
        case _:
            _lay_on_the_plate(state, [card.fields for card in cards if not isinstance(card, ChipCard)])
    return " and ".join(card.title for card in cards)


def take(state: State) -> frozenset[Reader]:
    """Where something lay."""
    taken = set()
    if ask(state.card_control, {"pull": True}):
        _until_seen(state, lying=False)
        taken.add(Reader.CHIP)
    if state.resident_card():
        ask(state.sam_v_control, {"pull": True})
        taken.add(Reader.RESIDENT)
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


def disturb_card(state: State, disturbance: Disturbance) -> None:
    """The card on the chip card reader, from now on."""
    if not ask(state.card_control, {"fault": disturbance.fault or "", "at": disturbance.at}):
        raise NotPossible(NO_CHIP_CARD.format(state.folder))


def make_well(state: State) -> None:
    """Whatever simulators there are. Raises NotPossible when there is none."""
    found = [bool(ask(state.sam_v_control, {"fault": ""})), bool(ask(state.card_control, {"fault": "", "at": 1}))]
    if not any(found):
        raise NotPossible(NO_SAM_V.format(state.folder))


def _lay_on_the_plate(state: State, cards: Sequence[Mapping[str, str]]) -> None:
    if state.resident_card() is None:
        raise NotPossible(NO_SAM_V.format(state.folder))
    _make_room(state)
    if not ask(state.sam_v_control, {"insert": [dict(fields) for fields in cards]}):
        raise NotPossible(NO_SAM_V.format(state.folder))


def _lay_on_the_chip_reader(state: State, wish: Wish, disturbance: Disturbance) -> None:
    if not recorded_ports(state.pcscd):
        raise NotPossible(NO_PCSCD.format(state.folder))
    _make_room(state)
    _lay_in_background(state, wish, disturbance)


def _make_room(state: State) -> None:
    if Reader.RESIDENT in take(state):
        time.sleep(TAKING_S)


def _lay_in_background(state: State, wish: Wish, disturbance: Disturbance) -> None:
    port = recorded_ports(state.pcscd)[0]
    options = ["--port", str(port), "--control", str(state.card_control), "--authority", str(state.authority)]
    faulty = ["--fault", disturbance.fault, "--at", str(disturbance.at)] if disturbance.fault else []
    process = subprocess.Popen(  # noqa: S603 - our own module, with a card that we know
        [sys.executable, "-m", "devices.simulators.lying_card", *as_words(wish), *faulty, *options],
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
