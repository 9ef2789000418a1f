"""A specimen's social security card on a virtual reader until it is pulled: python -m devices insert starts it."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path

from devices.simulators.social_security_card import SocialSecurityCard, files
from devices.simulators.specimens import Specimen, find_specimen
from devices.simulators.vpcd import VirtualCard

_LOOK_S = 0.2


def card_of(person: Specimen) -> SocialSecurityCard:
    """The card that this person would have: from version 3.00 on it keeps the holder to itself."""
    return SocialSecurityCard(files(person), protected=person.card_version >= "3")


def lie(person: Specimen, port: int, control: Path) -> None:
    """Until {"pull": true} comes through the control socket or pcscd stays away."""
    control.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.fspath(control))
        server.listen()
        server.settimeout(_LOOK_S)
        try:
            with VirtualCard(card_of(person), port) as card:
                print("READY", flush=True)
                while not card.wait(0) and not _told_to_leave(server, card):
                    pass
        finally:
            control.unlink(missing_ok=True)


def _told_to_leave(server: socket.socket, card: VirtualCard) -> bool:
    with contextlib.suppress(OSError):
        line, _ = server.accept()
        with line, line.makefile("rwb") as talk:
            if talk.readline().strip() != b'{"pull": true}':
                talk.write(b'{"ok": false, "error": "a lying card can only be pulled"}\n')
                return False
            card.pull()
            talk.write(json.dumps({"ok": True}).encode() + b"\n")
            return True
    return False


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m devices.simulators.lying_card", description=__doc__)
    options.add_argument("--key", required=True)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--control", type=Path, required=True)
    given = options.parse_args()
    person = find_specimen(given.key)
    if person is None:
        print("no such specimen", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        lie(person, given.port, given.control)
    except OSError as error:
        print(error.strerror or error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
