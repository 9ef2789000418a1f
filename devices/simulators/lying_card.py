"""One card of the deck on a virtual reader until it is pulled: python -m devices insert starts it."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from devices.simulators.deck import CardKind, ChipCard, NotInTheDeck, Wish, Wrong, find
from devices.simulators.vpcd import CardProgram, FaultAt, Hang, VirtualCard, pulled

_LOOK_S = 0.2
_HEARS = '{"pull": true} or {"fault": "…", "at": 1}'


class CardFault(StrEnum):
    PULLED = "pulled"  # taken away instead of answering
    HANGS = "hangs"  # silent until it is well again or pulled


@dataclass(frozen=True)
class Disturbance:
    """A fault in place of the answer to a command, the first being 1; without a fault the card is well."""

    fault: CardFault | None = None
    at: int = 1


class Disturbed:
    """A card that is well until it is told otherwise; counting begins when it is told."""

    def __init__(self, program: CardProgram) -> None:
        self._program = self._answering = program
        self._hang = Hang()

    @property
    def atr(self) -> bytes:
        return self._program.atr

    def reset(self) -> None:
        self._program.reset()

    def answer(self, command: bytes) -> bytes:
        return self._answering.answer(command)

    def disturb(self, disturbance: Disturbance) -> None:
        """One that hangs at another fault goes on first."""
        self._hang.release()
        match disturbance.fault:
            case None:
                self._answering = self._program
            case CardFault.PULLED:
                self._answering = FaultAt(self._program, disturbance.at, pulled)
            case CardFault.HANGS:
                self._hang = Hang()
                self._answering = FaultAt(self._program, disturbance.at, self._hang)
            case _:
                assert_never(disturbance.fault)


def lie(program: CardProgram, port: int, control: Path, disturbance: Disturbance) -> None:
    """Until it is pulled, by {"pull": true} through the control socket or by its fault, or pcscd stays away."""
    control.unlink(missing_ok=True)
    disturbed = Disturbed(program)
    disturbed.disturb(disturbance)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.fspath(control))
        server.listen()
        server.settimeout(_LOOK_S)
        try:
            with VirtualCard(disturbed, port) as card:
                print("READY", flush=True)
                while not card.wait(0):
                    _hear(server, card, disturbed)
        finally:
            control.unlink(missing_ok=True)


def _hear(server: socket.socket, card: VirtualCard, disturbed: Disturbed) -> None:
    with contextlib.suppress(OSError):
        line, _ = server.accept()
        with line, line.makefile("rwb") as talk:
            talk.write(json.dumps(_follow(talk.readline(), card, disturbed), ensure_ascii=False).encode() + b"\n")


def _follow(message: bytes, card: VirtualCard, disturbed: Disturbed) -> Mapping[str, object]:
    try:
        match json.loads(message):
            case {"pull": True}:
                disturbed.disturb(Disturbance())  # a thread that hangs could not be waited for
                card.pull()
            case {"fault": str(fault), "at": int(at)} if at > 0:
                disturbed.disturb(Disturbance(CardFault(fault) if fault else None, at))
            case _:
                return {"ok": False, "error": _HEARS}
    except ValueError:
        return {"ok": False, "error": f"{_HEARS}; a fault is {' or '.join(CardFault)}, or empty"}
    return {"ok": True}


def as_words(wish: Wish) -> list[str]:
    """The wish as options of this program."""
    words = ["--name", wish.name]
    for option, value in (("card", wish.card), ("version", wish.version), ("wrong", wish.wrong)):
        words += [f"--{option}", value] if value else []
    return [*words, "--contactless"] if wish.contactless else words


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m devices.simulators.lying_card", description=__doc__)
    options.add_argument("--name", required=True)
    options.add_argument("--card", type=CardKind)
    options.add_argument("--version", default="")
    options.add_argument("--contactless", action="store_true")
    options.add_argument("--wrong", type=Wrong)
    options.add_argument("--fault", type=CardFault)
    options.add_argument("--at", type=int, default=1)
    options.add_argument("--authority", type=Path, required=True, help="file of the key that travel documents are signed under")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--control", type=Path, required=True)
    given = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        card = find(Wish(given.name, given.card, given.version, given.contactless, given.wrong))
        if not isinstance(card, ChipCard):
            raise NotInTheDeck("this card is for the other reader")
        lie(card.program(given.authority), given.port, given.control, Disturbance(given.fault, given.at))
    except OSError as error:
        print(error.strerror or error, file=sys.stderr)
        return 1
    except (NotInTheDeck, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
