"""In what order the tests are run."""

from __future__ import annotations

import pytest

LONGEST = ("tests/ui/", "tests/hall/")
"""What takes longest begins first, so that the last processes end together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST)))
