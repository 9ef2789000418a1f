"""What the hall keeps of its terminals' words about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flows.heartbeat import Heartbeat


@dataclass(frozen=True)
class Heard:
    """What a terminal said, and when the hall heard it, by the hall's clock."""

    terminal: str
    at: datetime
    said: Heartbeat


class TerminalStateStore(Protocol):
    async def keep_beat(self, heard: Heard) -> None:
        """The newest word; kept among the changes too when parts, outbox or software are others than before. Every beat
        counts: it carries no key."""
        ...

    async def beats(self) -> Sequence[Heard]:
        """The newest word of every terminal, by name."""
        ...

    async def changes_of(self, terminal: str, since: datetime) -> Sequence[Heard]:
        """The newest first."""
        ...

    async def forget_beats(self, before: datetime) -> None: ...
