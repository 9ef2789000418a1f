"""In what order the tests are run, on what heap, and that none changes for the others how much is logged."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator

import pytest

LOGGERS = ("", "httpcore", "httpx")
LONGEST = ("tests/ui/", "tests/hall/")
"""What takes longest begins first, so that the last processes end together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST)))


def pytest_collection_finish() -> None:
    """The tests themselves never become garbage: a terminal that collects it after every visit need not look at them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def levels() -> Iterator[None]:
    """A command sets how much the libraries say, for its own process; here that process is everybody's."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)
