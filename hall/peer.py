"""Puts the client certificate of a TLS connection where the application can see it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


@dataclass(frozen=True)
class Peer:
    """Who is at the other end, as its certificate says; the chain was already checked by TLS."""

    uri: str
    serial: int


def peer_of(certificate: Mapping[str, Any] | None) -> Peer | None:
    """The first URI of the certificate's alternative names, with its serial number."""
    if not certificate:
        return None
    names = certificate.get("subjectAltName", ())
    uri = next((value for kind, value in names if kind == "URI"), "")
    return Peer(uri, int(certificate["serialNumber"], 16))


class PeerProtocol(HttpToolsProtocol):
    """uvicorn shows no peer certificate to the application (its pull requests 3132, 3133), so this does."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        self.app_state = {**self.app_state, "peer": peer_of(tls.getpeercert() if tls else None)}
