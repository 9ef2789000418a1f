"""In what order the tests are run, and on what heap."""

from __future__ import annotations

import gc

import pytest

LONGEST = ("tests/ui/", "tests/hall/")
"""What takes longest begins first, so that the last processes end together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST)))


def pytest_collection_finish() -> None:
    """The tests themselves never become garbage: a terminal that collects it after every visit need not look at them."""
    gc.collect()
    gc.freeze()
