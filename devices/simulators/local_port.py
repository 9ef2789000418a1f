"""Free ports of this machine for simulated devices and servers: below those of outgoing connections. Whoever calls one of
those while nobody listens may be given that very port to call from, and then talks to itself."""

from __future__ import annotations

import contextlib
import random
import socket

LOWEST, HIGHEST, TRIES = 20000, 32000, 100


class NoFreePort(Exception):
    """All of those that were tried are taken."""


def free_ports(many: int) -> tuple[int, ...]:
    """Neighbours, the first one even."""
    for first in random.SystemRandom().sample(range(LOWEST, HIGHEST - many, 2), TRIES):
        ports = tuple(range(first, first + many))
        if are_free(*ports):
            return ports
    raise NoFreePort(f"no {many} neighbouring free ports between {LOWEST} and {HIGHEST}")


def are_free(*ports: int) -> bool:
    with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
        for port in ports:
            line = stack.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as vpcd does
            line.bind(("", port))
        return True
    return False
