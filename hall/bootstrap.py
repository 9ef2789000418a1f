"""Puts a hall together from its configuration; the only place that knows every part."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flows.flow import Matters
from flows.matters import MATTERS
from hall import catalogue, departments, paper
from hall.audit import access_log, verify
from hall.authority import Authority
from hall.catalogue import Catalogue
from hall.config import ConfigWrong, HallConfig
from hall.correction_targets import RestCorrections, correction_targets_of
from hall.corrections import Corrections
from hall.delivery import Deliverer
from hall.departments.setting import SettingsWrong
from hall.desk import Desk
from hall.enrolments import Enrolments
from hall.exchange import Exchange
from hall.figures import Figures
from hall.libraries import setting as library_setting
from hall.libraries.collection import Collection
from hall.queue import Queue
from hall.staff import Staff
from hall.store.audit_file import Place
from hall.store.database import DatabaseUnfit
from hall.store.hall_store import HallStore
from hall.store.store import Store
from hall.targets import RestTarget, targets_of
from hall.terminals import Terminals
from hall.usage import Usage
from hall.visits import Visits
from hall.working_day import Clock, utc_now, working_day


@dataclass(frozen=True)
class Services:
    """Everything that a route may call. `titles` are the departments' names by code, `kinds` their kinds of
    connection; `closing` is set when the hall stops, so that open pages let go."""

    config: HallConfig
    clock: Clock
    store: Store
    exchange: Exchange
    visits: Visits
    queue: Queue
    desk: Desk
    usage: Usage
    staff: Staff
    terminals: Terminals
    peers: Enrolments
    collection: Collection
    authority: Authority
    deliverer: Deliverer
    corrections: Corrections
    targets: tuple[RestTarget | RestCorrections, ...]
    catalogue: Catalogue
    figures: Figures
    titles: Mapping[str, str]
    kinds: Mapping[str, str]
    matters: Matters
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def paper_hall(self) -> paper.Hall:
        """What certificates say of this hall."""
        return paper.Hall(self.config.name, self.config.public_address)

    async def verified(self) -> Mapping[str, int | None]:
        """The first broken line of every hall's audit; None where the chain is intact."""
        return await asyncio.to_thread(verify, database(self.config))

    async def close(self) -> None:
        for target in self.targets:
            await target.close()
        await self.exchange.close()
        await self.collection.close()
        await self.store.close()


def database(config: HallConfig) -> Place:
    return config.database or config.secrets / "hall.sqlite"


def build(config: HallConfig, clock: Clock = utc_now) -> Services:
    """The whole hall, opened; raises ConfigWrong with everything wrong in departments and catalogue."""
    try:
        settings = departments.read_settings(config.departments, config.state)
        connections = departments.connect(settings)
        known = catalogue.load(config.catalogue, connections)
        collected = library_setting.load(config.libraries, config.state, connections, known, working_day(clock()))
    except SettingsWrong as error:
        raise ConfigWrong(error.problems) from error
    told, owners = targets_of(settings), correction_targets_of(settings, config.name)
    authority, terminals, store, staff = cupboard(config, clock)
    collection = Collection.open(collected, connections, store, clock, collecting_lock(config))
    exchange = Exchange(connections, known, access_log(store, clock), library=collection.stand_in, clock=clock)
    titles = {connection.code: connection.title for connection in connections}
    desk, wake = Desk(store, exchange, clock, region=config.region), asyncio.Event()
    corrections = Corrections(store, desk, clock)
    return Services(
        config=config,
        clock=clock,
        store=store,
        exchange=exchange,
        visits=Visits(store, exchange, clock, region=config.region),
        queue=Queue(store, clock),
        desk=desk,
        usage=Usage(store, clock, {**titles, **collected.peer_titles}, libraries=collection.libraries, corrections=corrections),
        staff=staff,
        terminals=terminals,
        peers=peers(config, authority, clock),
        collection=collection,
        authority=authority,
        deliverer=Deliverer(store, told, clock, wake, owners),
        corrections=corrections,
        targets=(*told, *owners),
        catalogue=known,
        figures=Figures(store, clock),
        titles=titles,
        kinds={setting.code: setting.kind for setting in settings},
        matters=MATTERS,
        wake=wake,
    )


def collecting_lock(config: HallConfig) -> Path:
    return config.secrets / "collecting.lock"


def peers(config: HallConfig, authority: Authority, clock: Clock = utc_now) -> Enrolments:
    """Other halls, and departments that knock."""
    return Enrolments(authority, config.secrets / "peers.json", config.hall, clock, "peer")


def cupboard(config: HallConfig, clock: Clock = utc_now) -> tuple[Authority, Terminals, Store, Staff]:
    """What the hall keeps, without the departments: enough to enrol a terminal or add a clerk."""
    authority = Authority(config.secrets, config.hall, clock)
    key_file = config.secrets / "field.key"
    try:
        store: Store = HallStore.open(database(config), hall=config.hall, key_file=key_file, clock=clock)
    except DatabaseUnfit as error:
        raise ConfigWrong((str(error),)) from error
    terminals = Terminals(authority, config.secrets / "terminals.json", config.hall, clock)
    return authority, terminals, store, Staff(store, clock)
