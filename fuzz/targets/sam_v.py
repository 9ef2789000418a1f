"""The resident card reader: frames in any pieces, texts of any bytes, and modules that answer anything."""

from __future__ import annotations

from collections.abc import Sequence

from devices.cards.resident_card import ADDRESS_BYTES, TEXT_BYTES, TYPE_AT, read_text
from devices.document import DocumentKind
from devices.drivers.sam_v import SamVReader
from devices.drivers.sam_v_frames import CHUNK, NO_CARD, OK, Command, Parser, answer_of, contents, failure, frame, module_number
from devices.drivers.sam_v_line import Patience
from devices.drivers.sam_v_module import SamVModule
from devices.drivers.sam_v_port import SerialPort
from devices.line import LineGone
from devices.simulators.sam_v_card import card_text
from devices.simulators.sam_v_module import SimulatedModule
from fuzz.choices import Choices
from fuzz.target import Target

MOST_HELD = 4096
_SHORT = Patience(poll_s=0.0, command_s=0.002, read_s=0.004, gap_s=0.001, failing_s=0.05, several_s=0.01, reopen_s=(0.0,))
_TEXT = card_text(DocumentKind.RESIDENT_CARD, {"name": "吕晓岚", "sex": "2", "number": "440602199202299863"})
_MOST_COMMANDS = 64


def frames(entry: bytes) -> None:
    parser, whole = Parser(), Parser()
    bodies = []
    sent = b""
    for piece in Choices(entry).pieces():
        sent += piece
        bodies += parser.feed(piece)
        assert parser.held <= MOST_HELD
    assert bodies == whole.feed(sent), "frames depend on the pieces they come in"
    for body in bodies:
        assert frame(body) in sent, "a body that no checksum vouches for"
        _understand(body)


def _understand(body: bytes) -> None:
    answer = answer_of(body)
    for command in Command:
        if not answer.answers(command):
            continue
        if answer.status != OK:
            failure(answer)
        elif command is Command.SAM_ID:
            module_number(answer.data)
        elif command is Command.READ:
            contents(answer.data)


def frame_seeds() -> Sequence[bytes]:
    bodies = [b"\0\0\x9f\0\0\0\0", b"\0\0\x80", b"\0\0\x90" + bytes(16), b"\0\0\x90\x01\x00\x00\x00" + _TEXT]
    return [b"".join(b"\x3f" + frame(body)[at : at + 64] for at in range(0, len(body) + 8, 64)) for body in bodies]


def text(entry: bytes) -> None:
    """Padded to the length that a text has, so that no input is lost at the first look."""
    choices = Choices(entry)
    whole = (choices.taken(TEXT_BYTES) + b"\x20\x00" * TEXT_BYTES)[:TEXT_BYTES]
    appended = choices.taken(3 * ADDRESS_BYTES)
    document = read_text(whole, photo=b"", appended=appended if choices.left else None, media_id=1, device_id="left")
    assert document.name or document.number


def text_seeds() -> Sequence[bytes]:
    flags = [(flag + "\0").encode() for flag in "JIYQ "]
    return [_TEXT + "南海区".encode("utf-16-le"), *(_TEXT[:TYPE_AT] + flag + _TEXT[TYPE_AT + 2 :] for flag in flags)]


class ToldLine:
    """A Line to a sound module whose answers are changed on their way, as the choices say. It goes away in the end."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._module = SimulatedModule()
        self._module.lay(_TEXT)
        self._coming = b""
        self._commands = 0

    def write(self, sent: bytes, within_s: float) -> None:
        self._commands += 1
        if self._commands > _MOST_COMMANDS:
            raise LineGone("end of the input")
        self._coming += self._changed(self._module.respond(sent[7:-1]))

    def read(self, within_s: float) -> bytes:
        length = 1 + self._choices.below(CHUNK) if self._choices.left else CHUNK
        now, self._coming = self._coming[:length], self._coming[length:]
        return now

    def forget(self) -> None:
        if not self._choices.below(2):
            self._coming = b""

    def close(self) -> None:
        pass

    def _changed(self, answer: bytes) -> bytes:
        choices = self._choices
        match choices.below(8):
            case 1:
                at = choices.below(len(answer) or 1)
                return answer[:at] + choices.taken(1) + answer[at + 1 :]
            case 2:
                return answer[: choices.below(len(answer) or 1)]
            case 3:
                return choices.taken(choices.below(0x100)) + answer
            case 4:
                return frame(bytes(2) + choices.taken(1 + choices.below(40)))
            case 5:
                return frame(b"\0\0\x90\x01\x00\x00\x00" + choices.taken(TEXT_BYTES).ljust(TEXT_BYTES, b"\0"))
            case 6:
                return frame(bytes((0, 0, NO_CARD)))
            case 7:
                return b""
            case _:
                return answer


class ToldReader(SamVReader):
    """The real driver on such a line, in this thread."""

    def __init__(self, line: ToldLine) -> None:
        super().__init__("left", SerialPort("none"), _SHORT)
        self._told = line

    def _open_line(self) -> bool:
        self._module = SamVModule(self._told, self._patience)
        return True

    def visit(self) -> None:
        self._idle()
        self._read(lambda: True)
        self._look(well=True)


def reader(entry: bytes) -> None:
    ToldReader(ToldLine(Choices(entry))).visit()


def reader_seeds() -> Sequence[bytes]:
    return [b"", b"\0\0\x04\x12", bytes(12) + b"\x06" * 12, bytes(9) + b"\x05" + _TEXT, b"\x01\x00\x03\x10" * 8]


TARGETS = (
    Target("sam_v_frames", frames, frame_seeds),
    Target("sam_v_text", text, text_seeds, longest=512),
    Target("sam_v_reader", reader, reader_seeds, longest=1024),
)
