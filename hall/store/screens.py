"""What the hall keeps of the citizens' screens: whose window, what was asked there, what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from flows.application import Attached, Status
from hall.store.request import Request

Language = Literal["", "zh", "en"]
"""Empty: the one that the application was filled in in."""


class Asking(StrEnum):
    """What a clerk may ask of the citizen at the window."""

    LOOK = "look"  # 核对: is this what you said?
    SIGN = "sign"


class Reply(StrEnum):
    """What became of it."""

    OPEN = "open"
    RIGHT = "right"
    WRONG = "wrong"
    SIGNED = "signed"
    TAKEN = "taken"  # the clerk put the signature into the application
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Reading:
    """How the citizen of one turn (`Turn.about`) wants to read."""

    about: str = ""
    language: Language = ""
    large: bool = False


@dataclass(frozen=True)
class KeptScreen:
    """The citizen's screen of a window, opened by a clerk whose session has this hash."""

    window: str
    session: str
    reading: Reading


@dataclass(frozen=True)
class Turn:
    """Whoever was called last at a window. `turn` tells one call of the same ticket from another; `ended_at` is when the
    clerk decided, None while the case is open."""

    visit: str
    number: str
    matter: str
    status: Status
    turn: int
    ended_at: datetime | None = None

    @property
    def about(self) -> str:
        """How a citizen's page names it: a ticket's number says nothing of anybody."""
        return f"{self.number}-{self.turn}"


@dataclass(frozen=True)
class Asked:
    """One thing asked of a citizen. `field` is what the signature is for; `mark` tells which answers were looked over,
    `wrong` the fields that the citizen pointed at."""

    id: str
    visit: str
    turn: int
    kind: Asking
    field: str
    reply: Reply
    asked_at: datetime
    replied_at: datetime | None
    mark: str
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """What the citizen did, before it is kept. `mark` is that of the answers that were on the screen."""

    id: str
    reply: Reply
    mark: str = ""
    wrong: tuple[str, ...] = ()
    signature: Attached | None = None


class ScreenStore(Protocol):
    """Screens, and what is asked there. A screen's commands are of the turn that its window has now, or ScreenMoved."""

    async def open_screen(self, token_hash: str, session_hash: str, request: Request) -> None:
        """The one screen of request.window."""
        ...

    async def screen(self, token_hash: str) -> KeptScreen | None: ...

    async def prefer(self, window: str, reading: Reading) -> None:
        """Nothing to be audited, and nothing lost when it is repeated."""
        ...

    async def turn_at(self, window: str) -> Turn | None:
        """Whoever was called last there, decided or not; None when nobody was, or went back into the line."""
        ...

    async def ask_citizen(self, visit: str, kind: Asking, field: str, request: Request) -> str:
        """The id of what is asked; what was open before is withdrawn. NotAllowed unless the visit is at request.window."""
        ...

    async def withdraw_asked(self, visit: str, request: Request) -> None: ...

    async def asked_of(self, turn: Turn) -> Sequence[Asked]:
        """The newest first."""
        ...

    async def citizen_answers(self, answered: Answered, request: Request) -> str:
        """The reply; the first one counts. ScreenMoved when it is not asked any more, or about other answers."""
        ...

    async def signature(self, id: str) -> tuple[str, Attached] | None:
        """Whose visit, and what was written; None when it was taken or never given."""
        ...

    async def take_signature(self, id: str, request: Request) -> None:
        """It goes with the application now."""
        ...


class HandOverStore(Protocol):
    async def hand_over(self, visit: str, department: str, claims: str, request: Request) -> str:
        """Writes down that a clerk goes on to a department's system; the claims that this key was given first."""
        ...
