"""What every change of the store is asked with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Request:
    """Who asks, when, and the key of the asking. `contents` is what was asked, as JSON: the same
    key with other contents is refused. `by` is "clerk:zhang", "terminal:K07" or "hall"."""

    key: str
    by: str
    at: datetime
    window: str = ""
    contents: bytes = b""
