"""What another hall gets of a library: what it is granted, from mark to mark, written down for the people it is about."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.usage import UseKind
from hall.errors import NotAllowed, TooOld
from hall.libraries.giving import AskChanges, AskLookUp, Given, Giving
from hall.libraries.keeping import tidy
from tests.hall.engines import refuse
from tests.hall.fakes import NOON
from tests.hall.libraries.registers import CITY, HE, ME, SHE, WHEN, Desk, desk, number

VISIT = "019ab000-0000-7000-8000-000000000001"


def told(folder: Path, story: Callable[[Desk, Giving], Awaitable[None]]) -> None:
    async def with_desk() -> None:
        async with desk(folder, peers=(CITY,)) as stage:
            await story(stage, Giving(stage.libraries, stage.store, stage.clock))

    asyncio.run(with_desk())


def names(given: Given) -> dict[str, str]:
    """Name by number; "gone" for who went."""
    rows: list[Any] = list(given.rows)
    return {row["person"]["number"]: "gone" if row.get("gone") else row["person"].get("name", "") for row in rows}


async def everything(giving: Giving, mark: str = "") -> tuple[dict[str, str], str, int]:
    """What a city that follows the marks has at the end, and in how many answers."""
    kept: dict[str, str] = {}
    for answers in range(1, 100):
        given = await giving.changes("CITY", "population", AskChanges(mark))
        kept |= names(given)
        mark = given.mark
        if not given.more:
            return kept, mark, answers
    raise AssertionError("it never ends")


def test_everything_comes_in_pages_and_then_only_what_changed(tmp_path: Path) -> None:
    async def story(stage: Desk, giving: Giving) -> None:
        stage.household.page = 500
        for serial in range(1, 451):
            stage.household.tell(number(serial), person_name=f"人{serial}")
        await stage.collect()
        first, mark, answers = await everything(giving)
        assert (len(first), answers) == (450, 3)
        assert await everything(giving, mark) == ({}, mark, 1)
        stage.household.tell(ME, person_name="吕晓岚")
        stage.household.strike(SHE)
        await stage.collect()
        news, mark, _ = await everything(giving, mark)
        assert news == {ME: "吕晓岚", SHE: "gone"}
        stage.household.tell(SHE, person_name="何焕章")
        await stage.collect()
        assert (await everything(giving, mark))[0] == {SHE: "何焕章"}

    told(tmp_path, story)


def test_a_row_says_whose_record_it_is_and_of_when(tmp_path: Path) -> None:
    async def story(stage: Desk, giving: Giving) -> None:
        stage.household.tell(ME, person_name="吕晓岚", household_address="佛山市")
        stage.social.tell(ME, person_name="吕晓岚", contact_mobile="13800138000")
        await stage.collect()
        await stage.collect("social_security")
        stage.clock.later(hours=2)
        given = await giving.changes(
            "CITY", "population", AskChanges(items=("person.number", "household.address", "contact.mobile"))
        )
        assert given.rows == (
            {
                "person": {"number": ME},
                "household": {"address": "佛山市"},
                "department": "household",
                "as_of": WHEN.isoformat(),
                "doubt": "",
            },
            {
                "person": {"number": ME},
                "contact": {"mobile": "13800138000"},
                "department": "social_security",
                "as_of": WHEN.isoformat(),
                "doubt": "",
            },
        )
        assert (given.whole, given.more, given.known_at) == (True, False, NOON)

    told(tmp_path, story)


def test_one_department_that_lets_somebody_go_does_not_strike_off_what_another_still_has(tmp_path: Path) -> None:
    async def story(stage: Desk, giving: Giving) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        stage.social.tell(ME, contact_mobile="13800138000")
        await stage.collect()
        await stage.collect("social_security")
        _, mark, _ = await everything(giving)
        stage.household.strike(ME)
        await stage.collect()
        given = await giving.changes("CITY", "population", AskChanges(mark))
        assert [row["department"] for row in given.rows] == ["social_security"]

    told(tmp_path, story)


@pytest.mark.parametrize(
    "spoil", [lambda mark: "x" + mark, lambda mark: mark.replace(".", ".9"), lambda mark: "1.2.zz", lambda mark: mark + ".abc"]
)
def test_a_mark_that_is_not_known_begins_again_with_everything(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    async def story(stage: Desk, giving: Giving) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        await stage.collect()
        _, mark, _ = await everything(giving)
        given = await giving.changes("CITY", "population", AskChanges(spoil(mark)))
        assert (given.whole, names(given)) == (True, {ME: "吕晓岚"})

    told(tmp_path, story)


def test_who_went_too_long_ago_to_be_told_of_makes_everything_be_told_again(tmp_path: Path) -> None:
    async def story(stage: Desk, giving: Giving) -> None:
        for key in (ME, SHE, HE):
            stage.household.tell(key, person_name="人")
        await stage.collect()
        _, mark, _ = await everything(giving)
        stage.household.strike(SHE)
        await stage.collect()
        stage.clock.later(days=31)
        await stage.collect()
        await tidy(stage.settings, stage.store, stage.clock)
        given = await giving.changes("CITY", "population", AskChanges(mark))
        assert (given.whole, set(names(given))) == (True, {ME, HE})

    told(tmp_path, story)


def test_other_items_than_before_begin_again_with_everything(tmp_path: Path) -> None:
    async def story(stage: Desk, giving: Giving) -> None:
        stage.household.tell(ME, person_name="吕晓岚", household_address="佛山市")
        await stage.collect()
        less = await giving.changes("CITY", "population", AskChanges(items=("person.name",)))
        more = await giving.changes("CITY", "population", AskChanges(less.mark, items=("person.name", "household.address")))
        assert (more.whole, [row.get("household") for row in more.rows]) == (True, [{"address": "佛山市"}])

    told(tmp_path, story)


def test_what_is_not_granted_is_refused_and_the_refusal_written_down(tmp_path: Path) -> None:
    async def story(stage: Desk, giving: Giving) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        await stage.collect()
        refused: list[Awaitable[Given]] = [
            giving.changes("CITY", "population", AskChanges(items=("person.birth",))),
            giving.changes("TOWN", "population", AskChanges()),
            giving.changes("CITY", "credit", AskChanges()),
            giving.look_up("CITY", "population", AskLookUp(ME, "passport", VISIT, ("person.name",))),
            giving.look_up("CITY", "population", AskLookUp(ME, "letter", "x\ny", ("person.name",))),
        ]
        for asked in refused:
            with pytest.raises(NotAllowed):
                await asked
        lines = [line for line in await stage.store.audit_of("library:population") if line.event == "library_refused"]
        assert [(line.actor, line.items) for line in lines] == [
            ("peer:CITY", ("person.birth",)),
            ("peer:TOWN", ()),
            ("peer:CITY", ("person.name",)),
        ]

    told(tmp_path, story)


def test_a_person_finds_that_another_hall_collected_and_looked_up_their_records(tmp_path: Path) -> None:
    async def story(stage: Desk, giving: Giving) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        await stage.collect()
        await giving.changes("CITY", "population", AskChanges(items=("person.name",)))
        given = await giving.look_up("CITY", "population", AskLookUp(ME, "letter", VISIT, ("person.name",)))
        assert names(given) == {ME: "吕晓岚"}
        uses = await stage.store.usage_of(ME, 1000, 10)
        assert [(use.line.event, use.line.actor, use.matter, use.line.items) for use in uses] == [
            (UseKind.ASKED, "peer:CITY", "letter", ("person.name",)),
            (UseKind.GIVEN, "peer:CITY", "collection", ("person.name",)),
        ]

    told(tmp_path, story)


def test_when_nothing_may_be_written_down_nothing_is_given(tmp_path: Path) -> None:
    async def story(stage: Desk, giving: Giving) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        await stage.collect()
        refuse(stage.path, "usage")
        for asked in (
            giving.changes("CITY", "population", AskChanges()),
            giving.look_up("CITY", "population", AskLookUp(ME, "letter", VISIT, ("person.name",))),
        ):
            with pytest.raises(Exception, match="audit"):
                await asked

    told(tmp_path, story)


def test_nobody_is_told_that_a_record_is_not_there_while_that_is_not_known(tmp_path: Path) -> None:
    async def story(stage: Desk, giving: Giving) -> None:
        with pytest.raises(TooOld):
            await giving.changes("CITY", "population", AskChanges())
        stage.household.tell(ME, person_name="吕晓岚")
        await stage.collect()
        absent = AskLookUp(SHE, "letter", VISIT, ("person.name",))
        with pytest.raises(TooOld):
            await giving.look_up("CITY", "population", absent)
        await stage.collect("social_security")
        assert (await giving.look_up("CITY", "population", absent)).rows == ()
        stage.clock.now += timedelta(hours=73)
        for key in (ME, SHE):
            with pytest.raises(TooOld):
                await giving.look_up("CITY", "population", AskLookUp(key, "letter", VISIT, ("person.name",)))

    told(tmp_path, story)


def test_a_check_of_the_connection_is_let_in_and_learns_nothing(tmp_path: Path) -> None:
    async def story(stage: Desk, giving: Giving) -> None:
        stage.household.tell(ME, person_name="吕晓岚")
        await stage.collect()
        assert (await giving.look_up("CITY", "population", AskLookUp(ME, "check", "", ("person.name",)))).rows == ()
        with pytest.raises(NotAllowed):
            await giving.look_up("TOWN", "population", AskLookUp(ME, "check", "", ("person.name",)))

    told(tmp_path, story)
