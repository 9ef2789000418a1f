"""Passwords: argon2, one at a time, and the rules for a new one."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from hall.staff_errors import PasswordWeak
from hall.staff_policy import StaffTable

SHORTEST_NAME = 3
LEAST_DIFFERENT = 5
"""Characters: fewer of them make a pattern and not a password."""


class Passwords:
    """The store keeps only argon2 hashes."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        # One at a time: argon2id takes 64 MiB, and 64 log-ins at once would take 4 GiB.
        self._hashing = ThreadPoolExecutor(1, thread_name_prefix="hall-password")
        self._nobody = ""

    async def hashed(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._hashing, self._hasher.hash, password)

    async def right(self, hashed: str | None, password: str) -> bool:
        """None, or "" for an account without a password, takes as long as a wrong password."""
        return await asyncio.get_running_loop().run_in_executor(self._hashing, self._verified, hashed, password)

    async def chosen(self, password: str, name: str, policy: StaffTable, old: str = "") -> str:
        """The hash of a new password; PasswordWeak, also for the one with the hash `old`, whose place it takes."""
        weak = fault(password, name, policy)
        if weak or (old and await self.right(old, password)):
            raise PasswordWeak(weak or "same")
        return await self.hashed(password)

    def _verified(self, hashed: str | None, password: str) -> bool:
        self._nobody = self._nobody or self._hasher.hash(secrets.token_urlsafe(16))
        try:
            return self._hasher.verify(hashed or self._nobody, password) and bool(hashed)
        except Argon2Error:
            return False


def fault(password: str, name: str, policy: StaffTable) -> str:
    """Why a new password is not taken, as a code of hall.errors.PasswordWeak; "": it is."""
    folded = password.casefold()
    if len(password) < policy.least_password:
        return "short"
    if folded in policy.common or len(set(folded)) < LEAST_DIFFERENT:
        return "common"
    return "name" if len(name) >= SHORTEST_NAME and name.casefold() in folded else ""
