"""How long a department usually takes, and whether it may be asked once more when it takes longer."""

from __future__ import annotations

from collections import deque

LATELY = 200
ENOUGH = 20
"""So many answers before "usually" means anything."""

USUAL = 0.95
SOONEST_S = 0.05
SHARE = 0.1
"""At most so many second questions for each first one: hedging must never double a department's load."""

SAVED_UP = 5.0


class Hedge:
    """The times of the last answers; a second question is worth it only after most answers would have come."""

    def __init__(self, deadline_s: float) -> None:
        self._latest_s = max(SOONEST_S, deadline_s / 2)
        self._times: deque[float] = deque(maxlen=LATELY)
        self._credit = 0.0

    @property
    def unusual_s(self) -> float | None:
        """After how long an answer is unusually late, and at half the deadline at the latest; None: too few to say."""
        if len(self._times) < ENOUGH:
            return None
        usual = sorted(self._times)[int(len(self._times) * USUAL)]
        return min(max(usual, SOONEST_S), self._latest_s)

    def asked(self) -> None:
        self._credit = min(self._credit + SHARE, SAVED_UP)

    def answered(self, after_s: float) -> None:
        self._times.append(after_s)

    def allows(self) -> bool:
        """Whether the share of second questions allows one now; it is then used up."""
        if self._credit < 1:
            return False
        self._credit -= 1
        return True
