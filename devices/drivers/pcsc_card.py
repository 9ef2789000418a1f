"""One card on one PC/SC reader, held for one read."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import NoReturn, Self

from smartcard import scard

from devices.apdu import StatusWord
from devices.device import Completion, DeviceError
from devices.device_thread import Wanted
from devices.document import Recognised
from devices.drivers.pcsc_monitor import counter

_NOTICED_S = 1.0
"""A card torn away while it answers first looks like a bad answer. pcscd polls some readers only every
400 ms: so long may it take until the removal itself is known."""

_MAY_BE_GONE = frozenset({Completion.MEDIA_REMOVED, Completion.INVALID_MEDIA, Completion.DEVICE_NOT_READY})
_GONE = (Completion.MEDIA_REMOVED, "the card left")
_NO_READER = (Completion.DEVICE_NOT_READY, "the reader or pcscd is gone")
_MUTE = (Completion.INVALID_MEDIA, "the card does not answer")
_MEANING: Mapping[int, tuple[Completion, str]] = {
    scard.SCARD_W_REMOVED_CARD: _GONE,
    scard.SCARD_E_NO_SMARTCARD: _GONE,
    scard.SCARD_W_UNPOWERED_CARD: _MUTE,
    scard.SCARD_W_UNRESPONSIVE_CARD: _MUTE,
    scard.SCARD_E_PROTO_MISMATCH: (Completion.UNSUPPORTED_DATA, "the card speaks no known protocol"),
    scard.SCARD_W_UNSUPPORTED_CARD: (Completion.UNSUPPORTED_DATA, "the card speaks no known protocol"),
    scard.SCARD_E_SHARING_VIOLATION: (Completion.DEVICE_NOT_READY, "another program holds the card"),
    scard.SCARD_E_READER_UNAVAILABLE: _NO_READER,
    scard.SCARD_E_UNKNOWN_READER: _NO_READER,
    scard.SCARD_E_NO_SERVICE: _NO_READER,
    scard.SCARD_F_COMM_ERROR: _NO_READER,
    scard.SCARD_E_INVALID_HANDLE: _NO_READER,
}
_WRONG_LENGTH = StatusWord.WRONG_LENGTH.to_bytes(2, "big")


class CardBrokeOff(DeviceError):
    """The card stopped answering, and pcscd says that it never left. A bad contact looks like this, and
    so does another card laid faster than pcscd looks (NOT_TRANSACTED, 80100016): whatever lies there now is nobody's."""

    def __init__(self, result: int, length: int) -> None:
        super().__init__(Completion.INVALID_MEDIA, f"the card stopped answering ({result & 0xFFFFFFFF:08X}, {length} bytes)")


class PcscCard:
    """The card that the event counter names, for as long as the `with` lasts: no other program may
    talk to it. DeviceError(MEDIA_REMOVED) as soon as it is not that card any more."""

    def __init__(self, reader: str, event_counter: int, wanted: Wanted) -> None:
        self._reader = reader
        self._counter = event_counter
        self._wanted = wanted
        self.keeps_keys = False
        """Whether the card has to forget what was agreed with it."""

    def __enter__(self) -> Self:
        result, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        if result != scard.SCARD_S_SUCCESS:
            _refuse(result)
        try:
            result, self._card, protocol = scard.SCardConnect(
                self._context, self._reader, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
            )
            if result != scard.SCARD_S_SUCCESS:
                _refuse(result)
            self._is_t0 = protocol == scard.SCARD_PROTOCOL_T0
            self.ensure_present()
        except DeviceError:
            scard.SCardReleaseContext(self._context)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # After a failure, or with keys of ours in it, the card forgets how far we were; a card that was read well stays as it is.
        # So does one that may be gone: a reset while none is there makes pcscd 1.9.9 blind for the next one until that is taken
        # away again.
        gone = isinstance(error, DeviceError) and error.code in _MAY_BE_GONE
        forget = not gone and (error is not None or self.keeps_keys)
        scard.SCardDisconnect(self._card, scard.SCARD_RESET_CARD if forget else scard.SCARD_LEAVE_CARD)
        scard.SCardReleaseContext(self._context)

    def answer_to_reset(self) -> bytes:
        result, _, _, _, answer_to_reset = scard.SCardStatus(self._card)
        if result != scard.SCARD_S_SUCCESS:
            _refuse(result)
        return bytes(answer_to_reset)

    def transmit(self, command: bytes) -> bytes:
        """An extended command that cannot be carried is answered for in the card's words: WRONG_LENGTH."""
        if not self._wanted():
            raise DeviceError(Completion.TIME_OUT, "given up")
        if self._is_t0 and _is_extended(command):
            return _WRONG_LENGTH
        protocol = scard.SCARD_PCI_T0 if self._is_t0 else scard.SCARD_PCI_T1
        result, answer = scard.SCardTransmit(self._card, protocol, list(_for_t0(command) if self._is_t0 else command))
        if result == scard.SCARD_S_SUCCESS and len(answer) >= 2:
            return bytes(answer)
        if result == scard.SCARD_E_PROTO_MISMATCH and _is_extended(command):
            return _WRONG_LENGTH  # what a reader that splits commands itself says of one too long for it
        if result in _MEANING:
            _refuse(result)
        self._await_removal()
        raise CardBrokeOff(result, len(answer))

    def ensure_present(self) -> None:
        self._look(scard.SCARD_STATE_UNAWARE, 0)

    def _await_removal(self) -> None:
        """Raises MEDIA_REMOVED when the card turns out to have left; returns when it still lies there."""
        end = time.monotonic() + _NOTICED_S
        state = scard.SCARD_STATE_UNAWARE
        while (left := end - time.monotonic()) > 0:
            state = self._look(state, int(left * 1000))

    def _look(self, known: int, wait_ms: int) -> int:
        result, changes = scard.SCardGetStatusChange(self._context, wait_ms, [(self._reader, known)])
        if result not in (scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT):
            _refuse(result)
        state: int = changes[0][1]
        if counter(state) != self._counter or not state & scard.SCARD_STATE_PRESENT:
            raise DeviceError(Completion.MEDIA_REMOVED, "the card left while it was being read", retry=True)
        return state & ~int(scard.SCARD_STATE_CHANGED)


def _is_extended(command: bytes) -> bool:
    return len(command) > 6 and command[4] == 0


def _for_t0(command: bytes) -> bytes:
    """T=0 sends either a body or the length of the answer: after a body the card is asked for its answer, and old cards refuse
    a command with both (ISO 7816-3, 12.2.4)."""
    has_both = len(command) > 6 and not _is_extended(command) and len(command) == 6 + command[4]
    return command[:-1] if has_both else command


def reader_names() -> tuple[str, ...]:
    """The readers that pcscd has; DeviceError when pcscd does not run."""
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if result != scard.SCARD_S_SUCCESS:
        _refuse(result)
    try:
        result, names = scard.SCardListReaders(context, [])
        if result == scard.SCARD_E_NO_READERS_AVAILABLE:
            return ()
        if result != scard.SCARD_S_SUCCESS:
            _refuse(result)
        return tuple(sorted(names))
    finally:
        scard.SCardReleaseContext(context)


def _refuse(result: int) -> NoReturn:
    code, words = _MEANING.get(result, (Completion.HARDWARE_ERROR, "PC/SC error"))
    unknown = code is Completion.UNSUPPORTED_DATA
    recognised = Recognised.UNKNOWN if unknown else None
    raise DeviceError(code, f"{words} ({result & 0xFFFFFFFF:08X})", retry=not unknown, recognised=recognised)
