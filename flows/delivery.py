"""Outcomes on their way back to a department: steps that are done once, closed by the department's own number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DeliveryStep:
    """One step of a write-back, remembered: done once, never again. `number` is what the
    department gave in return; `problem` is a code of the last failure."""

    name: str
    tries: int = 0
    done_at: datetime | None = None
    number: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Delivery:
    """The outcome on its way to one department, closed by that department's own number."""

    visit: str
    department: str
    steps: tuple[DeliveryStep, ...]

    @property
    def number(self) -> str:
        """The department's own number (受理编号); empty until it came back."""
        return next((step.number for step in self.steps if step.number), "")

    @property
    def done(self) -> bool:
        return all(step.done_at for step in self.steps)
