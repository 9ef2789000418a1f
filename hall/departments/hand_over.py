"""What a department's settings say of handing over: where a clerk goes on, in the department's own system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def wrong_hand_over(table: Mapping[str, str]) -> Iterator[str]:
    """One sentence each. Clear text only within one machine: what travels there opens a case."""
    yield from (f"[hand_over] has no {name}" for name in sorted(set(table) - {"address"}))
    if not table:
        return
    place = urlsplit(table.get("address", ""))
    if place.scheme not in ("http", "https") or not place.hostname:
        yield "hand_over.address must be an address such as https://department.example.cn/case"
    elif place.scheme == "http" and place.hostname not in LOOPBACK:
        yield "hand_over.address must begin with https://: only on this very machine http:// will do"
    if place.username or place.password or place.query or place.fragment:
        yield "hand_over.address may hold a host, a port and a path only"
