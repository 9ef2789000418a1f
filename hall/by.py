"""Who does something at the console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.wire import to_json
from hall.store.request import Request


@dataclass(frozen=True)
class By:
    """Which clerk, at which window ("" for a supervisor without one), and the key of the click."""

    clerk: str
    window: str
    key: str = ""

    def request(self, at: datetime, contents: Sequence[object]) -> Request:
        """The command as the store keeps it: the same key with other contents is another request."""
        return Request(self.key, f"clerk:{self.clerk}", at, self.window, to_json([self.window, self.clerk, *contents]))
