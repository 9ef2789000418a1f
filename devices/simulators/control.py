"""One JSON line to a running simulator, and its answer: how `python -m devices` lays and takes cards."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path

_ANSWER_S = 5.0


class SimulatorRefused(Exception):
    """The simulator did not do what it was asked; the text says why."""


def ask(control: Path, wish: Mapping[str, object]) -> Mapping[str, object]:
    """The answer of the simulator that did as it was asked, empty when none listens. Raises SimulatorRefused."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_ANSWER_S)
        try:
            line.connect(os.fspath(control))
        except (FileNotFoundError, ConnectionRefusedError):
            return {}
        except OSError as error:
            raise SimulatorRefused(f"{control}: {error.strerror or error}") from error
        try:
            line.sendall(json.dumps(wish, ensure_ascii=False).encode() + b"\n")
            with line.makefile("rb") as answers:
                answer: dict[str, object] = json.loads(answers.readline())
        except (OSError, ValueError) as error:
            raise SimulatorRefused(f"{control} gave no sensible answer") from error
    if not answer.get("ok"):
        raise SimulatorRefused(str(answer.get("error", "no reason given")))
    return answer
