"""What the stories of a hall on PostgreSQL share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from hall.errors import AuditUnavailable
from hall.store.hall_store import HallStore
from hall.store.request import Request
from hall.store.row import Value
from tests.hall.engines import OnPostgresql
from tests.hall.fakes import NOON

T = TypeVar("T")
NEW: dict[str, Value] = {"roles": "", "origin": "local", "must_change": 0}
"""A new account's further columns."""


def told(story: Callable[[], Awaitable[T]]) -> T:
    async def run() -> T:
        return await story()

    return asyncio.run(run())


def staff(name: str) -> Request:
    return Request(f"add {name}", "hall", NOON, contents=name.encode())


async def repeated(request: Callable[[], Awaitable[T]]) -> T:
    """What a terminal or a page does: the same request again while the hall is away."""
    for _ in range(100):
        try:
            return await request()
        except AuditUnavailable:
            await asyncio.sleep(0.05)
    raise AssertionError("the hall did not come back")


def other(halls: OnPostgresql, path: Path) -> HallStore:
    """The same hall in another process."""
    return HallStore.open(halls.place(path), hall="H1", key_file=path.with_name("field.key"))


async def password(store: HallStore, name: str) -> str | None:
    account = await store.account(name)
    return account.password if account else None
