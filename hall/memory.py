"""What departments said within one visit, for a minute: a page that reloads does not hammer them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.application import SourceAnswer
from hall.departments.connection import Purpose

FRESH_S = 60.0
MOST = 4000
"""Answers; far more than a hall with every window busy has in a minute."""


@dataclass(frozen=True)
class Mark:
    """Whose answer it is to whom: never another visit's, purpose's, asker's or person's. `key` is what the department
    was asked by."""

    purpose: Purpose
    person: str
    department: str
    key: str


class Memory:
    """Never on a disk, and only what a department itself answered."""

    def __init__(self) -> None:
        self._kept: dict[Mark, tuple[float, SourceAnswer]] = {}
        self._cleaning: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, mark: Mark, answer: SourceAnswer) -> None:
        """`answer` says by `heard_at` when it was given."""
        self._kept.pop(mark, None)
        self._kept[mark] = (_now() + FRESH_S, answer)
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
        self._clean_later()

    def recall(self, mark: Mark, items: Sequence[str]) -> SourceAnswer | None:
        """What this department said of these items, if it was asked for all of them."""
        until, answer = self._kept.get(mark, (0.0, None))
        if answer is None or until <= _now() or not set(items) <= set(answer.asked):
            return None
        told = tuple(record for record in answer.records if record.item in items)
        return replace(answer, asked=tuple(items), records=told)

    def forget(self, visit: str) -> None:
        self._kept = {mark: kept for mark, kept in self._kept.items() if mark.purpose.visit != visit}

    def _clean_later(self) -> None:
        """Nothing stays longer because nobody asks; what is due within the same second goes together."""
        if self._cleaning is None and self._kept:
            oldest, _ = next(iter(self._kept.values()))
            self._cleaning = asyncio.get_running_loop().call_later(max(oldest - _now(), 1.0), self._clean)

    def _clean(self) -> None:
        self._cleaning = None
        self._kept = {mark: kept for mark, kept in self._kept.items() if kept[0] > _now()}
        self._clean_later()


def _now() -> float:
    return asyncio.get_running_loop().time()
