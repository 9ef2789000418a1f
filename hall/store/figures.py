"""What open data may know of a case: its day, its matter, how long it waited, whether it was done on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class CaseFigure:
    """One submitted case without anything that says whose. `waited_s` until it was first called, None when it was not;
    `on_the_spot`: accepted or issued on the day itself, without having been given back."""

    matter: str
    waited_s: int | None
    on_the_spot: bool


class FigureStore(Protocol):
    async def figures_of(self, day: date) -> Sequence[CaseFigure]:
        """The cases whose ticket was issued on a working day."""
        ...

    async def first_day(self) -> date | None:
        """The working day of the first ticket; None when there is none yet."""
        ...
