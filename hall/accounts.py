"""Accounts of the staff: who is let in, as what; kept by security, who cannot keep their own."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from hall.passwords import Passwords
from hall.roles import Role, at_odds
from hall.second_factor import LETTERS
from hall.staff_errors import NameTaken, NotOwnAccount, RolesAtOdds
from hall.staff_policy import staff_policy
from hall.store.request import Request
from hall.store.staff import Account, AccountLine, Ended, Origin
from hall.store.store import Store
from hall.working_day import Clock, working_day

FIRST_LENGTH = 16


@dataclass(frozen=True)
class Keeper:
    """Who changes an account: "" at the machine's own command line. `key` is the click's."""

    name: str = ""
    key: str = ""


MACHINE = Keeper()


class Accounts:
    """Each change is audited, and ends what must end."""

    def __init__(self, store: Store, clock: Clock, passwords: Passwords) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords

    async def all(self) -> tuple[AccountLine, ...]:
        return await self._store.accounts()

    async def add(
        self, name: str, password: str, roles: frozenset[Role], *, must_change: bool = True, by: Keeper = MACHINE
    ) -> None:
        """NameTaken, PasswordWeak, RolesAtOdds. `must_change`: the password was chosen by somebody else."""
        self._checked(roles)
        account = Account(name, await self._hashed(password, name), roles, Origin.LOCAL, must_change)
        await self._store.add_staff(account, self._request(by))

    async def from_provider(self, name: str, roles: frozenset[Role]) -> Account | None:
        """The account of somebody whom the identity provider knows, with the roles it says today; None when it is shut.
        NameTaken when an account made here has the name."""
        self._checked(roles)
        known = await self._store.account(name)
        if known is None:
            await self._store.add_staff(Account(name, "", roles, Origin.OIDC), self._request(MACHINE))
        elif known.origin is not Origin.OIDC:
            raise NameTaken
        elif known.roles != roles:
            await self._store.set_roles(name, roles, self._request(MACHINE))
        found = await self._store.account(name)
        return found if found is not None and not found.disabled else None

    async def set_roles(self, name: str, roles: frozenset[Role], by: Keeper = MACHINE) -> None:
        self._not_own(name, by)
        self._checked(roles)
        await self._store.set_roles(name, roles, self._request(by))

    async def set_disabled(self, name: str, disabled: bool, by: Keeper = MACHINE) -> None:
        """Ends the account's sessions at once."""
        self._not_own(name, by)
        await self._store.set_disabled(name, disabled, self._request(by))

    async def give_password(self, name: str, password: str, by: Keeper = MACHINE) -> None:
        """To be changed at the first log-in with it."""
        self._not_own(name, by)
        await self._store.give_password(name, await self._hashed(password, name), self._request(by))

    async def reset_second_factor(self, name: str, by: Keeper = MACHINE) -> None:
        self._not_own(name, by)
        await self._store.reset_second_factor(name, self._request(by))

    async def end_sessions(self, name: str, by: Keeper = MACHINE) -> None:
        await self._store.end_sessions_of(name, Ended.BY_SECURITY, self._request(by))

    async def first_password(self, key: str) -> str:
        """A password to hand over, the same for the same click: a page that is sent twice shows what was set."""
        digest = await self._store.drawn(f"first password {key}")
        letters = [LETTERS[byte % len(LETTERS)] for byte in digest[:FIRST_LENGTH]]
        return "-".join("".join(letters[place : place + 4]) for place in range(0, FIRST_LENGTH, 4))

    async def _hashed(self, password: str, name: str) -> str:
        return await self._passwords.chosen(password, name, staff_policy(working_day(self._clock())))

    def _checked(self, roles: Collection[Role]) -> None:
        pair = at_odds(roles)
        if pair is not None:
            raise RolesAtOdds(pair)

    def _not_own(self, name: str, by: Keeper) -> None:
        if by.name == name:
            raise NotOwnAccount

    def _request(self, by: Keeper) -> Request:
        key = by.key or secrets.token_urlsafe(16)
        return Request(f"staff:{key}", f"clerk:{by.name}" if by.name else "hall", self._clock())
