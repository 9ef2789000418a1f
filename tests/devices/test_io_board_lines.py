"""The lines of an I/O board in any pieces, and which of its reports can be believed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.device import FlashRate, Key, Light, Proximity
from devices.drivers.io_board_lines import (
    CHATTER_S,
    FLAPS,
    FLAPS_S,
    HELD_S,
    LONGEST,
    STUCK_S,
    Board,
    Lines,
    Lit,
    Nonsense,
    Presses,
    Said,
    Watch,
    understood,
)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("LIGHT cardReader slow", Lit(Light.CARD_READER, FlashRate.SLOW)),
        ("PRESENCE somebody", Proximity.PRESENT),
        ("PRESENCE nobody", Proximity.NOT_PRESENT),
        ("KEY five", Key.FIVE),
        ("BOARD 1", Board(frozenset(), frozenset(), presence=False)),
        ("BOARD 1 cardReader presence disco", Board(frozenset({Light.CARD_READER}), frozenset(), presence=True)),
        ("BOARD 1 keypad", Board(frozenset(), frozenset(Key), presence=False)),
    ],
)
def test_every_line_of_a_board_is_understood(line: str, said: Said) -> None:
    assert understood(line) == said


@pytest.mark.parametrize(
    "line",
    ["", "HELLO", "BOARD", "BOARD 2 keypad", "KEY", "KEY 5", "PRESENCE", "PRESENCE ghost", "LIGHT moon slow"],
)
def test_a_line_that_no_board_says_is_refused_and_not_quoted(line: str) -> None:
    with pytest.raises(Nonsense, match=r"^(no line of a board)?$"):
        understood(line)


@given(st.text(max_size=100) | st.lists(st.sampled_from(["BOARD", "1", "LIGHT", "KEY", "PRESENCE", "five"])).map(" ".join))
def test_any_text_is_a_line_of_a_board_or_nonsense(line: str) -> None:
    with suppress(Nonsense):
        assert line.startswith(("BOARD 1", "LIGHT ", "PRESENCE ", "KEY ")) == bool(understood(line))


@given(st.lists(st.binary(max_size=40)))
def test_lines_are_the_same_in_whatever_pieces_they_come(pieces: list[bytes]) -> None:
    sent = b"".join(pieces) + b"\n"
    lines, whole = Lines(), Lines()
    found = [line for piece in [*pieces, b"\n"] for line in lines.feed(piece)]
    assert found == whole.feed(sent)
    assert len(found) == sent.count(b"\n")


def test_a_line_without_end_is_not_kept() -> None:
    lines = Lines()
    for _ in range(1000):
        assert lines.feed(b"x" * 100) == []
    assert lines.feed(b"\nKEY one\n") == [None, "KEY one"]
    assert lines.feed(b"x" * LONGEST + b"\n") == ["x" * LONGEST]
    assert lines.feed(b"\xff\n") == [None]


def test_a_contact_that_bounces_is_one_press() -> None:
    presses = Presses()
    assert [presses.pressed(Key.ONE, at) for at in (1.0, 1.0 + CHATTER_S / 2, 1.0 + CHATTER_S)] == [True, False, False]
    assert presses.pressed(Key.TWO, 1.0 + CHATTER_S)
    assert presses.pressed(Key.ONE, 1.3)


def test_a_key_that_hangs_is_not_heard_until_it_was_quiet() -> None:
    presses = Presses()
    heard = [presses.pressed(Key.NINE, 1.0 + number * 0.06) for number in range(50)]
    assert heard.count(True) < 10
    assert presses.hanging is Key.NINE
    assert presses.pressed(Key.ONE, 4.0)
    presses.let_go(4.0 + HELD_S / 2)
    assert presses.hanging is Key.NINE
    presses.let_go(9.0)
    assert presses.hanging is None
    assert presses.pressed(Key.NINE, 9.1)


def test_quick_fingers_are_no_fault() -> None:
    presses = Presses()
    assert all(presses.pressed(key, number * 0.12) for number, key in enumerate([Key.ONE, Key.ONE, Key.TWO] * 10))


def test_nobody_stands_there_for_hours() -> None:
    watch = Watch()
    assert watch.believed(0) is Proximity.UNKNOWN
    watch.sees(Proximity.PRESENT, 1)
    assert watch.believed(STUCK_S) is Proximity.PRESENT
    watch.sees(Proximity.PRESENT, STUCK_S)
    assert (watch.believed(STUCK_S + 2), watch.fault(STUCK_S + 2)) == (Proximity.UNKNOWN, "presence_stuck")
    watch.sees(Proximity.NOT_PRESENT, STUCK_S + 3)
    assert watch.believed(STUCK_S + 3) is Proximity.NOT_PRESENT
    assert watch.believed(9 * STUCK_S) is Proximity.NOT_PRESENT


def test_a_sensor_that_sees_ghosts_is_not_believed_until_it_is_calm() -> None:
    watch = Watch()
    for number in range(FLAPS):
        watch.sees((Proximity.PRESENT, Proximity.NOT_PRESENT)[number % 2], number * 0.5)
    at = FLAPS * 0.5
    assert (watch.believed(at), watch.fault(at)) == (Proximity.UNKNOWN, "presence_unsteady")
    assert watch.believed(at + FLAPS_S) is Proximity.NOT_PRESENT
