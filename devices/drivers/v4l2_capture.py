"""What OpenCV makes of a camera of this machine, or of a video file, as JPEG pictures."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass

os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "3")  # seconds; read once, when OpenCV is imported
os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")

import cv2

QUALITY = 92
NEWEST_ONLY = 1


class CaptureGone(Exception):
    """Nothing is there that gives pictures, or not any more."""


class CaptureFails(Exception):
    """It is there and gives no picture."""


@dataclass(frozen=True)
class Wanted:
    """Pixels, as asked of the camera; it may give others."""

    width: int
    height: int


class Capture:
    """Blocking; belongs to one thread. Holds the device until it is closed."""

    def __init__(self, path: str, wanted: Wanted | None) -> None:
        self._path = path
        is_camera = _is_camera(path)
        self._video = cv2.VideoCapture(path, cv2.CAP_V4L2 if is_camera else cv2.CAP_ANY)
        if not self._video.isOpened():
            self.close()
            raise CaptureFails("cannot be opened as a camera")
        if is_camera:
            self._set_up(wanted)

    @property
    def frames_a_second(self) -> float:
        """As the camera or the file says; 0 when it does not."""
        return float(self._video.get(cv2.CAP_PROP_FPS))

    def picture(self) -> bytes:
        read, image = self._video.read()
        if not read or image is None:
            if not os.path.exists(self._path):
                raise CaptureGone("was taken away")
            raise CaptureFails("gives no picture")
        encoded, jpeg = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))
        if not encoded:
            raise CaptureFails("its picture makes no JPEG")
        return jpeg.tobytes()

    def skip(self) -> None:
        """Lets go of one picture, so that the next one is new."""
        if not self._video.grab():
            raise CaptureFails("gives no picture") if os.path.exists(self._path) else CaptureGone("was taken away")

    def close(self) -> None:
        with suppress(cv2.error):
            self._video.release()

    def _set_up(self, wanted: Wanted | None) -> None:
        self._video.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._video.set(cv2.CAP_PROP_BUFFERSIZE, NEWEST_ONLY)
        if wanted:
            self._video.set(cv2.CAP_PROP_FRAME_WIDTH, wanted.width)
            self._video.set(cv2.CAP_PROP_FRAME_HEIGHT, wanted.height)


def _is_camera(path: str) -> bool:
    try:
        return stat.S_ISCHR(os.stat(path).st_mode)
    except OSError as error:
        raise CaptureGone("is not there") from error
