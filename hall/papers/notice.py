"""A printed paper about a case as a value: everything that stands on it, and nothing of how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PaperKind(StrEnum):
    """The papers of a case. The values stand in addresses and in the audit."""

    ACCEPTANCE = "acceptance"  # 受理通知书, in place of the department's 受理回执
    MISSING = "missing"  # 一次性告知书
    REFUSAL = "refusal"  # 不予受理通知书
    PROMISE = "promise"  # 容缺受理承诺书


@dataclass(frozen=True)
class Item:
    """One numbered thing: what it is, what exactly, and what to do about it."""

    words: str
    lines: tuple[str, ...] = ()
    remedy: str = ""


@dataclass(frozen=True)
class Notice:
    """`at` is when it was decided: a paper printed again is the same paper. `follow` is the address of the ticket's page,
    "" where there is none. `signed_by`: whose signature it wants; "" for none. `sealed`: the hall's seal belongs on it."""

    kind: PaperKind
    title: str
    number: str
    at: datetime
    to: str
    lead: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    items_title: str = ""
    items: tuple[Item, ...] = ()
    closing: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    follow: str = ""
    signed_by: str = ""
    sealed: bool = True
