"""A department that knocks and brings its messages over mutual TLS, and a hall that reads a real department's feed."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from flows.application import Action, Status
from hall.bootstrap import Services
from hall.config import HallConfig, Plan
from hall.delivery import Deliverer
from hall.demo.behaviour import Mode, Place
from hall.demo.making import Pace, tell
from hall.departments.setting import Setting
from hall.feeds import Feeds, RestFeed, feeds_of
from hall.reconciliation import Reconciliation
from hall.store.reconciliations import FindingKind
from hall.targets import targets_of
from tests.hall.console_fakes import Clock, OutcomeTarget, SpecimenExchange
from tests.hall.console_stage import Stage, running_hall, stage_services
from tests.hall.demo_desk import DemoDesk
from tests.hall.fakes import open_hall, visit_id
from tests.hall.test_app import decide, logged_in
from tests.patience import SOON_S

ONE = visit_id(1)
KNOCKING = Setting(
    kind="rest",
    code="exit_entry",
    title="",
    address="http://127.0.0.1:9",
    key="",
    items={},
    poll_s=3600,
    options={"status_peer": "CRJ", "applications_path": "/applications"},
    codes={"progress": {"ZZ": "making"}},
)


def make(config: HallConfig, clock: Clock) -> tuple[Services, SpecimenExchange, OutcomeTarget]:
    services, exchange, target = stage_services(config, clock)
    return replace(services, feeds=Feeds(services.store, [RestFeed(KNOCKING)], clock)), exchange, target


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with running_hall(tmp_path / "hall", make) as stage:
        stage.loop.call_soon_threadsafe(stage.target.answers.set)
        yield stage


def enrolled(stage: Stage, name: str, into: Path) -> httpx.Client:
    stage.services.peers.enrol(name, into)
    tls = ssl.create_default_context(cafile=str(into / "hall-ca.pem"))
    tls.load_cert_chain(into / "peer.pem", into / "peer.key")
    return httpx.Client(base_url=stage.terminals, verify=tls, timeout=SOON_S)


def number_of_an_accepted_case(stage: Stage) -> str:
    visit = stage.submit("lyu", 0x7700).visit
    with logged_in(stage, "张敏", "3") as clerk:
        clerk.post("/queue/next", data={"key": "019ab000-0000-7000-8000-000000000001"})
        assert decide(clerk, visit, "confirm").status_code == 303

    async def taken() -> None:
        while not (await stage.services.store.case(visit)).deliveries[0].done:
            await stage.services.store.changed.wait()

    stage.do(taken())
    return stage.target.given[f"{visit}:exit_entry"]


def status(stage: Stage) -> Status:
    return stage.do(stage.services.store.standing("019ab000-0000-7000-8000-000000007700")).status


def test_a_department_brings_its_messages_however_often_and_in_its_own_words(stage: Stage, tmp_path: Path) -> None:
    number = number_of_an_accepted_case(stage)
    with enrolled(stage, "CRJ", tmp_path / "crj") as department:
        place = "/api/deliveries/progress"
        making = {"entries": [{"id": "m1", "number": number, "state": "ZZ"}]}
        assert [department.post(place, json=making).json() for _ in range(2)] == [{"moved": 1}, {"moved": 0}]
        assert status(stage) is Status.MAKING
        both = {"entries": [{"id": "m2", "number": number, "state": "ready"}, {"id": "m3", "number": 7, "state": "ready"}]}
        assert department.post(place, json=both).status_code == 400  # all or none
        assert status(stage) is Status.MAKING
        for garbled in (b"", b"[]", b"\xff", b'{"entries": 1}', json.dumps({"entries": [1]}).encode()):
            assert department.post(place, content=garbled).status_code == 400
        assert department.post("/api/deliveries/knock").json() == {}
        stage.services.peers.revoke("CRJ")
        assert department.post(place, json=making).status_code == 403


def test_whoever_is_no_department_moves_nothing(stage: Stage, tmp_path: Path) -> None:
    number = number_of_an_accepted_case(stage)
    with enrolled(stage, "FOSHAN", tmp_path / "foshan") as hall:
        said = {"entries": [{"id": "m1", "number": number, "state": "ready"}]}
        assert hall.post("/api/deliveries/progress", json=said).status_code == 403
        assert hall.post("/api/deliveries/knock").status_code == 404
    assert status(stage) is Status.ACCEPTED


def test_a_real_department_makes_the_document_and_its_feed_moves_the_case(demo_desk: DemoDesk, tmp_path: Path) -> None:
    tell(Place(demo_desk.state, "exit_entry"), Pace(0, 0, 0))

    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.decide(Action.CONFIRM)
            settings = [one for one in demo_desk.read() if one.code == "exit_entry"]
            (target,), (feed,) = targets_of(settings), feeds_of(settings)
            feeds = Feeds(hall.store, [feed], hall.clock)
            try:
                with demo_desk.told("exit-entry", Mode.NONSENSE):
                    assert await feeds.poll(feed) == 0
                assert [one.problem for one in await hall.store.feeds()] == ["garbled"]
                assert await Deliverer(hall.store, [target], hall.clock, asyncio.Event()).run_once() == 1
                hall.clock.later(minutes=11)
                assert await feeds.poll(feed) == 3
                assert (await hall.store.standing(ONE)).status is Status.DELIVERED
                assert await feeds.poll(feed) == 0
            finally:
                await target.close()
                await feed.close()

    try:
        asyncio.run(story())
    finally:
        tell(Place(demo_desk.state, "exit_entry"), Pace())


def test_a_real_department_is_compared_by_its_list_and_by_digest(demo_desk: DemoDesk, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_hall(tmp_path) as hall:
            await hall.called(1)
            await hall.decide(Action.CONFIRM)
            (target,) = targets_of([one for one in demo_desk.read() if one.code == "exit_entry"])
            try:
                assert await Deliverer(hall.store, [target], hall.clock, asyncio.Event()).run_once() == 1
                await Reconciliation(hall.store, [target], hall.clock, Plan()).night()
            finally:
                await target.close()
            (report,) = await hall.store.reports(hall.clock().date())
            kinds = {one.mismatch.kind for one in await hall.store.findings(hall.clock().date())}
            assert (report.state, report.matched, report.missing) == ("done", 1, 0)
            assert kinds <= {FindingKind.SURPLUS}  # what other tests have sent it
            assert report.different == 0

    asyncio.run(story())
