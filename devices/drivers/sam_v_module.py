"""The security module at the other end of a line: one command and its answer at a time, each with a deadline."""

from __future__ import annotations

import time

from devices.drivers.sam_v_frames import GARBLED_ON_ARRIVAL, Answer, Command, Parser, answer_of, frame
from devices.drivers.sam_v_line import Line, Patience
from devices.line import LineSilent

FROM_THE_CARD = frozenset((Command.READ, Command.READ_ADDRESS))


class SamVModule:
    """Blocking; belongs to one thread. Raises LineGone and LineSilent only."""

    def __init__(self, line: Line, patience: Patience) -> None:
        self._line = line
        self._patience = patience
        self._parser = Parser()
        # After a missing answer nobody knows what still comes: see _agree.
        self._in_doubt = True

    def close(self) -> None:
        self._line.close()

    def ask(self, command: Command) -> Answer:
        """The answer to one command; sent twice at most, when the module heard the first one garbled."""
        if self._in_doubt and command is not Command.STATUS:
            self._agree()
        answer = self._exchange(command)
        if answer.status in GARBLED_ON_ARRIVAL:
            answer = self._exchange(command)
        if answer.status in GARBLED_ON_ARRIVAL:
            raise LineSilent("commands arrive garbled")
        return answer

    def _agree(self) -> None:
        """The module answers in order and the answer to STATUS has a shape of its own: once it came,
        no late answer can follow, least of all the last citizen's read."""
        self._exchange(Command.STATUS)

    def _exchange(self, command: Command) -> Answer:
        self._in_doubt = True
        self._parser.forget()
        self._line.forget()
        self._line.write(frame(command.value), self._patience.command_s)
        answer = self._wait(command)
        self._in_doubt = False
        return answer

    def _wait(self, command: Command) -> Answer:
        patience = self._patience
        end = time.monotonic() + (patience.read_s if command in FROM_THE_CARD else patience.command_s)
        torn = end
        while (left := min(end, torn) - time.monotonic()) > 0:
            for body in self._parser.feed(self._line.read(left)):
                if (answer := answer_of(body)).answers(command):
                    return answer
            torn = time.monotonic() + patience.gap_s if self._parser.inside_a_frame else end
        raise LineSilent(f"no answer to {command.name}, {self._parser.held} bytes held")
