"""The calling board (叫号大屏): numbers and windows, never a name; the last calls stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from flows.application import Status
from hall.store.board import LastCall, SpokenCall
from hall.store.store import Store
from hall.voice import Call, Voice
from hall.working_day import SHANGHAI, Clock, working_day

LAST_CALLS = 6
"""The newest one large, the others below it: people who looked away want those, not the next ones."""

MOST_WAITING = 999
MOST_READY = 12
STALE_S = 90
"""A call that is older is not spoken any more: after a restart nobody is called a second time."""


@dataclass(frozen=True)
class BoardView:
    """What everybody in the hall may see. `calls` are newest first; `waiting` is MOST_WAITING for so many or more."""

    calls: tuple[LastCall, ...]
    waiting: int
    ready: tuple[str, ...]

    @property
    def newest(self) -> LastCall | None:
        """The call that is shown large; once its case is decided it is one of those before."""
        return next((call for call in self.calls[:1] if call.status is Status.CALLED), None)

    @property
    def before(self) -> Sequence[LastCall]:
        return self.calls[1:] if self.newest else self.calls


class Board:
    def __init__(self, store: Store, clock: Clock, voice: Voice) -> None:
        self._store = store
        self._clock = clock
        self._voice = voice

    async def view(self) -> BoardView:
        """Today, in the hall's own day."""
        day = working_day(self._clock())
        calls = await self._store.calls_since(datetime.combine(day, time(), SHANGHAI), LAST_CALLS)
        waiting = await self._store.waiting_on(day, MOST_WAITING)
        return BoardView(tuple(calls), waiting, tuple(await self._store.to_collect(MOST_READY)))

    async def calls_after(self, event: int) -> tuple[int, Sequence[int]]:
        """The newest event, and which events after `event` are calls that are still worth being spoken."""
        told = await self._store.events_after(event)
        recent = {(call.number, call.window) for call in (await self.view()).calls if self._is_recent(call)}
        calls = [one.number for one in told if one.name in ("ticket_called", "ticket_recalled")]
        worth = [number for number in calls if (said := await self._store.call_of_event(number)) and _who(said) in recent]
        return (told[-1].number if told else event), worth

    async def spoken(self, event: int) -> bytes | None:
        """The sound of a call, as WAV; None when the event is no call. NoVoice when the hall cannot speak."""
        said = await self._store.call_of_event(event)
        return await self._voice.say(Call(said.number, said.window, said.again)) if said else None

    def _is_recent(self, call: LastCall) -> bool:
        return abs((self._clock() - call.at).total_seconds()) <= STALE_S


def _who(call: SpokenCall) -> tuple[str, str]:
    return call.number, call.window
