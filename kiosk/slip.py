"""The ticket on paper (排队单)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from kiosk.roll import HALL, TITLE, Roll


@dataclass(frozen=True)
class Slip:
    """What stands on the paper, already worded and masked. `number` is empty while there is no
    ticket: then the reference is the big line. The last sentence of `footer` is set off: that this
    paper is no acceptance. `qr` is an opaque id and nothing else."""

    hall_name: str
    number: str
    title: str
    reference: str
    lines: tuple[tuple[str, str], ...]
    footer: tuple[str, ...]
    qr: str


def draw_slip(slip: Slip, fonts: Path) -> Image.Image:
    """A picture of mode "1", as high as its words need."""
    paper = Roll(fonts)
    paper.down(10)
    paper.centred(slip.hall_name, HALL)
    paper.rule(4, above=16)
    paper.down(16)
    paper.centred(slip.title, TITLE)
    paper.big(slip.number or slip.reference)
    paper.rule(4, above=30)
    paper.down(20)
    paper.rows(slip.lines)
    *sentences, last = slip.footer or ("",)
    if sentences:
        paper.rule(2, above=6)
        paper.down(14)
    for sentence in sentences:
        paper.sentence(sentence)
    paper.rule(2, above=6)
    paper.down(18)
    paper.code(slip.qr, slip.reference, last)
    return paper.finished()
