"""How long a person may be seen at the terminal when nobody touches it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class IdleTimes:
    """Settings in seconds. Nobody touches: `warn_s` (in large text `warn_large_s`, while waiting for staff
    `help_s`), then a countdown of `countdown_s`, then everything is wiped. `done_s`: how long a result stays;
    `glance_s`: how long the departments' answers are shown."""

    warn_s: float = 60
    warn_large_s: float = 120
    help_s: float = 180
    countdown_s: float = 20
    done_s: float = 30
    glance_s: float = 1
