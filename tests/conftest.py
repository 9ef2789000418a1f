"""In what order the tests are run, on what heap and what inputs, and that none changes for the others how much is logged."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import settings

settings.load_profile("ci")  # the same inputs every time and no deadline of 200 ms: a verdict on the code, not on the machine
settings.register_profile("other-inputs", derandomize=False, max_examples=1000)

LOGGERS = ("", "httpcore", "httpx")
LONGEST = ("tests/ui/", "tests/hall/")
"""What takes longest begins first, so that the last processes end together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST)))


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
