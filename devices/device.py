"""What a device can do, by capability. Names follow XFS4IoT (CEN); errors carry no personal data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PIL.Image import Image

    from devices.document import AccessKey, IdentityDocument, Recognised


class DeviceStatus(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"
    NO_DEVICE = "noDevice"
    HARDWARE_ERROR = "hardwareError"
    DEVICE_BUSY = "deviceBusy"
    STARTING = "starting"


class MediaStatus(StrEnum):
    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    JAMMED = "jammed"
    UNKNOWN = "unknown"


class Completion(StrEnum):
    """How a command ended when it did not succeed."""

    MEDIA_REMOVED = "mediaRemoved"  # the card left while it was being read
    TIME_OUT = "timeOut"
    DEVICE_NOT_READY = "deviceNotReady"
    HARDWARE_ERROR = "hardwareError"
    INVALID_MEDIA = "invalidMedia"  # mute or unpowered: often laid the wrong way round
    UNSUPPORTED_DATA = "unsupportedData"  # a sound card of a kind this reader does not serve
    WRONG_READER = "wrongReader"  # a card that another reader of the terminal serves
    NEEDS_AUTHORITY = "needsAuthority"  # the card opens its contents only to a security module
    ACCESS_KEY_NEEDED = "accessKeyNeeded"  # the document opens only to what is printed on it
    ACCESS_KEY_WRONG = "accessKeyWrong"
    INVALID_DATA = "invalidData"
    SEQUENCE_ERROR = "sequenceError"
    FRAUD_ATTEMPT = "fraudAttempt"
    PAPER_OUT = "paperOut"


class DeviceError(Exception):
    """A device command that did not succeed. `technical` never holds what a card said; `recognised` is what kind of card
    it is, where that is known."""

    def __init__(
        self, code: Completion, technical: str = "", *, retry: bool = False, recognised: Recognised | None = None
    ) -> None:
        super().__init__(f"{code}: {technical}" if technical else str(code))
        self.code = code
        self.technical = technical
        self.retry = retry
        self.recognised = recognised


@dataclass(frozen=True)
class Status:
    """The last known state of a device; asking for it never blocks."""

    device: DeviceStatus
    media: MediaStatus = MediaStatus.UNKNOWN
    detail: str = ""


class Key(StrEnum):
    """The keys of a keypad by their XFS4IoT names."""

    ZERO = "zero"
    ONE = "one"
    TWO = "two"
    THREE = "three"
    FOUR = "four"
    FIVE = "five"
    SIX = "six"
    SEVEN = "seven"
    EIGHT = "eight"
    NINE = "nine"
    ENTER = "enter"
    CLEAR = "clear"
    CANCEL = "cancel"
    BACKSPACE = "backspace"


@dataclass(frozen=True)
class DeviceEvent:
    """Something that happened by itself: statusChanged, mediaInserted, mediaRemoved, invalidMedia; somebody, nobody;
    keyPressed; powerChanged.

    `media_id` names one presence of one card: a card taken away and laid back is another presence. `key` may be a
    digit of a person's number: it is shown nowhere.
    """

    name: str
    device_id: str
    media_id: int | None = None
    key: Key | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Counters:
    """What a device did since it was made. `done` are commands that succeeded: cards read, jobs printed, pictures taken.
    `failed_in_a_row` are those since then that the device failed and not what lies on it; `faults` are errors of the driver
    itself. `resets`, `reopens` (back after it was not well) and `online_s` are counted by its supervisor."""

    done: int = 0
    failures: Mapping[Completion, int] = field(default_factory=dict)
    failed_in_a_row: int = 0
    faults: int = 0
    resets: int = 0
    reopens: int = 0
    online_s: float = 0.0


class Device(Protocol):
    """What every device has. `open` is idempotent; a missing device is a status, not an error. `check_health` and `reset`
    (let go of it and begin anew; DeviceError when that cannot be) disturb no command: while one runs they do nothing, and one
    that comes meanwhile waits."""

    id: str
    kind: str

    def capabilities(self) -> Mapping[str, object]: ...
    def status(self) -> Status: ...
    async def open(self) -> None: ...
    async def check_health(self) -> Status: ...
    async def reset(self) -> None: ...
    def counters(self) -> Counters: ...
    async def close(self) -> None: ...
    def events(self) -> AsyncIterator[DeviceEvent]: ...


class IdentityReader(Device, Protocol):
    """Reads who stands there. `media_id` in the document is that of the presence it was read from;
    a card swapped while reading raises DeviceError(MEDIA_REMOVED). `access` opens a travel document."""

    async def read_identity(self, *, access: AccessKey | None = None, deadline_s: float = 10.0) -> IdentityDocument: ...


class ReceiptPrinter(Device, Protocol):
    """Prints a picture once per `job_id`: a second call with the same id prints nothing."""

    async def print_image(self, image: Image, *, job_id: str) -> None: ...


class Camera(Device, Protocol):
    """Looks at somebody, or at a paper. A frame is a whole JPEG, never older than half a second."""

    async def frame(self) -> bytes: ...


class PagePrinter(Device, Protocol):
    """Prints a PDF once per `job_id`: a second call with the same id prints nothing."""

    async def print(self, pdf: bytes, *, job_id: str) -> None: ...


class Scanner(Device, Protocol):
    """Reads the machine-readable zone of a document that somebody shows from now on: its raw lines, 1 or 3 of 30
    characters, 2 of 36 or 2 of 44. DeviceError(INVALID_DATA) when what came was none: show it again."""

    async def scan(self, *, deadline_s: float = 30.0) -> tuple[str, ...]: ...


class Light(StrEnum):
    """The lights that guide a hand, by their XFS4IoT names."""

    CARD_READER = "cardReader"
    RECEIPT_PRINTER = "receiptPrinter"
    DOCUMENT_PRINTER = "documentPrinter"
    SCANNER = "scanner"


class FlashRate(StrEnum):
    OFF = "off"
    SLOW = "slow"
    MEDIUM = "medium"
    QUICK = "quick"
    CONTINUOUS = "continuous"


class Lights(Device, Protocol):
    """Lights that show where to put a hand. `light` only says how one should be and never waits; a board that is away
    learns of it when it is back."""

    def light(self, light: Light, rate: FlashRate) -> None: ...


class Proximity(StrEnum):
    """Whether a person stands there (XFS4IoT Auxiliaries)."""

    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    UNKNOWN = "unknown"  # no sensor, or one that cannot be believed


class PresenceSensor(Device, Protocol):
    """Sees whether somebody stands there. Its events are somebody and nobody."""

    def proximity(self) -> Proximity: ...


class Keypad(Device, Protocol):
    """Keys of metal beside the screen. Its events are keyPressed, one for each press."""

    def keys(self) -> frozenset[Key]: ...


class IoBoard(Lights, PresenceSensor, Keypad, Protocol):
    """One board has all three."""


class PowerSource(StrEnum):
    MAINS = "mains"
    BATTERY = "battery"
    UNKNOWN = "unknown"  # nobody says it: that is no reason to end anything


@dataclass(frozen=True)
class Power:
    """What the terminal runs on. `low`: the battery will not last long."""

    source: PowerSource
    low: bool = False
    charge_percent: int | None = None


class PowerSupply(Device, Protocol):
    """A supply with a battery. Its event is powerChanged, when the source changes or the battery becomes low."""

    def power(self) -> Power: ...
