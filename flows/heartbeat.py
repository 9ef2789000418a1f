"""How a terminal is: what it tells its hall every few minutes and at each change. Nothing of a visit or of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta

from flows.wire import VERSION

BEAT_S: Final = 300
"""How often a terminal speaks although nothing changed; the hall misses it after two beats."""

MOST_PARTS: Final = 20
Instant = Annotated[datetime, Meta(tz=True)]
"""With its offset: an instant and not the hands of somebody's clock."""

PartKind = Literal["reader", "ticket_printer", "camera", "document_camera", "page_printer"]

Short = Annotated[str, Meta(max_length=60)]


@dataclass(frozen=True)
class Part:
    """One device. `state` and `media` are codes of devices.device (XFS4IoT: online, noDevice …; present, notPresent …)."""

    kind: PartKind
    id: Short
    state: Short
    media: Short = ""


@dataclass(frozen=True)
class Heartbeat:
    """Terminal to hall. `outbox` counts sealed applications that wait for the hall; `said_at` is the terminal's clock."""

    software: Short
    started_at: Instant
    said_at: Instant
    parts: Annotated[tuple[Part, ...], Meta(max_length=MOST_PARTS)]
    outbox: Annotated[int, Meta(ge=0)]
    version: Literal[1] = VERSION
