"""What a clerk's decision tells the citizen, and what the citizen promises in return: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Ground:
    """One reason as the citizen was told it: words and remedy stay those of that day. `lines` say what exactly, one thing
    each."""

    code: str
    words: str
    remedy: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Promise:
    """容缺承诺: what is brought later, by which day, in whose name. `papers` are codes of assets/policy/lacking.toml,
    `words` what they are called. `signature` is the digest of the signed promise; "": it was signed on paper."""

    papers: tuple[str, ...]
    words: tuple[str, ...]
    until: date
    promised_by: str
    signature: str = ""
