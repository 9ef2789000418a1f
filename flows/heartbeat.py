"""How a terminal is: what it tells its hall every few minutes and at each change. Nothing of a visit or of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta

from flows.wire import VERSION

BEAT_S: Final = 300
"""How often a terminal speaks although nothing changed; the hall misses it after two beats."""

MOST_PARTS: Final = 20
MOST_CODES: Final = 30
Instant = Annotated[datetime, Meta(tz=True)]
"""With its offset: an instant and not the hands of somebody's clock."""

PartKind = Literal["reader", "ticket_printer", "camera", "document_camera", "page_printer", "io_board", "power_supply"]

Short = Annotated[str, Meta(max_length=60)]
Code = Annotated[str, Meta(pattern="^[a-zA-Z]{1,40}$")]
Count = Annotated[int, Meta(ge=0, le=2**53)]


@dataclass(frozen=True)
class Counted:
    """Since the terminal started. `done`: cards read, jobs printed, pictures taken; `failures` by code of devices.device;
    `faults` are errors of the driver itself, `reopens` how often it was back after it was not well."""

    done: Count = 0
    failures: Annotated[Mapping[Code, Count], Meta(max_length=MOST_CODES)] = field(default_factory=dict)
    faults: Count = 0
    resets: Count = 0
    reopens: Count = 0
    online_s: Count = 0


@dataclass(frozen=True)
class Part:
    """One device. `state` and `media` are codes of devices.device (XFS4IoT: online, noDevice …; present, notPresent …).
    `out`: its supervisor gave up on it for now. None is counted by a terminal that is older than its hall."""

    kind: PartKind
    id: Short
    state: Short
    media: Short = ""
    paper_low: bool = False
    out: bool = False
    counted: Counted | None = None

    @property
    def standing(self) -> Part:
        """How it is, without what is only counted: a beat in which nothing else is new is no change."""
        return replace(self, counted=None)


@dataclass(frozen=True)
class Heartbeat:
    """Terminal to hall. `outbox` counts sealed applications that wait for the hall; `said_at` is the terminal's clock."""

    software: Short
    started_at: Instant
    said_at: Instant
    parts: Annotated[tuple[Part, ...], Meta(max_length=MOST_PARTS)]
    outbox: Annotated[int, Meta(ge=0)]
    version: Literal[1] = VERSION
