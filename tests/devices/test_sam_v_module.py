"""One command to a module over a line that brings anything at all."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.drivers.sam_v_frames import Answer, Command, frame
from devices.drivers.sam_v_line import Patience
from devices.drivers.sam_v_module import SamVModule
from devices.line import LineGone, LineSilent

WELL = frame(b"\0\0\x90")
FOUND = frame(b"\0\0\x9f" + bytes(4))


class ScriptedLine:
    """Brings what it was given, then goes away. What comes before the first command is thrown away, like on a real line."""

    def __init__(self, *brings: bytes) -> None:
        self.brings = list(brings)
        self.sent: list[bytes] = []

    def write(self, frame: bytes, within_s: float) -> None:
        self.sent.append(frame)

    def read(self, within_s: float) -> bytes:
        if not self.brings:
            raise LineGone("nothing more")
        return self.brings.pop(0)

    def forget(self) -> None:
        pass

    def close(self) -> None:
        pass


def mutated(whole: bytes) -> st.SearchStrategy[bytes]:
    return st.tuples(st.integers(0, len(whole) - 1), st.binary(max_size=4)).map(
        lambda at: whole[: at[0]] + at[1] + whole[at[0] + 1 :]
    )


@given(st.lists(st.one_of(st.binary(max_size=80), mutated(FOUND), mutated(WELL), st.just(WELL)), max_size=12))
def test_whatever_comes_is_an_answer_or_a_silence_or_the_end(brings: list[bytes]) -> None:
    module = SamVModule(ScriptedLine(*brings), Patience())
    with suppress(LineGone, LineSilent):
        assert module.ask(Command.FIND).answers(Command.FIND)


def test_the_first_command_is_asked_only_when_both_ends_agree() -> None:
    line = ScriptedLine(frame(b"\0\0\x90" + bytes(8)), WELL, FOUND)
    assert SamVModule(line, Patience()).ask(Command.FIND) == Answer(0x9F, bytes(4))
    assert line.sent == [frame(Command.STATUS.value), frame(Command.FIND.value)]


def test_a_garbled_command_is_sent_twice_and_no_more() -> None:
    line = ScriptedLine(WELL, frame(b"\0\0\x10"), frame(b"\0\0\x11"))
    with pytest.raises(LineSilent, match="garbled"):
        SamVModule(line, Patience()).ask(Command.FIND)
    assert line.sent[1:] == [frame(Command.FIND.value)] * 2
