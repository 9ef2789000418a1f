"""To and from JSON, versioned: the only serialisation between terminal, hall and store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import msgspec

from flows.application import Application, Identity, Lookup, Ticket
from flows.correction import CorrectionNews
from flows.kept import Offer
from flows.recheck import Problem

VERSION: Final = 1

T = TypeVar("T")


class NotUnderstood(ValueError):
    """The message is not of the agreed form."""

    code = "not_understood"


@dataclass(frozen=True)
class OpenVisit:
    """Terminal to hall: a person stands here for this matter; what do the departments know?"""

    matter: str
    flow_version: str
    identity: Identity
    guardian: Identity | None = None
    version: Literal[1] = VERSION


@dataclass(frozen=True)
class VisitOpened:
    """Hall to terminal. `today` is the working day in the hall, ISO 8601; `region` its code of GB/T 2260.
    `corrections` were answered since this person was last told; `kept` is what of this person's kept documents may answer
    a question of this matter."""

    lookup: Lookup
    today: str
    region: str = ""
    corrections: tuple[CorrectionNews, ...] = ()
    kept: tuple[Offer, ...] = ()
    version: Literal[1] = VERSION


@dataclass(frozen=True)
class Withdrawal:
    """Terminal to hall: the person whose card lies here wants a kept document destroyed."""

    identity: Identity
    document: str
    version: Literal[1] = VERSION


@dataclass(frozen=True)
class Withdrawn:
    """Hall to terminal: the document is not used again. Not `destroyed`: it stays with the one case that rests on it."""

    destroyed: bool
    version: Literal[1] = VERSION


@dataclass(frozen=True)
class Heard:
    """Terminal to hall: the person has read these news of their corrections."""

    corrections: tuple[str, ...]
    version: Literal[1] = VERSION


@dataclass(frozen=True)
class Submitted:
    """Hall to terminal: the application is kept and has a place in the queue; or it is done, and `certificate`
    is the verification code under which the paper can be fetched and checked."""

    ticket: Ticket
    certificate: str = ""
    version: Literal[1] = VERSION


@dataclass(frozen=True)
class Refusal:
    """Hall to terminal: why not, by a stable code; never an echo of what was sent."""

    code: str
    problems: tuple[Problem, ...] = ()
    version: Literal[1] = VERSION


@dataclass(frozen=True)
class SealedVisit:
    """What lies in the terminal's outbox once opened by the hall: a visit it could not be told of."""

    application: Application
    version: Literal[1] = VERSION


def to_json(value: object) -> bytes:
    """Any noun of `flows` as JSON with stable key order, so that equal values give equal bytes."""
    return msgspec.json.encode(value, order="sorted")


def from_json(kind: type[T], text: bytes | str) -> T:
    """The noun back; raises NotUnderstood, which never repeats the input (it may hold an ID number)."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        where = str(error).rpartition(" - at ")[2] if " - at " in str(error) else ""
        raise NotUnderstood(f"not a {kind.__name__} {where}".strip()) from None
    except (UnicodeDecodeError, RecursionError):
        # msgspec lets both through: broken UTF-8 in a string, and brackets nested without end.
        raise NotUnderstood(f"not a {kind.__name__}") from None
