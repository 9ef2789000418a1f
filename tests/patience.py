"""How long a test waits for what has to come: only what never comes makes it fail, however slow the machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

SOON_S = 120.0


def eventually(true: Callable[[], bool]) -> None:
    """Waits for another process or thread that tells nobody."""
    until = time.monotonic() + SOON_S
    while not true():
        assert time.monotonic() < until, "it did not come about"
        threading.Event().wait(0.02)
