"""Proves step by step that a department on the web answers as its settings say; tells names and kinds, never a value."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from hall.departments.connection import Batch, DepartmentFailure, Finding, Purpose
from hall.departments.credentials import broken_off, proof, tls
from hall.departments.http import Allowance
from hall.departments.item_check import judged
from hall.departments.records import as_of_row
from hall.departments.setting import Setting

CHECK = Purpose("", "check", "hall")
PATIENCE_S = 15.0
SOON = timedelta(days=30)
REASONS: Mapping[str, str] = {
    "late": "it does not answer in time",
    "down": "it cannot be reached",
    "refused": "it does not let the hall in",
    "garbled": "its answer cannot be read",
}
Row = TypeVar("Row")


class Web(Protocol[Row]):
    """A connection over HTTP, as a check takes it apart."""

    async def answer(self, key: str, items: Sequence[str], purpose: Purpose, allowance: Allowance | None = None) -> bytes: ...

    def rows(self, body: bytes) -> list[Row]: ...

    def read(self, row: Row, path: str) -> object: ...

    async def changes(self, mark: str, items: Sequence[str]) -> Batch: ...


Prove = Callable[[], Awaitable[str]]
"""Words for what was found; raises DepartmentFailure."""


async def check(setting: Setting, web: Web[Row], describe: Prove | None = None) -> list[Finding]:
    """The steps in order; the first that fails is the last, but of the items every one is judged. `describe` reads what
    the department says of its own interface."""
    return await _Check(setting, web, describe).findings()


class _Ended(Exception):
    """A step failed; what comes after it cannot be tried."""


class _Check(Generic[Row]):
    """One check under way."""

    def __init__(self, setting: Setting, web: Web[Row], describe: Prove | None) -> None:
        self._setting, self._web, self._describe = setting, web, describe
        self._told = [Finding("settings", f"{len(setting.items)} items, found by {setting.key}", good=True)]
        self._body = b""
        self._rows: list[Row] = []

    async def findings(self) -> list[Finding]:
        with suppress(_Ended):
            await self._step("credentials", self._credentials)
            await self._step("connection", self._connection)
            if self._describe:
                await self._step("wsdl", self._describe)
            await self._step("look-up", self._look_up)
            await self._step("rows", self._found)
            if self._rows:
                self._told += judged(self._setting, self._rows[0], self._web.read)
            if self._rows and self._setting.as_of:
                await self._step("as_of", self._as_of)
            if self._setting.collect:
                await self._step("collection", self._collected)
        return self._told

    async def _step(self, name: str, prove: Prove) -> None:
        began = time.monotonic()
        try:
            words = await prove()
        except DepartmentFailure as failure:
            self._told.append(Finding(name, failure.detail or REASONS.get(failure.reason, failure.reason), good=False))
            raise _Ended from None
        self._told.append(Finding(name, f"{words} ({(time.monotonic() - began) * 1000:.0f} ms)", good=True))

    async def _credentials(self) -> str:
        proof(self._setting)
        tls(self._setting)
        return " and ".join(_ways(self._setting.options)) or "none: whoever reaches it may ask it"

    async def _connection(self) -> str:
        place = urlsplit(self._setting.address)
        secure = tls(self._setting) if place.scheme == "https" else None
        port = place.port or (443 if secure else 80)
        try:
            async with asyncio.timeout(PATIENCE_S):
                _, writer = await asyncio.open_connection(place.hostname, port, ssl=secure)
        except TimeoutError:
            raise DepartmentFailure("late", f"{place.hostname}:{port} does not answer within {PATIENCE_S:g} s") from None
        except OSError as error:
            failure = broken_off(error, self._setting)
            raise DepartmentFailure(failure.reason, f"{place.hostname}:{port}: {failure.detail}") from None
        encrypted = writer.get_extra_info("ssl_object")
        writer.transport.abort()
        return f"{place.hostname}:{port} is there, {_encrypted(encrypted)}"

    async def _look_up(self) -> str:
        setting, began = self._setting, time.monotonic()
        self._body = await self._web.answer(setting.check_key, tuple(setting.items), CHECK, Allowance(PATIENCE_S))
        took_s = time.monotonic() - began
        if took_s > setting.deadline_s:
            raise DepartmentFailure("late", f"it answers after {took_s:.1f} s, but deadline_s is {setting.deadline_s:g}")
        return f"it answers {len(self._body)} bytes of the agreed kind"

    async def _found(self) -> str:
        path, self._rows = self._setting.rows, self._web.rows(self._body)
        if self._rows:
            return f"{path} gives {len(self._rows)} {'entry' if len(self._rows) == 1 else 'entries'}"
        if "check_key" in self._setting.options:
            raise DepartmentFailure("garbled", f"{path} gives nobody, although check_key says whom to ask for")
        return f"{path} gives nobody, as it should; with a check_key the paths of the items would be tried too"

    async def _as_of(self) -> str:
        at = as_of_row(self._setting, self._rows[0], self._web.read)
        if at > datetime.now(UTC) + timedelta(days=1):
            raise DepartmentFailure("garbled", f"{self._setting.as_of} gives a time that is still to come")
        return f"{self._setting.as_of} gives a time"

    async def _collected(self) -> str:
        batch = await self._web.changes("", tuple(self._setting.items))
        return f"{len(batch.subjects)} entries in the first part, {'more' if batch.more else 'no more'} to come"


def _ways(options: Mapping[str, str]) -> Iterator[str]:
    if "user" in options:
        yield f"user {options['user']} with the password of {options['password_file']}"
    if "token_file" in options:
        yield f"the token of {options['token_file']} in {options.get('token_header', 'Authorization')}"
    if "certificate_file" in options:
        yield f"the certificate of {options['certificate_file']}"


def _encrypted(encrypted: ssl.SSLObject | None) -> str:
    if encrypted is None:
        return "not encrypted: whoever is between it and the hall can read along"
    told: Any = encrypted.getpeercert() or {}
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(told["notAfter"]), UTC)
    soon = ", SOON" if until - datetime.now(UTC) < SOON else ""
    return f"{encrypted.version()}, its certificate ends on {until:%Y-%m-%d}{soon}"
