"""Clerks and terminals under the race, each a process of its own that asks over HTTP and asks again when nobody answers."""

from __future__ import annotations

import http.client
import json
import random
import re
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlencode
from uuid import UUID

from flows.application import Application
from flows.wire import OpenVisit, Submitted, VisitOpened, from_json, to_json
from hall.console.security import COOKIE
from tests.hall import fakes

HELD = re.compile(r'id="open"[^>]*href="/cases/([0-9a-f-]{36})"')
SEEN = re.compile(r'name="seen" value="([^"]*)"')
AWAY = frozenset({500, 502, 503})
ANSWER_S = 10
GIVE_UP_S = 60
DOUBLE_CLICKS = 0.2
PAUSE_S = 0.05
LONGEST_PAUSE_S = 3.0


class GaveUp(Exception):
    """Nobody answered for a minute."""


@dataclass(frozen=True)
class Halls:
    """Where the processes of the hall listen; any of them will do."""

    console: Sequence[int]
    terminals: Sequence[int]


class Line:
    """Asks one of the hall's processes, and another one when it dies."""

    def __init__(self, ports: Sequence[int], chance: random.Random, tls: ssl.SSLContext | None = None) -> None:
        self._ports, self._chance, self._tls = ports, chance, tls
        self._connection: http.client.HTTPConnection | None = None
        self._port = 0

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """The same request until somebody answers it; raises GaveUp."""
        until, status = time.monotonic() + GIVE_UP_S, 0
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                status, answer = self._asked(method, path, body, headers or {})
                if status not in AWAY:
                    return status, answer
            self._hang_up()
            time.sleep(PAUSE_S * (1 + self._chance.random()))
        raise GaveUp(f"{method} {path}: {status or 'nobody'}")

    def _asked(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        if self._connection is None:
            self._port = self._chance.choice(self._ports)
            self._connection = self._connected(self._port)
        origin = {"Origin": f"http://127.0.0.1:{self._port}"}
        self._connection.request(method, path, body, {**origin, **headers})
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def _connected(self, port: int) -> http.client.HTTPConnection:
        if self._tls:
            return http.client.HTTPSConnection("127.0.0.1", port, timeout=ANSWER_S, context=self._tls)
        return http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Notes:
    """What somebody was told, line by line, in a file that outlives everybody."""

    def __init__(self, path: Path) -> None:
        self._file: IO[str] = path.open("a", encoding="utf-8")

    def add(self, *what: str | int) -> None:
        self._file.write(json.dumps(what) + "\n")
        self._file.flush()


def clerk(number: int, token: str, halls: Halls, folder: Path) -> None:
    """Calls, opens and decides until the hall is told that it is over and nobody waits."""
    chance = random.Random(number)
    line, notes = Line(halls.console, chance), Notes(folder / f"clerk-{number}.told")
    headers = {"Cookie": f"{COOKIE}={token}", "Content-Type": "application/x-www-form-urlencoded"}
    over = folder / "over"

    def post(path: str, **form: str) -> int:
        """One click; sometimes two at once are one too many."""
        body = urlencode({"key": str(UUID(int=chance.getrandbits(128), version=4)), **form}).encode()
        status, _ = line.ask("POST", path, body, headers)
        if chance.random() < DOUBLE_CLICKS:
            again, _ = line.ask("POST", path, body, headers)
            notes.add("repeat", path, status, again)
        return status

    idle = 0
    while True:
        ending = over.exists()
        post("/queue/next")
        held = HELD.search(line.ask("GET", "/", headers=headers)[1].decode())
        if held is None:
            if ending:
                return
            idle += 1
            time.sleep(min(PAUSE_S * 2**idle, LONGEST_PAUSE_S) * (0.5 + chance.random()))
            continue
        visit, idle = held[1], 0
        notes.add("held", visit)
        status, page = line.ask("GET", f"/cases/{visit}", headers=headers)
        seen = SEEN.search(page.decode())
        if status != 200 or seen is None:
            notes.add("no case", visit, status)
            continue
        action = chance.choices(("confirm", "reject", "return"), (6, 2, 2))[0]
        reason = {"confirm": "", "reject": "NOT_ELIGIBLE", "return": "CARD_TO_RENEW"}[action]
        notes.add("decided", visit, action, post(f"/cases/{visit}/{action}", seen=seen[1], reason=reason, note=""))


def terminal(name: str, visits: Sequence[int], halls: Halls, folder: Path, now: datetime) -> None:
    """Brings one citizen after the other to the line; their tickets are noted as they are printed."""
    tls = ssl.create_default_context(cafile=str(folder / name / "hall-ca.pem"))
    tls.check_hostname = False
    tls.load_cert_chain(folder / name / "terminal.pem", folder / name / "terminal.key")
    chance = random.Random(name)
    line, notes = Line(halls.terminals, chance, tls), Notes(folder / f"{name}.told")
    json_too = {"Content-Type": "application/json"}
    for number in visits:
        visit, identity = fakes.visit_id(number), fakes.somebody(number)
        opening = to_json(OpenVisit(fakes.FLOW.code, fakes.FLOW.version, identity))
        status, opened = line.ask("PUT", f"/api/visits/{visit}", opening, json_too)
        if status != 200:
            notes.add("not opened", visit, status)
            continue
        application: Application = fakes.filled_in(visit, from_json(VisitOpened, opened).lookup, now, identity)
        status, answer = line.ask("PUT", f"/api/visits/{visit}/application", to_json(application), json_too)
        ticket = from_json(Submitted, answer).ticket.number if status == 200 else ""
        notes.add("ticket", visit, ticket, status)
