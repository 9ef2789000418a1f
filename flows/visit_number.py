"""The number of a visit: a UUIDv7, made where the visit is opened, key of everything that is sent for it."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID


def new_visit(now: datetime) -> str:
    """A fresh UUIDv7 (RFC 9562): 48 bits of milliseconds, 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    random = secrets.randbits(74)
    number = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return str(UUID(int=number))
