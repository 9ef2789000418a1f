"""本部门系统: the page behind 出入境管理 that a clerk comes to from the hall, at the case, and from nowhere else."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from hall.demo.acceptances import Acceptances
from hall.demo.arrivals import WORDS, Arrival, ArrivalRefused, verify
from hall.demo.behaviour import Place

OPEN_PATH = "/case"
"""Browsers come here, without the password that the hall itself has."""
HALL = ("http://127.0.0.1:8080", "http://127.0.0.1:8080/.well-known/jwks.json")
COOKIE = "own_system"
STAYS = timedelta(minutes=15)
KEYS_S = 300.0
TABLE = "CREATE TABLE IF NOT EXISTS arrival (jti TEXT PRIMARY KEY, until TEXT NOT NULL) STRICT, WITHOUT ROWID"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass
class OwnSystem:
    """Who is in, and which tokens were used. `place` may hold a file that says which hall is trusted."""

    place: Place
    acceptances: Acceptances
    _inside: dict[str, tuple[Arrival, datetime]] = field(default_factory=dict)
    _keys: tuple[KeySet, datetime] | None = None

    def __post_init__(self) -> None:
        self.place.folder.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(self.place.folder / "arrivals.sqlite", isolation_level=None)
        self._base.execute(TABLE)

    async def arrive(self, token: str) -> str:
        """The key of a stay; raises ArrivalRefused."""
        now = datetime.now(UTC)
        issuer, address = hall(self.place)
        try:
            arrival = self._verified(token, await self._known_keys(address), issuer, now)
        except ArrivalRefused as refused:
            if refused.code != "unknown_key":
                raise
            self._keys = None  # the hall may have a new one
            arrival = self._verified(token, await self._known_keys(address), issuer, now)
        key = secrets.token_urlsafe(24)
        self._inside = {stay: one for stay, one in self._inside.items() if one[1] > now} | {key: (arrival, now + STAYS)}
        return key

    def arrival(self, key: str) -> Arrival | None:
        found = self._inside.get(key)
        return found[0] if found and found[1] > datetime.now(UTC) else None

    def shown(self, arrival: Arrival) -> Mapping[str, Any]:
        """What this department has of the case: by its own number once it has one."""
        receipt, contents = self.acceptances.of_visit(arrival.visit) or (None, b"{}")
        return {"arrival": arrival, "receipt": receipt, "told": json.loads(contents)}

    def close(self) -> None:
        self._base.close()

    def _verified(self, token: str, keys: KeySet, issuer: str, now: datetime) -> Arrival:
        return verify(token, keys, audience=self.place.code, issuer=issuer, now=now, first_time=self._first_time)

    def _first_time(self, jti: str, until: datetime) -> bool:
        self._base.execute("DELETE FROM arrival WHERE until < ?", (datetime.now(UTC).isoformat(),))
        added = "INSERT INTO arrival (jti, until) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING jti"
        return bool(self._base.execute(added, (jti, until.isoformat())).fetchall())

    async def _known_keys(self, address: str) -> KeySet:
        now = datetime.now(UTC)
        if self._keys is None or self._keys[1] < now:
            try:
                async with httpx.AsyncClient(timeout=3, trust_env=False) as asking:
                    answer = await asking.get(address)
                self._keys = KeySet.import_key_set(answer.raise_for_status().json()), now + timedelta(seconds=KEYS_S)
            except (httpx.HTTPError, ValueError, JoseError):
                raise ArrivalRefused("no_keys") from None
        return self._keys[0]


def hall(place: Place) -> tuple[str, str]:
    """Which hall is trusted, by its name for itself, and where its keys are."""
    try:
        issuer, keys = (place.state / "demo" / f"{place.code}.hall").read_text("utf-8").split()
    except (OSError, ValueError):
        return HALL
    return issuer, keys


def trust(place: Place, issuer: str, keys: str) -> None:
    """Another hall than the demonstration's usual one."""
    (place.state / "demo").mkdir(parents=True, exist_ok=True)
    (place.state / "demo" / f"{place.code}.hall").write_text(f"{issuer}\n{keys}\n", "utf-8")


def routes(system: OwnSystem) -> list[HTTPRouteHandler]:
    """How a clerk's browser comes in; the token is in the form, so that no address says anything."""

    @post(OPEN_PATH, status_code=303)
    async def arrive(request: Request[Any, Any, Any]) -> Response[str]:
        token = (await request.form()).get("token", "")
        try:
            key = await system.arrive(token if isinstance(token, str) else "")
        except ArrivalRefused as refused:
            title, advice = WORDS[refused.code]
            return _page("refused.html", 403, title=title, advice=advice)
        cookie = Cookie(key=COOKIE, value=key, path=OPEN_PATH, httponly=True, samesite="lax")
        return Redirect(f"{OPEN_PATH}/now", status_code=303, cookies=[cookie])

    @get(OPEN_PATH + "/{page:str}")
    async def case(request: Request[Any, Any, Any], page: FromPath[str]) -> Response[str]:
        arrival = system.arrival(request.cookies.get(COOKIE, ""))
        if arrival is None:
            return _page("refused.html", 403, title="请从大厅进入", advice="请在大厅的窗口工作台打开办件，再打开本部门系统。")
        return _page("case.html", 200, **system.shown(arrival))

    return [arrive, case]


def _page(template: str, status: int, **shown: object) -> Response[str]:
    text = _PAGES.get_template(f"own_system_pages/{template}").render(**shown)
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=HEADERS)
