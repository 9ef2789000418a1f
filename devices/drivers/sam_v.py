"""SAM_V resident card reader on a serial line (GA 450, GA 467)."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from devices.cards.resident_card import read_text
from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus, Status
from devices.device_thread import DeviceThread, DeviceWithThread, Wanted
from devices.document import AccessKey, IdentityDocument
from devices.drivers.sam_v_frames import CARD_FOUND, NO_CARD, OK, Answer, Command, contents, failure, module_number
from devices.drivers.sam_v_line import LineGone, LineSilent, LineTaken, Patience, SamVLine
from devices.drivers.sam_v_presence import PresenceCount

log = logging.getLogger(__name__)

TRIES = 3
TRIED_AGAIN = frozenset((Completion.INVALID_MEDIA, Completion.UNSUPPORTED_DATA, Completion.INVALID_DATA))


class SamVReader(DeviceWithThread):
    """An IdentityReader. Some modules answer find with 80 as long as a card that was read lies
    there, others with 9F, and none says which it is. So three 80s right after a read are not
    believed before one reset: it drops the field, the card starts anew, and a find that still sees
    nothing means that it left."""

    kind = "identityReader"

    def __init__(self, device_id: str, path: str, patience: Patience | None = None) -> None:
        self.id = device_id
        self._path = path
        self._patience = patience or Patience()
        self._status = Status(DeviceStatus.STARTING)
        self._health_s = 2 * self._patience.read_s
        self._presence = PresenceCount()
        self._line: SamVLine | None = None
        self._failed_opens = 0
        self._module = ""
        self._well_at = time.monotonic()
        self._thread = DeviceThread(device_id, idle=self._idle, leave=self._leave)

    def capabilities(self) -> Mapping[str, object]:
        """`module` is the number of the security module, empty before it was heard."""
        return {"cards": ("resident_card",), "path": self._path, "module": self._module}

    async def read_identity(self, *, access: AccessKey | None = None, deadline_s: float = 10.0) -> IdentityDocument:
        """The card that lies there now; DeviceError(MEDIA_REMOVED) when none does. No card here needs `access`."""
        return await self._thread.order(self._read, deadline_s=deadline_s)

    # From here on everything runs in the thread of the device.

    def _idle(self) -> float:
        if self._line is None and not self._open_line():
            waits = self._patience.reopen_s
            return waits[min(self._failed_opens, len(waits)) - 1]
        self._watch()
        return self._patience.poll_s

    def _leave(self) -> None:
        self._close_line()
        self._card_left()

    def _watch(self) -> None:
        """One look at module and plate; whatever is wrong becomes the status."""
        try:
            if self._line is None:
                return
            if not self._module:
                self._module = module_number(self._good(Command.SAM_ID).data)
            self._find()
            if self._presence.in_doubt and not self._presence.missing:
                self._look_again()
        except (LineGone, LineSilent, DeviceError) as error:
            self._failed(error)

    def _read(self, wanted: Wanted) -> IdentityDocument:
        if self._line is None:
            raise DeviceError(Completion.DEVICE_NOT_READY, "no line", retry=True)
        try:
            text, photo = self._contents(wanted)
            return self._document(text, photo)
        except (LineGone, LineSilent, DeviceError) as error:
            failed = self._failed(error)
            log.warning("card_not_read", extra={"device": self.id, "code": failed.code, "technical": failed.technical})
            raise failed from error

    def _document(self, text: bytes, photo: bytes) -> IdentityDocument:
        media_id = self._presence.media_id
        if media_id is None:
            raise DeviceError(Completion.MEDIA_REMOVED, "no card", retry=True)
        # An unreadable text must not become the mark of this presence: the next one may be whole.
        document = read_text(text, photo=photo, media_id=media_id, device_id=self.id)
        if not self._presence.was_read(text):
            self._other_card()
            raise DeviceError(Completion.MEDIA_REMOVED, "another card", retry=True)
        return document

    def _look_again(self) -> None:
        """Only its contents tell whether the card that came back is the one that was read."""
        try:
            text, _ = self._contents(lambda: True)
            same = self._presence.was_read(text)
        except DeviceError:
            same = False
        if not same and self._presence.media_id is not None:
            self._other_card()

    def _contents(self, wanted: Wanted) -> tuple[bytes, bytes]:
        """Text and photo: TRIES times, then once more after a reset, which frees a card chip that
        hangs. Silence is forgiven once: an answer may have been garbled on the line."""
        silences = 0
        for tries_left in range(TRIES, -1, -1):
            try:
                if not tries_left:
                    self._good(Command.RESET)
                return self._try_to_read(wanted)
            except LineSilent:
                silences += 1
                if silences > 1 or not tries_left:
                    raise
            except DeviceError as error:
                if error.code not in TRIED_AGAIN or not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _try_to_read(self, wanted: Wanted) -> tuple[bytes, bytes]:
        """Find, select, read: all three every time, or the module refuses."""
        self._find()
        while self._presence.missing and self._presence.media_id is not None and wanted():
            time.sleep(self._patience.poll_s)
            self._find()
        if self._presence.media_id is None:
            raise DeviceError(Completion.MEDIA_REMOVED, "no card", retry=True)
        self._good(Command.SELECT)
        if not wanted():
            raise DeviceError(Completion.TIME_OUT, "given up")
        return contents(self._good(Command.READ).data)

    def _find(self) -> None:
        answer = self._ask(Command.FIND)
        if answer.status == CARD_FOUND:
            new = self._presence.found()
            self._now(DeviceStatus.ONLINE)
            if new:
                self._tell_media("mediaInserted", self._presence.media_id)
        elif answer.status == NO_CARD:
            if self._presence.missed() and not self._only_hidden():
                self._card_left()
            self._now(DeviceStatus.ONLINE)
        else:
            raise failure(answer)

    def _only_hidden(self) -> bool:
        if not self._presence.unseen_since_read:
            return False
        self._good(Command.RESET)
        if self._ask(Command.FIND).status != CARD_FOUND:
            return False
        self._presence.stays()
        return True

    def _good(self, command: Command) -> Answer:
        answer = self._ask(command)
        if answer.status != OK:
            raise failure(answer)
        return answer

    def _ask(self, command: Command) -> Answer:
        if self._line is None:
            raise LineGone("no line")
        answer = self._line.ask(command)
        self._well_at = time.monotonic()
        return answer

    def _failed(self, error: LineGone | LineSilent | DeviceError) -> DeviceError:
        """What went wrong, in the words of a command; the status follows it."""
        match error:
            case LineGone():
                self._close_line()
                self._card_left()
                self._now(DeviceStatus.NO_DEVICE, str(error))
                return DeviceError(Completion.DEVICE_NOT_READY, str(error), retry=True)
            case LineSilent():
                if time.monotonic() - self._well_at > self._patience.failing_s:
                    # Who cannot see the plate must not say that the citizen's card still lies there.
                    self._card_left()
                    self._now(DeviceStatus.HARDWARE_ERROR, str(error))
                return DeviceError(Completion.TIME_OUT, str(error), retry=True)
            case DeviceError(code=Completion.HARDWARE_ERROR):
                self._card_left()
                self._now(DeviceStatus.HARDWARE_ERROR, error.technical)
                return error
            case _:
                return error

    def _open_line(self) -> bool:
        try:
            self._line = SamVLine(self._path, self._patience)
        except LineGone as error:
            self._failed_opens += 1
            self._now(DeviceStatus.DEVICE_BUSY if isinstance(error, LineTaken) else DeviceStatus.NO_DEVICE, str(error))
            return False
        self._failed_opens, self._module, self._well_at = 0, "", time.monotonic()
        return True

    def _close_line(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _card_left(self) -> None:
        media_id = self._presence.media_id
        self._presence.end()
        if media_id is not None:
            self._tell_media("mediaRemoved", media_id)

    def _other_card(self) -> None:
        self._card_left()
        self._presence.found()
        self._tell_media("mediaInserted", self._presence.media_id)

    def _tell_media(self, name: str, media_id: int | None) -> None:
        self._status = Status(self._status.device, self._media(), self._status.detail)
        log.info(name, extra={"device": self.id, "media": media_id})
        self._thread.tell(name, media_id)

    def _now(self, device: DeviceStatus, detail: str = "") -> None:
        before, self._status = (
            self._status,
            Status(device, self._media() if device is DeviceStatus.ONLINE else MediaStatus.UNKNOWN, detail),
        )
        if before.device is not device:
            log.info("device_status", extra={"device": self.id, "status": device, "detail": detail})
            self._thread.tell("statusChanged")

    def _media(self) -> MediaStatus:
        return MediaStatus.NOT_PRESENT if self._presence.media_id is None else MediaStatus.PRESENT
