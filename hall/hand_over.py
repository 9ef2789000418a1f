"""后台系统跳转: a clerk goes on to a department's own system at the very case, by a token that counts once and briefly.

It is signed (JWS, ES256) and travels in a form, not in the address: an address stays in histories and logs. It names the
case, never the person it is about. A department checks it with the keys of /.well-known/jwks.json; see docs/two-screens.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet

from flows.flow import Matters
from flows.matters import MATTERS
from flows.wire import from_json, to_json
from hall.authority import write_secret
from hall.departments.setting import Setting
from hall.errors import NotAllowed, NotKnown
from hall.facts import told
from hall.store.request import Request
from hall.store.store import Store
from hall.working_day import Clock

LIFE = timedelta(seconds=60)
ALGORITHM = "ES256"


@dataclass(frozen=True)
class Claims:
    """What a department is told. `aud` is its code, `sub` the clerk, `jti` what it remembers so that nobody comes twice;
    `case` is its own number of the case, empty before it has given one; `visit` is the hall's."""

    iss: str
    aud: str
    sub: str
    iat: int
    exp: int
    jti: str
    hall: str
    window: str
    visit: str
    matter: str
    case: str


@dataclass(frozen=True)
class HandedOver:
    """Where the clerk's browser posts `token` to."""

    address: str
    token: str

    @property
    def origin(self) -> str:
        place = urlsplit(self.address)
        return f"{place.scheme}://{place.netloc}"


class Keys:
    """The hall's signing key, made at the first start; a former one beside it is published and signs no more."""

    def __init__(self, folder: Path) -> None:
        current = folder / "hand_over.key"
        if not current.exists():
            pem = ECKey.generate_key("P-256").as_pem(private=True)
            write_secret(current, pem)
        self.signing = _key(current)
        former = folder / "hand_over.former.key"
        self._every: list[Key] = [self.signing, *([_key(former)] if former.exists() else [])]

    def published(self) -> Mapping[str, object]:
        """The public halves, as a JWK Set."""
        return dict(KeySet(self._every).as_dict(private=False))


@dataclass(frozen=True)
class Giver:
    """The hall as departments know it: its code, its name for itself, and where each takes a clerk in."""

    hall: str
    issuer: str
    addresses: Mapping[str, str]


class HandOver:
    """Only the window that has the case may go on with it; every going on is in the audit."""

    def __init__(self, store: Store, keys: Keys, clock: Clock, giver: Giver, *, matters: Matters = MATTERS) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._giver = giver
        self._matters = matters

    async def departments(self, visit: str) -> tuple[str, ...]:
        """Those concerned by the case that have a system to go on to."""
        application = (await self._store.case(visit)).application
        concerned = told(self._matters.of(application), application).departments
        return tuple(code for code in concerned if code in self._giver.addresses)

    async def make(self, visit: str, department: str, *, window: str, clerk: str, key: str) -> HandedOver:
        """A repeat of the key gives the same token's claims: the department takes them once. NotKnown for a department
        that has nothing to do with the case."""
        turn = await self._store.turn_at(window)
        if turn is None or turn.visit != visit:
            raise NotAllowed
        if department not in await self.departments(visit):
            raise NotKnown
        now = self._clock()
        kept = await self._store.case(visit)
        claims = Claims(
            iss=self._giver.issuer,
            aud=department,
            sub=f"clerk:{clerk}",
            iat=int(now.timestamp()),
            exp=int((now + LIFE).timestamp()),
            jti=str(uuid4()),
            hall=self._giver.hall,
            window=window,
            visit=visit,
            matter=kept.application.matter,
            case=next((one.number for one in kept.deliveries if one.department == department), ""),
        )
        request = Request(key, f"clerk:{clerk}", now, window, f"hand over {visit} {department}".encode())
        first = from_json(Claims, await self._store.hand_over(visit, department, to_json(claims).decode(), request))
        header = {"alg": ALGORITHM, "kid": self._keys.signing.kid}
        token = jwt.encode(header, asdict(first), self._keys.signing, algorithms=[ALGORITHM])
        return HandedOver(self._giver.addresses[department], token)

    def published(self) -> Mapping[str, object]:
        return self._keys.published()


def addresses_of(settings: Iterable[Setting]) -> Mapping[str, str]:
    """Where each department that has such a system takes the clerk in."""
    return {setting.code: setting.hand_over["address"] for setting in settings if setting.hand_over}


def _key(path: Path) -> ECKey:
    key = ECKey.import_key(path.read_bytes())
    return ECKey.import_key(key.as_dict(private=True) | {"kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM})
