"""Logging in, one step after the other: password, code, a new password, a telephone; only then is there a session."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from hall import second_factor
from hall.passwords import Passwords
from hall.roles import Permission, may
from hall.staff_errors import NoWindowForRole
from hall.staff_policy import staff_policy
from hall.store.request import Request
from hall.store.staff import Account, Origin, StaffSession
from hall.store.staff_rows import ENTRY_LASTS
from hall.store.store import Store
from hall.tries import Tries, Who
from hall.working_day import Clock, working_day


class Step(StrEnum):
    """What is still asked for."""

    CODE = "code"
    CHOOSE = "choose"
    ENROL = "enrol"


@dataclass(frozen=True)
class Inside:
    """Logged in: the session's token. `codes` are recovery codes, to be shown this once."""

    token: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """Not yet: a token for the next step, good for some minutes and for nothing else."""

    token: str
    step: Step


Outcome = Inside | Waiting


@dataclass(frozen=True)
class Entry:
    """A log-in under way. `upon` digests the password hash it rests on: a new password meanwhile ends it."""

    name: str
    window: str
    place: str
    upon: str
    code_given: bool = False
    secret: str = ""


class Entrance:
    """`hall` is what an authenticator calls the account by; `local` names who may log in with a password here, None: all."""

    def __init__(
        self, store: Store, clock: Clock, passwords: Passwords, tries: Tries, *, second_factor: bool, hall: str = ""
    ) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords
        self._tries = tries
        self._second_factor = second_factor
        self._hall = hall
        self.local: frozenset[str] | None = None

    async def log_in(self, name: str, password: str, window: str, place: str = "") -> Outcome | None:
        """None: the name or the password is wrong; an unknown name takes as long. TooManyTries: not even looked at.
        NoWindowForRole: everything is right but the window."""
        place = window or place
        async with self._tries.turn:
            account = await self._store.account(name)
            allowed = account is not None and not account.disabled and account.origin is Origin.LOCAL
            allowed = allowed and (self.local is None or name in self.local)
            who = Who(name, f"clerk:{name}" if account else "unknown", window, place)
            await self._tries.rested(who)
            right = await self._passwords.right(account.password if account and allowed else None, password)
            if account is None or not right:
                await self._tries.wrong(who)
                return None
        if window and not may(account.roles, Permission.WINDOW):
            raise NoWindowForRole
        return await self._next(account, Entry(name, window, place, _digest(account.password)), "")

    async def waiting(self, token: str) -> tuple[Entry, Step] | None:
        """The step that a log-in under way stands at; None: there is none, or it took too long."""
        found = await self._found(token)
        if found is None:
            return None
        account, entry = found
        step = self._step(account, entry)
        return (entry, step) if step else None

    async def give_code(self, token: str, code: str) -> Outcome | None:
        """The telephone's code or a recovery code; None: it is wrong, was used, or is not what is asked for."""
        found = await self._found(token)
        if found is None or self._step(*found) is not Step.CODE:
            return None
        account, entry = found
        who = Who(entry.name, f"clerk:{entry.name}", entry.window, entry.place)
        if not await self._tries.right(who, lambda: self.taken(account, code)):
            return None
        return await self._next(account, replace(entry, code_given=True), token)

    async def choose_password(self, token: str, password: str) -> Outcome | None:
        """PasswordWeak; also for the one that was handed over. None: it is not what is asked for, or no more."""
        found = await self._found(token)
        if found is None or self._step(*found) is not Step.CHOOSE:
            return None
        account, entry = found
        policy = staff_policy(working_day(self._clock()))
        hashed = await self._passwords.chosen(password, entry.name, policy, account.password)
        if not await self._store.choose_password(entry.name, account.password, hashed, self._request(entry)):
            return None
        changed = replace(account, password=hashed, must_change=False)
        return await self._next(changed, replace(entry, upon=_digest(hashed)), token)

    async def enrol(self, token: str, code: str) -> Outcome | None:
        """The first code of a telephone proves that it has the secret; None: it has not."""
        found = await self._found(token)
        if found is None or self._step(*found) is not Step.ENROL:
            return None
        account, entry = found
        step = second_factor.step_of(entry.secret, second_factor.plain(code), self._clock())
        if step is None:
            return None
        codes = second_factor.recovery_codes()
        kept = tuple(second_factor.plain(one) for one in codes)
        await self._store.enrol(entry.name, entry.secret, step, kept, self._request(entry))
        outcome = await self._next(replace(account, secret=entry.secret), replace(entry, code_given=True), token)
        return replace(outcome, codes=codes) if isinstance(outcome, Inside) else outcome

    def address(self, entry: Entry) -> str:
        """What the QR code of a telephone to be enrolled says."""
        return second_factor.address(entry.secret, entry.name, self._hall)

    async def begin(self, name: str, window: str, place: str = "") -> str:
        """A session's token for somebody proved otherwise: by the identity provider."""
        token, now = secrets.token_urlsafe(32), self._clock()
        request = Request(f"staff:{secrets.token_urlsafe(16)}", f"clerk:{name}", now, window)
        await self._store.start_session(_digest(token), StaffSession(name, window, now, now), request, place)
        return token

    def asks_code(self, account: Account) -> bool:
        """Whether a password alone is not enough; who has no telephone yet gets one first."""
        return self._second_factor and bool(account.secret)

    async def taken(self, account: Account, code: str) -> bool:
        """The telephone's code or a recovery code: one counts once, whoever types it and at however many windows at once."""
        code = second_factor.plain(code)
        if second_factor.is_recovery(code):
            request = Request("", f"clerk:{account.name}", self._clock())
            return await self._store.take_recovery_code(account.name, code, request)
        step = second_factor.step_of(account.secret or "", code, self._clock())
        return step is not None and await self._store.take_step(account.name, step)

    async def _next(self, account: Account, entry: Entry, token: str) -> Outcome | None:
        """The session when nothing is asked for any more; else the entry, kept under a token. None: another was first."""
        step = self._step(account, entry)
        if step is None:
            if token and not await self._store.end_entry(_digest(token)):
                return None
            return Inside(await self.begin(entry.name, entry.window, entry.place))
        if step is Step.ENROL and not entry.secret:
            entry = replace(entry, secret=second_factor.new_secret())
        kept = json.dumps(asdict(entry)).encode()
        if token:
            await self._store.change_entry(_digest(token), kept)
            return Waiting(token, step)
        token = secrets.token_urlsafe(32)
        await self._store.start_entry(_digest(token), kept, self._clock())
        return Waiting(token, step)

    def _step(self, account: Account, entry: Entry) -> Step | None:
        """The code first: whoever only knows a password that was handed over changes nothing."""
        if self.asks_code(account) and not entry.code_given:
            return Step.CODE
        if account.must_change:
            return Step.CHOOSE
        return Step.ENROL if self._second_factor and not account.secret else None

    async def _found(self, token: str) -> tuple[Account, Entry] | None:
        kept = await self._store.entry(_digest(token), self._clock() - ENTRY_LASTS)
        if kept is None:
            return None
        entry = Entry(**json.loads(kept))
        account = await self._store.account(entry.name)
        if account is None or account.disabled or _digest(account.password) != entry.upon:
            return None
        return account, entry

    def _request(self, entry: Entry) -> Request:
        return Request(f"staff:{secrets.token_urlsafe(16)}", f"clerk:{entry.name}", self._clock(), entry.window)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
