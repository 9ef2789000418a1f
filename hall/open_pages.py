"""The pages that stand open at one hall and keep themselves up to date, and how often they look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

LOOK_S, LOOKS_PER_S = 0.1, 60
"""An open page looks no more often than this, and all of a hall's together no more than so many times a second: in a busy
hall something changes a hundred times a second, and who does something is answered before any page that looks on."""


class OpenPages:
    """How many pages of one kind stand open at one hall."""

    def __init__(self) -> None:
        self._count = 0

    @property
    def look_s(self) -> float:
        """How long each of them waits from one look to the next, at least."""
        return max(LOOK_S, self._count / LOOKS_PER_S)

    @contextmanager
    def one_more(self) -> Iterator[None]:
        self._count += 1
        try:
            yield
        finally:
            self._count -= 1
