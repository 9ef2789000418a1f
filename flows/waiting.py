"""How long somebody waits, as it is told with a number."""

from __future__ import annotations

from dataclasses import dataclass

MOST_AHEAD = 100
"""Who reads this many ahead reads "more than 99": counting a long line at each submission would make it slow."""


@dataclass(frozen=True)
class WaitSpan:
    """How long somebody probably waits, in whole minutes; `most_min` None: longer than can be told."""

    least_min: int
    most_min: int | None

    def told(self) -> tuple[str, dict[str, int]]:
        """As a person says it, a message and its values; never a single number, which nobody can keep."""
        if self.most_min is None:
            return "{least} 分钟以上", {"least": self.least_min}
        if self.least_min == 0:
            return "{most} 分钟以内", {"most": self.most_min}
        return "约 {least}–{most} 分钟", {"least": self.least_min, "most": self.most_min}
