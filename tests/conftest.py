"""In what order the tests are run, on what heap, and that none changes for the others how much is logged."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

LOGGERS = ("", "httpcore", "httpx")
LONGEST = ("tests/ui/", "tests/hall/")
"""What takes longest begins first, so that the last processes end together."""
WAITING = "tests/devices/"
"""What mostly waits for a reader runs beside what computes, from the first to the last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    waiting = [item for item in items if item.nodeid.startswith(WAITING)]
    busy = sorted((item for item in items if not item.nodeid.startswith(WAITING)), key=_length)
    groups = [list(dict.fromkeys(map(_file, group))) for group in (waiting, busy)]
    order = {file: (at + 0.5) / len(group) for group in groups for at, file in enumerate(group)}
    items.sort(key=lambda item: order[_file(item)])


def _length(item: pytest.Item) -> int:
    return next((at for at, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST))


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def pytest_collection_finish() -> None:
    """The tests themselves never become garbage: a terminal that collects it after every visit need not look at them."""
    gc.collect()
    gc.freeze()


@contextmanager
def levels_kept() -> Iterator[list[logging.Logger]]:
    """The loggers whose levels are afterwards what they were, the root first."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [logger.level for logger in loggers]
    try:
        yield loggers
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@pytest.fixture(autouse=True)
def levels() -> Iterator[None]:
    """A command sets how much the libraries say, for its own process; here that process is everybody's."""
    with levels_kept():
        yield
