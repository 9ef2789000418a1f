"""An ASGI application behind a department's door, as one process."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import uvicorn
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, Receive, Scope, Send

from hall.demo.behaviour import Mode, Place
from hall.demo.door import HOST, Door

NONSENSE = "<html><body><h1>系统维护中</h1></body></html>".encode("gbk")
LARGEST_QUESTION = 256 * 1024


async def serve(app: ASGIApp, place: Place, port: int, ready: Callable[[str], None], open_path: str = "") -> None:
    """Serves until cancelled. Below `open_path` browsers are let in, which have no password."""
    place.password()
    with tempfile.TemporaryDirectory(prefix="yimen-web-") as short:  # a socket's path may not exceed 107 bytes
        inner = Path(short) / "s"
        door = Door(inner, place.behaviour)
        opened = await door.open(port)
        try:
            config = uvicorn.Config(
                Guarded(app, place, open_path), uds=str(inner), log_level="warning", access_log=False, timeout_graceful_shutdown=1
            )
            await _serve_until_cancelled(_Server(config, lambda: ready(f"http://{HOST}:{opened}")))
        finally:
            door.close()


async def _serve_until_cancelled(server: uvicorn.Server) -> None:
    """Cancelled in the middle, uvicorn would leave its sockets and complain."""
    serving = asyncio.ensure_future(server.serve())
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise


class _Server(uvicorn.Server):
    """Leaves signals to the process, and says when it has started."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_started = started

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        self._tell_started()


class Guarded:
    """Lets nobody in without the hall's password, and answers a page of HTML when told to talk nonsense."""

    def __init__(self, app: ASGIApp, place: Place, open_path: str = "") -> None:
        self._app = app
        self._open_path = open_path
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
        elif not self._is_open(scope["path"]) and not self._allowed(dict(scope["headers"])):
            await reply(send, 401, b"text/plain", b"")
        elif self._place.behaviour().mode is Mode.NONSENSE:
            await reply(send, 200, b"text/html; charset=utf-8", NONSENSE)
        else:
            await self._app(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        return bool(self._open_path) and (path == self._open_path or path.startswith(f"{self._open_path}/"))

    def _allowed(self, headers: Mapping[bytes, bytes]) -> bool:
        wanted = b"Basic " + base64.b64encode(f"hall:{self._place.password()}".encode())
        return hmac.compare_digest(headers.get(b"authorization", b""), wanted)


async def body_of(receive: Receive) -> bytes:
    """The whole question; b"" when it is too large or the asker has gone."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request" or len(body) > LARGEST_QUESTION:
            return b""
        body += message["body"]
        if not message["more_body"]:
            return body


async def reply(send: Send, status: int, content_type: bytes, body: bytes) -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    await send(HTTPResponseStartEvent(type="http.response.start", status=status, headers=headers))
    await send(HTTPResponseBodyEvent(type="http.response.body", body=body, more_body=False))
