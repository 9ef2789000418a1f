"""How often one address may ask: trying codes must not pay."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_ADDRESSES = 10_000
"""Kept in memory; the address that asked longest ago is forgotten first."""


@dataclass
class _Allowance:
    left: float
    at: float


class Pace:
    """So many at once, then so many a minute. An IPv6 address counts with its network: one home has 2^64 of them."""

    def __init__(self, at_once: int, a_minute: int, clock: Callable[[], float]) -> None:
        self._at_once = float(at_once)
        self._a_second = a_minute / 60
        self._clock = clock
        self._allowances: OrderedDict[str, _Allowance] = OrderedDict()

    def admits(self, address: str) -> bool:
        now, key = self._clock(), _network(address)
        allowance = self._allowances.pop(key, _Allowance(self._at_once, now))
        allowance.left = min(self._at_once, allowance.left + (now - allowance.at) * self._a_second)
        allowance.at = now
        self._allowances[key] = allowance
        if len(self._allowances) > MOST_ADDRESSES:
            self._allowances.popitem(last=False)
        if allowance.left < 1:
            return False
        allowance.left -= 1
        return True


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
