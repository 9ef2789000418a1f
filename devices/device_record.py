"""The running terminal's word on its devices, in a file of its state folder: a self-test cannot ask a line that is in use."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from devices.device import Completion, Counters
from devices.readiness import Recorded
from devices.supervisor import Supervisor

log = logging.getLogger(__name__)

FILE = "devices.json"


def keep(state: Path, since: datetime, supervisors: Sequence[Supervisor]) -> None:
    """Replaced as a whole. A full disk is no reason to serve nobody."""
    said = {"since": since.isoformat(), "devices": {one.device.id: asdict(one.counters()) for one in supervisors}}
    beside = state / f"{FILE}.new"
    try:
        beside.write_text(json.dumps(said), encoding="utf-8")
        beside.replace(state / FILE)
    except OSError as error:
        log.warning("device_record_not_kept", extra={"error": error.strerror})


def recorded(state: Path) -> Mapping[str, Recorded]:
    """By id of the device; empty when no terminal ever ran here, or the file makes no sense."""
    try:
        said = json.loads((state / FILE).read_text(encoding="utf-8"))
        since = datetime.fromisoformat(said["since"])
        return {name: Recorded(since, _counters(counted)) for name, counted in said["devices"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _counters(counted: Mapping[str, object]) -> Counters:
    failures = counted["failures"]
    if not isinstance(failures, dict):
        raise TypeError
    numbers = {name: count for name, count in counted.items() if isinstance(count, int | float)}
    return Counters(
        done=int(numbers["done"]),
        failures={Completion(code): int(count) for code, count in failures.items()},
        failed_in_a_row=int(numbers["failed_in_a_row"]),
        faults=int(numbers["faults"]),
        resets=int(numbers["resets"]),
        reopens=int(numbers["reopens"]),
        online_s=float(numbers["online_s"]),
    )
