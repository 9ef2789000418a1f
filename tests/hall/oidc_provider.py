"""A small identity provider over HTTP (OpenID Connect, code with PKCE), with faults that a test can ask for."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "yimen", "the client's own secret"
KEY = RSAKey.generate_key(2048, {"kid": "first", "alg": "RS256", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "first", "alg": "RS256", "use": "sig"})
NEXT = RSAKey.generate_key(2048, {"kid": "second", "alg": "RS256", "use": "sig"})
TEN_MINUTES_S = 600


@dataclass
class IdentityProvider:
    """`who` logs in next. `claims` change the token's contents, `key` and `algorithm` sign it, `published` is what everybody
    may check it with; `down`: every answer is 503."""

    clock: Callable[[], datetime]
    who: str = "wang"
    groups: object = field(default_factory=lambda: ["hall-clerks"])
    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: KEY)
    published: Any = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    down: bool = False
    issuer: str = ""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self) -> dict[str, object]:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in places.items()}}

    def keys(self) -> dict[str, object]:
        return dict(KeySet([self.published]).as_dict(private=False))

    def authorized(self, asked: dict[str, str]) -> str:
        """Where the browser goes after somebody has logged in here."""
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], 'code': code})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, object]]:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = asked is not None and challenge == asked["code_challenge"] and form["redirect_uri"] == asked["redirect_uri"]
        if asked is None or not right or authorization != f"Basic {basic}":
            return 400, {"error": "invalid_grant"}
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": "248289761001",
            "aud": CLIENT,
            "iat": now,
            "exp": now + TEN_MINUTES_S,
            "nonce": asked["nonce"],
            "preferred_username": self.who,
            "groups": self.groups,
            **self.claims,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, **({"kid": self.key.kid} if self.key.kid else {})}
        signed = jwt.encode(header, kept, self.key, algorithms=[self.algorithm])
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": signed}


@contextmanager
def identity_provider(clock: Callable[[], datetime]) -> Iterator[IdentityProvider]:
    provider = IdentityProvider(clock)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            split = urlsplit(self.path)
            provider.asked.append(split.path)
            match split.path:
                case _ if provider.down:
                    self._say(503, {})
                case "/.well-known/openid-configuration":
                    self._say(200, provider.discovery())
                case "/keys":
                    self._say(200, provider.keys())
                case "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorized(dict(parse_qsl(split.query))))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                case _:
                    self._say(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = provider.token(dict(parse_qsl(body)), self.headers.get("Authorization", ""))
            self._say(503, {}) if provider.down else self._say(*said)

        def _say(self, status: int, said: dict[str, object]) -> None:
            text = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
