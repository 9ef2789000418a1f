"""Ways into a chip that fail or differ from the worked examples by one step, and the curves under them."""

from __future__ import annotations

import pytest

from devices.apdu import Channel, Command
from devices.cards.icao_9303.access_key import mrz_secret
from devices.cards.icao_9303.basic_access_control import basic_access_control
from devices.cards.icao_9303.ciphers import Cipher
from devices.cards.icao_9303.elliptic_curve import CURVES
from devices.cards.icao_9303.pace import Printed, pace
from devices.cards.icao_9303.secure_messaging import ProtectedChannel, SessionKeys
from devices.cards.icao_9303.security_infos import PaceInfo, PaceMapping, best_pace_info
from devices.device import Completion, DeviceError
from devices.simulators.vpcd import Scripted
from tests.devices.icao_9303_examples import (
    BAC,
    BAC_KEY,
    G_1_OWN_KEY,
    GENERIC_MAPPING,
    PACE_KEY,
    d_random,
    g_1_scalars,
)
from tests.devices.played import Played
from tests.devices.travel_documents import Wired


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("0F 800A04007F00070202040202 830101", "63C1"), ("12 800A04007F00070202040202 830101 84010D", "9000")],
    ids=["a warning of earlier attempts", "the curve must be told"],
)
def test_the_choice_of_a_protocol_may_differ_and_nothing_else_does(asked: str, answered: str) -> None:
    own = GENERIC_MAPPING.replace("0F 800A04007F00070202040202 830101\n    < 9000", f"{asked}\n    < {answered}")
    info = PaceInfo(PaceMapping.GENERIC, Cipher.AES_128, 13, ambiguous=answered == "9000")
    keys, _ = pace(Channel(Played(own)), info, Printed.MRZ, mrz_secret(PACE_KEY), scalar=g_1_scalars())
    assert keys.encryption.hex().upper() == "F5F0E35C0D7161EE6724EE513A0D9A7F"


@pytest.mark.parametrize(
    ("step", "status", "code"),
    [
        (0, "6983", Completion.ACCESS_KEY_WRONG),
        (0, "6A80", Completion.INVALID_DATA),
        (1, "6985", Completion.INVALID_DATA),
        (3, "6300", Completion.ACCESS_KEY_WRONG),
        (4, "6300", Completion.ACCESS_KEY_WRONG),
        (4, "63C2", Completion.ACCESS_KEY_WRONG),
        (4, "7C0A86080000000000000000 9000", Completion.INVALID_DATA),
        (4, "9000", Completion.INVALID_DATA),
        (2, "7C43824104" + "11" * 64 + "9000", Completion.INVALID_DATA),
        (3, f"7C43844104{G_1_OWN_KEY}9000", Completion.INVALID_DATA),
    ],
    ids=[
        "blocked",
        "unknown",
        "early",
        "at the key",
        "at the token",
        "and counted",
        "no token",
        "empty",
        "no point",
        "our own key",
    ],
)
def test_pace_that_fails_says_whether_it_was_the_key(step: int, status: str, code: Completion) -> None:
    card = Played(GENERIC_MAPPING)
    card.left[step] = card.left[step]._replace(answered=status.replace(" ", ""))
    info = PaceInfo(PaceMapping.GENERIC, Cipher.AES_128, 13)
    with pytest.raises(DeviceError) as caught:
        pace(Channel(card), info, Printed.MRZ, mrz_secret(PACE_KEY), scalar=g_1_scalars())
    assert caught.value.code is code
    assert len(card.left) == 4 - step


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("6300", Completion.ACCESS_KEY_WRONG),
        ("6982", Completion.ACCESS_KEY_WRONG),
        ("6F00", Completion.INVALID_DATA),
        ("9000", Completion.INVALID_DATA),
        ("00" * 40 + "9000", Completion.INVALID_DATA),
    ],
)
def test_bac_that_fails_says_whether_it_was_the_key(answer: str, code: Completion) -> None:
    card = Played(BAC)
    card.left[1] = card.left[1]._replace(answered=answer)
    with pytest.raises(DeviceError) as caught:
        basic_access_control(Channel(card), mrz_secret(BAC_KEY), random=d_random())
    assert caught.value.code is code


def test_an_answer_to_an_earlier_challenge_is_not_taken() -> None:
    answers = [bytes.fromhex(exchange.answered) for exchange in Played(BAC).left]
    replayed = Scripted(lambda command: answers[0] if command[1] == 0x84 else answers[1])
    with pytest.raises(DeviceError, match="another challenge"):
        basic_access_control(Channel(Wired(replayed)), mrz_secret(BAC_KEY))


def test_a_session_that_has_ended_sends_nothing_more() -> None:
    keys = SessionKeys(Cipher.AES_128, bytes(16), bytes(16))
    protected = ProtectedChannel(Channel(Wired(Scripted(b"\x90\x00"))), keys)
    read_header = Command(0x00, 0xB0, 0x00, 0x00, expected=8)
    for code in (Completion.INVALID_DATA, Completion.SEQUENCE_ERROR):
        with pytest.raises(DeviceError) as caught:
            protected.send(read_header)
        assert caught.value.code is code


@pytest.mark.parametrize("number", sorted(CURVES))
def test_our_arithmetic_agrees_with_the_library(number: int) -> None:
    curve = CURVES[number]
    one, two, three = (curve.generator_times(scalar) for scalar in (1, 2, 3))
    assert curve.sum(one, two) == three
    scalar = curve.random_scalar()
    assert curve.times(scalar, two) == curve.generator_times(2 * scalar % curve.library.group_order)
    assert curve.decoded(curve.encoded(three)) == three


@pytest.mark.parametrize("number", sorted(CURVES))
def test_what_is_no_point_is_refused(number: int) -> None:
    curve = CURVES[number]
    x, y = curve.generator_times(3)
    for encoded in (b"", b"\x00", curve.encoded((x, (y + 1) % curve.prime)), curve.encoded((0, 0)), curve.encoded((x, y))[:-1]):
        with pytest.raises(DeviceError) as caught:
            curve.decoded(encoded)
        assert caught.value.code is Completion.INVALID_DATA


@pytest.mark.parametrize(
    ("card_access", "chosen"),
    [
        (
            "31283012060A04007F0007020204020202010202010D3012060A04007F0007020204060202010202010D",
            PaceInfo(PaceMapping.CHIP_AUTHENTICATION, Cipher.AES_128, 13),
        ),
        (
            "31283012060A04007F0007020204020202010202010C3012060A04007F0007020204020202010202010D",
            PaceInfo(PaceMapping.GENERIC, Cipher.AES_128, 12, ambiguous=True),
        ),
        (
            "31283012060A04007F0007020204020202010202010D3012060A04007F0007020204020202010202010E",  # and one of 320 bits
            PaceInfo(PaceMapping.GENERIC, Cipher.AES_128, 13, ambiguous=True),
        ),
        ("31143012060A04007F0007020204010202010202010D", None),  # finite fields
        ("31143012060A04007F0007020204040202010202010D", None),  # integrated mapping
        ("31143012060A04007F0007020204020202010202010E", None),  # a curve of 320 bits
        ("31143012060A04007F0007020204020202010102010D", None),  # version 1
        ("3100", None),
    ],
)
def test_the_way_that_proves_most_is_chosen_among_those_known(card_access: str, chosen: PaceInfo | None) -> None:
    assert best_pace_info(bytes.fromhex(card_access)) == chosen
