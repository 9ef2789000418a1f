"""Runs one hall in one process: console, terminals' and public listener, deliveries, forgetting, and a quick graceful end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import uvicorn
from litestar import Litestar

from hall.app import console_app, terminal_app
from hall.bootstrap import Services
from hall.config import Address, ConfigWrong
from hall.errors import HallError
from hall.peer import PeerProtocol
from hall.public.app import public_app
from hall.store.request import Request
from hall.working_day import working_day

log = logging.getLogger(__name__)

GRACE_S = 2
"""How long requests under way may take once the hall stops. A unit file must allow for more."""

KEEP_EVENTS = timedelta(days=2)
KEEP_ANSWERS = timedelta(days=7)
"""A terminal's outbox brings a submission again for so long at most, a clerk's page for a day."""

DAY_S = 86_400
TURN_S = 30


class Listener(uvicorn.Server):
    """A server among others in one process: the signals are the hall's, not its own."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(services: Services, ready: Callable[[str], None]) -> None:
    """Until SIGTERM or SIGINT; see `run`."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, services.closing.set)
    await run(services, lambda addresses: ready(addresses.console))


@dataclass(frozen=True)
class Addresses:
    """Where a running hall is reached: by clerks, by terminals, by everybody."""

    console: str
    terminals: str
    public: str


async def run(services: Services, ready: Callable[[Addresses], None]) -> None:
    """Until `services.closing` is set. `ready` gets the addresses once every listener answers."""
    config = services.config
    with (
        listening_at(config.console) as console,
        listening_at(config.terminals) as terminals,
        listening_at(config.public) as public,
    ):
        listeners = [_listener(console_app(services)), _terminals(services), _listener(public_app(services))]
        bound = (console, terminals, public)
        serving = [asyncio.create_task(one.serve([at])) for one, at in zip(listeners, bound, strict=True)]
        works = (
            services.deliverer.run(),
            services.reconciliation.run(),
            services.feeds.run(),
            services.collection.run(),
            services.audit_proof.run(),
            _wake_on_change(services),
            _forget_daily(services),
            _turn_days(services),
        )
        working = [asyncio.create_task(work) for work in works]
        for listener in listeners:
            await listener.answers.wait()
        ready(Addresses(f"http://{_spoken(console)}/", f"https://{_spoken(terminals)}", f"http://{_spoken(public)}"))
        await _until_any(services.closing, [*serving, *working])
        services.closing.set()
        for listener in listeners:
            listener.should_exit = True
        await asyncio.gather(*serving)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await services.close()


def _listener(app: Litestar) -> Listener:
    return Listener(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
        )
    )


def _terminals(services: Services) -> Listener:
    config = uvicorn.Config(
        terminal_app(services),
        http=PeerProtocol,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    config.load()
    config.ssl = services.authority.tls(services.config.terminals.host)
    return Listener(config)


def listening_at(address: Address) -> socket.socket:
    """Bound before anything runs, so that a busy port is one sentence and not a traceback. What it accepts sends at once:
    asyncio sees to that only for sockets that name their protocol, and a page would else wait 40 ms for its second part."""
    try:
        listening = socket.create_server((address.host, address.port), reuse_port=False)
    except OSError as error:
        raise ConfigWrong((f"{address.host}:{address.port} cannot be listened on: {os.strerror(error.errno or 0)}",)) from None
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _spoken(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"{host}:{port}"


async def _wake_on_change(services: Services) -> None:
    """The deliverer looks as soon as anything was committed, e.g. a confirmation."""
    while True:
        await services.store.changed.wait()
        services.wake.set()


async def _forget_daily(services: Services) -> None:
    """What the pages and repeats do not need any more; and disputes of cases that nobody came for are sent, so that
    none is lost. A day on which it cannot be done does no harm."""
    while True:
        now = services.clock()
        try:
            await services.store.forget(working_day(now) - KEEP_EVENTS, now - KEEP_ANSWERS)
            await services.store.drop_old_drafts(working_day(now), now)
            await services.store.send_left(working_day(now), Request("", "hall", now))
            await services.documents.destroy_due()
        except HallError as error:
            log.error("forgetting_failed", extra={"error": type(error).__name__})
        await asyncio.sleep(DAY_S)


async def _turn_days(services: Services) -> None:
    """When the day in the hall turns, what is left of the line goes on or is ended. Looked at every half minute, because a
    clock can be set; whoever calls next before that turns the day too."""
    while True:
        try:
            await services.queue.turn()
        except HallError as error:
            log.error("turning_failed", extra={"error": type(error).__name__})
        await asyncio.sleep(TURN_S)


async def _until_any(closing: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Until the hall is to stop, or one of its tasks ended although it should not."""
    stopping = asyncio.create_task(closing.wait())
    await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
