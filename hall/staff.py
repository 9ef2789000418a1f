"""Clerks log in with name and password at one window, for one working day."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from hall.errors import TooManyTries
from hall.store.store import Request, StaffSession, Store
from hall.working_day import Clock

log = logging.getLogger(__name__)

LONGEST = timedelta(hours=8)
IDLE = timedelta(minutes=15)
KEEP_SEEN = timedelta(minutes=1)
MOST_WRONG = 5
FIRST_REST = timedelta(minutes=1)
"""After the fifth wrong password within a quarter of an hour; doubled by every further one."""


@dataclass(frozen=True)
class Session:
    """Who sits at which window."""

    clerk: str
    window: str


class Staff:
    """The store keeps only hashes: argon2 of the password, SHA-256 of the session's token."""

    def __init__(self, store: Store, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        self._store = store
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        # One at a time: argon2id takes 64 MiB, and 64 log-ins at once would take 4 GiB.
        self._hashing = ThreadPoolExecutor(1, thread_name_prefix="hall-password")
        # One log-in at a time, or many at once would all be tried before the first wrong one counts.
        self._trying = asyncio.Lock()
        self._nobody = ""
        self._seen: dict[str, datetime] = {}

    async def add(self, name: str, password: str) -> None:
        """A new clerk, or a new password; sessions under the old one end."""
        hashed = await self._hashed(password)
        await self._store.add_staff(name, hashed, self._request("hall"))

    async def log_in(self, name: str, password: str, window: str) -> str | None:
        """A token for this window, or None. An unknown name takes as long as a wrong password.
        TooManyTries when the name or the window rests: then the password is not even looked at."""
        async with self._trying:
            return await self._log_in(name, password, window)

    async def _log_in(self, name: str, password: str, window: str) -> str | None:
        hashed = await self._store.password_hash(name)
        by = f"clerk:{name}" if hashed else "unknown"
        await self._rested(name, by, window)
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._hashing, self._verified, hashed, password)
        request = self._request(by, window)
        if not right:
            await self._store.wrong_log_in(name, request)
            return None
        token = secrets.token_urlsafe(32)
        session = StaffSession(name, window, request.at, request.at)
        await self._store.start_session(_hash(token), session, request)
        return token

    async def _rested(self, name: str, by: str, window: str) -> None:
        """Raises TooManyTries while the name or the window rests."""
        now = self._clock()
        counts = await self._store.wrong_log_ins(name, window, now)
        until = max((c.last + FIRST_REST * 2 ** (c.tries - MOST_WRONG) for c in counts if c.tries >= MOST_WRONG), default=now)
        if now < until:
            await self._store.audit("staff_log_in_barred", self._request(by, window), by, outcome=window)
            raise TooManyTries(until)

    async def who(self, token: str) -> Session | None:
        """The session behind a token; it ends 8 hours after log-in or 15 minutes after the last request."""
        hashed, now = _hash(token), self._clock()
        session = await self._store.session(hashed)
        if session is None:
            self._seen.pop(hashed, None)
            return None
        if self._ended(session, self._seen.get(hashed, session.seen_at)):
            await self.log_out(token)
            return None
        self._seen[hashed] = now
        if now - session.seen_at >= KEEP_SEEN:
            await self._store.session_seen(hashed, now)
        return Session(session.clerk, session.window)

    async def still(self, token: str) -> Session | None:
        """Like `who`, for an open page that asks by itself: it does not keep the session from ending."""
        return await self.behind(_hash(token))

    async def behind(self, token_hash: str) -> Session | None:
        """Like `still`, for the citizen's screen of the window, which knows only the hash."""
        session = await self._store.session(token_hash)
        if session is None or self._ended(session, self._seen.get(token_hash, session.seen_at)):
            return None
        return Session(session.clerk, session.window)

    async def log_out(self, token: str) -> None:
        """Idempotent; an unknown token is nobody's."""
        hashed = _hash(token)
        self._seen.pop(hashed, None)
        session = await self._store.session(hashed)
        if session is not None:
            await self._store.end_session(hashed, self._request(f"clerk:{session.clerk}"))

    def _ended(self, session: StaffSession, seen: datetime) -> bool:
        now = self._clock()
        return now - session.started_at >= LONGEST or now - max(session.seen_at, seen) >= IDLE

    async def _hashed(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._hashing, self._hasher.hash, password)

    def _verified(self, hashed: str | None, password: str) -> bool:
        self._nobody = self._nobody or self._hasher.hash(secrets.token_urlsafe(16))
        try:
            return self._hasher.verify(hashed or self._nobody, password) and hashed is not None
        except Argon2Error:
            return False

    def _request(self, by: str, window: str = "") -> Request:
        return Request(f"staff:{secrets.token_urlsafe(16)}", by, self._clock(), window)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
