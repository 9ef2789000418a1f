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
