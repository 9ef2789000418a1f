"""Puts a hall together from its configuration; the only place that knows every part."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from flows.flow import Matters
from flows.matters import MATTERS
from hall import catalogue, departments, paper
from hall.access_log import access_log
from hall.appointments import Appointments
from hall.audit_proof import AuditProof
from hall.authority import Authority
from hall.board import Board
from hall.catalogue import Catalogue
from hall.config import ConfigWrong, HallConfig
from hall.correction_targets import RestCorrections, correction_targets_of
from hall.corrections import Corrections
from hall.counter import Counter
from hall.dead_letters import DeadLetters
from hall.delivery import Deliverer
from hall.departments.connection import Connection
from hall.departments.setting import Setting, SettingsWrong
from hall.desk import Desk
from hall.document_desk import DocumentDesk
from hall.documents import Documents
from hall.enrolments import Enrolments
from hall.exchange import Exchange
from hall.feeds import Feeds, RestFeed, feeds_of
from hall.figures import Figures
from hall.hand_over import Giver, HandOver, Keys, addresses_of
from hall.heartbeats import Heartbeats
from hall.libraries import setting as library_setting
from hall.libraries.collection import Collection
from hall.libraries.setting import LibrarySettings
from hall.oidc import Provider
from hall.open_pages import OpenPages
from hall.overview import Overview
from hall.promises import Promises
from hall.queue import Queue
from hall.ratings import Ratings
from hall.reconciliation import Reconciliation
from hall.reviews import Reviews
from hall.second_screen import SecondScreens
from hall.staff import Staff
from hall.store.audit_file import Place
from hall.store.database import DatabaseUnfit
from hall.store.hall_store import HallStore
from hall.store.store import Store
from hall.targets import RestTarget, targets_of
from hall.terminals import Terminals
from hall.ticket_codes import TicketCodes
from hall.usage import Usage
from hall.visits import Visits
from hall.voice import Voice
from hall.working_day import Clock, utc_now, working_day


@dataclass(frozen=True)
class Services:
    """Everything that a route may call; what needs no more than store and clock is made when it is first wanted. `titles`
    are the departments' names by code, `kinds` their kinds of connection, `own_systems` where each takes a clerk in;
    `closing` is set when the hall stops, so that open pages let go."""

    config: HallConfig
    clock: Clock
    store: Store
    exchange: Exchange
    visits: Visits
    desk: Desk
    counter: Counter
    usage: Usage
    staff: Staff
    terminals: Terminals
    peers: Enrolments
    collection: Collection
    authority: Authority
    deliverer: Deliverer
    letters: DeadLetters
    reconciliation: Reconciliation
    feeds: Feeds
    corrections: Corrections
    targets: tuple[RestTarget | RestCorrections | RestFeed, ...]
    catalogue: Catalogue
    own_systems: Mapping[str, str]
    titles: Mapping[str, str]
    kinds: Mapping[str, str]
    matters: Matters
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    pages: OpenPages = field(default_factory=OpenPages)
    second_screens: OpenPages = field(default_factory=OpenPages)

    @cached_property
    def queue(self) -> Queue:
        return Queue(self.store, self.clock, matters=self.matters, hours=self.config.hours, windows=self.config.counters)

    @cached_property
    def appointments(self) -> Appointments:
        return Appointments(self.store, self.clock, matters=self.matters, hours=self.config.hours)

    @cached_property
    def reviews(self) -> Reviews:
        return Reviews(self.store, self.desk, self.clock, matters=self.matters)

    @cached_property
    def promises(self) -> Promises:
        return Promises(self.store, self.clock, matters=self.matters)

    @cached_property
    def figures(self) -> Figures:
        return Figures(self.store, self.clock)

    @cached_property
    def ratings(self) -> Ratings:
        return Ratings(self.store, self.clock, matters=self.matters)

    @cached_property
    def screens(self) -> SecondScreens:
        return SecondScreens(self.store, self.staff, self.ratings, self.clock, matters=self.matters)

    @cached_property
    def hand_over(self) -> HandOver:
        """Under the name by which departments know this hall: its public address."""
        config, keys = self.config, Keys(self.config.secrets)
        hall = Giver(config.hall, config.public_address, self.own_systems)
        return HandOver(self.store, keys, self.clock, hall, matters=self.matters)

    @cached_property
    def heartbeats(self) -> Heartbeats:
        return Heartbeats(self.store, self.clock)

    @cached_property
    def overview(self) -> Overview:
        return Overview(
            self.store,
            self.clock,
            queue=self.queue,
            heartbeats=self.heartbeats,
            metrics=self.exchange.metrics,
            departments=tuple(self.titles),
            ratings=self.ratings,
        )

    @cached_property
    def board(self) -> Board:
        return Board(self.store, self.clock, Voice(self.config.voices, self.config.prompts))

    @cached_property
    def ticket_codes(self) -> TicketCodes:
        return ticket_codes(self.config)

    def page_of(self, visit: str) -> str:
        """Where a citizen follows the ticket of a visit."""
        return f"{self.config.public_address}/t/{self.ticket_codes.code(visit)}"

    @property
    def paper_hall(self) -> paper.Hall:
        """What certificates say of this hall."""
        return paper.Hall(self.config.name, self.config.public_address)

    @property
    def documents(self) -> Documents:
        return Documents(self.store, self.clock)

    @property
    def document_desk(self) -> DocumentDesk:
        return DocumentDesk(self.store, self.desk, self.clock, matters=self.matters, region=self.config.region)

    @cached_property
    def audit_proof(self) -> AuditProof:
        return AuditProof(self.store, self.clock)

    async def close(self) -> None:
        for target in self.targets:
            await target.close()
        await self.staff.close()
        await self.exchange.close()
        await self.collection.close()
        await self.store.close()


def database(config: HallConfig) -> Place:
    return config.database or config.secrets / "hall.sqlite"


@dataclass(frozen=True)
class _Read:
    """What the files say that the configuration names."""

    settings: tuple[Setting, ...]
    connections: tuple[Connection, ...]
    catalogue: Catalogue
    libraries: LibrarySettings


def build(config: HallConfig, clock: Clock = utc_now) -> Services:
    """The whole hall, opened; raises ConfigWrong with everything wrong in departments and catalogue."""
    try:
        settings = departments.read_settings(config.departments, config.state)
        connections = departments.connect(settings)
        known = catalogue.load(config.catalogue, connections)
        collected = library_setting.load(config.libraries, config.state, connections, known, working_day(clock()))
    except SettingsWrong as error:
        raise ConfigWrong(error.problems) from error
    return _services(config, clock, _Read(settings, connections, known, collected))


def _services(config: HallConfig, clock: Clock, read: _Read) -> Services:
    connections, collected = read.connections, read.libraries
    told, sources = targets_of(read.settings), feeds_of(read.settings)
    owners = correction_targets_of(read.settings, config.name)
    authority, terminals, store, staff = cupboard(config, clock)
    collection = Collection.open(collected, connections, store, clock, collecting_lock(config))
    exchange = Exchange(connections, read.catalogue, access_log(store, clock), library=collection.stand_in, clock=clock)
    titles = {connection.code: connection.title for connection in connections}
    desk, visits, counter = at_the_windows(config, store, exchange, clock)
    corrections, wake = Corrections(store, desk, clock), asyncio.Event()
    return Services(
        config=config,
        clock=clock,
        store=store,
        exchange=exchange,
        visits=visits,
        desk=desk,
        counter=counter,
        usage=Usage(store, clock, {**titles, **collected.peer_titles}, libraries=collection.libraries, corrections=corrections),
        staff=staff,
        terminals=terminals,
        peers=peers(config, authority, clock),
        collection=collection,
        authority=authority,
        deliverer=Deliverer(store, told, clock, wake, owners),
        letters=DeadLetters(store, told, clock, hall=config.name),
        reconciliation=Reconciliation(store, told, clock, config.reconcile),
        feeds=Feeds(store, sources, clock),
        corrections=corrections,
        targets=(*told, *owners, *sources),
        catalogue=read.catalogue,
        own_systems=addresses_of(read.settings),
        titles=titles,
        kinds={setting.code: setting.kind for setting in read.settings},
        matters=MATTERS,
        wake=wake,
    )


def at_the_windows(config: HallConfig, store: Store, exchange: Exchange, clock: Clock) -> tuple[Desk, Visits, Counter]:
    """Where applications are filled in and decided."""
    line = Queue(store, clock, hours=config.hours, windows=config.counters)
    visits = Visits(store, exchange, clock, region=config.region, line=line)
    counter = Counter(store, visits, exchange, clock, region=config.region)
    return Desk(store, exchange, clock, region=config.region), visits, counter


def ticket_codes(config: HallConfig) -> TicketCodes:
    return TicketCodes.open(config.secrets / "ticket-pages.key")


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
    staff = Staff(store, clock, second_factor=config.staff.second_factor, hall=config.name)
    if config.staff.oidc is not None:
        staff.lean_on(Provider(config.staff.oidc, config.console_address, clock), config.staff.oidc.emergency)
    return authority, terminals, store, staff
