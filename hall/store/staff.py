"""Staff: accounts, the second factor, sessions and wrong tries: this topic's part of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hall.roles import Role
from hall.store.request import Request


class Origin(StrEnum):
    """Where an account comes from: made here, or known to the identity provider."""

    LOCAL = "local"
    OIDC = "oidc"


class Ended(StrEnum):
    """Why a session is over."""

    LOGGED_OUT = "logged_out"
    IDLE = "idle"
    LONGEST = "longest"
    ELSEWHERE = "elsewhere"
    WINDOW_TAKEN = "window_taken"
    ACCOUNT = "account"
    BY_SECURITY = "by_security"


@dataclass(frozen=True)
class Account:
    """One member of staff. `password` is an argon2 hash, "" for one of the identity provider; `must_change`: somebody else
    chose it; `secret` is the telephone's, None while none is enrolled."""

    name: str
    password: str
    roles: frozenset[Role] = frozenset({Role.CLERK})
    origin: Origin = Origin.LOCAL
    must_change: bool = False
    disabled: bool = False
    secret: str | None = None


@dataclass(frozen=True)
class AccountLine:
    """An account as its keeper sees it; `since` and `window` while somebody is logged in under it."""

    name: str
    roles: frozenset[Role]
    origin: Origin
    must_change: bool
    disabled: bool
    enrolled: bool
    window: str = ""
    since: datetime | None = None
    locked: bool = False


@dataclass(frozen=True)
class StaffSession:
    """A log-in, at a window or ("") without one; `seen_at` is the last request, kept to the minute. `ended` None: it lives.
    `parked` is what was sent to it while it was locked or over."""

    clerk: str
    window: str
    started_at: datetime
    seen_at: datetime
    roles: frozenset[Role] = frozenset()
    origin: Origin = Origin.LOCAL
    locked: bool = False
    ended: Ended | None = None
    parked: bytes | None = None


@dataclass(frozen=True)
class WrongLogIns:
    """Wrong tries that still count, for one name or one window."""

    tries: int
    last: datetime


class StaffStore(Protocol):
    """Tokens come hashed, passwords as argon2; secrets and codes are sealed or digested here."""

    async def add_staff(self, account: Account, request: Request) -> None:
        """NameTaken when there is one of this name."""
        ...

    async def account(self, name: str) -> Account | None: ...

    async def accounts(self) -> tuple[AccountLine, ...]: ...

    async def give_password(self, name: str, password: str, request: Request) -> None:
        """One that its holder has to change. Ends the account's sessions and its rest after wrong tries; NotKnown."""
        ...

    async def choose_password(self, name: str, old: str, password: str, request: Request) -> bool:
        """The holder's own, and the end of the rest after wrong tries; hashes both. False, and nothing is changed: `old` is
        theirs no more."""
        ...

    async def set_roles(self, name: str, roles: frozenset[Role], request: Request) -> None:
        """From the next request on; NotKnown, LastSecurity."""
        ...

    async def set_disabled(self, name: str, disabled: bool, request: Request) -> None:
        """Ends the account's sessions; NotKnown, LastSecurity."""
        ...

    async def enrol(self, name: str, secret: str, step: int, codes: tuple[str, ...], request: Request) -> None:
        """A telephone, with the step of the code that proved it, and fresh recovery codes."""
        ...

    async def reset_second_factor(self, name: str, request: Request) -> None:
        """Ends the account's sessions; the next log-in enrols anew. NotKnown."""
        ...

    async def take_step(self, name: str, step: int) -> bool:
        """False when this code, or a later one, was taken before."""
        ...

    async def take_recovery_code(self, name: str, code: str, request: Request) -> bool:
        """False for one that is none, or was taken."""
        ...

    async def start_session(self, token_hash: str, session: StaffSession, request: Request, place: str = "") -> None:
        """Ends every other session of the clerk and at the window, forgets wrong tries of the name and from the window or
        place, takes over what was parked."""
        ...

    async def session(self, token_hash: str) -> StaffSession | None:
        """Also one that has ended, for a day."""
        ...

    async def session_at(self, window: str) -> str | None:
        """The hash of the token of who is logged in at a window."""
        ...

    async def session_seen(self, token_hash: str, at: datetime) -> None: ...

    async def end_session(self, token_hash: str, why: Ended, request: Request) -> None: ...

    async def end_sessions_of(self, name: str, why: Ended, request: Request) -> None: ...

    async def lock_session(self, token_hash: str, request: Request) -> None:
        """Idempotent."""
        ...

    async def unlock_session(self, token_hash: str, request: Request) -> None: ...

    async def park(self, token_hash: str, sent: bytes | None) -> None:
        """Keeps, sealed, what was sent to a session that could not take it; None forgets it."""
        ...

    async def start_entry(self, token_hash: str, kept: bytes, at: datetime) -> None:
        """A log-in under way; what it needs to know is sealed."""
        ...

    async def entry(self, token_hash: str, since: datetime) -> bytes | None:
        """None when there is none, or it is older."""
        ...

    async def change_entry(self, token_hash: str, kept: bytes) -> None: ...

    async def end_entry(self, token_hash: str) -> bool:
        """True for the one caller that ended it."""
        ...

    async def drawn(self, text: str) -> bytes:
        """32 bytes that only this hall's key makes of a text."""
        ...

    async def wrong_log_in(self, name: str, place: str, request: Request) -> None:
        """Counts one for the name and one for the place it was tried from."""
        ...

    async def wrong_log_ins(self, name: str, place: str, now: datetime) -> tuple[WrongLogIns, ...]:
        """Those of the last quarter of an hour: of the name, and of the place."""
        ...
