"""The hall as the terminal sees it: mutual TLS, one deadline per request, answers or a clear no."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import TypeVar

import httpx

from flows.application import Application, Attached, Identity
from flows.flow import Flow
from flows.heartbeat import Heartbeat
from flows.recheck import Problem
from flows.usage import ShowUsage, UsageShown
from flows.wire import Heard, NotUnderstood, OpenVisit, Submitted, VisitOpened, Withdrawal, Withdrawn, from_json, to_json
from flows.wire import Refusal as WireRefusal

T = TypeVar("T")


class HallAway(Exception):
    """The hall could not be reached, did not answer in time, or cannot work at the moment."""

    code = "hall_away"


class Refused(Exception):
    """The hall understood and said no. `code` is stable; nothing of what was sent is repeated."""

    def __init__(self, code: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.problems = problems


class HallClient:
    """Asks the hall. Every request may be repeated: the visit's number is its key."""

    def __init__(self, client: httpx.AsyncClient, *, deadline_s: float) -> None:
        self._client = client
        self._deadline_s = deadline_s

    async def open(self, visit: str, flow: Flow, identity: Identity, guardian: Identity | None) -> VisitOpened:
        opening = OpenVisit(flow.code, flow.version, identity, guardian)
        return _understood(VisitOpened, await self._ask("PUT", f"/api/visits/{visit}", to_json(opening)))

    async def submit(self, application: Application) -> Submitted:
        body = await self._ask("PUT", f"/api/visits/{application.visit}/application", to_json(application))
        return _understood(Submitted, body)

    async def certificate(self, visit: str) -> bytes:
        """The paper that the hall issued, as PDF."""
        body = await self._ask("GET", f"/api/visits/{visit}/certificate")
        if not body.startswith(b"%PDF-"):
            raise HallAway
        return body

    async def kept_picture(self, visit: str, document: str) -> Attached:
        """A picture that the hall kept of this person and has on offer in this visit."""
        return _understood(Attached, await self._ask("GET", f"/api/visits/{visit}/documents/{document}"))

    async def withdraw(self, look: str, identity: Identity, document: str) -> Withdrawn:
        """The person takes back the consent by which a document is kept; `look` is that of `usage`."""
        body = await self._ask("PUT", f"/api/usage/{look}/withdrawn", to_json(Withdrawal(identity, document)))
        return _understood(Withdrawn, body)

    async def heard(self, visit: str, corrections: tuple[str, ...]) -> None:
        """The citizen has read these news."""
        await self._ask("PUT", f"/api/visits/{visit}/heard", to_json(Heard(corrections)))

    async def leave(self, visit: str) -> None:
        await self._ask("DELETE", f"/api/visits/{visit}")

    async def usage(self, look: str, identity: Identity, before: int) -> UsageShown:
        """Who read this person's records: the page before a place, 0 for the newest. `look` is the key of all pages."""
        body = await self._ask("PUT", f"/api/usage/{look}", to_json(ShowUsage(identity, before)))
        return _understood(UsageShown, body)

    async def send_sealed(self, visit: str, blob: bytes) -> Submitted:
        body = await self._ask("PUT", f"/api/sealed/{visit}", blob, kind="application/octet-stream")
        return _understood(Submitted, body)

    async def beat(self, heartbeat: Heartbeat) -> None:
        """How this terminal is."""
        await self._ask("PUT", "/api/terminal", to_json(heartbeat))

    async def close(self) -> None:
        await self._client.aclose()

    async def _ask(self, method: str, path: str, body: bytes | None = None, *, kind: str = "application/json") -> bytes:
        headers = {"Content-Type": kind} if body is not None else {}
        try:
            # httpx limits each step of a request; a server that drips would hold the citizen for ever.
            async with asyncio.timeout(self._deadline_s):
                answer = await self._client.request(method, path, content=body, headers=headers)
        except (httpx.HTTPError, TimeoutError, ssl.SSLError, OSError):
            raise HallAway from None
        if answer.is_success:
            return answer.content
        if answer.is_client_error:
            raise _refused(answer.content)
        raise HallAway


def connect(address: str, credentials: Path, *, deadline_s: float) -> HallClient:
    """A client that shows this terminal's certificate and trusts this hall's authority alone.

    `credentials` is the folder that enrolment wrote: terminal.pem, terminal.key, hall-ca.pem.
    """
    tls = ssl.create_default_context(cafile=str(credentials / "hall-ca.pem"))
    tls.load_cert_chain(credentials / "terminal.pem", credentials / "terminal.key")
    client = httpx.AsyncClient(base_url=address, verify=tls, timeout=deadline_s, trust_env=False)
    return HallClient(client, deadline_s=deadline_s)


def _understood(kind: type[T], body: bytes) -> T:
    try:
        return from_json(kind, body)
    except NotUnderstood:
        raise HallAway from None


def _refused(body: bytes) -> Refused:
    try:
        said = from_json(WireRefusal, body)
    except NotUnderstood:
        return Refused("refused")
    return Refused(said.code, said.problems)
