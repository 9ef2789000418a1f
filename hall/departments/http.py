"""HTTP as the hall speaks it to departments: one deadline, one size, no redirect, and a failure that says why."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from hall.departments import xroad
from hall.departments.connection import DepartmentFailure
from hall.departments.credentials import broken_off, proof, tls, wrong_credentials
from hall.departments.setting import Setting

JSON = "application/json"
XML = "text/xml"
ALSO = {JSON: r"application/[a-z0-9.-]+\+json", XML: r"application/([a-z0-9.-]+\+)?xml"}
"""Content types that are as good as the agreed one."""
KEEP_S = 2.0
"""Idle connections end before most servers end them (5 s): a look-up must not meet a closing one."""
REFUSALS = (401, 403)
BUSY = 429


@dataclass(frozen=True)
class Allowance:
    """How long one answer may take, from the first byte sent to the last one read, and how large it may be."""

    seconds: float
    size: int = 256 * 1024


class _Handshake:
    """httpcore forgets to close the socket of a question that is called off in the middle of a TLS handshake: with a
    department that accepts and then says nothing, the hall would soon have no sockets left. `follow` is its extension
    "trace"."""

    def __init__(self) -> None:
        self._socket: httpcore.AsyncNetworkStream | None = None

    async def follow(self, event: str, told: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            self._socket = told["return_value"]
        if event == "connection.start_tls.failed" and self._socket is not None:
            await self._socket.aclose()


class Http:
    """One department's HTTP service. `answers` is the content type it answers with."""

    def __init__(self, setting: Setting, answers: str = JSON) -> None:
        self._setting = setting
        self._answers = answers
        self._allowance = Allowance(setting.deadline_s)
        self._opened: httpx.AsyncClient | None = None
        with suppress(DepartmentFailure):
            self._client()

    async def ask(
        self,
        method: str,
        path: str,
        content_type: str,
        body: bytes,
        headers: Mapping[str, str],
        allowance: Allowance | None = None,
    ) -> bytes | None:
        """The body of an answer of the agreed content type; None for 404. Raises DepartmentFailure."""
        allowed = allowance or self._allowance
        sent = {**headers, **proof(self._setting), "Content-Type": content_type, "Accept-Encoding": "identity"}
        client = self._client()
        request = client.build_request(method, path, content=body, headers=sent, extensions={"trace": _Handshake().follow})
        try:
            async with asyncio.timeout(allowed.seconds):
                return await self._answer(client, request, allowed.size)
        except TimeoutError as error:
            raise DepartmentFailure("late", f"no whole answer within {allowed.seconds:g} s") from error
        except httpx.RemoteProtocolError as error:
            # A closed connection is a department that is down; anything else is not HTTP.
            closed = "disconnected" in str(error)
            raise DepartmentFailure("down", "it closed the connection") if closed else _no_http() from error
        except httpx.TransportError as error:
            raise broken_off(error, self._setting) from error

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.aclose()

    def _client(self) -> httpx.AsyncClient:
        """Opened at the start, for certificates take a while to read; where a file is missing, at the first question
        that finds it: it stops this department and not the hall."""
        if self._opened is None:
            # trust_env=False: a proxy of the environment must never see a citizen's number.
            self._opened = httpx.AsyncClient(
                base_url=self._setting.address,
                verify=tls(self._setting),
                timeout=None,  # noqa: S113  the whole question has one
                follow_redirects=False,
                trust_env=False,
                limits=httpx.Limits(max_connections=self._setting.at_once, keepalive_expiry=KEEP_S),
            )
        return self._opened

    async def _answer(self, client: httpx.AsyncClient, request: httpx.Request, size: int) -> bytes | None:
        response = await client.send(request, stream=True)
        try:
            self._judge(response)
            if response.status_code == 404:
                return None
            return await _whole(response, size)
        finally:
            await response.aclose()

    def _judge(self, response: httpx.Response) -> None:
        """Raises DepartmentFailure for what cannot be an answer, before its body is read."""
        status = response.status_code
        if carried := xroad.failure(self._setting, response.headers.get("X-Road-Error", "")):
            raise carried
        if status in REFUSALS:
            raise DepartmentFailure("refused", f"it does not let the hall in ({status})")
        if status >= 500 or status == BUSY:
            raise DepartmentFailure("down", f"it answers with status {status}")
        said = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if problem := _wrong_head(status, said, response.headers.get("Content-Encoding", "identity"), self._answers):
            raise DepartmentFailure("garbled", problem)


def wrong_address(setting: Setting) -> Iterator[str]:
    """What is wrong with an address of HTTP and the credentials for it, one sentence each."""
    place = urlsplit(setting.address)
    if setting.address and (place.scheme not in ("http", "https") or not place.hostname):
        yield "address must begin with http:// or https:// and name a host"
    if place.username or place.password or place.query or place.fragment:
        yield "address may hold a host, a port and a path; a user goes into [options], a secret into a file"
    yield from wrong_credentials(setting)
    yield from xroad.wrong_xroad(setting)


def _wrong_head(status: int, said: str, packed: str, agreed: str) -> str:
    if 300 <= status < 400:
        return f"it answers with a redirect ({status}), which is never followed: is the address right?"
    if status == 404:
        return ""
    if status in (400, 422):
        return f"it answers with status {status}: it does not understand the question"
    if status not in (200, 201):
        return f"it answers with status {status}"
    if said != agreed and not re.fullmatch(ALSO[agreed], said, re.ASCII):
        named = said if re.fullmatch(r"[a-z]+/[a-z0-9.+-]{1,60}", said, re.ASCII) else "of no known content type"
        return f"the answer is {named}, not {agreed}: is the path right?"
    return "" if packed == "identity" else "the answer is packed, although it was asked not to be"


async def _whole(response: httpx.Response, size: int) -> bytes:
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > size:
            raise DepartmentFailure("garbled", f"the answer is larger than {size // 1024} KiB")
    return bytes(body)


def _no_http() -> DepartmentFailure:
    return DepartmentFailure("garbled", "what it sends is no HTTP, or ends too early")
