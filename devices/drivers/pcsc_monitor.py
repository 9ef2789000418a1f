"""Watches one PC/SC reader from a thread of its own, through restarts of pcscd."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from smartcard import scard

log = logging.getLogger(__name__)

_PLUG = "\\\\?PnP?\\Notification"  # pcsc-lite's name for "a reader came or went"
_LONGEST_WAIT_MS = 10_000
_FIRST_RETRY_S = 0.2
_LAST_RETRY_S = 1.0
_LET_GO_S = 1.0
_GONE = (scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_READER_UNAVAILABLE)
_AWAY = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE


@dataclass(frozen=True)
class Sight:
    """What one look shows: `reader` is empty when none is wanted or there, `media_id` 0 when nothing lies on it.

    The low word of `media_id` is pcsc-lite's event counter, the rest counts connections to pcscd and
    to the reader, because the counter begins anew with both.
    """

    service: bool = False
    reader: str = ""
    media_id: int = 0
    mute: bool = False


def counter(state: int) -> int:
    """pcsc-lite counts insertions and removals in the high word of the state: a swap of two cards of
    the same kind shows in nothing else."""
    return state >> 16 & 0xFFFF


class Monitor:
    """Tells `seen`, in its own thread, what it sees first and every change after that.

    pyscard's CardMonitor will not do: its thread ends for good when pcscd restarts, and it misses a
    swap of two cards with the same ATR. `connections` are those of the monitor before this one, so that no presence that
    it saw has the name of one that this one sees.
    """

    def __init__(self, wanted: str, seen: Callable[[Sight], None], *, connections: int = 0) -> None:
        self._wanted = wanted
        self._tell = seen
        self._last: Sight | None = None
        self.connections = connections
        self._stopping = threading.Event()
        self._context: object | None = None
        self._thread = threading.Thread(target=self._run, name="pcsc-monitor", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Blocks until the thread has ended, but not for a pcscd that answers nobody."""
        self._stopping.set()
        threading.Thread(target=self._cancel, name="pcsc-cancel", daemon=True).start()
        self._thread.join(_LET_GO_S)

    def _cancel(self) -> None:
        """A cancel that comes before the wait is lost, hence the loop."""
        while self._thread.is_alive():
            if self._context is not None:
                scard.SCardCancel(self._context)
            self._thread.join(0.05)

    def _run(self) -> None:
        retry_s = _FIRST_RETRY_S
        while not self._stopping.is_set():
            result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
            if result == scard.SCARD_S_SUCCESS:
                retry_s, self._context = _FIRST_RETRY_S, context
                self._watch_on(context)
                self._context = None
                scard.SCardReleaseContext(context)
            self._see(Sight())
            self._stopping.wait(retry_s)
            retry_s = min(retry_s * 2, _LAST_RETRY_S)

    def _watch_on(self, context: object) -> None:
        """An error of our own is a connection lost: a watcher that ended would be missed by nobody."""
        try:
            self._watch(context)
        except Exception as error:
            log.error("pcsc_monitor_fault", extra={"fault": type(error).__name__})

    def _watch(self, context: object) -> None:
        """Returns when pcscd is gone or the monitor stops."""
        reader, states = "", {_PLUG: scard.SCARD_STATE_UNAWARE}
        self.connections += 1
        while not self._stopping.is_set():
            found = self._find(context)
            if found is None:
                return
            if found != reader:
                states.pop(reader, None)
                reader = found
                self.connections += 1
            if reader:
                states.setdefault(reader, scard.SCARD_STATE_UNAWARE)
            else:
                self._see(Sight(service=True))
            result, changes = scard.SCardGetStatusChange(context, _LONGEST_WAIT_MS, list(states.items()))
            if result == scard.SCARD_E_TIMEOUT:
                continue
            if result not in (scard.SCARD_S_SUCCESS, *_GONE):
                return
            states = {name: state & ~scard.SCARD_STATE_CHANGED for name, state, _ in changes}
            if reader and (result in _GONE or states[reader] & _AWAY):
                del states[reader]
                reader = ""  # one of the same name counts its cards anew
                self._stopping.wait(_FIRST_RETRY_S)  # the list may still have it
            elif reader:
                self._see(self._sight(reader, states[reader]))

    def _find(self, context: object) -> str | None:
        """The wanted reader, "" when it is not there, None when pcscd is not."""
        result, names = scard.SCardListReaders(context, [])
        if result == scard.SCARD_E_NO_READERS_AVAILABLE:
            return ""
        if result != scard.SCARD_S_SUCCESS:
            return None
        return next((name for name in sorted(names) if self._wanted in name), "")

    def _sight(self, reader: str, state: int) -> Sight:
        if not state & scard.SCARD_STATE_PRESENT:
            return Sight(service=True, reader=reader)
        return Sight(True, reader, self.connections << 16 | counter(state), bool(state & scard.SCARD_STATE_MUTE))

    def _see(self, sight: Sight) -> None:
        if sight == self._last or self._stopping.is_set():
            return
        self._last = sight
        self._tell(sight)
