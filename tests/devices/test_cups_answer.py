"""An answer by IPP that lies about its lengths ends in words, and ends."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.drivers.cups_queue import CupsQueue, Job, JobState, QueueGone, QueueRefuses, QueueSilent

JOB = (
    bytes.fromhex("0200 0000 00000001")
    + b"\x01\x47\x00\x12attributes-charset\x00\x05utf-8"
    + b"\x48\x00\x1battributes-natural-language\x00\x02en"
    + b"\x02\x21\x00\x06job-id\x00\x04\x00\x00\x00\x07"
    + b"\x42\x00\x08job-name\x00\x03one"
    + b"\x23\x00\x09job-state\x00\x04\x00\x00\x00\x09"
    + b"\x03"
)
COLLECTION = (
    JOB[:-1]
    + b"\x34\x00\x09media-col\x00\x00"
    + b"\x4a\x00\x00\x00\x0cmedia-colour"
    + b"\x44\x00\x00\x00\x05white"
    + b"\x37\x00\x00\x00\x00"
    + b"\x35\x00\x04name\x00\x08\x00\x02zh\x00\x02ok"
    + b"\x03"
)


class Answered(CupsQueue):
    """A queue whose CUPS always gives this answer."""

    def __init__(self, answer: bytes) -> None:
        super().__init__("nowhere", "pages")
        self._answer = answer

    def _post(self, request: bytes) -> bytes:
        return self._answer


def asked(answer: bytes) -> None:
    """Everything that can be asked; only worded errors come out."""
    queue = Answered(answer)
    for ask in (queue.printer, lambda: queue.job(7), lambda: queue.find("one"), lambda: queue.submit(b"", "one")):
        with suppress(QueueGone, QueueSilent, QueueRefuses):
            ask()


@pytest.mark.parametrize("answer", [JOB, COLLECTION])
def test_a_sound_answer_is_understood(answer: bytes) -> None:
    assert Answered(answer).job(7) == Job(7, "one", JobState.COMPLETED)


@pytest.mark.parametrize("answer", [JOB, COLLECTION])
@pytest.mark.parametrize("length", range(-80, 0))
def test_a_negative_length_anywhere_ends_in_words(answer: bytes, length: int) -> None:
    lie = length.to_bytes(2, "big", signed=True)
    for at in range(8, len(answer) - 1):
        asked(answer[:at] + lie + answer[at + 2 :])


@given(st.sampled_from([JOB, COLLECTION]), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=4), st.binary())
def test_whatever_is_answered_ends_in_words(answer: bytes, changes: list[tuple[int, int]], more: bytes) -> None:
    changed = bytearray(answer)
    for at, byte in changes:
        changed[at % len(changed)] = byte
    asked(bytes(changed))
    asked(bytes(changed) + more)
    asked(more)


@pytest.mark.parametrize("length", range(len(COLLECTION)))
def test_a_torn_answer_is_refused(length: int) -> None:
    with pytest.raises(QueueRefuses, match="CUPS answers nonsense"):
        Answered(COLLECTION[:length]).job(7)
