"""What a certificate says: the hall turns it into paper, numbers it and answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Certificate:
    """Texts are Chinese: a certificate is an official paper. `rows` are label and value; `table` has its heading
    first. `issuer` is the department whose facts these are; `valid_to` the last day it proves anything, None for
    a statement of one day's register."""

    title: str
    statement: str
    issuer: str
    rows: tuple[tuple[str, str], ...]
    table: tuple[tuple[str, ...], ...] = ()
    valid_to: date | None = None
    notes: tuple[str, ...] = ()


def grouped(code: str) -> str:
    """A verification code in groups of four, as it is read out."""
    signs = code.replace("-", "").replace(" ", "")
    return " ".join(signs[at : at + 4] for at in range(0, len(signs), 4))
