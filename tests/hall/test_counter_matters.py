"""Every matter from an empty sheet at the counter to its acceptance, on real departments."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import cast

import pytest

from flows.application import Action, Status, Ticket
from flows.fold import is_locked
from flows.matters import MATTERS
from flows.pictures import Picture
from flows.visit_number import new_visit
from hall import catalogue, departments
from hall.access_log import access_log
from hall.amendments import Said
from hall.by import By
from hall.counter import Counter, Filling, Wanted, Way
from hall.counter_sheet import Posted
from hall.desk import Desk
from hall.exchange import Exchange
from hall.reviews import Reviews
from hall.store.hall_store import HallStore
from hall.visits import AtWindow, Visits
from tests.flows.guesses import guess
from tests.flows.people import PEOPLE, WITHOUT_CARD
from tests.hall.console_stage import judge
from tests.hall.demo_desk import DEMO, DemoDesk
from tests.hall.fakes import FakeClock
from tests.hall.stage_matters import picture

MORNING = datetime(2026, 11, 23, 1, 25, tzinfo=UTC)
HERE = AtWindow("3", "zhang")
SHOT = picture("#7d93a8").content
PERSONS = ("lyu", "elder", "uyghur")
ROUNDS = 300


def posted(filling: Filling, chance: Random) -> Posted:
    """The whole sheet as its clerk would type it: what is there stays, what is missing or wrong is answered."""
    values: dict[str, str] = {}
    was: dict[str, str] = {}
    uploads: dict[str, bytes] = {}
    sheet = filling.sheet
    for page in sheet.pages:
        for asked in page.fields:
            begun = sheet.begun.get(asked.name)
            if is_locked(asked, begun) or asked.name in sheet.stuck:
                continue
            if isinstance(asked.kind, Picture):
                uploads |= {} if sheet.known[asked.name] else {asked.name: SHOT}
                continue
            was |= {asked.name: begun.value} if begun else {}
            stands = sheet.known[asked.name]
            again = asked.name in filling.mistakes or (not stands and asked.required) or chance.random() < 0.02
            values[asked.name] = guess(asked, sheet.known, chance, sense=1)[0] if again else stands
    return Posted(filling.draft.version, frozenset(page.name for page in sheet.pages), values, was, uploads)


class Halls:
    """A hall with real departments beside it and a clerk at window 3."""

    def __init__(self, desk: DemoDesk, folder: Path) -> None:
        self.clock = FakeClock(MORNING)
        self.store = HallStore.open(folder / "hall.db", hall="H1", clock=self.clock)
        connections = departments.connect(desk.read())
        known = catalogue.load(DEMO / "catalogue.toml", connections)
        self.exchange = Exchange(connections, known, access_log(self.store, self.clock), clock=self.clock)
        visits = Visits(self.store, self.exchange, self.clock, region="440604")
        self.counter = Counter(self.store, visits, self.exchange, self.clock, region="440604", judge=judge)
        self.desk = Desk(self.store, self.exchange, self.clock, region="440604", judge=judge)
        self.reviews = Reviews(self.store, self.desk, self.clock)

    async def close(self) -> None:
        await self.exchange.close()
        await self.store.close()

    async def handed_in(self, wanted: Wanted, chance: Random) -> str:
        await self.counter.begin(wanted, HERE)
        outcome: Ticket | Filling = await self.counter.filling(wanted.visit, HERE)
        for turn in range(ROUNDS):
            if isinstance(outcome, Ticket):
                return outcome.visit
            outcome = await self.counter.submit(wanted.visit, HERE, posted(outcome, chance), Way.HERE, f"{wanted.visit} {turn}")
        raise AssertionError(f"{wanted.matter}: no end: {cast(Filling, outcome).mistakes}")

    async def accepted(self, visit: str, chance: Random) -> Status:
        """What was left for the case is amended there, then it is confirmed; by two where the matter wants a second."""
        while (case := await self.desk.case(visit, "3", "zhang")).blanks:
            name = case.blanks[0]
            said = Said("LEFT_BLANK", amended={name: guess(case.flow.fields[name], case.facts, chance, sense=1)[0]})
            await self.desk.decide(visit, Action.AMEND, window="3", clerk="zhang", key=f"{visit} {name}", said=said)
        said = Said(seen=case.marks)
        if Action.CONFIRM in case.possible:
            return await self.desk.decide(visit, Action.CONFIRM, window="3", clerk="zhang", key=f"{visit} confirm", said=said)
        await self.desk.decide(visit, Action.PROPOSE, window="3", clerk="zhang", key=f"{visit} propose", said=said)
        second = await self.desk.for_second(visit, "chen", "4")
        return await self.reviews.approve(visit, second.marks, By("chen", "4", f"{visit} approve"))


@pytest.mark.parametrize("matter", sorted(MATTERS))
def test_every_matter_goes_from_an_empty_sheet_to_its_acceptance(matter: str, demo_desk: DemoDesk, tmp_path: Path) -> None:
    async def story() -> None:
        hall = Halls(demo_desk, tmp_path)
        try:
            for person in PERSONS:
                chance = Random(f"{matter} {person}")
                wanted = Wanted(new_visit(hall.clock()), matter, PEOPLE[person]["number"])
                visit = await hall.handed_in(wanted, chance)
                kept = await hall.store.case(visit)
                # The household register's old character set has no dot for a name of several parts.
                assert kept.application.name.replace("?", "·") == PEOPLE[person]["name"]
                assert await hall.accepted(visit, chance) is Status.ACCEPTED
        finally:
            await hall.close()

    asyncio.run(story())


@pytest.mark.parametrize("matter", sorted(code for code, flow in MATTERS.items() if flow.for_child))
def test_a_child_with_its_guardian(matter: str, demo_desk: DemoDesk, tmp_path: Path) -> None:
    async def story() -> None:
        hall = Halls(demo_desk, tmp_path)
        try:
            chance = Random(matter)
            child = next(one for one in WITHOUT_CARD.values() if one["birth"] > "2011")
            wanted = Wanted(new_visit(hall.clock()), matter, child["number"], PEOPLE["lyu"]["number"])
            visit = await hall.handed_in(wanted, chance)
            kept = (await hall.store.case(visit)).application
            assert kept.guardian is not None
            assert (kept.name, kept.guardian.number) == (child["name"], PEOPLE["lyu"]["number"])
            assert await hall.accepted(visit, chance) is Status.ACCEPTED
        finally:
            await hall.close()

    asyncio.run(story())


def test_somebody_of_whom_nobody_has_a_record(demo_desk: DemoDesk, tmp_path: Path) -> None:
    async def story() -> None:
        hall = Halls(demo_desk, tmp_path)
        try:
            chance = Random("stranger")
            wanted = Wanted(new_visit(hall.clock()), "passport", "11010519491231002X")
            visit = await hall.handed_in(wanted, chance)
            answers = (await hall.store.case(visit)).application.answers
            assert (answers["name"].source.kind, answers["number"].source.kind) == ("citizen", "card")
            assert await hall.accepted(visit, chance) is Status.ACCEPTED
        finally:
            await hall.close()

    asyncio.run(story())
