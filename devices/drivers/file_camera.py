"""A camera that sees what lies in a folder, or what a video shows: for demonstrations and tests without any device."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from PIL import Image

from devices.device import Completion, DeviceError, DeviceStatus, MediaStatus, Status
from devices.device_thread import DeviceThread, DeviceWithThread

FRAME_S = 5.0
WATCH_S = 5.0
LOOKING_S = 2.0
"""A video is let go of when nobody asked for a frame for so long."""
JPEG_BEGINS = b"\xff\xd8"
QUALITY = 92
PICTURES = frozenset((".jpg", ".jpeg", ".png"))
USUAL_FRAMES_A_SECOND = 10.0


class NothingToSee(Exception):
    """There is no picture; the text says why."""


class Broken(Exception):
    """What lies there is no picture."""


class Scene(Protocol):
    """Where the pictures come from. Raises NothingToSee and Broken."""

    def picture(self) -> bytes: ...
    def close(self) -> None: ...


class FileCamera(DeviceWithThread):
    """A Camera. From a folder each frame is its next picture by name, and after the last the first again: one picture
    is a view that stands still. Files may be laid there and taken away at any time."""

    kind = "camera"

    def __init__(self, device_id: str, path: str) -> None:
        self.id = device_id
        self._path = Path(path)
        self._status = Status(DeviceStatus.STARTING)
        self._health_s = FRAME_S
        self._scene: Scene | None = None
        self._asked_at = 0.0
        self._thread = DeviceThread(device_id, idle=self._idle, leave=self._rest)

    def capabilities(self) -> Mapping[str, object]:
        return {"path": str(self._path)}

    async def frame(self) -> bytes:
        return await self._thread.order(lambda wanted: self._frame(), deadline_s=FRAME_S)

    # From here on everything runs in the thread of the device.

    def _idle(self) -> float:
        self._watch()
        if self._scene is None:
            return WATCH_S
        if time.monotonic() - self._asked_at > LOOKING_S:
            self._rest()
        return LOOKING_S

    def _watch(self) -> None:
        """Whether it is there; what showed nothing last time is looked at."""
        with suppress(DeviceError):
            if self._status.device not in (DeviceStatus.ONLINE, DeviceStatus.STARTING):
                self._take()
            elif self._path.exists():
                self._now(Status(DeviceStatus.ONLINE))
            else:
                raise self._lost(NothingToSee("is not there"))

    def _frame(self) -> bytes:
        self._asked_at = time.monotonic()
        return self._take()

    def _take(self) -> bytes:
        try:
            self._scene = self._scene or _scene(self._path)
            frame = self._scene.picture()
        except (NothingToSee, Broken) as error:
            raise self._lost(error) from error
        self._now(Status(DeviceStatus.ONLINE))
        return frame

    def _lost(self, error: NothingToSee | Broken) -> DeviceError:
        self._rest()
        missing = isinstance(error, NothingToSee)
        self._now(Status(DeviceStatus.NO_DEVICE if missing else DeviceStatus.HARDWARE_ERROR, MediaStatus.UNKNOWN, str(error)))
        return DeviceError(Completion.DEVICE_NOT_READY if missing else Completion.INVALID_DATA, str(error), retry=True)

    def _rest(self) -> None:
        if self._scene is not None:
            self._scene.close()
            self._scene = None


class Pictures:
    """The pictures of a folder, read anew for every frame."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last = ""

    def picture(self) -> bytes:
        try:
            names = sorted(file.name for file in self._folder.iterdir() if file.suffix.lower() in PICTURES)
            if not names:
                raise NothingToSee("holds no picture")
            self._last = next((name for name in names if name > self._last), names[0])
            return _jpeg((self._folder / self._last).read_bytes())
        except OSError as error:  # taken away in the middle
            raise NothingToSee("cannot be read") from error

    def close(self) -> None:
        self._last = ""


class Video:
    """A video that runs on in its own time, whether somebody looks or not, and begins again at its end."""

    def __init__(self, file: Path) -> None:
        from devices.drivers import v4l2_capture  # OpenCV: only where there is a video

        self._file, self._v4l2_capture = file, v4l2_capture
        self._begin()

    def picture(self) -> bytes:
        try:
            due = int((time.monotonic() - self._began) * self._frames_a_second)
            while self._shown < due:
                self._capture.skip()
                self._shown += 1
            return self._next()
        except self._v4l2_capture.CaptureFails:  # its end
            self._capture.close()
            self._begin()
            return self._next_or_broken()
        except self._v4l2_capture.CaptureGone as error:
            raise NothingToSee("was taken away") from error

    def close(self) -> None:
        self._capture.close()

    def _begin(self) -> None:
        try:
            self._capture = self._v4l2_capture.Capture(str(self._file), None)
        except self._v4l2_capture.CaptureGone as error:
            raise NothingToSee("is not there") from error
        except self._v4l2_capture.CaptureFails as error:
            raise Broken("is no video") from error
        self._frames_a_second = self._capture.frames_a_second or USUAL_FRAMES_A_SECOND
        self._began, self._shown = time.monotonic(), 0

    def _next(self) -> bytes:
        picture = self._capture.picture()
        self._shown += 1
        return picture

    def _next_or_broken(self) -> bytes:
        try:
            return self._next()
        except (self._v4l2_capture.CaptureFails, self._v4l2_capture.CaptureGone) as error:
            raise Broken("is no video") from error


def _scene(path: Path) -> Scene:
    if path.is_dir():
        return Pictures(path)
    if path.exists():
        return Video(path)
    raise NothingToSee("is not there")


def _jpeg(picture: bytes) -> bytes:
    """A JPEG as it is, once it was seen to be whole; anything else made one."""
    try:
        with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG")) as image:
            image.load()
            if picture.startswith(JPEG_BEGINS):
                return picture
            made = io.BytesIO()
            image.convert("RGB").save(made, "JPEG", quality=QUALITY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Broken("is no picture") from error
    return made.getvalue()
