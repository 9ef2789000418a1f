"""A security module and the card on its plate: what it answers to each command, on no line."""

from __future__ import annotations

from devices.drivers.sam_v_frames import Command

PHOTO = b"WL\x66\x00\x7e\x00\x32\x00" + bytes(range(1, 255)) * 4
MODULE = (
    (5).to_bytes(2, "little")
    + (1).to_bytes(2, "little")
    + b"".join(n.to_bytes(4, "little") for n in (20240105, 4095471, 3382700086))
)
NO_CARD_ANSWERS = {
    Command.FIND: b"\0\0\x80",
    Command.SELECT: b"\0\0\x81",
    Command.READ: b"\0\0\x41",
    Command.READ_ADDRESS: b"\0\0\x41",
}


class SimulatedPlate:
    """`hides_a_read_card`: find does not see a card again that was read, as on many modules."""

    def __init__(self, *, hides_a_read_card: bool = False) -> None:
        self._hides_a_read_card = hides_a_read_card
        self._text = b""
        self._photo = PHOTO
        self._appended = b""
        self._state = ""  # "", found, selected, read, hidden
        self.is_crowded = False

    def lay(self, text: bytes, appended: bytes = b"", *, photo: bytes = PHOTO, crowded: bool = False) -> None:
        """Lays a card; one that lies there is taken away first, faster than any poll. `appended` are addresses of 70
        bytes each; `crowded` lays another card on top of it."""
        self._text, self._photo, self._appended, self._state, self.is_crowded = text, photo, appended, "", crowded

    @property
    def has_card(self) -> bool:
        return bool(self._text)

    def pull(self) -> None:
        self._text, self._state, self.is_crowded = b"", "", False

    def answer(self, command: Command) -> bytes:
        """SW1 SW2 SW3 and data."""
        match command:
            case Command.SAM_ID:
                return b"\0\0\x90" + MODULE
            case Command.RESET:
                self._state = ""
                return b"\0\0\x90"
            case Command.FIND | Command.SELECT | Command.READ | Command.READ_ADDRESS:
                return self._of_card(command) if self._text else NO_CARD_ANSWERS[command]
            case _:
                return b"\0\0\x90"

    def _of_card(self, command: Command) -> bytes:
        match command:
            case Command.FIND if self._state != "hidden":
                self._state = "found"
                return b"\0\0\x9f" + bytes(4)
            case Command.SELECT if self._state == "found":
                self._state = "selected"
                return b"\0\0\x90" + bytes(8)
            case Command.READ if self._state == "selected":
                self._state = "hidden" if self._hides_a_read_card else "read"
                return b"\0\0\x90\x01\x00" + len(self._photo).to_bytes(2, "big") + self._text + self._photo
            case Command.READ_ADDRESS if self._state in ("read", "hidden"):
                return b"\0\0\x90" + self._appended if self._appended else b"\0\0\x91"
            case _:
                return NO_CARD_ANSWERS[command]
