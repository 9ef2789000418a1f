"""APDUs on the wire and the limits of a channel."""

from __future__ import annotations

import pytest

from devices.apdu import (
    Channel,
    Command,
    Response,
    read_binary,
    read_record,
    read_tagged_record,
    select_application,
    select_file,
    status_name,
)
from devices.device import Completion, DeviceError


class Played:
    """Answers in order, and keeps what was asked."""

    def __init__(self, *answers: str) -> None:
        self._answers = [bytes.fromhex(answer) for answer in answers]
        self.asked: list[str] = []

    def transmit(self, command: bytes) -> bytes:
        self.asked.append(command.hex().upper())
        return self._answers.pop(0)


@pytest.mark.parametrize(
    ("command", "wire"),
    [
        (Command(0x00, 0xB0, 0x00, 0x00), "00B00000"),
        (select_application(bytes.fromhex("A0000002471001")), "00A4040007A0000002471001"),
        (select_file(0xEF05), "00A4020002EF05"),
        (read_record(1, 20), "00B2010414"),
        (read_tagged_record(0x4E, 22), "00B24E0016"),
        (Command(0x00, 0xB0, 0x00, 0x00, expected=256), "00B0000000"),
        (Command(0x00, 0xB0, 0x00, 0x00, expected=257), "00B00000000101"),
        (Command(0x00, 0xB0, 0x00, 0x00, expected=65536), "00B00000000000"),
        (Command(0x00, 0xD6, 0x00, 0x00, bytes(256)), "00D60000000100" + "00" * 256),
        (Command(0x0C, 0xB0, 0x00, 0x00, b"\x01\x02", expected=65536), "0CB0000000000201020000"),
        (read_binary(0x7FFF, 4), "00B07FFF04"),
        (read_binary(0x8000, 8), "00B1000005540300800008"),
    ],
)
def test_a_command_on_the_wire(command: Command, wire: str) -> None:
    assert bytes(command).hex().upper() == wire


def test_an_answer_is_body_and_status() -> None:
    assert Channel(Played("01029000")).send(select_file(0xEF05)) == Response(b"\x01\x02", 0x9000)


def test_the_right_length_named_by_the_card_is_asked_for() -> None:
    card = Played("6C03", "0102039000")
    assert Channel(card).send(read_record(1, 20)).body == b"\x01\x02\x03"
    assert card.asked == ["00B2010414", "00B2010403"]


def test_the_rest_of_an_answer_is_fetched_on_the_same_logical_channel() -> None:
    card = Played("6102", "01026101", "039000")
    assert Channel(card).send(Command(0x01, 0xA4, 0x04, 0x00, b"\x01")).body == b"\x01\x02\x03"
    assert card.asked[1:] == ["01C0000002", "01C0000001"]


@pytest.mark.parametrize("answer", ["61FF", "6CFF", "6C00"])
def test_a_card_that_never_ends_is_left(answer: str) -> None:
    with pytest.raises(DeviceError) as caught:
        Channel(Played(*[answer] * 100)).send(read_record(1, 20))
    assert caught.value.code is Completion.INVALID_DATA


def test_a_card_that_says_too_much_in_pieces_is_left() -> None:
    card = Played(*["00" * 256 + "61FF"] * 100)
    with pytest.raises(DeviceError) as caught:
        Channel(card, most_hops=100, most_bytes=1024).send(read_record(1, 20))
    assert caught.value.code is Completion.INVALID_DATA
    assert len(card.asked) == 5


@pytest.mark.parametrize("answer", ["", "90", "00" * 5000 + "9000"])
def test_an_answer_of_no_sensible_length_is_invalid(answer: str) -> None:
    with pytest.raises(DeviceError) as caught:
        Channel(Played(answer)).send(read_record(1, 20))
    assert caught.value.code is Completion.INVALID_DATA


def test_a_status_word_is_named_for_technicians() -> None:
    assert status_name(0x6982) == "6982 SECURITY_NOT_SATISFIED"
    assert status_name(0x6F42) == "6F42"
