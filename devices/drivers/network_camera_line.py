"""HTTP to a network camera: single pictures (image/jpeg), or one endless answer full of them (MJPEG)."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

ANSWER_S = 3.0
"""So long may one picture take."""
MOST_BYTES = 8_000_000
PIECE = 65_536
JPEG_BEGINS, JPEG_ENDS = b"\xff\xd8", b"\xff\xd9"
SINGLE, STREAM = "image/jpeg", "multipart/x-mixed-replace"


class CameraGone(Exception):
    """Nothing answers there."""


class CameraSilent(Exception):
    """It is there and takes too long."""


class CameraNonsense(Exception):
    """What it sends is no picture."""


class CameraLine:
    """Blocking, with deadlines; belongs to one thread. After one of its three errors it is of no more use."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        self._http = http.client.HTTPConnection(place.hostname or "", place.port, timeout=ANSWER_S)
        self._answer: http.client.HTTPResponse | None = None
        self._parts: Parts | None = None
        with _worded():
            self._http.connect()

    @property
    def streams(self) -> bool:
        """Whether pictures come without being asked for."""
        return self._parts is not None

    def picture(self) -> bytes:
        end = time.monotonic() + ANSWER_S
        with _worded():
            picture = self._part(end) if self._parts else self._asked(end)
        if not picture.startswith(JPEG_BEGINS) or not picture.rstrip(b"\0\r\n").endswith(JPEG_ENDS):
            raise CameraNonsense("not a whole JPEG")
        return picture

    def close(self) -> None:
        if self._answer:
            self._answer.close()
        self._http.close()

    def _asked(self, end: float) -> bytes:
        self._http.request("GET", self._path, headers={"Accept": f"{SINGLE}, {STREAM}"})
        self._answer = self._http.getresponse()
        kind = self._answer.headers.get_content_type()
        if self._answer.status != http.HTTPStatus.OK or kind not in (SINGLE, STREAM):
            raise CameraNonsense(f"answers {self._answer.status} {kind}")
        if kind == STREAM:
            self._parts = Parts(str(self._answer.headers.get_param("boundary", "")))
            return self._part(end)
        picture = b""
        while piece := self._piece(end):
            picture += piece
            _check_size(picture)
        self._answer.close()  # else the next one cannot be asked for
        return picture

    def _part(self, end: float) -> bytes:
        assert self._parts is not None
        while (part := self._parts.take()) is None:
            piece = self._piece(end)
            if not piece:
                raise CameraNonsense("the stream ends")
            self._parts.feed(piece)
        return part

    def _piece(self, end: float) -> bytes:
        assert self._answer is not None
        if time.monotonic() > end:
            raise CameraSilent("a picture takes too long")
        return self._answer.read1(PIECE)


class Parts:
    """The pictures in the pieces of a stream."""

    def __init__(self, boundary: str) -> None:
        self._mark = b"--" + boundary.removeprefix("--").encode()
        self._held = b""

    def feed(self, piece: bytes) -> None:
        self._held += piece
        _check_size(self._held)

    def take(self) -> bytes | None:
        """The first whole picture; None while there is none."""
        head, blank_line, rest = self._held.partition(b"\r\n\r\n")
        if not blank_line:
            return None
        length = next((line[15:] for line in head.splitlines() if line.lower().startswith(b"content-length:")), b"")
        at = int(length) if length.strip().isdigit() else rest.find(b"\r\n" + self._mark)
        if at < 0 or len(rest) < at:
            return None
        self._held = rest[at:]
        return rest[:at]


def _check_size(held: bytes) -> None:
    if len(held) > MOST_BYTES:
        raise CameraNonsense(f"more than {MOST_BYTES} bytes")


@contextmanager
def _worded() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise CameraSilent("no answer") from None
    except OSError as error:
        raise CameraGone(error.strerror or type(error).__name__) from error
    except http.client.HTTPException as error:
        raise CameraNonsense(type(error).__name__) from error
