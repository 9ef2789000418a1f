"""What clerks fill in for somebody at a window: the counter's part of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from flows.application import Application, Attached, Identity, Status, Ticket
from flows.fold import Given
from hall.certificates import Issued
from hall.store.request import Request
from hall.store.standing import Place


@dataclass(frozen=True)
class Faulty:
    """A photo that the checks do not like: kept, so that a clerk may take it all the same without looking for the file
    again. `words` are the checks' advice."""

    digest: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class CounterDraft:
    """What one clerk is filling in at one window. `given` is by page, without the pictures, which are in `pictures` by
    digest; `version` counts the savings, so that a page drawn before the last one cannot undo it."""

    visit: str
    window: str
    clerk: str
    matter: str
    day: date
    opened_at: datetime
    identity: Identity
    guardian: Identity | None
    flow_version: str
    version: int = 1
    given: Mapping[str, Given] = field(default_factory=dict)
    pictures: Mapping[str, Attached] = field(default_factory=dict)
    faulty: Mapping[str, Faulty] = field(default_factory=dict)


@dataclass(frozen=True)
class Elsewhere:
    """The same matter of the same person, open or in line. `number` is empty while it is only being filled in."""

    visit: str
    window: str
    at: datetime
    number: str = ""
    status: Status | None = None
    clerk: str = ""

    @property
    def is_waiting(self) -> bool:
        return self.status is Status.SUBMITTED


@dataclass(frozen=True)
class Handed:
    """A filled-in application as it is handed over. `here`: it is called to the window at once, in the same command."""

    application: Application
    place: Place
    submission: Request
    issued: Issued | None
    here: bool


class CounterStore(Protocol):
    """Drafts at the counter. They are sealed and bound to a clerk and a window; a draft holds no record of a department."""

    async def begin_draft(self, draft: CounterDraft) -> CounterDraft:
        """The clerk's draft at this window: this one, or the one that is open there already; NotKnown for a visit that was handed
        in or left. See drop_old_drafts."""
        ...

    async def drop_old_drafts(self, day: date, at: datetime) -> None:
        """Those of earlier days, with the records of their visits."""
        ...

    async def draft_at(self, window: str, clerk: str) -> CounterDraft | None: ...

    async def draft_version(self, visit: str, window: str, clerk: str) -> int | None:
        """Of a draft that is open, without opening what is sealed in it; None when it is not."""
        ...

    async def keep_draft(self, draft: CounterDraft, pictures: bool) -> CounterDraft:
        """With the version after; DraftMoved when another page saved something else meanwhile, or the draft is gone.
        `pictures`: these changed too."""
        ...

    async def drop_draft(self, draft: CounterDraft, request: Request) -> None:
        """Given up: what was typed and the visit's records are forgotten."""
        ...

    async def elsewhere(self, number: str, matter: str, visit: str) -> tuple[Elsewhere, ...]:
        """The same matter of the person with this number, in other visits of this hall."""
        ...

    async def submit_at_counter(self, handed: Handed, request: Request) -> Ticket:
        """Issues the ticket, calls it and drops the draft in one; WindowTaken or AtAnotherWindow undo all of it."""
        ...
