"""A network camera whose view is drawn: python -m devices.simulators.camera --folder var/camera --port 8201."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image

from devices.simulators.face import Bearing
from devices.simulators.hand import BEFORE
from devices.simulators.paper_page import paper_page
from devices.simulators.portraits import SIZE, Shot, jpeg, looks_of, portrait
from devices.simulators.specimens import find_specimen

FAULT = "fault"
"""The file of the folder that says what is wrong with the camera."""
NOBODY, PAPER = "nobody", "paper"
STREAM_PATH = "/stream"
BOUNDARY = "picture"
FRAMES_A_SECOND = 10

SHOTS: Mapping[str, Shot] = {
    "well": Shot(),
    "tilted": Shot(tilt=9),
    "turned": Shot(Bearing(turn=1)),
    "bowed": Shot(Bearing(nod=1)),
    "raised": Shot(Bearing(nod=-2.2)),
    "eyes-closed": Shot(Bearing(eyes=0)),
    "far": Shot(nearness=0.5),
    "near": Shot(nearness=1.7),
    "aside": Shot(aside=0.3),
    "dark": Shot(light=0.35),
    "bright": Shot(light=1.6),
    "blurred": Shot(blur=4),
    "glare": Shot(glare=True),
    "company": Shot(company=True),
    "coloured": Shot(ground=(120, 160, 210)),
    "shadow": Shot(shadow=60),
}
"""Each word a way to shoot a portrait; all but `well` are faults that a check finds."""


class CameraFault(StrEnum):
    HANGS = "hangs"
    WRONG_TYPE = "wrong-type"
    TRUNCATED = "truncated"


class NothingToShow(ValueError):
    """Nobody can be laid before the camera by these words; the text says why."""


@lru_cache(maxsize=32)
def view(before: str) -> bytes:
    """What the camera sees: nobody, paper, or a specimen's key and how it is shot, e.g. "lyu eyes-closed"."""
    if before == NOBODY:
        return jpeg(Image.new("RGB", SIZE, SHOTS["well"].ground))
    if before == PAPER:
        return jpeg(paper_page())
    name, _, how = before.partition(" ")
    person, shot = find_specimen(name), SHOTS.get(how or "well")
    if person is None:
        raise NothingToShow(f"there is no specimen {name}")
    if shot is None:
        raise NothingToShow(f"a portrait is shot {', '.join(SHOTS)}")
    return jpeg(portrait(looks_of(person), shot))


class CameraSimulator:
    """Serves until it is gone. What is before it is read from its folder for every picture. `hangs_up` closes the
    connection after each picture without having said so."""

    hangs_up = False

    def __init__(self, folder: Path, port: int = 0, *, usual: str = NOBODY) -> None:
        self._folder, self._usual = folder, usual
        self._stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"camera": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def fault(self) -> str:
        return self._read(FAULT, "")

    def picture(self) -> bytes:
        try:
            return view(self._read(BEFORE, self._usual))
        except NothingToShow:
            return view(self._usual)

    def until_next(self, seconds: float) -> bool:
        """False when the camera is gone."""
        return not self._stopped.wait(seconds)

    def gone(self) -> None:
        """Idempotent."""
        if not self._stopped.is_set():
            self._stopped.set()
            self._server.shutdown()
            self._server.server_close()

    def _read(self, name: str, usual: str) -> str:
        try:
            return (self._folder / name).read_text(encoding="utf-8").strip() or usual
        except OSError:
            return usual


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    camera: CameraSimulator

    def do_GET(self) -> None:
        fault = self.camera.fault
        if fault == CameraFault.HANGS:
            while self.camera.until_next(60) and self.camera.fault == fault:
                pass
            return
        if not self.camera.until_next(0):
            self.close_connection = True
            return
        if self.path == STREAM_PATH:
            self._stream()
        else:
            self._single(fault)

    def _single(self, fault: str) -> None:
        picture = self.camera.picture()
        if fault == CameraFault.TRUNCATED:
            picture = picture[: len(picture) // 2]
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if fault == CameraFault.WRONG_TYPE else "image/jpeg")
        self.send_header("Content-Length", str(len(picture)))
        self.end_headers()
        self.wfile.write(picture)
        self.close_connection = self.camera.hangs_up

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while self.camera.until_next(1 / FRAMES_A_SECOND):
                picture = self.camera.picture()
                head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                self.wfile.write(head.encode() + picture + b"\r\n")
        except OSError:  # whoever looked has gone
            return

    def log_message(self, format: str, *args: object) -> None:
        """Ten lines a second would hide everything else."""


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m devices.simulators.camera", description=__doc__)
    options.add_argument("--folder", type=Path, required=True, help="where the files `before` and `fault` lie")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--usual", default=NOBODY, help=f"what is there without a file `before`: {NOBODY}, {PAPER}, a specimen")
    given = options.parse_args()
    camera = CameraSimulator(given.folder, given.port, usual=given.usual)
    print(f"{camera.address}/portrait and {camera.address}{STREAM_PATH}", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    camera.gone()
    return 0


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    sys.exit(main())
