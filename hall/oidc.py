"""The identity provider (OpenID Connect): where it is, what it is asked, and whether what it says can be believed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from hall.roles import Role
from hall.staff_errors import ProviderRefused
from hall.staff_settings import OidcSettings
from hall.working_day import Clock

SKEW_S = 60
DEADLINE_S = 5.0
KEEP_DISCOVERY = timedelta(hours=1)
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Only ones whose key the provider alone has: never `none`, never one keyed by the client's secret."""

CALLBACK = "/login/oidc/callback"


@dataclass(frozen=True)
class Asking:
    """One log-in under way at the provider. `state` binds the answer to this browser, `nonce` the token to this log-in,
    `verifier` the code to this hall."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Proved:
    """Who somebody is, and as what, as the provider says."""

    name: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class _Discovered:
    authorize: str
    token: str
    keys: str
    at: datetime
    by_post: bool


class Provider:
    """Every refusal is a ProviderRefused with a code; nothing of a token is ever in a log or an error."""

    def __init__(self, settings: OidcSettings, console: str, clock: Clock, client: httpx.AsyncClient | None = None) -> None:
        self._settings = settings
        self._redirect = f"{console}{CALLBACK}"
        self._clock = clock
        self._client = client or httpx.AsyncClient(timeout=DEADLINE_S, trust_env=False)
        self._discovered: _Discovered | None = None
        self._keys: KeySet | None = None

    async def begin(self) -> tuple[str, Asking]:
        """Where the browser is sent, and what to remember until it is back."""
        found = await self._discovery()
        asking = Asking(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        asked = {
            "response_type": "code",
            "client_id": self._settings.client,
            "redirect_uri": self._redirect,
            "scope": "openid profile",
            "state": asking.state,
            "nonce": asking.nonce,
            "code_challenge": create_s256_code_challenge(asking.verifier),
            "code_challenge_method": "S256",
        }
        return f"{found.authorize}{'&' if '?' in found.authorize else '?'}{urlencode(asked)}", asking

    async def prove(self, code: str, asking: Asking) -> Proved:
        """Changes the code for an id token and believes it only when everything about it is right."""
        claims = await self._believed(await self._token(code, asking), asking.nonce)
        name = claims.get(self._settings.name_claim)
        if not isinstance(name, str) or not name.strip():
            raise ProviderRefused("name")
        said = claims.get(self._settings.role_claim)
        words = said if isinstance(said, list) else [said]
        roles = frozenset(self._settings.roles[word] for word in words if isinstance(word, str) and word in self._settings.roles)
        if not roles:
            raise ProviderRefused("role")
        return Proved(name.strip(), roles)

    async def close(self) -> None:
        await self._client.aclose()

    async def _token(self, code: str, asking: Asking) -> str:
        found = await self._discovery()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": asking.verifier,
        }
        client, secret = self._settings.client, self._settings.secret
        try:
            if found.by_post:
                answer = await self._client.post(found.token, data={**form, "client_id": client, "client_secret": secret})
            else:
                answer = await self._client.post(found.token, data=form, auth=(client, secret))
        except httpx.HTTPError:
            raise ProviderRefused("away") from None
        if answer.status_code >= 500:
            raise ProviderRefused("away")
        token = _object(answer).get("id_token")
        if answer.status_code != 200 or not isinstance(token, str):
            raise ProviderRefused("code")
        return token

    async def _believed(self, token: str, nonce: str) -> Mapping[str, object]:
        try:
            opened = await self._opened(token)
            wanted = {"iss": self._settings.issuer, "aud": self._settings.client}
            expected = {name: {"essential": True, "value": value} for name, value in wanted.items()}
            claims = CodeIDToken(opened.claims, opened.header, expected, {"nonce": nonce, "client_id": self._settings.client})
            claims.validate(now=int(self._clock().timestamp()), leeway=SKEW_S)
        except ExpiredTokenError:
            raise ProviderRefused("expired") from None
        except BadSignatureError:
            raise ProviderRefused("signature") from None
        except (JoseError, ValueError, TypeError):
            raise ProviderRefused("token") from None
        return dict(opened.claims)

    async def _opened(self, token: str) -> jwt.Token:
        """By the provider's keys; a key that is not known yet is looked for once, as providers change theirs."""
        known = self._keys is not None
        try:
            return jwt.decode(token, await self._key_set(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            if not known:
                raise
            self._keys = None
            return jwt.decode(token, await self._key_set(), algorithms=ALGORITHMS)

    async def _key_set(self) -> KeySet:
        if self._keys is None:
            self._keys = KeySet.import_key_set(await self._got((await self._discovery()).keys))  # type: ignore[arg-type]
        return self._keys

    async def _discovery(self) -> _Discovered:
        now, issuer = self._clock(), self._settings.issuer
        if self._discovered is None or now - self._discovered.at >= KEEP_DISCOVERY:
            said = await self._got(f"{issuer}/.well-known/openid-configuration")
            places = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
            if str(said.get("issuer", "")).rstrip("/") != issuer or not all(isinstance(place, str) for place in places):
                raise ProviderRefused("discovery")
            ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            by_post = isinstance(ways, list) and "client_secret_basic" not in ways
            authorize, token, keys = (str(place) for place in places)
            self._discovered, self._keys = _Discovered(authorize, token, keys, now, by_post), None
        return self._discovered

    async def _got(self, address: str) -> dict[str, object]:
        try:
            answer = await self._client.get(address)
        except httpx.HTTPError:
            raise ProviderRefused("away") from None
        if answer.status_code != 200:
            raise ProviderRefused("away")
        return _object(answer)


def _object(answer: httpx.Response) -> dict[str, object]:
    try:
        said = answer.json()
    except ValueError:
        raise ProviderRefused("away") from None
    return said if isinstance(said, dict) else {}
