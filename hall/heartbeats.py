"""The terminals as the hall hears them: how each is, and which fell silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flows.heartbeat import BEAT_S, Heartbeat, Part
from hall.store.store import Store
from hall.store.terminal_states import Heard
from hall.working_day import Clock

SILENT = timedelta(seconds=2 * BEAT_S)
"""After two beats that did not come."""

CLOCK_OFF = timedelta(minutes=2)
WELL = frozenset({"online", "deviceBusy"})
PRINTERS = frozenset({"ticket_printer", "page_printer"})
KEEP_CHANGES = timedelta(days=7)


class Mood(StrEnum):
    WELL = "well"
    TROUBLE = "trouble"
    SILENT = "silent"


@dataclass(frozen=True)
class TerminalStanding:
    """`broken` are the parts that are not as they should be; `clock_off`: its clock is not the hall's."""

    terminal: str
    mood: Mood
    heard: Heard
    broken: tuple[Part, ...]
    clock_off: bool


class Heartbeats:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def keep(self, terminal: str, said: Heartbeat) -> None:
        """The terminal's name is that of its certificate. The hall's clock says when it was."""
        now = self._clock()
        await self._store.keep_beat(Heard(terminal, now, said))
        await self._store.forget_beats(now - KEEP_CHANGES)

    async def standings(self) -> Sequence[TerminalStanding]:
        """Every terminal that ever spoke, by name."""
        return [self._standing(heard) for heard in await self._store.beats()]

    def _standing(self, heard: Heard) -> TerminalStanding:
        broken = tuple(part for part in heard.said.parts if _is_broken(part))
        off = abs(heard.at - heard.said.said_at) > CLOCK_OFF
        silent = self._clock() - heard.at > SILENT
        mood = Mood.SILENT if silent else Mood.TROUBLE if broken or off or heard.said.outbox else Mood.WELL
        return TerminalStanding(heard.terminal, mood, heard, broken, off)


def _is_broken(part: Part) -> bool:
    """A reader without a card is well, a printer without paper is not, nor one whose paper nears its end."""
    if part.state not in WELL or part.media == "jammed" or part.out:
        return True
    return part.kind in PRINTERS and (part.media == "notPresent" or part.paper_low)
