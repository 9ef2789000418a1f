"""The hall's public keys, with which a department checks that a clerk was handed over to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, get

Asked = Request[Any, Any, Any]


@get("/.well-known/jwks.json", media_type="application/json", include_in_schema=False)
async def keys(request: Asked) -> Mapping[str, Any]:
    """A JWK Set (RFC 7517)."""
    published: Mapping[str, Any] = request.app.state.services.hand_over.published()
    return published


ROUTES = [keys]
