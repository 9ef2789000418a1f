"""The demonstration hall's libraries, out of its real departments: SQL, REST and files; and what they are good for."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from flows.application import Outcome
from flows.matters import MATTERS
from hall import catalogue, departments
from hall.access_log import access_log
from hall.demo.behaviour import Mode
from hall.demo.market_regulation import companies
from hall.demo.people import everybody
from hall.exchange import Exchange
from hall.libraries.collection import Collection
from hall.libraries.measure import Standing, measured
from hall.libraries.setting import load
from hall.store.hall_store import HallStore
from hall.working_day import utc_now, working_day
from tests.hall.demo_desk import DEMO, LYU, PURPOSE, DemoDesk
from tests.hall.fakes import EMPTY

ITEMS = ("person.number", "person.name", "person.birth", "household.address", "permit.number")


def test_every_library_is_collected_and_stands_in_for_a_silent_department(demo_desk: DemoDesk, tmp_path: Path) -> None:
    async def story() -> None:
        (tmp_path / "hall.db").write_bytes(EMPTY)
        store = HallStore.open(tmp_path / "hall.db", hall="H1")
        connections = departments.connect(demo_desk.read())
        known = catalogue.load(DEMO / "catalogue.toml", connections)
        settings = load(DEMO / "libraries.toml", demo_desk.state, connections, known, working_day(utc_now()))
        collection = Collection.open(settings, connections, store, utc_now, tmp_path / "lock")
        for source in settings.sources:
            state = await collection.collector.collect(source)
            assert (state.problem, state.entries > 0) == ("", True), state
            await collection.collector.settle(source)
        found = {
            (one.library.code, shelf.source.shelf.department): (shelf.state.entries, shelf.standing)
            for one in await measured(settings, store, utc_now())
            for shelf in one.shelves
        }
        assert found == {
            ("population", "household"): (sum(person.household is not None for person in everybody()), Standing.WELL),
            ("population", "population"): (
                sum(bool(person.resident_card or person.residence) for person in everybody()),
                Standing.WELL,
            ),
            ("legal_entity", "market_regulation"): (len(companies()), Standing.WELL),
            ("credit", "market_regulation"): (len(companies()), Standing.WELL),
        }
        exchange = Exchange(connections, known, access_log(store, utc_now), library=collection.libraries)
        with demo_desk.told("household", Mode.DOWN):
            lookup = await exchange.lookup(LYU, ITEMS, PURPOSE)
        household = next(source for source in lookup.sources if source.department == "household")
        assert (household.outcome, household.reason) == (Outcome.RECORD, "down")
        assert household.collected_at is not None
        assert utc_now() - household.collected_at < timedelta(minutes=1)
        assert {"person.name", "household.address"} <= {record.item for record in household.records}
        await exchange.close()
        await collection.close()
        await store.close()

    asyncio.run(story())


def test_no_matter_asks_who_is_on_a_credit_list() -> None:
    assert [flow.code for flow in MATTERS.values() if "company.credit" in flow.items] == []
