"""A card whose answers are changed on their way, as an input says."""

from __future__ import annotations

from devices.device import Completion, DeviceError
from devices.simulators.vpcd import CardProgram
from fuzz.choices import Choices

MOST_COMMANDS = 3000
"""Then its reader gives up, as it does at a deadline."""
STATUS_WORDS = (
    0x9000, 0x6282, 0x6283, 0x6300, 0x63C1, 0x6700, 0x6982, 0x6983, 0x6985, 0x6986, 0x6987, 0x6988,
    0x6A80, 0x6A81, 0x6A82, 0x6A83, 0x6A86, 0x6B00, 0x6D00, 0x6E00, 0x6F00, 0x6110, 0x6100, 0x6C08, 0x6C00,
)  # fmt: skip
_LONG = 5000


class ToldCard:
    """With no choice left it is the card that it began as, or says one thing for ever."""

    def __init__(self, program: CardProgram, choices: Choices) -> None:
        self._program = program
        self._choices = choices
        self._for_ever: bytes | None = None
        self._count = 0

    def transmit(self, command: bytes) -> bytes:
        self._count += 1
        if self._count > MOST_COMMANDS:
            raise DeviceError(Completion.TIME_OUT, "given up")
        return self._changed(self._program.answer(command)) if self._for_ever is None else self._for_ever

    def _changed(self, answer: bytes) -> bytes:
        choices = self._choices
        match choices.below(12):
            case 5:
                at = choices.below(len(answer))
                return answer[:at] + choices.taken(1) + answer[at + 1 :]
            case 6:
                return answer[: choices.below(len(answer))]
            case 7:
                return answer[:-2] + self._status()
            case 8:
                return choices.taken(choices.below(0x100)) + self._status()
            case 9:
                return choices.taken(choices.below(0x100))
            case 10:
                self._for_ever = choices.taken(choices.below(0x20)) + self._status()
                return self._for_ever
            case 11:
                return bytes(choices.below(_LONG)) + self._status()
            case _:
                return answer

    def _status(self) -> bytes:
        return STATUS_WORDS[self._choices.below(len(STATUS_WORDS))].to_bytes(2, "big")
