"""What a person takes home of who read their records (使用记录): as much as a metre of paper holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from kiosk.roll import HALL, TITLE, Roll

LONGEST = 6400
"""80 cm of paper, what is said below not counted: twenty readings of many items."""


@dataclass(frozen=True)
class Readings:
    """What belongs together, under one heading: times of day and sentences."""

    heading: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Extract:
    """What stands on the paper, already worded and masked, newest first. `cut` is said at the end when there are
    `older` ones, or not all of these found room; {printed} in it is how many did."""

    hall_name: str
    title: str
    lines: tuple[tuple[str, str], ...]
    readings: tuple[Readings, ...]
    older: bool
    cut: str
    footer: tuple[str, ...]


def draw_extract(extract: Extract, fonts: Path) -> Image.Image:
    """A picture of mode "1", as high as its words need and no higher than LONGEST and what is said below."""
    roll = Roll(fonts)
    roll.down(10)
    roll.centred(extract.hall_name, HALL)
    roll.rule(4, above=16)
    roll.down(16)
    roll.centred(extract.title, TITLE)
    roll.rule(4, above=16)
    roll.down(20)
    roll.rows(extract.lines)
    roll.rule(2, above=6)
    whole, printed = _readings(roll, extract.readings)
    roll.rule(2, above=14)
    roll.down(16)
    if extract.older or not whole:
        roll.sentence(extract.cut.format(printed=printed))
    for sentence in extract.footer:
        roll.sentence(sentence)
    return roll.finished()


def _readings(roll: Roll, readings: tuple[Readings, ...]) -> tuple[bool, int]:
    """Whether all of them found room, and how many did. A heading never stands alone."""
    printed = 0
    for of_visit in readings:
        heading = of_visit.heading
        for time, text in of_visit.entries:
            if roll.used + roll.height_of(heading, text) > LONGEST:
                return False, printed
            if heading:
                roll.heading(heading)
            roll.entry(time, text)
            heading, printed = "", printed + 1
    return True, printed
