"""Who is logged in: one session a window and a person, locked when its clerk leaves, over after a while."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from argon2 import PasswordHasher

from hall.accounts import Accounts
from hall.entrance import Entrance, Inside, Outcome
from hall.oidc import Provider
from hall.oidc_entrance import OidcEntrance
from hall.passwords import Passwords
from hall.roles import Role
from hall.second_factor import is_recovery, plain
from hall.staff_policy import staff_policy
from hall.store.request import Request
from hall.store.staff import Account, Ended, Origin, StaffSession
from hall.store.store import Store
from hall.tries import Tries, Who
from hall.working_day import Clock, working_day

LONGEST = timedelta(hours=8)
IDLE = timedelta(minutes=15)
KEEP_SEEN = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """Who sits at which window, "" for none, and what they are. `parked`: something that was sent while the session could
    not take it waits to be confirmed."""

    clerk: str
    window: str
    roles: frozenset[Role] = field(default=frozenset(), compare=False)
    origin: Origin = field(default=Origin.LOCAL, compare=False)
    locked: bool = field(default=False, compare=False)
    parked: bytes | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Gone:
    """A session that is over, or was never known: what the log-in page says of it."""

    clerk: str
    window: str
    why: Ended
    parked: bool


@dataclass(frozen=True)
class Proof:
    """What somebody says to prove who they are; the code counts where a telephone is asked for."""

    password: str
    code: str = ""


class Staff:
    """Sessions. `accounts` keeps who may log in, `entrance` lets them in; the store knows a token only as its SHA-256."""

    def __init__(
        self, store: Store, clock: Clock, hasher: PasswordHasher | None = None, *, second_factor: bool = False, hall: str = ""
    ) -> None:
        self._store = store
        self._clock = clock
        self._passwords = Passwords(hasher)
        self._tries = Tries(store, clock)
        self._seen: dict[str, datetime] = {}
        self.accounts = Accounts(store, clock, self._passwords)
        self.entrance = Entrance(store, clock, self._passwords, self._tries, second_factor=second_factor, hall=hall)
        self.provider: OidcEntrance | None = None

    def lean_on(self, provider: Provider, emergency: frozenset[str]) -> None:
        """From now on an identity provider proves who somebody is; passwords are for these accounts alone."""
        self.provider = OidcEntrance(provider, self._store, self._clock, self.accounts, self.entrance)
        self.entrance.local = emergency

    async def close(self) -> None:
        if self.provider is not None:
            await self.provider.close()

    async def add(self, name: str, password: str, roles: frozenset[Role] = frozenset({Role.CLERK})) -> None:
        """An account with a password of its holder's own."""
        await self.accounts.add(name, password, roles, must_change=False)

    async def log_in(self, name: str, password: str, window: str) -> str | None:
        """A token at once, where no further step is asked for; None: wrong, or not yet."""
        outcome: Outcome | None = await self.entrance.log_in(name, password, window)
        return outcome.token if isinstance(outcome, Inside) else None

    async def who(self, token: str) -> Session | None:
        """The session behind a token, also a locked one; it ends 8 hours after log-in or 15 minutes after the last request,
        and is locked before that when nothing is asked for some minutes."""
        hashed, now = hash_of(token), self._clock()
        session = await self._store.session(hashed)
        if session is None or session.ended is not None:
            self._seen.pop(hashed, None)
            return None
        over = self._over(session, hashed)
        if over is not None:
            await self._end(hashed, over, session.clerk)
            return None
        locked = session.locked or self._left_alone(session, hashed)
        if locked and not session.locked:
            await self._store.lock_session(hashed, self._request("hall", session.window))
        if not locked:
            await self._note_seen(hashed, session, now)
        return _session(session, locked)

    async def still(self, token: str) -> Session | None:
        """Like `who`, for an open page that asks by itself: it does not keep the session from ending, and a locked one is
        shown nothing."""
        return await self.behind(hash_of(token))

    async def behind(self, token_hash: str) -> Session | None:
        """Like `still`, for the citizen's screen of the window, which knows only the hash."""
        session = await self._store.session(token_hash)
        if session is None or not self._open(session, token_hash):
            return None
        return _session(session, False)

    async def locked(self, window: str) -> bool:
        """Whether nobody may be shown anything at a window: its clerk has left it locked or alone, or logged out."""
        hashed = await self._store.session_at(window)
        session = await self._store.session(hashed) if hashed is not None else None
        return session is None or hashed is None or not self._open(session, hashed)

    async def gone(self, token: str) -> Gone | None:
        """Why the session of a token is over; None when it is not, or nobody remembers."""
        session = await self._store.session(hash_of(token)) if token else None
        if session is None or session.ended is None:
            return None
        return Gone(session.clerk, session.window, session.ended, session.parked is not None)

    async def lock(self, token: str, key: str = "") -> None:
        """At once. The same click locks once, however late it comes again; a session that is over needs no lock."""
        hashed = hash_of(token)
        session = await self._store.session(hashed)
        if session is not None and session.ended is None:
            await self._store.lock_session(hashed, self._request(f"clerk:{session.clerk}", session.window, key))

    async def unlock(self, token: str, proof: str) -> bool:
        """By password, or by the telephone's code, which no password is as short as. Wrong ones count like those of a
        log-in; TooManyTries."""
        hashed = hash_of(token)
        session = await self._store.session(hashed)
        if session is None or session.ended is not None or self._over(session, hashed) is not None:
            return False
        who = Who(session.clerk, f"clerk:{session.clerk}", session.window, session.window)
        if not await self._tries.right(who, lambda: self._proved(who.name, proof)):
            return False
        self._seen[hashed] = self._clock()
        await self._store.lock_session(hashed, self._request("hall", session.window))  # it may have locked itself unnoticed
        await self._store.unlock_session(hashed, self._request(who.by, session.window))
        return True

    async def _proved(self, name: str, proof: str) -> bool:
        account = await self._store.account(name)
        if account is None or account.disabled:
            return False
        if account.secret and not is_recovery(plain(proof)):
            return await self.entrance.taken(account, proof)
        return await self._passwords.right(account.password, proof)

    async def asks_code(self, session: Session) -> bool:
        """Whether this clerk proves by a telephone as well who they are."""
        account = await self._store.account(session.clerk)
        return account is not None and self.entrance.asks_code(account)

    async def choose_password(self, session: Session, proof: Proof, password: str) -> bool:
        """Another password for whoever is logged in; False: they are not proved to be who they are. A wrong proof counts like
        one at a log-in; TooManyTries, PasswordWeak."""
        who = Who(session.clerk, f"clerk:{session.clerk}", session.window, session.window)
        account = await self._store.account(session.clerk)
        if account is None or not await self._tries.right(who, lambda: self._both(account, proof)):
            return False
        policy = staff_policy(working_day(self._clock()))
        hashed = await self._passwords.chosen(password, session.clerk, policy, account.password)
        return await self._store.choose_password(session.clerk, account.password, hashed, self._request(who.by, session.window))

    async def _both(self, account: Account, proof: Proof) -> bool:
        """The password first: a code is used up only beside the right one."""
        if not await self._passwords.right(account.password, proof.password):
            return False
        return not self.entrance.asks_code(account) or await self.entrance.taken(account, proof.code)

    async def park(self, token: str, sent: bytes | None) -> None:
        """Keeps what was sent to a locked or ended session until its clerk is back; None drops it."""
        await self._store.park(hash_of(token), sent)

    async def log_out(self, token: str, why: Ended = Ended.LOGGED_OUT) -> None:
        """Idempotent; an unknown token is nobody's."""
        session = await self._store.session(hash_of(token))
        if session is not None:
            await self._end(hash_of(token), why, session.clerk)

    async def _end(self, hashed: str, why: Ended, clerk: str) -> None:
        self._seen.pop(hashed, None)
        await self._store.end_session(hashed, why, self._request(f"clerk:{clerk}"))

    async def _note_seen(self, hashed: str, session: StaffSession, now: datetime) -> None:
        self._seen[hashed] = now
        if now - session.seen_at >= KEEP_SEEN:
            await self._store.session_seen(hashed, now)

    def _open(self, session: StaffSession, hashed: str) -> bool:
        over = session.ended is not None or self._over(session, hashed) is not None
        return not over and not session.locked and not self._left_alone(session, hashed)

    def _over(self, session: StaffSession, hashed: str) -> Ended | None:
        if self._clock() - session.started_at >= LONGEST:
            return Ended.LONGEST
        return Ended.IDLE if self._idle(session, hashed) >= IDLE else None

    def _left_alone(self, session: StaffSession, hashed: str) -> bool:
        return self._idle(session, hashed) >= staff_policy(working_day(self._clock())).lock_after

    def _idle(self, session: StaffSession, hashed: str) -> timedelta:
        return self._clock() - max(session.seen_at, self._seen.get(hashed, session.seen_at))

    def _request(self, by: str, window: str = "", key: str = "") -> Request:
        return Request(f"staff:{key or secrets.token_urlsafe(16)}", by, self._clock(), window)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _session(kept: StaffSession, locked: bool) -> Session:
    return Session(kept.clerk, kept.window, kept.roles, kept.origin, locked, kept.parked)
