"""One process of the hall under the race: real store, pages, terminals' listener and deliveries. It is there to be killed."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx

from flows.application import Application, Decision
from hall.bootstrap import Services
from hall.config import Address
from hall.delivery import Deliverer
from hall.departments.connection import DepartmentFailure
from hall.desk import Desk
from hall.serve import Addresses, run
from hall.store import delivery_rows
from hall.store.postgresql_address import PostgresqlAddress
from hall.targets import Ending, State
from hall.visits import Visits
from hall.working_day import utc_now
from tests.hall import fakes
from tests.hall.console_stage import stage_config, stage_services
from tests.hall.race.mutants import MUTANTS

LEASE = timedelta(seconds=2)
"""Shorter than the hall's: a killed sender's deliveries go on before the race is over."""


@dataclass(frozen=True)
class HallPlace:
    """What one process needs to know. `began` is when the race began, which its clocks call `fakes.NOON`."""

    name: str
    state: Path
    database: PostgresqlAddress | None
    console: int
    terminals: int
    departments: Mapping[str, int]
    began: datetime
    windows: int
    mutant: str = ""

    @property
    def up(self) -> Path:
        """There while it listens."""
        return self.state / f"{self.name}.up"

    def clock(self) -> datetime:
        return fakes.NOON + (utc_now() - self.began)


class Told:
    """A department, over HTTP."""

    poll_s = 1.0

    def __init__(self, department: str, port: int) -> None:
        self.department = department
        self._http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=5)

    async def accept(self, key: str, application: Application, decision: Decision) -> str:
        return str((await self._asked("POST", key))["number"])

    def fingerprint(self, application: Application, decision: Decision) -> str:
        return ""

    async def found(self, key: str) -> str:
        return str((await self._asked("GET", key)).get("number", ""))

    async def read_back(self, key: str, number: str, sent: str) -> bool:
        return await self.found(key) == number

    async def state(self, number: str) -> State:
        return State("pending")

    async def end(self, key: str, number: str, outcome: Ending) -> None:
        return None

    async def close(self) -> None:
        await self._http.aclose()

    async def _asked(self, method: str, key: str) -> dict[str, Any]:
        try:
            answer = await self._http.request(method, f"/{key}")
        except httpx.HTTPError as error:
            raise DepartmentFailure("down") from error
        return cast(dict[str, Any], json.loads(answer.content))


def services_at(place: HallPlace) -> Services:
    config = replace(
        stage_config(place.state),
        database=place.database,
        console=Address("127.0.0.1", place.console),
        terminals=Address("127.0.0.1", place.terminals),
        windows=tuple(str(number) for number in range(1, place.windows + 1)),
    )
    services, _, _ = stage_services(config, cast(Any, place.clock))
    store, clock, matters = services.store, place.clock, fakes.MATTERS
    exchange = cast(Any, fakes.FakeExchange(cast(Any, store), cast(Any, clock)))
    exchange.close = services.exchange.close
    told = tuple(Told(department, port) for department, port in place.departments.items())
    return replace(
        services,
        exchange=exchange,
        visits=Visits(store, exchange, clock, matters=matters),
        desk=Desk(store, exchange, clock, matters=matters),
        deliverer=Deliverer(store, told, clock, services.wake),
        targets=cast(Any, told),
        matters=matters,
    )


def serve(place: HallPlace) -> None:
    """Until it is killed; touches `up` once it listens. What it holds for an error is judged with the rest."""
    logging.basicConfig(filename=place.state / f"{place.name}.said", level=logging.ERROR, format="%(message)s")
    delivery_rows.LEASE = LEASE
    if place.mutant:
        MUTANTS[place.mutant]()

    def listening(addresses: Addresses) -> None:
        place.up.touch()

    async def live() -> None:
        await run(services_at(place), listening)

    asyncio.run(live())
