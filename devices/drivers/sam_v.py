"""SAM_V resident card reader (GA 450, GA 467), on whichever line."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import replace

from devices.cards.resident_card import read_text
from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus, Status
from devices.device_thread import DeviceThread, DeviceWithThread, Wanted
from devices.document import AccessKey, IdentityDocument
from devices.drivers.sam_v_frames import CARD_FOUND, NO_CARD, NOT_ON_CARD, OK, Answer, Command, contents, failure, module_number
from devices.drivers.sam_v_line import Patience
from devices.drivers.sam_v_module import SamVModule
from devices.drivers.sam_v_photo import PhotoDecoder
from devices.drivers.sam_v_port import Port, open_port
from devices.drivers.sam_v_presence import PresenceCount
from devices.drivers.sam_v_tries import Tries
from devices.line import LineGone, LineSilent, LineTaken

log = logging.getLogger(__name__)

ENDS_THE_READ = frozenset((Completion.FRAUD_ATTEMPT, Completion.HARDWARE_ERROR, Completion.MEDIA_REMOVED))


class SamVReader(DeviceWithThread):
    """An IdentityReader. Some modules answer find with 80 as long as a card that was read lies
    there, others with 9F, and none says which it is. So three 80s right after a read are not
    believed before one reset: it drops the field, the card starts anew, and a find that still sees
    nothing means that it left."""

    kind = "identityReader"

    def __init__(
        self, device_id: str, port: Port, patience: Patience | None = None, *, decoder: PhotoDecoder | None = None
    ) -> None:
        self.id = device_id
        self._port = port
        self._decoder = decoder
        self._patience = patience or Patience()
        self._status = Status(DeviceStatus.STARTING)
        self._health_s = 2 * self._patience.read_s
        self._presence = PresenceCount()
        self._module: SamVModule | None = None
        self._failures = 0  # of the line, one after another
        self._number: str | None = None  # not yet asked for
        self._well_at = time.monotonic()
        self._thread = DeviceThread(device_id, idle=self._idle, leave=self._leave)

    def capabilities(self) -> Mapping[str, object]:
        """`module` is the number of the security module, empty before it was heard."""
        return {"cards": ("resident_card",), "port": str(self._port), "module": self._number or ""}

    async def read_identity(self, *, access: AccessKey | None = None, deadline_s: float = 10.0) -> IdentityDocument:
        """The card that lies there now; DeviceError(MEDIA_REMOVED) when none does. No card here needs `access`. The decoder
        of photos has its own deadline."""
        document = await self._thread.order(self._read, deadline_s=deadline_s)
        if self._decoder is None:
            return document
        # Not in the device's thread: it has a plate to watch meanwhile.
        return replace(document, portrait=await asyncio.to_thread(self._decoder.portrait, document.photo))

    # From here on everything runs in the thread of the device.

    def _idle(self) -> float:
        if self._module is not None or self._open_line():
            self._look(well=self._number is not None and self._status.device is DeviceStatus.ONLINE)
        if self._module is not None:
            return self._patience.poll_s
        waits = self._patience.reopen_s
        return waits[min(self._failures, len(waits)) - 1]

    def _leave(self) -> None:
        self._close_line()
        self._card_left()

    def _watch(self) -> None:
        self._look(well=False)

    def _look(self, *, well: bool) -> None:
        """One look at the plate, and at the module unless it is `well`; whatever is wrong becomes the status."""
        try:
            if self._module is None:
                return
            if not well:
                self._check_module()
            self._find()
            if self._presence.in_doubt and not self._presence.missing:
                self._look_again()
        except (LineGone, LineSilent, DeviceError) as error:
            self._failed(error)

    def _check_module(self) -> None:
        self._good(Command.STATUS)
        if self._number is None:
            answer = self._ask(Command.SAM_ID)
            self._number = module_number(answer.data) if answer.status == OK else ""

    def _read(self, wanted: Wanted) -> IdentityDocument:
        if self._module is None:
            raise DeviceError(Completion.DEVICE_NOT_READY, "no line", retry=True)
        try:
            text, photo = self._contents(wanted)
            return self._document(text, photo, self._appended())
        except (LineGone, LineSilent, DeviceError) as error:
            failed = self._failed(error)
            log.warning("card_not_read", extra={"device": self.id, "code": failed.code, "technical": failed.technical})
            raise failed from error

    def _document(self, text: bytes, photo: bytes, appended: bytes | None) -> IdentityDocument:
        media_id = self._presence.media_id
        if media_id is None:
            raise DeviceError(Completion.MEDIA_REMOVED, "no card", retry=True)
        # An unreadable text must not become the mark of this presence: the next one may be whole.
        document = read_text(text, photo=photo, appended=appended, media_id=media_id, device_id=self.id)
        if not self._presence.was_read(text):
            self._other_card()
            raise DeviceError(Completion.MEDIA_REMOVED, "another card", retry=True)
        return document

    def _appended(self) -> bytes | None:
        """The addresses that were appended to the card, None when they could not be read: the rest of the card is worth
        having without them."""
        try:
            answer = self._ask(Command.READ_ADDRESS)
            if answer.status == OK:
                return answer.data
            if answer.status == NOT_ON_CARD:
                return b""
            refusal = failure(answer)
        except LineSilent:
            return None
        if refusal.code in ENDS_THE_READ:
            raise refusal
        return None

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
        """Text and photo."""
        tries = Tries(self._patience.several_s)
        while True:
            try:
                if tries.needs_reset:
                    self._good(Command.RESET)
                return self._try_to_read(wanted, tries)
            except (LineSilent, DeviceError) as error:
                tries.failed(error)
                if tries.by_several:
                    time.sleep(self._patience.poll_s)

    def _try_to_read(self, wanted: Wanted, tries: Tries) -> tuple[bytes, bytes]:
        """Find, select, read: all three every time, or the module refuses."""
        self._find()
        while self._presence.missing and self._presence.media_id is not None and wanted():
            tries.missed()
            time.sleep(self._patience.poll_s)
            self._find()
        if self._presence.media_id is None:
            raise DeviceError(Completion.MEDIA_REMOVED, "no card", retry=True)
        said = b""
        for command in (Command.SELECT, Command.READ):
            if not wanted():
                raise DeviceError(Completion.TIME_OUT, "given up")
            said = self._good(command).data
        return contents(said)

    def _find(self) -> None:
        answer = self._ask(Command.FIND)
        # Not at any answer: a module that speaks and never tells what lies there is broken.
        self._well_at, self._failures = time.monotonic(), 0
        if answer.status == CARD_FOUND:
            new = self._presence.found()
            self._turned(DeviceStatus.ONLINE)
            if new:
                self._tell_media("mediaInserted", self._presence.media_id)
        elif answer.status == NO_CARD:
            if self._presence.missed() and not self._only_hidden():
                self._card_left()
            self._turned(DeviceStatus.ONLINE)
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
        if self._module is None:
            raise LineGone("no line")
        return self._module.ask(command)

    def _failed(self, error: LineGone | LineSilent | DeviceError) -> DeviceError:
        """What went wrong, in the words of a command; the status follows it."""
        match error:
            case LineGone():
                self._lose_line()
                self._turned(DeviceStatus.NO_DEVICE, str(error))
                return DeviceError(Completion.DEVICE_NOT_READY, str(error), retry=True)
            case LineSilent():
                if time.monotonic() - self._well_at > self._patience.failing_s:
                    # Who cannot see the plate must not say that the citizen's card still lies there. And what does
                    # not answer may answer when it is connected anew: a serial server was switched off and on again.
                    self._lose_line()
                    self._turned(DeviceStatus.HARDWARE_ERROR, str(error))
                return DeviceError(Completion.TIME_OUT, str(error), retry=True)
            case DeviceError(code=Completion.HARDWARE_ERROR):
                self._card_left()
                self._turned(DeviceStatus.HARDWARE_ERROR, error.technical)
                return error
            case _:
                return error

    def _open_line(self) -> bool:
        try:
            self._module = open_port(self._port, self._patience)
        except LineGone as error:
            self._failures += 1
            self._turned(DeviceStatus.DEVICE_BUSY if isinstance(error, LineTaken) else DeviceStatus.NO_DEVICE, str(error))
            return False
        self._number, self._well_at = None, time.monotonic()
        return True

    def _lose_line(self) -> None:
        self._close_line()
        self._failures += 1
        self._card_left()

    def _close_line(self) -> None:
        if self._module is not None:
            self._module.close()
            self._module = None

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

    def _turned(self, device: DeviceStatus, detail: str = "") -> None:
        before, self._status = (
            self._status,
            Status(device, self._media() if device is DeviceStatus.ONLINE else MediaStatus.UNKNOWN, detail),
        )
        if before.device is not device:
            log.info("device_status", extra={"device": self.id, "status": device, "detail": detail})
            self._thread.tell("statusChanged")

    def _media(self) -> MediaStatus:
        return MediaStatus.NOT_PRESENT if self._presence.media_id is None else MediaStatus.PRESENT
