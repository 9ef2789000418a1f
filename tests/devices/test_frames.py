"""Frames of SAM_V against the published bytes, and the parser against everything a line can do to them."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.device import Completion, DeviceError
from devices.drivers.sam_v_frames import (
    OK,
    PREAMBLE,
    Answer,
    Command,
    Parser,
    answer_of,
    checksum,
    contents,
    failure,
    frame,
    module_number,
)

PUBLISHED = {
    Command.RESET: "AA AA AA 96 69 00 03 10 FF EC",
    Command.STATUS: "AA AA AA 96 69 00 03 11 FF ED",
    Command.SAM_ID: "AA AA AA 96 69 00 03 12 FF EE",
    Command.FIND: "AA AA AA 96 69 00 03 20 01 22",
    Command.SELECT: "AA AA AA 96 69 00 03 20 02 21",
    Command.READ: "AA AA AA 96 69 00 03 30 01 32",
    Command.READ_ADDRESS: "AA AA AA 96 69 00 03 30 03 30",
    Command.BAUD_115200: "AA AA AA 96 69 00 03 60 00 63",
    Command.BAUD_57600: "AA AA AA 96 69 00 03 60 01 62",
    Command.BAUD_38400: "AA AA AA 96 69 00 03 60 02 61",
    Command.BAUD_19200: "AA AA AA 96 69 00 03 60 03 60",
    Command.BAUD_9600: "AA AA AA 96 69 00 03 60 04 67",
}
CARD_FOUND = bytes.fromhex("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97")
NO_CARD = bytes.fromhex("AA AA AA 96 69 00 04 00 00 80 84")


@pytest.mark.parametrize("command", Command)
def test_a_command_is_framed_as_published(command: Command) -> None:
    assert frame(command.value) == bytes.fromhex(PUBLISHED[command])


def test_published_answers_are_understood() -> None:
    found, none = Parser().feed(CARD_FOUND + NO_CARD)
    assert answer_of(found) == Answer(0x9F, bytes(4))
    assert answer_of(none) == Answer(0x80)


def test_a_true_frame_inside_a_damaged_one_is_found() -> None:
    damaged = CARD_FOUND[:9]
    assert len(Parser().feed(damaged + NO_CARD + CARD_FOUND)) == 2


def test_a_wrong_length_does_not_swallow_what_follows() -> None:
    assert Parser().feed(CARD_FOUND[:5] + b"\xff\xff" + CARD_FOUND[7:] + NO_CARD) == [b"\0\0\x80"]


@given(st.lists(st.binary(max_size=40)), st.binary(max_size=60))
def test_bytes_in_any_pieces_never_raise_and_never_pile_up(pieces: list[bytes], noise: bytes) -> None:
    parser = Parser()
    for piece in [*pieces, noise * 100]:
        parser.feed(piece)
        assert parser.held <= 4096


@given(st.binary(max_size=50).filter(lambda noise: 0xAA not in noise), st.integers(1, 14))
def test_a_frame_after_noise_is_found_however_it_is_cut(noise: bytes, cut: int) -> None:
    parser = Parser()
    sent = noise + CARD_FOUND
    assert parser.feed(sent[:-cut]) + parser.feed(sent[-cut:]) == [CARD_FOUND[7:-1]]


@given(st.binary(min_size=3, max_size=1400), st.sampled_from(list(Command)))
def test_whatever_a_module_says_is_an_answer_or_a_worded_refusal(body: bytes, asked: Command) -> None:
    answer = answer_of(body)
    if not answer.answers(asked):
        return
    if answer.status != OK:
        assert isinstance(failure(answer), DeviceError)
    elif asked is Command.SAM_ID:
        assert len(module_number(answer.data)) > 20
    elif asked is Command.READ:
        with suppress(DeviceError):
            assert len(contents(answer.data)[0]) == 256


@given(st.binary(min_size=1, max_size=300))
def test_what_is_framed_is_unframed(body: bytes) -> None:
    assert Parser(shortest=2).feed(frame(body)) == [body]


def plainly_parsed(sent: bytes) -> list[bytes]:
    """What the rules say, without any thought of what it costs."""
    bodies = []
    while sent:
        length = int.from_bytes(sent[5:7], "big")
        whole = sent[7 : 7 + length]
        is_frame = sent.startswith(PREAMBLE) and 4 <= length <= 2048 and len(whole) == length
        if is_frame and checksum(sent[5:7] + whole[:-1]) == whole[-1]:
            bodies.append(whole[:-1])
            sent = sent[7 + length :]
        elif sent.startswith(PREAMBLE) and (len(sent) < 7 or (4 <= length <= 2048 and len(whole) < length)):
            break  # more of it may come
        else:
            sent = sent[1:]
    return bodies


FRAMES = st.binary(min_size=3, max_size=60).map(frame)
TORN = st.builds(lambda whole, cut: whole[:cut], FRAMES, st.integers(1, 20))
DAMAGED = st.builds(
    lambda whole, at, bit: whole[:at] + bytes((whole[at] ^ 1 << bit,)) + whole[at + 1 :],
    FRAMES,
    st.integers(0, 10),
    st.integers(0, 7),
)
FALSE = st.binary(min_size=2, max_size=2).map(lambda length: PREAMBLE + length)
BEGINNINGS = st.integers(1, 5).map(lambda count: PREAMBLE[:count])


@given(st.lists(FRAMES | TORN | DAMAGED | FALSE | BEGINNINGS | st.binary(max_size=20), max_size=12), st.lists(st.integers(1, 50)))
def test_frames_torn_damaged_and_joined_are_found_by_the_rules_in_whatever_pieces_they_come(
    parts: list[bytes], cuts: list[int]
) -> None:
    sent, parser, found = b"".join(parts), Parser(), []
    for cut in [*cuts, len(sent)]:
        found += parser.feed(sent[:cut])
        sent = sent[cut:]
        assert parser.held <= 4096
    assert found == plainly_parsed(b"".join(parts))


def test_an_endless_stream_of_beginnings_keeps_four_kilobytes_at_most() -> None:
    parser = Parser()
    assert parser.feed(b"\xaa\xaa\xaa\x96\x69\x08\x00" * 3000) == []
    assert parser.held <= 4096


@pytest.mark.parametrize(
    ("late", "asked"),
    [
        (Answer(0x9F, bytes(4)), Command.SELECT),
        (Answer(0x90, bytes(8)), Command.FIND),
        (Answer(0x90, bytes(8)), Command.READ),
        (Answer(0x90, bytes(1288)), Command.FIND),
        (Answer(0x90, bytes(1288)), Command.SELECT),
        (Answer(0x90, bytes(1288)), Command.STATUS),
        (Answer(0x90, bytes(1284)), Command.READ_ADDRESS),
        (Answer(0x90, bytes(140)), Command.READ),
        (Answer(0x90, bytes(140)), Command.SELECT),
        (Answer(0x90), Command.READ_ADDRESS),
        (Answer(0x91), Command.FIND),
        (Answer(0x91), Command.STATUS),
        (Answer(0x80), Command.STATUS),
        (Answer(0x9F, bytes(4)), Command.READ_ADDRESS),
        (Answer(0x90, bytes(16)), Command.BAUD_9600),
    ],
)
def test_the_answer_to_another_command_is_none_to_this_one(late: Answer, asked: Command) -> None:
    assert not late.answers(asked)


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (Answer(0x9F, bytes(4)), Command.FIND),
        (Answer(0x80), Command.FIND),
        (Answer(0x90, bytes(8)), Command.SELECT),
        (Answer(0x90, bytes(1284)), Command.READ),
        (Answer(0x90, bytes(260)), Command.READ),
        (Answer(0x90, bytes(70)), Command.READ_ADDRESS),
        (Answer(0x90, bytes(280)), Command.READ_ADDRESS),
        (Answer(0x91), Command.READ_ADDRESS),
        (Answer(0x90), Command.BAUD_9600),
        (Answer(0x60), Command.STATUS),
        (Answer(0x10), Command.STATUS),
        (Answer(0x31), Command.SELECT),
    ],
)
def test_the_answer_to_a_command_is_known_by_its_shape(answer: Answer, asked: Command) -> None:
    assert answer.answers(asked)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (0x31, Completion.FRAUD_ATTEMPT),
        (0x32, Completion.FRAUD_ATTEMPT),
        (0x33, Completion.FRAUD_ATTEMPT),
        (0x60, Completion.HARDWARE_ERROR),
        (0x66, Completion.HARDWARE_ERROR),
        (0x24, Completion.SEQUENCE_ERROR),
        (0x40, Completion.UNSUPPORTED_DATA),
        (0x41, Completion.INVALID_MEDIA),
        (0x81, Completion.INVALID_MEDIA),
        (0x80, Completion.MEDIA_REMOVED),
        (0x99, Completion.INVALID_DATA),
    ],
)
def test_a_status_word_has_one_meaning(status: int, code: Completion) -> None:
    assert failure(Answer(status)).code is code


def test_suspected_forgery_is_never_to_be_tried_again() -> None:
    assert not failure(Answer(0x31)).retry


@pytest.mark.parametrize("header", ["01000300", "00FF0400", "01000401", "00000000"])
def test_lengths_that_do_not_add_up_are_no_card(header: str) -> None:
    with pytest.raises(DeviceError) as refused:
        contents(bytes.fromhex(header) + bytes(1280))
    assert refused.value.code is Completion.INVALID_DATA


def test_text_and_photo_are_told_apart() -> None:
    assert contents(b"\x01\x00\x04\x00" + b"t" * 256 + b"p" * 1024) == (b"t" * 256, b"p" * 1024)


def test_the_number_of_the_module_is_written_as_on_its_label() -> None:
    raw = struct.pack("<HHIII", 5, 1, 20240105, 4095471, 3382700086)
    assert module_number(raw) == "05.01-20240105-0004095471-3382700086"
