"""Every answer of a hall comes late, as over a slow line: `make slow-line`.

A plugin of pytest. What a story does before a page's style and script are there, or before the hall has heard of what was
pressed, then fails at each run and not once in a hundred. `SEED` chooses other delays.
"""

from __future__ import annotations

import asyncio
import os
import random
from typing import Any

import pytest
from litestar import Litestar
from litestar.types import Message

ASKED_S = 0.3
ANSWERED_S = 0.15
FILE_S = 1.0
"""The longest that a question, its answer and a style or script are under way."""

_chance = random.Random(os.environ.get("SEED", "1"))
_at_once = Litestar.__call__


async def _late(app: Litestar, scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return await _at_once(app, scope, receive, send)

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(_chance.uniform(0, ANSWERED_S))
        await send(message)

    longest = FILE_S if scope["path"].startswith("/static/") else ASKED_S
    await asyncio.sleep(_chance.uniform(0, longest))
    return await _at_once(app, scope, receive, sent)


def pytest_configure() -> None:
    Litestar.__call__ = _late  # type: ignore[method-assign, assignment]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only what is looked at in a browser."""
    told = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in told])
    items[:] = told
