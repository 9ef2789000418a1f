"""What an issuing department wants of a photo: the dated sheets of assets/policy/photo.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows.policy import Dated, Grade, PolicyError, declare, on, read

Measure = Literal[
    "eyes_apart",  # shares of the photo's width
    "head_width",
    "aside",
    "head_length",  # shares of its height
    "above_head",
    "eye_line",
    "enlarged",  # pixels of the photo for one of the shot
    "roll",  # degrees
    "yaw",
    "pitch",
    "ground",  # 0 to 255
    "ground_colour",
    "ground_spread",
    "sharpness",  # variance of the Laplacian over the face
    "exposure",  # mean of the face, 0 to 255
    "eyes_open",  # shares of an eye's width
    "glare",  # share of the face that is blown out
    "bytes",
    "quality",  # of the JPEG
]


@dataclass(frozen=True, kw_only=True)
class Span:
    """From least to most; None: no end on that side."""

    least: float | None = None
    most: float | None = None

    def side(self, value: float) -> Literal[-1, 0, 1]:
        """-1 below, 1 above, 0 within."""
        if self.least is not None and value < self.least:
            return -1
        return 1 if self.most is not None and value > self.most else 0


@dataclass(frozen=True, kw_only=True)
class Limit(Span):
    """`child` is the span for a child, where it differs."""

    source: str
    grade: Grade
    child: Span | None = None

    def span(self, *, child: bool) -> Span:
        return self.child if child and self.child else self


@dataclass(frozen=True, kw_only=True)
class Sheet(Dated):
    """One department's sheet: the photo's size in pixels, its dpi tag, and a limit for each measure that counts."""

    name: str
    width: int
    height: int
    dpi: int
    limits: Mapping[Measure, Limit]

    def span(self, measure: Measure, *, child: bool = False) -> Span:
        """Without a limit every value will do."""
        limit = self.limits.get(measure)
        return limit.span(child=child) if limit else Span()


@dataclass(frozen=True, kw_only=True)
class Sheets:
    sheet: tuple[Sheet, ...]


SHEETS = read(Sheets, "photo").sheet
for _name in {sheet.name for sheet in SHEETS}:
    declare(f"photo sheet {_name}", [sheet for sheet in SHEETS if sheet.name == _name])


def rules_on(name: str, day: date) -> Sheet:
    """The sheet in force; raises PolicyError when there is none of this name on that day."""
    rows = [sheet for sheet in SHEETS if sheet.name == name]
    if not rows:
        raise PolicyError(f"no photo sheet {name}")
    return on(day, rows, f"photo sheet {name}")
