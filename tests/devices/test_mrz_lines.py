"""Characters of a scanner become the lines of one document, or a worded refusal; nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.mrz_lines import GAP_S, MOST_LINES, MrzLines, Torn, Zone

PERMIT = ("CSCA12345672<3009129<9003071<8",)
PASSPORT = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)
VISA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE18422")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
ZONES = [PERMIT, PASSPORT, VISA, CARD]
LATER = GAP_S * 1.01


def typed(*parts: str, at: float = 0.0) -> list[Zone | Torn]:
    """All at once, and then silence."""
    lines = MrzLines()
    found = [zone for part in parts for zone in lines.feed(part, at)]
    return found + lines.silence(at + LATER)


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n", "\r\r\n"])
@pytest.mark.parametrize("zone", ZONES)
def test_every_shape_is_put_together_whatever_ends_its_lines(zone: Zone, ending: str) -> None:
    assert typed(*(line + ending for line in zone)) == [zone]


@pytest.mark.parametrize("zone", ZONES)
def test_the_last_line_may_end_in_silence_and_the_whole_stand_between_marks(zone: Zone) -> None:
    assert typed("\x02" + "\r".join(zone) + "\x03") == [zone]


@pytest.mark.parametrize("zone", ZONES)
def test_characters_come_one_by_one_as_from_a_keyboard(zone: Zone) -> None:
    lines, found = MrzLines(), []
    for number, character in enumerate("\r".join(zone) + "\r"):
        found += lines.feed(character.lower(), number * GAP_S * 0.9)
    assert found + lines.silence(1e6) == [zone]


def test_only_silence_tells_one_line_of_thirty_from_the_first_of_three() -> None:
    lines = MrzLines()
    assert lines.feed(CARD[0] + "\r", 0.0) == []
    assert lines.feed(CARD[1] + "\r", 0.2) == []
    assert lines.feed(CARD[2] + "\r", 0.4) == [CARD]
    assert lines.feed(PERMIT[0] + "\r", 1.0) == []
    assert lines.silence(1.2) == []
    assert lines.silence(1.0 + LATER) == [PERMIT]
    assert lines.silence(9.0) == []


def test_two_documents_are_two() -> None:
    lines = MrzLines()
    text = "".join(line + "\r" for line in PASSPORT)
    assert lines.feed(text * 2, 0.0) == [PASSPORT, PASSPORT]
    assert lines.feed(PERMIT[0], 5.0) == []
    assert lines.feed(text, 6.0) == [PERMIT, PASSPORT]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (PASSPORT[0] + "\r", "1 of the lines came"),
        (CARD[0] + "\r" + CARD[1] + "\r", "2 of the lines came"),
        (PASSPORT[0][:20], "a line of a length that no zone has"),
        (PASSPORT[0] + "\r" + PASSPORT[1][:-1] + "\r", "a line of a length that no zone has"),
        (PASSPORT[0] + "\r" + VISA[1] + "\r", "lines of different lengths"),
        (PASSPORT[0] + PASSPORT[1] + "\r", "a line that is too long"),
        (PERMIT[0].replace("<", ";") + "\r", "a character that no zone has"),
        ("吕" + PERMIT[0], "a character that no zone has"),
        ("�" * 500, "a character that no zone has"),
    ],
)
def test_what_is_torn_or_no_zone_is_refused_in_words_that_quote_nothing(text: str, why: str) -> None:
    assert typed(text) == [Torn(why)]


def test_after_a_refusal_the_next_document_is_read() -> None:
    lines = MrzLines()
    assert lines.feed("\x00\xff" + PASSPORT[0] + "\r", 0.0) == []
    assert lines.feed(PASSPORT[1] + "\r", 0.1) == []
    assert lines.feed("\r".join(PASSPORT) + "\r", 1.0) == [Torn("a character that no zone has"), PASSPORT]


@given(st.lists(st.tuples(st.text(st.sampled_from("A0<\r\n\x02é"), max_size=200), st.floats(0, 1)), max_size=20))
def test_whatever_comes_ends_in_zones_and_refusals_and_nothing_is_kept(pieces: list[tuple[str, float]]) -> None:
    lines, at, found = MrzLines(), 0.0, []
    for text, pause in pieces:
        at += pause
        found += lines.feed(text, at)
    found += lines.silence(at + 1)
    for zone in found:
        if not isinstance(zone, Torn):
            assert (len(zone), len(zone[0])) in {(1, 30), (2, 36), (2, 44), (MOST_LINES, 30)}
            assert all(len(one) == len(other) for one, other in pairwise(zone))
    assert lines.silence(at + 9) == []
