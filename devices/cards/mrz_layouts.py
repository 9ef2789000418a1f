"""Where what stands in a machine-readable zone, one row a layout, and the digits that check it."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass

FILLER = "<"
ALPHABET: Mapping[str, int] = {
    **{character: value for value, character in enumerate(string.digits + string.ascii_uppercase)},
    FILLER: 0,
}
"""The characters of a zone and their values in a check digit (ICAO 9303-3, 4.9)."""


def check_digit(text: str) -> str:
    """Weights 7 3 1 over the values. KeyError for a character outside the alphabet."""
    return str(sum(ALPHABET[character] * (7, 3, 1)[place % 3] for place, character in enumerate(text)) % 10)


@dataclass(frozen=True)
class Span:
    start: int
    stop: int


@dataclass(frozen=True)
class Checked:
    """What the check digit at a place covers. `may_be_absent`: a filler stands for the digit of nothing. Places are counted
    over all lines."""

    spans: tuple[Span, ...]
    digit: int
    may_be_absent: bool = False

    @property
    def span(self) -> Span:
        return self.spans[0]

    def covered(self, text: str) -> str:
        return "".join(text[span.start : span.stop] for span in self.spans)

    def fits(self, text: str) -> bool:
        covered, said = self.covered(text), text[self.digit]
        return said == check_digit(covered) or (said == FILLER and self.may_be_absent and not covered.strip(FILLER))


@dataclass(frozen=True)
class Layout:
    """`codes` is a pattern of the document codes it is for; `number_form` one letter a character: A a letter, 9 a digit,
    x either."""

    name: str
    lines: int
    length: int
    codes: str
    number: Checked
    birth: Checked
    expiry: Checked
    number_form: str = "xxxxxxxxx"
    number_goes_on: bool = False
    composite: Checked | None = None
    issuer: Span | None = None
    nationality: Span | None = None
    sex: Span | None = None
    names: Span | None = None
    optional: Span | None = None
    optional_check: Checked | None = None


def _field(start: int, stop: int) -> Checked:
    """A field and its check digit right behind it."""
    return Checked((Span(start, stop),), stop)


def _composite(digit: int, *spans: tuple[int, int]) -> Checked:
    return Checked(tuple(Span(*span) for span in spans), digit)


TD3 = Layout(
    "TD3",
    2,
    88,
    "P",
    number=_field(44, 53),
    birth=_field(57, 63),
    expiry=_field(65, 71),
    composite=_composite(87, (44, 54), (57, 64), (65, 87)),
    issuer=Span(2, 5),
    nationality=Span(54, 57),
    sex=Span(64, 65),
    names=Span(5, 44),
    optional=Span(72, 86),
    optional_check=Checked((Span(72, 86),), 86, may_be_absent=True),
)
"""ICAO 9303-4, passports."""

TD2 = Layout(
    "TD2",
    2,
    72,
    "[ACI]",
    number=_field(36, 45),
    birth=_field(49, 55),
    expiry=_field(57, 63),
    number_goes_on=True,
    composite=_composite(71, (36, 46), (49, 56), (57, 71)),
    issuer=Span(2, 5),
    nationality=Span(46, 49),
    sex=Span(56, 57),
    names=Span(5, 36),
    optional=Span(64, 71),
)
"""ICAO 9303-6."""

TD1 = Layout(
    "TD1",
    3,
    90,
    "[ACI]",
    number=_field(5, 14),
    birth=_field(30, 36),
    expiry=_field(38, 44),
    number_goes_on=True,
    composite=_composite(59, (5, 37), (38, 45), (48, 59)),
    issuer=Span(2, 5),
    nationality=Span(45, 48),
    sex=Span(37, 38),
    names=Span(60, 90),
    optional=Span(15, 30),
)
"""ICAO 9303-5, cards."""

MAINLAND_PERMIT = Layout(
    "mainland permit",
    3,
    90,
    "C[RT]",
    number=_field(2, 11),
    birth=_field(23, 29),
    expiry=_field(15, 21),
    number_form="xx999999x",
    sex=Span(22, 23),
    names=Span(60, 86),
    optional=Span(12, 14),
)
"""港澳居民来往内地通行证 of 2013 (CR) and 台湾居民来往大陆通行证 of 2015 (CT): everything but the name stands in the
first line, the optional data is how often it was renewed. One published reader's word; not seen on a card."""

ONE_LINE_PERMIT = Layout(
    "one-line permit",
    1,
    30,
    "C[SD]",
    number=_field(2, 11),
    birth=_field(21, 27),
    expiry=_field(13, 19),
    number_form="Ax9999999",
    composite=_composite(29, (2, 12), (13, 20), (21, 28)),
)
"""往来港澳通行证 (CS) and 往来台湾通行证 (CD): the expiry stands before the birth. Two published readers agree."""

LAYOUTS = (TD3, TD2, MAINLAND_PERMIT, TD1, ONE_LINE_PERMIT)
