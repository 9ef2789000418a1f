"""When to give up a card that cannot be read: counted, with a clock of the test's own."""

import pytest

from devices.device import Completion, DeviceError
from devices.document import Recognised
from devices.drivers.sam_v_frames import Answer, failure
from devices.drivers.sam_v_tries import TRIES, Tries
from devices.line import LineSilent


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def refused(status: int) -> DeviceError:
    return failure(Answer(status))


@pytest.mark.parametrize("status", [0x41, 0x47, 0x81, 0x40, 0x99, 0x80])
def test_a_bad_card_is_tried_three_times_and_once_more_after_a_reset(status: int) -> None:
    tries = Tries(3.0)
    for number in range(TRIES):
        assert not tries.needs_reset, number
        tries.failed(refused(status))
    assert tries.needs_reset
    error = refused(status)
    with pytest.raises(DeviceError) as ended:
        tries.failed(error)
    assert ended.value is error
    assert not tries.by_several


@pytest.mark.parametrize("status", [0x31, 0x32, 0x33, 0x60, 0x66, 0x21, 0x23, 0x24])
def test_what_no_other_try_can_cure_ends_the_read_at_once(status: int) -> None:
    with pytest.raises(DeviceError) as ended:
        Tries(3.0).failed(refused(status))
    assert not ended.value.retry


def test_silence_is_forgiven_once() -> None:
    tries = Tries(3.0)
    tries.failed(LineSilent("once"))
    with pytest.raises(LineSilent, match="twice"):
        tries.failed(LineSilent("twice"))


def test_several_cards_are_given_three_seconds_to_become_one() -> None:
    clock = Clock()
    tries = Tries(3.0, clock)
    for clock.now_s, status in enumerate([0x81, 0x41, 0x80]):
        tries.failed(refused(status))
    assert tries.by_several
    clock.now_s = 3.0
    with pytest.raises(DeviceError) as ended:
        tries.failed(refused(0x81))
    error = ended.value
    assert (error.code, error.technical, error.recognised) == (
        Completion.INVALID_MEDIA,
        "more than one card",
        Recognised.MORE_THAN_ONE,
    )


def test_a_bad_card_that_was_not_seen_for_a_moment_after_a_failure_is_like_several() -> None:
    tries = Tries(3.0)
    tries.missed()
    tries.failed(refused(0x81))
    assert not tries.by_several
    tries.missed()
    assert tries.by_several
