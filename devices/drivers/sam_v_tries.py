"""What became of the tries to read one card, and when to give up: pure."""

from __future__ import annotations

import time
from collections.abc import Callable

from devices.device import Completion, DeviceError
from devices.document import Recognised
from devices.drivers.sam_v_frames import NO_CARD, Refused
from devices.line import LineSilent

TRIES = 3
TRIED_AGAIN = frozenset((Completion.INVALID_MEDIA, Completion.UNSUPPORTED_DATA, Completion.INVALID_DATA))


class Tries:
    """TRIES times, then once more after a reset, which frees a card chip that hangs. Silence is forgiven once: an answer
    may have been garbled on the line.

    One bad card fails in one way. Several cards on the plate answer in each other's words, so that the module says now
    this, now that: they are given `several_s`, in which one of them may be taken away.
    """

    def __init__(self, several_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._several_s = several_s
        self._clock = clock
        self._began = clock()
        self._failed = 0
        self._silences = 0
        self._said: set[int] = set()

    @property
    def needs_reset(self) -> bool:
        return self._failed == TRIES

    @property
    def by_several(self) -> bool:
        return len(self._said) > 1

    def missed(self) -> None:
        """The card could not be found for a moment."""
        if self._failed:
            self._said.add(NO_CARD)

    def failed(self, error: LineSilent | DeviceError) -> None:
        """Raises what the read ends with, unless it is to be tried again."""
        self._failed += 1
        match error:
            case LineSilent():
                self._silences += 1
                if self._silences > 1:
                    raise error
            case Refused(status=status) if error.code in TRIED_AGAIN or status == NO_CARD:
                self._said.add(status)
            case _ if error.code not in TRIED_AGAIN:
                raise error
            case _:
                pass
        if not self.by_several:
            if self._failed > TRIES:
                raise error
        elif self._clock() - self._began >= self._several_s:
            raise DeviceError(
                Completion.INVALID_MEDIA, "more than one card", retry=True, recognised=Recognised.MORE_THAN_ONE
            ) from error
