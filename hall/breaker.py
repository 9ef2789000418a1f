"""The circuit breaker: a failing department is spared, and asked again in time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from hall.departments.connection import Reason

FAILURES_TO_OPEN = 3
FIRST_REST_S = 5.0
LONGEST_REST_S = 60.0


class Spared(StrEnum):
    """How far a department is spared."""

    NOT = "not"
    PROBED = "probed"  # one question finds out whether it is well again
    RESTING = "resting"


@dataclass
class Breaker:
    """Three failures in a row, and the department rests; then one probe after each rest, every rest twice as long.

    A probe holds the door for one rest. When its asker goes away, it says nothing about the department, and the next
    asker probes.
    """

    reason: Reason = "down"
    """Why it last failed."""
    state: Spared = Spared.NOT
    _failures: int = 0
    _rest_s: float = FIRST_REST_S
    _until: float = 0.0

    @property
    def is_shut(self) -> bool:
        """Whether nobody may ask now, not even as a probe."""
        return self.state is not Spared.NOT and _now() < self._until

    def admits(self) -> bool:
        """Whether to ask now; whoever is admitted while the department is spared is the probe."""
        if self.is_shut:
            return False
        if self.state is not Spared.NOT:
            self.state, self._until = Spared.PROBED, _now() + self._rest_s
        return True

    def succeeded(self) -> None:
        self.state, self._failures, self._rest_s = Spared.NOT, 0, FIRST_REST_S

    def failed(self, reason: Reason) -> None:
        self._failures, self.reason = self._failures + 1, reason
        match self.state:
            case Spared.NOT if self._failures >= FAILURES_TO_OPEN:
                self._rest()
            case Spared.PROBED:
                self._rest_s = min(self._rest_s * 2, LONGEST_REST_S)
                self._rest()
            case _:
                # Many questions may be under way when it begins to fail: they fail together, and are one failure.
                pass

    def _rest(self) -> None:
        self.state, self._until = Spared.RESTING, _now() + self._rest_s


def _now() -> float:
    return asyncio.get_running_loop().time()
